package sql_test

import (
	"bufio"
	"context"
	database "database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	sqlite "modernc.org/sqlite"

	"dpobot/responders/registers"
	"dpobot/responders/registers/sql"
)

// counts says how many rows each table has for customer 1.
func counts(t *testing.T, e engine, db *database.DB) string {
	t.Helper()
	return one(t, db, "SELECT COUNT(*) FROM customers WHERE id = 1 AND name IS NOT NULL") + " " +
		one(t, db, "SELECT COUNT(*) FROM orders WHERE customer = 1") + " " +
		one(t, db, "SELECT COUNT(*) FROM "+quoter(e)("customer consents")+" WHERE customer = 1")
}

const untouched, erased = "1 2 1", "0 0 0"

// blocked starts an erasure that has deleted the orders and now waits for a row of the consents, and returns once it waits.
func blocked(t *testing.T, e engine, r *sql.Register, db *database.DB) (done chan error, waiting string, release func()) {
	t.Helper()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("SELECT * FROM " + quoter(e)("customer consents") + " WHERE customer = 1 FOR UPDATE"); err != nil {
		t.Fatal(err)
	}
	done = make(chan error, 1)
	go func() {
		_, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, day)
		done <- err
	}()
	query := "SELECT MAX(pid)::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
	if e.name == "mariadb" {
		query = "SELECT MAX(trx_mysql_thread_id) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"
	}
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	for {
		if waiting = one(t, db, query); waiting != "" {
			return done, waiting, func() { _ = tx.Rollback() }
		}
		select {
		case err := <-done:
			t.Fatalf("the erasure did not wait: %v", err)
		case <-deadline.C:
			t.Fatal("the erasure never came to the lock")
		case <-time.After(200 * time.Millisecond): // InnoDB refreshes what it shows only if nobody looks for 100 ms
		}
	}
}

// stopped checks that a stopped erasure has done nothing, and that the next one does everything.
func stopped(t *testing.T, e engine, r *sql.Register, db *database.DB, err error) {
	t.Helper()
	if !errors.Is(err, registers.ErrTemporary) {
		t.Errorf("stopped: got %v, want ErrTemporary", err)
	}
	if got := counts(t, e, db); got != untouched {
		t.Errorf("after the stop: got %s, want %s", got, untouched)
	}
	if report, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, day); err != nil || report.Records != 1 {
		t.Fatalf("again: got %d records, error %v, want 1", report.Records, err)
	}
	if got := counts(t, e, db); got != erased {
		t.Errorf("in the end: got %s, want %s", got, erased)
	}
}

func TestEraseConnectionKilled(t *testing.T) {
	for _, e := range engines()[1:] {
		t.Run(e.name, func(t *testing.T) {
			r, db := plant(t, e)
			done, id, release := blocked(t, e, r, db)
			kill := "KILL " + id
			if e.name == "postgres" {
				kill = "SELECT pg_terminate_backend(" + id + ")"
			}
			execute(t, db, kill)
			err := <-done
			release()
			stopped(t, e, r, db, err)
		})
	}
}

func TestEraseServerKilled(t *testing.T) {
	for _, e := range engines()[1:] {
		t.Run(e.name, func(t *testing.T) {
			r, db := plant(t, e)
			server := postgres
			if e.name == "mariadb" {
				server = mariadb
			}
			done, _, release := blocked(t, e, r, db)
			server.Kill()
			db.SetMaxIdleConns(0) // none is left from before
			err := <-done
			release()
			if _, err := r.Find(ctx, by("matti.makinen@example.fi")); !errors.Is(err, registers.ErrTemporary) {
				t.Errorf("find while the server is down: got %v, want ErrTemporary", err)
			}
			if found := r.Check(ctx); len(found) == 0 || found[len(found)-1].Warn {
				t.Errorf("check while the server is down: got %v, want a finding", found)
			}
			if err := server.Start(); err != nil {
				t.Fatal(err)
			}
			stopped(t, e, r, db, err)
		})
	}
}

func TestEraseOutOfTime(t *testing.T) {
	for _, e := range engines()[1:] {
		t.Run(e.name, func(t *testing.T) {
			r, db := plant(t, e)
			done, _, release := blocked(t, e, r, db)
			short, cancel := context.WithTimeout(ctx, time.Millisecond)
			defer cancel()
			_, err := r.Erase(short, []string{"1"}, registers.Plan{}, day)
			if !errors.Is(err, registers.ErrTemporary) {
				t.Errorf("got %v, want ErrTemporary", err)
			}
			release()
			if err := <-done; err != nil {
				t.Errorf("the one that waited: %v", err)
			}
			if got := counts(t, e, db); got != erased {
				t.Errorf("got %s, want %s", got, erased)
			}
		})
	}
}

// eraseEnv holds, in the process that is to be killed, the database to erase from.
const eraseEnv = "DPOBOT_TEST_ERASE"

// TestEraseProcessKilled kills the process in the middle of an erasure in SQLite: the test runs itself again as the process,
// and a trigger on the consents stops that one after the orders are deleted.
func TestEraseProcessKilled(t *testing.T) {
	if dsn := os.Getenv(eraseEnv); dsn != "" {
		sqlite.MustRegisterScalarFunction("pause", 0, func(*sqlite.FunctionContext, []driver.Value) (driver.Value, error) {
			os.Stdout.WriteString("in the middle\n")
			select {}
		})
		r, err := sql.Open(customers(), source(dsn))
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Erase(ctx, []string{"1"}, registers.Plan{}, day)
		t.Fatalf("not paused: %v", err)
	}
	e := engines()[0]
	r, db := plant(t, e)
	execute(t, db, "CREATE TRIGGER pause BEFORE DELETE ON `customer consents` BEGIN SELECT pause(); END")
	file := one(t, db, "SELECT file FROM pragma_database_list WHERE name = 'main'")
	c := exec.Command(os.Args[0], "-test.run", "^TestEraseProcessKilled$")
	c.Env = append(os.Environ(), eraseEnv+"=sqlite:"+file)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "in the middle") {
		t.Fatalf("the process said %q, %v", line, err)
	}
	if _, err := r.Change(deadline(t), []string{"1"}, []registers.Change{{Field: "address", New: "x"}}); !errors.Is(err, registers.ErrTemporary) {
		t.Errorf("while another holds the file: got %v, want ErrTemporary", err)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
	execute(t, db, "DROP TRIGGER pause")
	stopped(t, e, r, db, registers.ErrTemporary)
}

func deadline(t *testing.T) context.Context {
	c, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	t.Cleanup(cancel)
	return c
}

func TestOpenRefusesAndLoginFails(t *testing.T) {
	for _, dsn := range []string{"", "customers.db", "sqlite:", "oracle://x", "postgres://u:secret@h:x/y", "mysql://u:secret@", "mysql://u:secret@h/", "mysql://u:secret@h/db?nonsense=%zz"} {
		_, err := sql.Open(customers(), source(dsn))
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("dsn %q: got %v, want an error without the password", dsn, err)
		}
	}
	need(t, noMariaDB)
	src := source(fmt.Sprintf("mysql://nobody@127.0.0.1:%d/mysql", mariadb.Port))
	src.Password = "secret"
	r, err := sql.Open(customers(), src)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Find(ctx, by("a@b.fi")); !errors.Is(err, registers.ErrPermanent) || !strings.Contains(err.Error(), "login is refused") {
		t.Errorf("wrong login: got %v, want ErrPermanent that says so", err)
	}
	if found := r.Check(ctx); len(found) != 1 || !strings.Contains(found[0].What, "login is refused") {
		t.Errorf("check: got %v, want one finding", found)
	}
}
