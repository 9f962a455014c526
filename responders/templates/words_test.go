package templates

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dpobot/workflow"
)

func loaded(t *testing.T) *Set {
	t.Helper()
	s, err := Load(nil)
	if err != nil {
		t.Fatalf("load the embedded templates: %v", err)
	}
	return s
}

// constants are the string constants of a folder's source of which the name has the
// prefix or the type is the one named. It reads source, as no import may lead there.
func constants(t *testing.T, folder, prefix, typed string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no source in %s: %v", folder, err)
	}
	var found []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			kind, _ := spec.Type.(*ast.Ident)
			literal, _ := spec.Values[0].(*ast.BasicLit)
			if literal == nil || literal.Kind != token.STRING {
				return true
			}
			if typed != "" && (kind == nil || kind.Name != typed) || !strings.HasPrefix(spec.Names[0].Name, prefix) {
				return true
			}
			value, _ := strconv.Unquote(literal.Value)
			if value != "" && value != "(before)" { // no kind; and no state that a case can be in
				found = append(found, value)
			}
			return true
		})
	}
	return found
}

// TestEveryCodeHasWords holds words.yaml against the codes that the program has: a code
// without words would stand in a mail as it is.
func TestEveryCodeHasWords(t *testing.T) {
	after := func(prefix string, codes []string) []string {
		for i := range codes {
			codes[i] = prefix + ": " + codes[i]
		}
		return codes
	}
	without := func(codes []string, not ...string) []string {
		return slices.DeleteFunc(codes, func(c string) bool { return slices.Contains(not, c) })
	}
	read := "inbox/reading"
	tests := []struct {
		name, group string
		codes       []string
		least       int // fewer found means that the source was not read as meant
	}{
		{"kinds", "kind", constants(t, "workflow", "", "Kind"), 5},
		{"kinds to type", "kind-word", without(constants(t, "workflow", "", "Kind"), "none"), 4},
		{"kinds to the person", "asks", without(constants(t, "workflow", "", "Kind"), "none"), 4},
		{"rights", "right", constants(t, "workflow", "", "Right"), 5},
		{"rights to the person", "asks", constants(t, "workflow", "", "Right"), 5},
		{"rights that are granted", "granted", constants(t, "workflow", "", "Right"), 5},
		{"states", "state", constants(t, "workflow", "", "State"), 10},
		{"what to do in a state", "next", constants(t, "workflow", "", "State"), 10},
		{"states of a task", "task-state", constants(t, "workflow", "", "TaskState"), 4},
		{"actions", "action", constants(t, "workflow", "", "Action"), 27},
		{"warnings", "warning", constants(t, "workflow", "", "Warning"), 13},
		{"obstacles", "obstacle", constants(t, "workflow", "", "Obstacle"), 11},
		{"troubles", "obstacle", constants(t, "inbox", "Trouble", ""), 3},
		{"troubles of a keeper's answer", "keeper-trouble", append(constants(t, "workflow", "Trouble", ""), constants(t, "inbox", "Untaken", "")...), 5},
		{"troubles, to handlers", "keeper-meaning", append(constants(t, "workflow", "Trouble", ""), constants(t, "inbox", "Untaken", "")...), 5},
		{"troubles, in a subject", "keeper-said", append(constants(t, "workflow", "Trouble", ""), constants(t, "inbox", "Untaken", "")...), 5},
		{"what a keeper says", "keeper-meaning", constants(t, "workflow", "", "Says"), 3},
		{"states of a question to a keeper", "keeper-state", without(constants(t, "workflow", "", "InquiryState"), "idle", "dropped"), 4},
		{"what keepers are asked", "keeper-task", append(without(constants(t, "workflow", "", "Kind"), "none", "other"), "marketing", "consent"), 5},
		{"what keepers are told", "keeper-known", constants(t, "responders/registers", "", "Role"), 5},
		{"how", "how", constants(t, "workflow", "", "How"), 6},
		{"grounds", "ground", constants(t, "workflow", "", "Reason"), 9},
		{"recipients told", "told", []string{"told-mail", "told-hand", "told-waiting", "told-failed", "told-open"}, 5},
		{"grounds by name", "ground-name", constants(t, "workflow", "", "Reason"), 9},
		{"keywords", "keyword", constants(t, "workflow", "", "Word"), 16},
		{"what keywords do", "does", constants(t, "workflow", "", "Word"), 16},
		{"roles", "role", constants(t, "responders/registers", "", "Role"), 5},
		{"what fields hold", "holds", constants(t, "responders/registers", "", "Holds"), 11},
		{"problems of a mail", "problem", constants(t, read, "Problem", ""), 7},
		{"reasons of the desk", "refused", constants(t, "workflow", "Reason", ""), 7},
		{"reasons of the inbox", "refused", constants(t, "inbox", "Reason", ""), 3},
		{"reasons of authenticity", "refused", after("not-authentic", without(constants(t, "inbox/authentic", "", "Reason"), "proved")), 18},
		{"unclear texts", "refused", after("text-unclear", constants(t, read, "Command", "")), 15},
		{"unclear mails", "refused", after("text-unclear", constants(t, read, "Problem", "")), 7},
	}
	s := loaded(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if len(tt.codes) < tt.least {
				t.Fatalf("found %d codes in the source, want at least %d: %q", len(tt.codes), tt.least, tt.codes)
			}
			for _, lang := range languages {
				for _, code := range tt.codes {
					if s.byLang[lang].words[tt.group][code] == "" {
						t.Errorf("%s/words.yaml has no %s: %q", lang, tt.group, code)
					}
				}
			}
		})
	}
}

