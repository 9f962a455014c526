package sql

import (
	"strconv"
	"strings"
)

// dialect is what differs between the database engines.
type dialect struct {
	name   string
	driver string
	quote  string // the mark around an identifier, doubled inside
	lock   string // what a SELECT ends with to hold its row
	param  func(n int) string
	// text turns an expression into text for reading, as the engine itself prints it.
	text func(expr string) string
	// lower turns an expression into text with its ASCII letters lowered. Nothing else is asked of it, since no two
	// engines agree on the rest.
	lower func(expr string) string
	// bytes turns an expression into text that compares byte by byte.
	bytes func(expr string) string
	// columns is the statement that lists name, type, nullable (1 or 0), unique (1 or 0) of a table's columns.
	columns string
}

func question(int) string { return "?" }

var sqlite = dialect{
	name: "SQLite", driver: "sqlite",
	// Never double quotes: SQLite reads a "column" that it lacks as a piece of text.
	quote: "`",
	param: question,
	// The cast also keeps the driver from reading a DATE column as a time and printing it in another form.
	text:  func(e string) string { return "CAST(" + e + " AS TEXT)" },
	lower: func(e string) string { return "lower(CAST(" + e + " AS TEXT))" },
	bytes: func(e string) string { return "CAST(" + e + " AS TEXT) COLLATE BINARY" },
	columns: `SELECT c.name, lower(c.type), c."notnull" = 0 AND c.pk = 0,
		c.pk > 0 OR EXISTS (SELECT 1 FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE l."unique" AND i.name = c.name)
		FROM pragma_table_info(?1) c`,
}

var postgres = dialect{
	name: "PostgreSQL", driver: "pgx", quote: `"`, lock: " FOR UPDATE",
	param: func(n int) string { return "$" + strconv.Itoa(n) },
	text:  func(e string) string { return e + "::text" },
	// The C collation: a non-deterministic one refuses LIKE.
	lower: func(e string) string { return "lower(" + e + `::text COLLATE "C")` },
	bytes: func(e string) string { return e + `::text COLLATE "C"` },
	columns: `SELECT a.attname, lower(format_type(t.oid, NULL)), CASE WHEN a.attnotnull OR t.typnotnull THEN 0 ELSE 1 END,
		CASE WHEN EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique AND a.attnum = ANY(i.indkey)) THEN 1 ELSE 0 END
		FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
		WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped`,
}

var mysql = dialect{
	name: "MySQL", driver: "mysql", quote: "`", lock: " FOR UPDATE",
	param: question,
	text:  func(e string) string { return e },
	lower: func(e string) string { return "LOWER(CONVERT(" + e + " USING utf8mb4))" },
	bytes: func(e string) string { return "CAST(CONVERT(" + e + " USING utf8mb4) AS BINARY)" },
	columns: `SELECT c.column_name, lower(c.data_type), c.is_nullable = 'YES',
		EXISTS (SELECT 1 FROM information_schema.statistics s WHERE s.table_schema = c.table_schema AND s.table_name = c.table_name
			AND s.column_name = c.column_name AND s.non_unique = 0)
		FROM information_schema.columns c WHERE c.table_name = SUBSTRING_INDEX(?, '.', -1) AND c.table_schema = COALESCE(?, DATABASE())`,
}

// ident quotes a name; "schema.table" is two names.
func (d dialect) ident(name string) string {
	parts := strings.Split(name, ".")
	for i, part := range parts {
		parts[i] = d.column(part)
	}
	return strings.Join(parts, ".")
}

// column quotes a name that is one, whatever dots it has.
func (d dialect) column(name string) string {
	return d.quote + strings.ReplaceAll(name, d.quote, d.quote+d.quote) + d.quote
}

// query is a statement in the making; values enter it only as parameters.
type query struct {
	strings.Builder
	d    dialect
	args []any
}

func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return q.d.param(len(q.args))
}

// is compares a column with a key. The first half can use an index; the second makes it exact, where the engine would
// take 'abc' for 'ABC', or one large number for its neighbour.
func (q *query) is(column, key string) string {
	c := q.d.column(column)
	first := c + " = " + q.arg(key)
	if q.d.driver == "sqlite" {
		// A column without a type does not compare a number with text.
		first = "(" + first + " OR " + c + " = CAST(" + q.arg(key) + " AS INTEGER))"
	}
	return first + " AND " + q.d.bytes(c) + " = " + q.arg(key)
}
