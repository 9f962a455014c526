package sql_test

import (
	database "database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	mysqldriver "github.com/go-sql-driver/mysql"

	"dpobot/responders/registers/internal/servers"
)

// The servers are started once for all tests; each test has a database or schema of its own in them.
var (
	postgres, mariadb     *servers.Server
	noPostgres, noMariaDB error
	databases             atomic.Int64
)

func TestMain(m *testing.M) {
	if os.Getenv(eraseEnv) != "" { // the process that TestEraseProcessKilled kills
		os.Exit(m.Run())
	}
	_ = mysqldriver.SetLogger(&mysqldriver.NopLogger{}) // killed connections are what is tested
	postgres, noPostgres = servers.Postgres()
	mariadb, noMariaDB = servers.MariaDB()
	code := m.Run()
	for _, s := range []*servers.Server{postgres, mariadb} {
		s.Close()
	}
	os.Exit(code)
}

func need(t *testing.T, err error) {
	t.Helper()
	switch {
	case errors.Is(err, servers.ErrMissing):
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
}

func newPostgres(t *testing.T) (string, *database.DB) {
	t.Helper()
	need(t, noPostgres)
	name := fmt.Sprintf("test%d", databases.Add(1))
	// A schema, since a database takes PostgreSQL a second.
	if err := postgres.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	dsn := fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?search_path=%s", postgres.Port, name)
	return dsn, connect(t, "pgx", dsn)
}

func newMariaDB(t *testing.T) (string, *database.DB) {
	t.Helper()
	need(t, noMariaDB)
	name := fmt.Sprintf("test%d", databases.Add(1))
	if err := mariadb.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	dsn := fmt.Sprintf("root@tcp(127.0.0.1:%d)/%s", mariadb.Port, name)
	db := connect(t, "mysql", dsn)
	// Half of the tests speak the Go driver's form, half the URL.
	if databases.Load()%2 == 0 {
		dsn = fmt.Sprintf("mysql://root@127.0.0.1:%d/%s", mariadb.Port, name)
	}
	return dsn, db
}

func connect(t *testing.T, driver, dsn string) *database.DB {
	t.Helper()
	db, err := database.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// mariaTable makes the statements of the tests fit MariaDB: an address column that tells case apart, as the planted rows need.
func mariaTable(statement string) string {
	return strings.Replace(statement, "email VARCHAR(100)", "email VARCHAR(100) COLLATE utf8mb4_bin", 1)
}
