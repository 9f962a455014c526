package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
)

// fileVersion is the layout of document.
const fileVersion = 1

// maxFile bounds what is read as a key file; one key takes about 300 bytes.
const maxFile = 1 << 20

// document is the key file: two Tink keysets in JSON, in the clear. What protects them is
// the mode of the file, or the credentials directory of the service manager.
type document struct {
	Version int `json:"version"`
	// Wrap holds the keys that wrap data keys: the primary for new ones, the others for
	// those not yet wrapped anew.
	Wrap json.RawMessage `json:"wrap"`
	// Lookup holds the key of the keyed hashes and stamps. It is never rotated: every
	// index and every Message-ID that went out stands on it.
	Lookup json.RawMessage `json:"lookup"`
}

// Create makes a key file that only its owner may read. ErrExists where there is one.
func Create(path string) error {
	wrap, lookup, err := newKeysets()
	if err != nil {
		return err
	}
	content, err := encode(wrap, lookup)
	if err != nil {
		return err
	}
	tmp, err := writeBeside(path, content)
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	// A link, unlike a rename, never replaces a file that is there.
	if err := os.Link(tmp, path); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("create %s: %w", path, ErrExists)
	} else if err != nil {
		return fmt.Errorf("create the key file: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// newKeysets makes both keysets with one new key each.
func newKeysets() (wrap, lookup *keyset.Handle, err error) {
	if wrap, err = keyset.NewHandle(aead.XChaCha20Poly1305KeyTemplate()); err != nil {
		return nil, nil, fmt.Errorf("make a key: %w", err)
	}
	if lookup, err = keyset.NewHandle(prf.HMACSHA256PRFKeyTemplate()); err != nil {
		return nil, nil, fmt.Errorf("make a key: %w", err)
	}
	return wrap, lookup, nil
}

// Rotate adds a new primary key to the key file and keeps the old ones. A running bot
// notices; Store.Rewrap then wraps the living data keys under it.
func Rotate(path string) error {
	unlock, err := lockDir(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("rotate: %w", err)
	}
	defer unlock()
	wrap, lookup, err := load(path)
	if err != nil {
		return err
	}
	manager := keyset.NewManagerFromHandle(wrap)
	id, err := manager.Add(aead.XChaCha20Poly1305KeyTemplate())
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	if err := manager.SetPrimary(id); err != nil {
		return fmt.Errorf("make the new key primary: %w", err)
	}
	if wrap, err = manager.Handle(); err != nil {
		return fmt.Errorf("make the new key primary: %w", err)
	}
	return replace(path, wrap, lookup)
}

// Retire removes every key but the primary from the key file, once Store.Rewrap has
// wrapped all under it and no backup that needs the old ones is kept any longer. It
// tells how many went.
func Retire(path string) (int, error) {
	unlock, err := lockDir(filepath.Dir(path))
	if err != nil {
		return 0, fmt.Errorf("retire: %w", err)
	}
	defer unlock()
	wrap, lookup, err := load(path)
	if err != nil {
		return 0, err
	}
	info := wrap.KeysetInfo()
	manager := keyset.NewManagerFromHandle(wrap)
	gone := 0
	for _, key := range info.GetKeyInfo() {
		if key.GetKeyId() == info.GetPrimaryKeyId() {
			continue
		}
		if err := manager.Delete(key.GetKeyId()); err != nil {
			return 0, fmt.Errorf("remove an old key: %w", err)
		}
		gone++
	}
	if wrap, err = manager.Handle(); err != nil {
		return 0, fmt.Errorf("remove an old key: %w", err)
	}
	return gone, replace(path, wrap, lookup)
}

// load reads the two keysets of a key file.
func load(path string) (wrap, lookup *keyset.Handle, err error) {
	content, err := readGuarded(path)
	if err != nil {
		return nil, nil, err
	}
	var doc document
	if err := json.Unmarshal(content, &doc); err != nil || doc.Version != fileVersion {
		return nil, nil, fmt.Errorf("read %s: %w", path, ErrDamaged)
	}
	// Tink's own errors could quote what they read.
	if wrap, err = insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(doc.Wrap))); err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", path, ErrDamaged)
	}
	if lookup, err = insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(doc.Lookup))); err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", path, ErrDamaged)
	}
	return wrap, lookup, nil
}

// readGuarded reads a file that nobody but its owner may read.
func readGuarded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open %s: %w", path, ErrMissing)
	} else if err != nil {
		return nil, fmt.Errorf("open the key file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("look at the key file: %w", err)
	}
	if exposed(info.Mode().Perm(), path) {
		return nil, fmt.Errorf("open %s: %w", path, ErrExposed)
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, fmt.Errorf("open %s: %w", path, ErrDamaged)
	}
	content := make([]byte, info.Size())
	if _, err := f.ReadAt(content, 0); err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	return content, nil
}

// exposed tells whether others than the owner may read a file of this mode. systemd
// opens a credential to the service's user by an access control list, which shows as
// group-readable in a directory that nobody else can enter (systemd.exec(5)).
func exposed(mode fs.FileMode, path string) bool {
	if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" && filepath.Dir(path) == filepath.Clean(dir) {
		return mode&0o037 != 0
	}
	return mode&0o077 != 0
}

func encode(wrap, lookup *keyset.Handle) ([]byte, error) {
	doc := document{Version: fileVersion}
	for _, part := range []struct {
		handle *keyset.Handle
		into   *json.RawMessage
	}{{wrap, &doc.Wrap}, {lookup, &doc.Lookup}} {
		var b bytes.Buffer
		if err := insecurecleartextkeyset.Write(part.handle, keyset.NewJSONWriter(&b)); err != nil {
			return nil, fmt.Errorf("write a keyset: %w", err)
		}
		*part.into = b.Bytes()
	}
	content, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write a keyset: %w", err)
	}
	return append(content, '\n'), nil
}

// replace puts new keysets in place of the file's, whole or not at all.
func replace(path string, wrap, lookup *keyset.Handle) error {
	content, err := encode(wrap, lookup)
	if err != nil {
		return err
	}
	tmp, err := writeBeside(path, content)
	if err != nil {
		return err
	}
	if err := keepOwner(path, tmp); err != nil {
		os.Remove(tmp)
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		os.Remove(tmp)
		return fmt.Errorf("replace the key file: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// keepOwner gives tmp to the owner of path: root may rotate the keys of the bot's user.
func keepOwner(path, tmp string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("look at the key file: %w", err)
	}
	was, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(was.Uid) == os.Geteuid() {
		return nil
	}
	if err := os.Chown(tmp, int(was.Uid), int(was.Gid)); err != nil {
		return fmt.Errorf("keep the owner of the key file: %w", err)
	}
	return nil
}

// writeBeside writes content, on disk, to a new file that only its owner may read
// (os.CreateTemp opens with mode 0600), and names it.
func writeBeside(path string, content []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return "", fmt.Errorf("write the key file: %w", err)
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		os.Remove(f.Name())
		return "", fmt.Errorf("write the key file: %w", err)
	}
	return f.Name(), nil
}

// lockDir keeps two rotations apart: each would drop the other's new key.
func lockDir(dir string) (unlock func(), err error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(d.Fd()), syscall.LOCK_EX); err != nil {
		d.Close()
		return nil, err
	}
	return func() { d.Close() }, nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("write the key file: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("write the key file: %w", err)
	}
	return nil
}
