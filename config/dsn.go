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
	_, fromEnv := variable(raw)
	switch {
	case fromEnv:
	case !isDatabase(raw):
		d.fault(path, "is no address of a database", shape)
		return
	case holdsPassword(raw):
		d.fault(path, "holds a password", "write ${NAME} of an environment variable in its place, or put the whole text into a file (chmod 600) named by dsn_file")
		return
	}
	text, p := expand(raw)
	if d.note(path, p); p != nil {
		return
	}
	dir := d.dir
	v.Set(reflect.ValueOf(textSecret(raw, func(text string) (string, error) { return resolveDSN(dir, text), nil })))
	if file, ok := strings.CutPrefix(resolveDSN(dir, text), "sqlite:"); ok {
		if _, err := os.Stat(file); err != nil {
			d.fault(path, "the database cannot be found: "+cause(err), "name an existing file; a relative name starts in the folder of this file")
		}
	}
}

// isDatabase knows the urls, and the form user@tcp(host)/database of Go's MySQL driver.
func isDatabase(raw string) bool {
	for _, start := range []string{"sqlite:", "postgres://", "postgresql://", "mysql://", "mariadb://"} {
		if strings.HasPrefix(raw, start) {
			return true
		}
	}
	return strings.Contains(raw, "@tcp(") || strings.Contains(raw, "@unix(")
}

// holdsPassword tells whether a password stands in the text as user:password@,
// password=... or pwd=..., other than as ${NAME}.
func holdsPassword(raw string) bool {
	if strings.HasPrefix(raw, "sqlite:") {
		return false
	}
	rest := raw
	if _, after, ok := strings.Cut(raw, "://"); ok {
		rest = after
	}
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
	file, ok := strings.CutPrefix(text, "sqlite:")
	if !ok {
		return text
	}
	file = strings.TrimPrefix(file, "//")
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	return "sqlite:" + file
}
