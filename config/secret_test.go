package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

func TestSecretPrintsAsPlaceholder(t *testing.T) {
	dir := folder(t)
	s := fileSecret(filepath.Join(dir, "imap.password"))
	holder := struct {
		Password Secret
		Pointer  *Secret
	}{s, &s}
	asJSON, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := yaml.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "one", s, "all", holder)
	for name, got := range map[string]string{
		"%v": fmt.Sprintf("%v", s), "%+v": fmt.Sprintf("%+v", holder), "%#v": fmt.Sprintf("%#v", holder), "%s": fmt.Sprintf("%s", s),
		"%q": fmt.Sprintf("%q", s), "%x": fmt.Sprintf("%x", s), "%d": fmt.Sprintf("%d", s), "json": string(asJSON), "yaml": string(asYAML), "log": log.String(),
	} {
		if !strings.Contains(got, "[secret]") || strings.Contains(got, "imap.password") {
			t.Errorf("%s: got %s, want [secret]", name, got)
		}
	}
}

// put replaces the file by one with exactly this mode.
func put(t *testing.T, file, content string, mode os.FileMode) {
	t.Helper()
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, mode); err != nil {
		t.Fatal(err)
	}
}

func TestSecretIsReadAnew(t *testing.T) {
	dir := folder(t)
	c, err := load(filepath.Join(dir, "dpobot.yaml"), []byte(worked))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "imap.password")
	for _, row := range []struct {
		name    string
		content string
		mode    os.FileMode
		want    string
		fails   string
	}{
		{"changed", "another\n", 0o600, "another", ""},
		{"blanks are part of it", " a b \r\n", 0o400, " a b ", ""},
		{"empty", "\n", 0o600, "", "empty"},
		{"open to the group", "x", 0o640, "", "can be read by others"},
		{"open to all", "x", 0o604, "", "can be read by others"},
		{"too large", strings.Repeat("x", maxSecret+1), 0o600, "", "larger than 64 KB"},
	} {
		t.Run(row.name, func(t *testing.T) {
			put(t, file, row.content, row.mode)
			got, err := c.Mailbox.IMAP.Password.Read()
			if got != row.want || (err != nil) != (row.fails != "") {
				t.Fatalf("got %q, %v, want %q", got, err, row.want)
			}
			if err != nil && !strings.Contains(err.Error(), row.fails) {
				t.Errorf("got %v, want %q", err, row.fails)
			}
		})
	}
}

func TestOpenSecretIsAFault(t *testing.T) {
	dir := folder(t)
	for _, name := range []string{"imap.password", "dpobot.keys"} {
		if err := os.Chmod(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	faults := faultsOf(t, dir, worked)
	if len(faults) != 2 {
		t.Fatalf("got %v, want two faults", faults)
	}
	for i, want := range []struct{ path, mend string }{{"mailbox.imap.password_file", "chmod 600 imap.password"}, {"keys.keyset_file", "chmod 600 dpobot.keys"}} {
		if f := faults[i]; f.Path != want.path || f.Mend != want.mend {
			t.Errorf("got %s, want %s at %s", f, want.mend, want.path)
		}
	}
}

func TestSecretSources(t *testing.T) {
	t.Setenv("DPOBOT_TEST_PASSWORD", "from the environment")
	t.Setenv("DPOBOT_TEST_URL", "smtps://robot:of-the-url@mail.example.org")
	t.Setenv("DPOBOT_TEST_DSN", "postgres://robot:of-the-dsn@db.example.org/x")
	credentials := folder(t, "smtp.password")
	// systemd's access list for the service shows as the group's bits.
	put(t, filepath.Join(credentials, "smtp.password"), "credential", 0o440)
	smtp := func(c *Config) Secret { return c.Mailbox.SMTP.Password }
	for _, row := range []struct {
		name, old, text string
		credentials     string
		of              func(*Config) Secret
		want            string
	}{
		{"file beside the configuration", "password_file: smtp.password", "password_file: smtp.password", "", smtp, "secret of smtp.password"},
		{"systemd's credential", "password_file: smtp.password", "password_file: smtp.password", credentials, smtp, "credential"},
		{"no such credential", "password_file: smtp.password", "password_file: imap.password", credentials, smtp, "secret of imap.password"},
		{"environment", "password_file: smtp.password", `password: "${DPOBOT_TEST_PASSWORD}"`, "", smtp, "from the environment"},
		{"password of a url", smtpLine, `smtp: {url: "smtps://robot:${DPOBOT_TEST_PASSWORD}@mail.example"}`, "", smtp, "from the environment"},
		{"whole url", smtpLine, `smtp: {url: "${DPOBOT_TEST_URL}"}`, "", smtp, "of-the-url"},
		{"part of a dsn", "sqlite:customers.db", "postgres://u:${DPOBOT_TEST_PASSWORD}@db/x", "", func(c *Config) Secret { return c.Registers[0].SQL.DSN }, "postgres://u:from the environment@db/x"},
		{"whole dsn", "sqlite:customers.db", "${DPOBOT_TEST_DSN}", "", func(c *Config) Secret { return c.Registers[0].SQL.DSN }, "postgres://robot:of-the-dsn@db.example.org/x"},
		{"dsn in a file", `dsn: "sqlite:customers.db"`, `dsn_file: imap.password`, "", func(c *Config) Secret { return c.Registers[0].SQL.DSN }, "secret of imap.password"},
		{"redis", redis, `redis: {url: "rediss://:${DPOBOT_TEST_PASSWORD}@redis.example:6380/2"}`, "", func(c *Config) Secret { return c.Redis.Password }, "from the environment"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Setenv("CREDENTIALS_DIRECTORY", row.credentials)
			dir := folder(t)
			c, err := load(filepath.Join(dir, "dpobot.yaml"), []byte(with(t, row.old, row.text)))
			if err != nil {
				t.Fatal(err)
			}
			secret := row.of(c)
			if got, err := secret.Read(); err != nil || got != row.want {
				t.Errorf("got %q, %v, want %q", got, err, row.want)
			}
			if !secret.IsSet() || secret.Source() == "" || strings.Contains(secret.Source(), row.want) {
				t.Errorf("source: got %q", secret.Source())
			}
		})
	}
}

func TestUnsetSecret(t *testing.T) {
	var s Secret
	if got, err := s.Read(); err == nil || got != "" || s.IsSet() {
		t.Errorf("got %q, %v, set %v, want an error", got, err, s.IsSet())
	}
}
