package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// maxSecret bounds a file with a secret, in bytes; a private key fits many times.
const maxSecret = 64 << 10

const hidden = "[secret]"

// Secret is a password, token or key that is read where it is kept each time it
// is wanted, so that a changed file needs no restart. However it is printed or
// encoded, it shows as [secret]. The zero Secret is not set.
type Secret struct {
	source string // what it is read from, without any of it
	read   func() (string, error)
}

// IsSet says whether the configuration names the secret at all.
func (s Secret) IsSet() bool { return s.read != nil }

// Source says where the secret is kept, as in "file /etc/dpobot/imap.password".
func (s Secret) Source() string { return s.source }

// Read returns the secret as it is now, without the line break at its end. It
// fails when the secret is not set, cannot be read, is empty, or lies in a file
// that others can read.
func (s Secret) Read() (string, error) {
	if s.read == nil {
		return "", errors.New("read secret: none is configured")
	}
	value, err := s.read()
	if err != nil {
		return "", fmt.Errorf("read secret from %s: %w", s.source, err)
	}
	return value, nil
}

// String is a placeholder.
func (Secret) String() string { return hidden }

// GoString is a placeholder.
func (Secret) GoString() string { return hidden }

// Format writes a placeholder, whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue is a placeholder.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText is a placeholder.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// MarshalJSON is a placeholder.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// MarshalYAML is a placeholder.
func (Secret) MarshalYAML() (any, error) { return hidden, nil }

// fileSecret is the secret in a file.
func fileSecret(path string) Secret {
	return Secret{source: "file " + path, read: func() (string, error) {
		f, err := openSecret(path)
		if err != nil {
			return "", err
		}
		defer f.Close()
		content, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
		if err != nil {
			return "", err
		}
		if len(content) > maxSecret {
			return "", errors.New("the file is larger than 64 KB")
		}
		value := strings.TrimRight(string(content), "\r\n")
		if value == "" {
			return "", errors.New("the file is empty")
		}
		return value, nil
	}}
}

// textSecret is a text in which ${NAME} stands for the secret part.
func textSecret(raw string, finish func(string) (string, error)) Secret {
	return Secret{source: "the environment", read: func() (string, error) {
		text, p := expand(raw)
		if p != nil {
			return "", p
		}
		value, err := finish(text)
		if err == nil && value == "" {
			err = errors.New("it is empty")
		}
		return value, err
	}}
}

func asIs(text string) (string, error) { return text, nil }

// openSecret opens the file if it is closed to others. It looks before it opens,
// since to open a pipe may wait for ever, and again at what it has opened.
func openSecret(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, errors.New(cause(err))
	}
	if p := guarded(path, info); p != nil {
		return nil, p
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.New(cause(err))
	}
	if info, err = f.Stat(); err == nil {
		if p := guarded(path, info); p != nil {
			err = p
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// guarded tells what is wrong with a file that holds a secret, without reading it.
func guarded(path string, info fs.FileInfo) *problem {
	switch open := info.Mode().Perm() & openBits(path); {
	case !info.Mode().IsRegular():
		return &problem{"is a folder or a device, and no file", "name the file that holds the secret"}
	case open != 0:
		return &problem{fmt.Sprintf("the file can be read by others (mode %04o)", info.Mode().Perm()), "chmod 600 " + filepath.Base(path)}
	case info.Size() == 0:
		return &problem{"the file is empty", "write the secret into it, on one line"}
	case info.Size() > maxSecret:
		return &problem{"the file is larger than 64 KB", "name the file that holds the secret"}
	}
	return nil
}

// openBits are the mode bits that a secret's file must not have. systemd gives
// the service its credentials by an access list, whose mask shows as the
// group's bits, in a folder that it closes to everybody else; Windows has no
// such bits.
func openBits(path string) fs.FileMode {
	if runtime.GOOS == "windows" {
		return 0
	}
	if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" && filepath.Dir(path) == filepath.Clean(dir) {
		return 0o037
	}
	return 0o077
}

// secretPath is where the file of a secret lies: among systemd's credentials
// (LoadCredential=) if a file of that name is there, else beside the configuration.
func secretPath(dir, name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	if credentials := os.Getenv("CREDENTIALS_DIRECTORY"); credentials != "" && filepath.Base(name) == name {
		path := filepath.Join(credentials, name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return filepath.Join(dir, name)
}
