package sql_test

import (
	database "database/sql"
	"path/filepath"
	"testing"
)

// newSQLite makes an empty database file and returns its DSN and a connection of the test's own.
func newSQLite(t *testing.T) (dsn string, db *database.DB) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "customers.db")
	db, err := database.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return "sqlite:" + file, db
}
