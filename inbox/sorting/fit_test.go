package sorting

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The table of weights is fitted to the project's own mails, and to the shared corpus where
// it is at hand: go test ./inbox/sorting -run TestFit -fit
var (
	fitting = flag.Bool("fit", false, "write fitted.go anew")
	extra   = flag.String("extra", "", "more mails to fit and to measure: files apart by commas")
)

// sample is one mail with its signs.
type sample struct {
	mail
	set    string
	sorted *message
	seen   *signs
	signs  []sign
	want   odds // of each column, 0 or 1
	counts float64
	fold   int
}

const parts = 5

func samplesOf(t testing.TB, s *Sorter, file string) []*sample {
	t.Helper()
	var all []*sample
	set := strings.TrimSuffix(filepath.Base(file), ".jsonl")
	for _, m := range loadMails(t, file) {
		x := &sample{mail: m, set: set, counts: 1}
		if set == "short" || set == "plain" {
			x.counts = 2 // the commonest mails, and a few words have to be enough
		}
		x.sorted = s.read(m.Subject, visible(m.Subject, clip(m.Body, maxRaw)))
		x.seen = gather(x.sorted)
		x.signs = slices.Collect(x.seen.all())
		for k, kind := range columns {
			if k < mains && m.Label == kind || k >= mains && slices.Contains(m.Labels, kind) {
				x.want[k] = 1
			}
		}
		h := fnv.New32()
		h.Write([]byte(cmp.Or(m.Family, set+m.ID)))
		x.fold = int(h.Sum32() % parts)
		all = append(all, x)
	}
	return all
}

// ownSamples are all mails that the table may be fitted to.
func ownSamples(t testing.TB, s *Sorter) []*sample {
	t.Helper()
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("own mails: %v, %d files", err, len(files))
	}
	if corpus := "../../../shared/corpus/requests.jsonl"; exists(corpus) {
		files = append(files, corpus)
	}
	if *extra != "" {
		more := strings.Split(*extra, ",")
		files = append(files, more...)
	}
	var all []*sample
	for _, f := range files {
		all = append(all, samplesOf(t, s, f)...)
	}
	return all
}

func exists(file string) bool { _, err := os.Stat(file); return err == nil }

// fit finds the weights that make the samples likeliest, small ones before large ones:
// gradient descent with a step of its own for each weight. It always comes to the same.

func fit(xs []*sample) *table {
	const (
		rounds = 20
		begun  = 8 // the mean of the rounds from here on is less a matter of the last mails
		step   = 0.05
		shrink = 0.010
		forget = 0.15 // of the concepts, each time: the lexicons know fewer words of a mail that nobody has read yet
	)
	fixed := promised()
	t := *fixed
	var slope, mean [allSigns][len(columns)]float64
	rng := rand.New(rand.NewSource(1))
	var left []sign
	for round := range rounds {
		for _, i := range rng.Perm(len(xs)) {
			x := xs[i]
			var forgotten marks
			for c := range concepts {
				if rng.Float64() < forget {
					forgotten = forgotten.or(of(c))
				}
			}
			left = left[:0]
			for _, g := range x.signs {
				if !g.concepts().any(forgotten) {
					left = append(left, g)
				}
			}
			o := t.odds(left)
			for k := range o {
				miss := (o[k] - x.want[k]) * x.counts
				for _, g := range left {
					if fixed[g][k] != 0 {
						continue
					}
					down := miss + shrink*float64(t[g][k])
					slope[g][k] += down * down
					t[g][k] -= float32(step * down / math.Sqrt(slope[g][k]+1e-8))
				}
			}
		}
		for g := range t {
			for k := range columns {
				if round >= begun {
					mean[g][k] += float64(t[g][k]) / (rounds - begun)
				}
			}
		}
	}
	for g := range t {
		for k := range columns {
			t[g][k] = float32(mean[g][k])
		}
	}
	return &t
}

// concepts are those that the sign is about.
func (g sign) concepts() marks {
	n, pairs := int(g), besides
	switch {
	case n < besides:
		return of(concept(n % int(concepts)))
	case n >= lengths:
		return marks{}
	case n >= denials:
		pairs = denials
	}
	return of(concept((n-pairs)/int(concepts)), concept((n-pairs)%int(concepts)))
}

// promised are weights that no mail moves: a whole request is enough by itself, as the
// description of the lexicons says, also where somebody adds one of their own.
func promised() *table {
	t := &table{}
	for c, kind := range map[concept]Kind{
		cAskAccess: Access, cAskChange: Change, cAskErasure: Erasure, cAskMarketing: Other, cAskConsent: Other,
		cAskRestriction: Other, cAskObjection: Other, cAskAutomated: Other, cNone: None,
	} {
		for k := range columns {
			if columns[k] == kind {
				t[standing(inMail, c)][k] = 3
			}
		}
	}
	return t
}

