package sql

import (
	database "database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	driver "github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// pools are the connections to one database. Nothing is dialled until they are used.
type pools struct {
	dialect
	read, write *database.DB
}

func (p pools) Close() error {
	if p.read == p.write {
		return p.read.Close()
	}
	return errors.Join(p.read.Close(), p.write.Close())
}

// open understands "sqlite:FILE", "postgres://...", "mysql://USER@HOST/DB?..." and the Go MySQL driver's own form. The password
// may come apart from the rest, so that the DSN can stand in a configuration. Errors hold no part of the DSN.
func open(dsn, password string, timeout time.Duration) (pools, error) {
	scheme, rest, _ := strings.Cut(dsn, ":")
	switch scheme {
	case "sqlite":
		return openSQLite(strings.TrimPrefix(rest, "//"))
	case "postgres", "postgresql":
		return openPostgres(dsn, password)
	case "mysql", "mariadb":
		return openMySQLURL(dsn, password, timeout)
	}
	cfg, err := driver.ParseDSN(dsn)
	if err != nil {
		return pools{}, errors.New("dsn: none of sqlite:FILE, postgres://USER@HOST/DATABASE, mysql://USER@HOST/DATABASE")
	}
	return openMySQL(cfg, password, timeout)
}

// openSQLite opens an existing file twice: for reading with a connection that cannot write, for writing with one that takes the
// lock at BEGIN, holds to foreign keys, and overwrites what it deletes.
func openSQLite(file string) (pools, error) {
	if file == "" {
		return pools{}, errors.New("dsn: sqlite: names no file")
	}
	uri := func(pragmas ...string) string {
		q := url.Values{"mode": {"rw"}, "_pragma": append(pragmas, "busy_timeout(5000)")}
		return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: q.Encode()}).String()
	}
	read, err := database.Open("sqlite", uri("query_only(1)"))
	if err != nil {
		return pools{}, errors.New("dsn: the SQLite file name is not understood")
	}
	write, err := database.Open("sqlite", uri("foreign_keys(1)", "secure_delete(1)")+"&_txlock=immediate")
	if err != nil {
		return pools{}, errors.New("dsn: the SQLite file name is not understood")
	}
	write.SetMaxOpenConns(1)
	return pools{sqlite, read, write}, nil
}

func openPostgres(dsn, password string) (pools, error) {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return pools{}, errors.New("dsn: not a PostgreSQL URL such as postgres://USER@HOST/DATABASE")
	}
	if password != "" {
		cfg.Password = password
	}
	// No prepared statement outlives its query: a column that is added or dropped meanwhile, and a pooler in between, do no harm.
	cfg.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "dpobot"
	}
	return share(postgres, stdlib.OpenDB(*cfg)), nil
}

func openMySQLURL(dsn, password string, timeout time.Duration) (pools, error) {
	u, err := url.Parse(dsn)
	if err != nil || u.Hostname() == "" {
		return pools{}, errors.New("dsn: not a MySQL URL such as mysql://USER@HOST/DATABASE")
	}
	port := u.Port()
	if port == "" {
		port = "3306"
	}
	secret, _ := u.User.Password()
	// The driver reads the parameters; its own form is the way to hand them over.
	cfg, err := driver.ParseDSN("/?" + u.RawQuery)
	if err != nil {
		return pools{}, errors.New("dsn: a parameter of the MySQL URL is not understood")
	}
	cfg.User, cfg.Passwd, cfg.Net = u.User.Username(), secret, "tcp"
	cfg.Addr, cfg.DBName = net.JoinHostPort(u.Hostname(), port), strings.TrimPrefix(u.Path, "/")
	return openMySQL(cfg, password, timeout)
}

func openMySQL(cfg *driver.Config, password string, timeout time.Duration) (pools, error) {
	if password != "" {
		cfg.Passwd = password
	}
	if cfg.DBName == "" {
		return pools{}, errors.New("dsn: the MySQL database is not named")
	}
	cfg.ParseTime, cfg.MultiStatements, cfg.InterpolateParams = false, false, false
	cfg.ClientFoundRows = true
	cfg.Timeout, cfg.ReadTimeout, cfg.WriteTimeout = 10*time.Second, timeout, timeout
	if cfg.Params == nil {
		cfg.Params = map[string]string{}
	}
	// Without it a value that is too long is cut in silence.
	cfg.Params["sql_mode"] = "CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')"
	cfg.Logger = &driver.NopLogger{}
	connector, err := driver.NewConnector(cfg)
	if err != nil {
		return pools{}, fmt.Errorf("dsn: the MySQL driver refuses it")
	}
	return share(mysql, database.OpenDB(connector)), nil
}

func share(d dialect, db *database.DB) pools {
	db.SetMaxOpenConns(4)
	db.SetConnMaxIdleTime(time.Minute)
	return pools{d, db, db}
}
