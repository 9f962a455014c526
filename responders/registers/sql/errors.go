package sql

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	mysqldriver "github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"

	"dpobot/responders/registers"
)

// explain turns a driver's error into one of ours. Drivers quote values ("Duplicate entry 'matti@...'"), so that nothing of
// their text gets through: a code, and the names of table, column and constraint.
func explain(err error) error {
	if err == nil || errors.Is(err, registers.ErrPermanent) || errors.Is(err, registers.ErrTemporary) {
		return err
	}
	var pg *pgconn.PgError
	var my *mysqldriver.MySQLError
	var lite *sqlitedriver.Error
	switch {
	case errors.As(err, &pg):
		return fmt.Errorf("PostgreSQL %s%s: %w", pg.Code, pgNames(pg), pgKind(pg.Code))
	case errors.As(err, &my):
		return fmt.Errorf("MySQL error %d%s: %w", my.Number, mysqlHint[my.Number], mysqlKind(my.Number))
	case errors.As(err, &lite):
		return fmt.Errorf("SQLite error %d%s: %w", lite.Code(), sqliteHint[lite.Code()&0xff], sqliteKind(lite.Code()))
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("interrupted: %w", registers.ErrTemporary)
	case isTimeout(err):
		return fmt.Errorf("no answer in time: %w", registers.ErrTemporary)
	case isConnection(err):
		return fmt.Errorf("no connection: %w", registers.ErrTemporary)
	}
	return fmt.Errorf("the database driver reports %T: %w", err, registers.ErrPermanent)
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}

func isConnection(err error) bool {
	var n *net.OpError
	var dns *net.DNSError
	var c *pgconn.ConnectError
	for _, known := range []error{driver.ErrBadConn, mysqldriver.ErrInvalidConn, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed} {
		if errors.Is(err, known) {
			return true
		}
	}
	return errors.As(err, &n) || errors.As(err, &dns) || errors.As(err, &c) || pgconn.SafeToRetry(err)
}

func pgNames(e *pgconn.PgError) string {
	var b strings.Builder
	for _, n := range []struct{ what, name string }{{"table", e.TableName}, {"column", e.ColumnName}, {"constraint", e.ConstraintName}} {
		if n.name != "" {
			fmt.Fprintf(&b, ", %s %s", n.what, n.name)
		}
	}
	if hint := pgHint[e.Code]; hint != "" {
		b.WriteString(" (" + hint + ")")
	}
	return b.String()
}

var pgHint = map[string]string{
	"28P01": "the password is refused", "28000": "the login is refused", "3D000": "there is no such database",
	"42P01": "there is no such table", "42703": "a column is missing", "42501": "the login has no right to do this",
	"22001": "the value is too long", "23505": "the value is taken already", "23503": "other rows refer to it", "23502": "it may not be empty",
	"22P02": "the value is not of the column's type", "22007": "the value is not a date",
}

// pgKind goes by the class of the code: connection, resources, operator intervention, system error, serialisation, lock.
func pgKind(code string) error {
	switch code[:min(2, len(code))] {
	case "08", "53", "57", "58", "40":
		return registers.ErrTemporary
	}
	if code == "55P03" || code == "25006" {
		return registers.ErrTemporary
	}
	return registers.ErrPermanent
}

var mysqlHint = map[uint16]string{
	1044: " (the login may not use the database)", 1045: " (the login is refused)", 1049: " (there is no such database)",
	1054: " (a column is missing)", 1146: " (there is no such table)", 1142: " (the login has no right to do this)", 1143: " (the login has no right to a column)",
	1406: " (the value is too long)", 1062: " (the value is taken already)", 1451: " (other rows refer to it)", 1048: " (it may not be empty)",
	1292: " (the value is not of the column's type)", 1366: " (the value is not of the column's type)",
}

func mysqlKind(number uint16) error {
	switch number {
	case 1040, 1042, 1053, 1077, 1078, 1079, 1129, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1205, 1213, 1226, 1290, 1317, 1836, 1927, 1969, 2006, 2013, 3024:
		return registers.ErrTemporary
	}
	return registers.ErrPermanent
}

var sqliteHint = map[int]string{
	1: " (a table or column is missing)", 5: " (another program holds the file)", 6: " (another program holds the table)", 8: " (the file is read-only)",
	10: " (reading or writing the file failed)", 11: " (the file is damaged)", 13: " (the disk is full)", 14: " (the file cannot be opened)",
	19: " (a constraint of the table refuses it)", 26: " (the file is no SQLite database)",
}

func sqliteKind(code int) error {
	switch code & 0xff {
	case 5, 6, 7, 9, 10, 13, 14, 15: // busy, locked, no memory, interrupted, I/O, full, cannot open, protocol
		return registers.ErrTemporary
	}
	return registers.ErrPermanent
}