// TestFit writes the table anew where asked to.
func TestFit(t *testing.T) {
	if !*fitting {
		t.Skip("writes fitted.go with -fit")
	}
	xs := ownSamples(t, sorter(t))
	if err := os.WriteFile("fitted.go", printed(fit(xs), xs), 0o644); err != nil {
		t.Fatal(err)
	}
}

// printed is the table as text: signs that few mails show, or that hardly count, are left out.
func printed(t *table, xs []*sample) []byte {
	const few, little = 4, 0.05
	seen := map[sign]int{}
	for _, x := range xs {
		for _, g := range x.signs {
			seen[g]++
		}
	}
	var lines []string
	for name, g := range signNames() {
		most := float32(0)
		line := name
		for _, w := range t[g] {
			most = max(most, w, -w)
			line += fmt.Sprintf("\t%.2f", w)
		}
		if seen[g] >= few && most >= little {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	var b bytes.Buffer
	b.WriteString(`// Code generated by "go test ./inbox/sorting -run TestFit -fit"; DO NOT EDIT.

package sorting

// fitted says how much each sign speaks for each column: none, access, change, erasure and
// other as the main right, and access, change, erasure and other as a right used at all.
// "erase + account" is the two beside each other, "writer: erase" a sentence that also speaks
// of the writer. The names are those of the sections of a lexicon.
const fitted = ` + "`")
	b.WriteString(strings.Join(lines, "\n"))
	b.WriteString("`\n")
	return b.Bytes()
}

// TestUnseen measures what becomes of mails that the weights were not fitted to: each fifth
// of the mails by a table fitted to the others.
func TestUnseen(t *testing.T) {
	s := sorter(t)
	xs := ownSamples(t, s)
	sets, langs := map[string]*tally{}, map[string]*tally{}
	kindsRight, kindsAll := 0, 0
	var all []judged
	var surprise float64
	for f := range parts {
		var train []*sample
		for _, x := range xs {
			if x.fold != f {
				train = append(train, x)
			}
		}
		by := *s
		by.weights = fit(train)
		for _, x := range xs {
			if x.fold != f {
				continue
			}
			r := by.decide(x.sorted, x.seen)
			o := by.weights.odds(x.signs)
			all = append(all, judged{x, o})
			surprise -= math.Log(o[slices.Index(columns[:mains], x.Label)])
			for _, group := range []string{x.set, "*"} {
				if sets[group] == nil {
					sets[group] = &tally{}
				}
				sets[group].add(x.mail, r)
			}
			for _, group := range []string{x.Lang, groupOf(x.Lang)} {
				if langs[group] == nil {
					langs[group] = &tally{}
				}
				langs[group].add(x.mail, r)
			}
			if x.Label != None {
				kindsAll++
				a, b := slices.Clone(x.Labels), slices.Clone(r.Kinds)
				slices.Sort(a)
				slices.Sort(b)
				if slices.Equal(a, b) {
					kindsRight++
				}
			}
			if *show != "" && strings.Contains(x.set, *show) && r.Kind != x.Label {
				t.Logf("%s %s is %s, said %s sure=%v (%s) %q | %s | %s", x.set, x.Lang, x.Label, r.Kind, r.Sure, x.Note, r.Why, x.Subject, x.Body[:min(len(x.Body), 300)])
			}
		}
	}
	print(t, "unseen", sets)
	print(t, "unseen", langs)
	langs["*"] = sets["*"]
	holdFloors(t, "unseen", langs)
	t.Logf("surprise %.4f: the mean of -log of the odds given to the right answer", surprise/float64(len(xs)))
	for _, request := range []float64{sureRequest - 0.1, sureRequest, sureRequest + 0.1} {
		for _, none := range []float64{sureNone - 0.05, sureNone, sureNone + 0.05} {
			t.Logf("sure of requests from %.2f, of none from %.2f: %s", request, none, mistakesAt(all, request, none))
		}
	}
	t.Logf("all rights of a request right: %d of %d", kindsRight, kindsAll)
}

type judged struct {
	*sample
	odds odds
}

// mistakesAt says what other thresholds would cost.
func mistakesAt(all []judged, request, none float64) string {
	unsure, lost, taken := 0, 0, 0
	for _, x := range all {
		k := x.odds.main()
		switch {
		case unread(x.sorted), columns[k] != None && x.odds[k] < request, columns[k] == None && x.odds[k] < none:
			unsure++
		case columns[k] == None && x.Label != None:
			lost++
		case columns[k] != None && x.Label == None:
			taken++
		}
	}
	return fmt.Sprintf("unsure %.1f %%, lost %d, taken %d", 100*float64(unsure)/float64(len(all)), lost, taken)
}

func groupOf(lang string) string {
	if lang == "fi" || lang == "sv" || lang == "en" {
		return "fi+sv+en"
	}
	return "rest"
}