// TestWordsAreThoseOfEnglish: every language has the same words, and no empty ones.
func TestWordsAreThoseOfEnglish(t *testing.T) {
	s := loaded(t)
	want := s.byLang["en"].words
	for _, lang := range languages {
		got := s.byLang[lang].words
		if a, b := sorted(got), sorted(want); !slices.Equal(a, b) {
			t.Errorf("%s has the groups %q, English %q", lang, a, b)
		}
		for group := range want {
			if a, b := sorted(got[group]), sorted(want[group]); group != "takes" && !slices.Equal(a, b) {
				t.Errorf("%s: %s has %q, English %q", lang, group, a, b)
			}
			for code, word := range got[group] {
				if strings.TrimSpace(word) == "" {
					t.Errorf("%s: %s: %s is empty", lang, group, code)
				}
			}
		}
		if a, b := len(got["takes"]), len(want["takes"]); a != b {
			t.Errorf("%s says of %d words what follows them, English of %d", lang, a, b)
		}
		for word := range got["takes"] {
			if !slices.Contains(slices.Collect(maps.Values(got["keyword"])), word) {
				t.Errorf("%s: takes: %s is no keyword", lang, word)
			}
		}
	}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// TestKeywordsAreTheGrammars holds the keywords that mails show against those that are
// read from a reply.
func TestKeywordsAreTheGrammars(t *testing.T) {
	manual := sourceOf(t, "inbox/keyword/manual.go")
	spellings := sourceOf(t, "inbox/keyword/spellings.go")
	s := loaded(t)
	for _, lang := range languages {
		words := s.byLang[lang].words
		for code, word := range words["keyword"] {
			if !strings.Contains(manual, strconv.Quote(word)) {
				t.Errorf("%s: the keyword of %s is %q, which the manual does not have", lang, code, word)
			}
		}
		for code, word := range words["kind-word"] {
			if !strings.Contains(spellings, strconv.Quote(word)+": {workflow.") {
				t.Errorf("%s: %q, the word for the kind %s, is not read", lang, word, code)
			}
		}
		ground, _, _ := strings.Cut(words["argument"]["REFUSE"], " ")
		if !strings.Contains(spellings, "{"+strconv.Quote(ground)+", workflow.") {
			t.Errorf("%s: the example of a refusal begins with %q, which is no ground", lang, ground)
		}
		for ground := range strings.SplitSeq(strings.TrimSuffix(grounds(words), "]"), " / ") {
			ground, _, _ = strings.Cut(ground, " [")
			if !strings.Contains(spellings, "{"+strconv.Quote(ground)+", workflow.") {
				t.Errorf("%s: the ground %q is not read", lang, ground)
			}
		}
	}
}

func grounds(w words) string { return w["takes"][w["keyword"][string(workflow.WordRefuse)]] }

func sourceOf(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWordFallsBack(t *testing.T) {
	s := loaded(t)
	tests := []struct{ name, lang, group, code, want string }{
		{"its own", "fi", "kind", "access", "tietojen tarkastus"},
		{"another language", "de", "kind", "access", "access to data"},
		{"a code with a colon", "sv", "refused", "not-authentic: altered", s.byLang["sv"].words["refused"]["not-authentic: altered"]},
		{"the part before the colon", "sv", "refused", "not-authentic: of tomorrow", "Inget visade att det verkligen kom från handläggarens adress."},
		{"no such word", "fi", "kind", "of tomorrow", "of tomorrow"},
		{"no such group", "fi", "nothing", "access", "access"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := s.Word(tt.lang, tt.group, tt.code); got != tt.want {
				t.Errorf("Word(%q, %q, %q) = %q, want %q", tt.lang, tt.group, tt.code, got, tt.want)
			}
		})
	}
}

// TestEveryActionHasItsMail: what sends a mail has a file, and no file is left over.
func TestEveryActionHasItsMail(t *testing.T) {
	var want []string
	for _, action := range constants(t, "workflow", "", "Action") {
		if workflow.Action(action).Audience() != workflow.NoMail {
			want = append(want, action+".txt")
		}
	}
	want = append(want, sharedFile, wordsFile)
	slices.Sort(want)
	for _, lang := range languages {
		entries, err := fs.ReadDir(embedded, lang)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range entries {
			got = append(got, e.Name())
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s has %q, want %q", lang, got, want)
		}
	}
}
