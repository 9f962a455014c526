package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// root is the repository, seen from this folder.
const root = "../.."

// module begins the paths of our own packages.
const module = "dpobot/"

// arrow is one import: the file that has it, the folder of that file, and what it imports.
type arrow struct {
	file, from string
	to         string // of ours without the module's name: "workflow/redisstore"
	ours, test bool
}

// rooms says what the packages of a folder may import of ours. The longest folder that fits
// counts; a folder that fits none is a fault, so that a new one is thought about.
var rooms = []struct {
	folder string
	may    []string // folders; "/..." stands for everything below too
}{
	{"workflow", nil},
	{"workflow/redisstore", []string{"workflow/..."}},
	{"inbox", []string{"inbox/...", "workflow"}},
	{"responders", []string{"responders/...", "workflow"}},
	{"config", nil},
	{"cmd/dpobot", []string{"config", "inbox/...", "workflow/...", "responders/...", "cmd/dpobot/demo"}},
	// These stand outside the program: they play the people and the servers around it.
	{"cmd/dpobot/demo", []string{"inbox/mailbox/imaptest"}},
	{"cmd/dpobot/bench", []string{"inbox/mailbox/imaptest"}},
	{"docs/examples", nil},
}

// testsMay adds what the tests of a folder may import beyond its room.
var testsMay = map[string][]string{
	"workflow":      {"workflow/redisstore/..."},  // the engine is tried on the one store that there is
	"docs/examples": {"responders/registers/..."}, // the example answers the real client
}

// libraries may be imported in these folders alone, and not by tests elsewhere either.
var libraries = []struct {
	path    string
	folders []string
}{
	{"github.com/emersion/go-imap", []string{"inbox/mailbox/...", "cmd/dpobot/bench"}},
	{"github.com/redis/go-redis", []string{"workflow/redisstore/...", "cmd/dpobot"}},
	{"github.com/alicebob/miniredis", []string{"workflow/redisstore/...", "cmd/dpobot/demo", "cmd/dpobot/bench"}},
	{"github.com/wneessen/go-mail", []string{"responders/post"}},
	{"github.com/tink-crypto/tink-go", []string{"workflow/redisstore/seal"}},
	{"github.com/alecthomas/kong", []string{"cmd/dpobot"}},
}

// TestArrows holds the house's arrows: inbox -> workflow <- responders, config for cmd alone.
func TestArrows(t *testing.T) {
	arrows := arrowsOf(t)
	for _, a := range arrows {
		if why := wrong(a); why != "" {
			t.Errorf("%s imports %s: %s", a.file, a.to, why)
		}
	}
	wire := arrow{file: "cmd/dpobot/wire.go", from: "cmd/dpobot", to: "workflow/redisstore", ours: true}
	if !slices.Contains(arrows, wire) {
		t.Errorf("the reading of the imports missed that wire.go imports the store; it read %d", len(arrows))
	}
}

// TestWrongArrows shows that the rules refuse what they are there for.
func TestWrongArrows(t *testing.T) {
	for _, row := range []struct {
		name, from, to string
		ours, test     bool
		right          bool
	}{
		{"inbox asks responders", "inbox", "responders/post", true, false, false},
		{"responders ask inbox", "responders", "inbox/reading", true, false, false},
		{"a test of responders asks inbox", "responders/templates", "inbox/keyword", true, true, false},
		{"workflow knows its store", "workflow", "workflow/redisstore", true, false, false},
		{"inbox knows the store", "inbox/mailbox", "workflow/redisstore", true, false, false},
		{"responders read the configuration", "responders", "config", true, false, false},
		{"config knows a word of workflow", "config", "workflow", true, false, false},
		{"the demo reaches into the program", "cmd/dpobot/demo", "workflow", true, false, false},
		{"somebody imports a command", "responders", "cmd/dpobot", true, false, false},
		{"a new room", "helpers", "workflow", true, false, false},
		{"a second reader of IMAP", "responders/post", "github.com/emersion/go-imap/v2/imapclient", false, false, false},
		{"a second sealer", "responders", "github.com/tink-crypto/tink-go/v2/aead", false, false, false},
		{"the seam of both", "inbox/keyword", "workflow", true, false, true},
		{"own subfolders", "responders/export", "responders/letter", true, false, true},
		{"the wiring", "cmd/dpobot", "config", true, false, true},
		{"a library that is nobody's own", "inbox/reading", "github.com/emersion/go-message", false, false, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			why := wrong(arrow{from: row.from, to: row.to, ours: row.ours, test: row.test})
			if (why == "") != row.right {
				t.Errorf("%s -> %s: got %q, want right: %v", row.from, row.to, why, row.right)
			}
		})
	}
}

// wrong says why an import breaks a rule; "" where it breaks none.
func wrong(a arrow) string {
	if !a.ours {
		for _, l := range libraries {
			if below(a.to, l.path) && !fits(a.from, l.folders) {
				return "only " + strings.Join(l.folders, ", ") + " may"
			}
		}
		return ""
	}
	folder, may, ok := room(a.from)
	switch {
	case !ok:
		return "no rule in rooms knows the folder " + a.from
	case a.to == a.from && a.test: // an external test of the package
		return ""
	case fits(a.to, may), a.test && fits(a.to, testsMay[folder]):
		return ""
	case len(may) == 0:
		return folder + " imports nothing of ours"
	}
	return folder + " may import only " + strings.Join(may, ", ")
}

func room(from string) (folder string, may []string, ok bool) {
	for _, r := range rooms {
		if below(from, r.folder) && len(r.folder) > len(folder) {
			folder, may, ok = r.folder, r.may, true
		}
	}
	return folder, may, ok
}

// fits tells whether a folder is one of those named.
func fits(folder string, named []string) bool {
	return slices.ContainsFunc(named, func(n string) bool {
		if tree, ok := strings.CutSuffix(n, "/..."); ok {
			return below(folder, tree)
		}
		return folder == n
	})
}

func below(folder, tree string) bool { return folder == tree || strings.HasPrefix(folder, tree+"/") }

// arrowsOf reads the imports of every Go file of the repository, for every system and tag.
func arrowsOf(t *testing.T) []arrow {
	t.Helper()
	var all []arrow
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || name != root && strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		found, err := importsOf(name)
		all = append(all, found...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func importsOf(name string) ([]arrow, error) {
	source, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		return nil, fmt.Errorf("read the imports of %s: %w", name, err)
	}
	relative, err := filepath.Rel(root, name)
	if err != nil {
		return nil, err
	}
	file := filepath.ToSlash(relative)
	var all []arrow
	for _, i := range source.Imports {
		imported, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("read the imports of %s: %w", name, err)
		}
		to, ours := strings.CutPrefix(imported, module)
		all = append(all, arrow{file: file, from: path.Dir(file), to: to, ours: ours, test: strings.HasSuffix(file, "_test.go")})
	}
	return all, nil
}
