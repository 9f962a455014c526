package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
)

// dsn decodes the address of a database. The text may stand in the file as long
// as no password does.
func (d *decoder) dsn(raw string, v reflect.Value, path string) {
	const shape = "write sqlite:FILE, postgres://user@host/database or mysql://user@host/database"
	driver, rest, ok := strings.Cut(raw, ":")
	_, fromEnv := variable(raw)
	switch {
	case fromEnv:
	case !ok || !isDriver(driver):
		d.fault(path, "does not begin with the kind of database", shape)
		return
	case driver != "sqlite" && holdsPassword(rest):
		d.fault(path, "holds a password", "write ${NAME} of an environment variable in its place, or put the whole text into a file (chmod 600) named by dsn_file")
		return
	}
	text, p := expand(raw)
	if d.note(path, p); p != nil {
		return
	}
	dir := d.dir
	v.Set(reflect.ValueOf(textSecret(raw, func(text string) (string, error) { return resolveDSN(dir, text), nil })))
	if file := sqliteFile(resolveDSN(dir, text)); file != "" {
		if _, err := os.Stat(file); err != nil {
			d.fault(path, "the database cannot be found: "+cause(err), "name an existing file; a relative name starts in the folder of this file")
		}
	}
}

func isDriver(name string) bool {
	switch name {
	case "sqlite", "postgres", "postgresql", "mysql", "mariadb":
		return true
	}
	return false
}

// holdsPassword tells whether a password stands in the text as user:password@,
// password=... or pwd=..., other than as ${NAME}.
func holdsPassword(rest string) bool {
	rest = strings.TrimPrefix(rest, "//")
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		if _, password, ok := strings.Cut(rest[:at], ":"); ok && password != "" {
			if _, isVar := variable(password); !isVar {
				return true
			}
		}
	}
	lower := strings.ToLower(rest)
	for _, word := range []string{"password=", "pwd="} {
		if _, value, ok := strings.Cut(lower, word); ok && value != "" && !strings.HasPrefix(value, "${") {
			return true
		}
	}
	return false
}

// resolveDSN makes the file of an SQLite database absolute.
func resolveDSN(dir, text string) string {
	rest, ok := strings.CutPrefix(text, "sqlite:")
	if !ok || strings.HasPrefix(rest, ":memory:") {
		return text
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "file:"), "//")
	file, query, hasQuery := strings.Cut(rest, "?")
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	if hasQuery {
		file += "?" + query
	}
	return "sqlite:" + file
}

func sqliteFile(dsn string) string {
	rest, ok := strings.CutPrefix(dsn, "sqlite:")
	if !ok || strings.HasPrefix(rest, ":memory:") {
		return ""
	}
	file, _, _ := strings.Cut(rest, "?")
	return file
}
