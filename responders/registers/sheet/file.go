package sheet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"dpobot/responders/registers"
)

// A sheet is somebody's document, open in another program as often as not. So a change reads the file under a lock of
// ours, writes a new one beside it, looks once more whether anybody else has touched or opened the file, and renames. There is no
// backup: it would keep what was erased.

// name is the file without its folder, for messages.
func (r *Register) name() string { return filepath.Base(r.src.File) }

func (r *Register) load() (book, error) {
	data, _, err := r.read()
	if err != nil {
		return nil, err
	}
	return r.parse(data)
}

func (r *Register) read() ([]byte, fs.FileInfo, error) {
	f, err := os.Open(r.src.File)
	if err != nil {
		return nil, nil, r.explain("open", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, r.explain("look at", err)
	}
	if info.Size() > r.src.MaxBytes {
		return nil, nil, fmt.Errorf("%s is larger than %d bytes: %w", r.name(), r.src.MaxBytes, registers.ErrPermanent)
	}
	data, err := io.ReadAll(io.LimitReader(f, r.src.MaxBytes+1))
	if err != nil {
		return nil, nil, r.explain("read", err)
	}
	return data, info, nil
}

// explain drops the folder from a file error and says whether another try helps.
func (r *Register) explain(what string, err error) error {
	kind := registers.ErrTemporary
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) {
		kind = registers.ErrPermanent
	}
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return fmt.Errorf("%s %s: %v: %w", what, r.name(), err, kind)
}

// errTouched: somebody else wrote the file between our reading and our renaming.
var errTouched = errors.New("the file was changed meanwhile")

// update does one change under the lock, again from the start if the file changed underneath.
func (r *Register) update(ctx context.Context, do func(book, layout) (touched bool, err error)) error {
	file, err := filepath.EvalSymlinks(r.src.File)
	if err != nil {
		return r.explain("open", err)
	}
	unlock, err := lock(ctx, file)
	if err != nil {
		return r.explain("lock", err)
	}
	defer unlock()
	sweep(file)
	for range 3 {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("interrupted: %w", registers.ErrTemporary)
		}
		if err := r.once(file, do); !errors.Is(err, errTouched) {
			return err
		}
	}
	return fmt.Errorf("%s keeps being changed by somebody else: %w", r.name(), registers.ErrTemporary)
}

func (r *Register) once(file string, do func(book, layout) (bool, error)) error {
	if by := openElsewhere(file); by != "" {
		return fmt.Errorf("%s is open in another program (%s): %w", r.name(), by, registers.ErrTemporary)
	}
	data, info, err := r.read()
	if err != nil {
		return err
	}
	b, err := r.parse(data)
	if err != nil {
		return err
	}
	defer b.close()
	l, err := r.layout(b)
	if err != nil {
		return err
	}
	touched, err := do(b, l)
	if err != nil || !touched {
		return err
	}
	out, err := b.bytes()
	if err != nil {
		return err
	}
	return r.replace(file, out, info)
}

// replace puts new content in the place of the file that info describes, with its mode and owner.
func (r *Register) replace(file string, content []byte, info fs.FileInfo) error {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Nlink > 1 {
		return fmt.Errorf("%s has another hard link, which would keep what is erased: %w", r.name(), registers.ErrPermanent)
	}
	temp, err := os.CreateTemp(filepath.Dir(file), tempPrefix(file)+"*")
	if err != nil {
		return r.explain("write beside", err)
	}
	defer os.Remove(temp.Name()) // gone already once it is renamed
	defer temp.Close()
	if _, err := temp.Write(content); err != nil {
		return r.explain("write beside", err)
	}
	if err := sameOwner(temp, info); err != nil {
		return r.explain("keep the owner and mode of", err)
	}
	if err := temp.Sync(); err != nil {
		return r.explain("write beside", err)
	}
	if now, err := os.Stat(file); err != nil || !sameFile(info, now) {
		return errTouched
	}
	if by := openElsewhere(file); by != "" {
		return fmt.Errorf("%s is open in another program (%s): %w", r.name(), by, registers.ErrTemporary)
	}
	if err := os.Rename(temp.Name(), file); err != nil {
		return r.explain("replace", err)
	}
	return r.explainSync(filepath.Dir(file))
}

// explainSync makes the rename last through a power failure.
func (r *Register) explainSync(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return r.explain("sync the folder of", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return r.explain("sync the folder of", err)
	}
	return nil
}

func sameFile(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

func sameOwner(temp *os.File, info fs.FileInfo) error {
	if err := temp.Chmod(info.Mode().Perm()); err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(stat.Uid) == os.Geteuid() && int(stat.Gid) == os.Getegid() {
		return nil
	}
	return temp.Chown(int(stat.Uid), int(stat.Gid))
}

func tempPrefix(file string) string { return "." + filepath.Base(file) + ".dpobot-" }

// sweep removes what a process that died while writing has left. Only the holder of the lock may.
func sweep(file string) {
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), tempPrefix(file)) {
			_ = os.Remove(filepath.Join(filepath.Dir(file), e.Name()))
		}
	}
}

// openElsewhere looks for the marks that Excel ("~$name") and LibreOffice (".~lock.name#") put beside an open file.
func openElsewhere(file string) string {
	folder, name := filepath.Split(file)
	short := name
	if r := []rune(name); len(r) > 6 {
		short = string(r[2:]) // Excel puts its mark over the first two characters of a long name
	}
	for mark, program := range map[string]string{"~$" + name: "Excel", "~$" + short: "Excel", ".~lock." + name + "#": "LibreOffice"} {
		if _, err := os.Lstat(filepath.Join(folder, mark)); err == nil {
			return program
		}
	}
	return ""
}

// lock holds the lock file beside the sheet; the kernel lets it go with the process. It waits as long as ctx allows, at most ten seconds.
func lock(ctx context.Context, file string) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	f, err := os.OpenFile(filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { f.Close() }, nil
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, err
		case <-time.After(20 * time.Millisecond):
		}
	}
}
