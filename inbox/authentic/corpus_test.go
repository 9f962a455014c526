package authentic

import (
	"bytes"
	"encoding/json"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The corpus's own set-up: its look-alikes are made for this address.
const (
	corpusDomain = "powercompetence.example"
	corpusBorder = "mx.powercompetence.example"
)

// TestCorpus runs the spoofed and the honest replies of the mail corpus through AuthenticationResults. Most spoofs
// are of the right domain and caught elsewhere; what counts here is that nothing passes that is not.
func TestCorpus(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "mail")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("needs the mail corpus beside the repository: ../shared/mail")
	}
	counts := map[string]int{}
	for _, kind := range []string{"spoof", "legit"} {
		files, err := filepath.Glob(filepath.Join(folder, kind, "*.eml"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no mails in %s (%v)", kind, err)
		}
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".eml")
			t.Run(kind+"/"+name, func(t *testing.T) {
				fields, truth := corpusMail(t, file)
				got := AuthenticationResults(fields, corpusBorder, corpusDomain)
				honest := truth.DMARC == "pass" && (truth.From == corpusDomain || truth.From == "(bot's domain)")
				switch {
				case got.Verdict == Pass && !honest:
					t.Errorf("got a pass (%s); an honest border finds dmarc=%s for %q", got.Why, truth.DMARC, truth.From)
				case got.Verdict != Pass && kind == "legit":
					t.Errorf("got %s (%s); want a pass", got.Verdict, got.Why)
				}
				t.Logf("%-5s %-18s truth dmarc=%-13s %-25s %s", got.Verdict, got.Reason, truth.DMARC, truth.From, got.Why)
				counts[kind+" "+string(got.Verdict)]++
			})
		}
	}
	t.Logf("%v", counts)
}

type corpusTruth struct {
	DMARC string `json:"dmarc"`
	From  string `json:"header_from"`
}

// corpusMail reads the header of a mail with its placeholders filled in, and what an honest border finds.
func corpusMail(t *testing.T, file string) ([]Field, corpusTruth) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for token, value := range map[string]string{
		"TOKEN": "k7Qm2", "CASE": "2026-0001", "OTHER_TOKEN": "z1Yx9", "OTHER_CASE": "2026-0002", "REQ_MSGID": "<q@" + corpusDomain + ">",
		"DPO": "pauli.vuorio@" + corpusDomain, "BOT": "tietosuoja@" + corpusDomain, "AUTHSERV": corpusBorder,
		"DATE": time.Now().Format(time.RFC1123Z), "OLD_DATE": time.Now().AddDate(0, 0, -2).Format(time.RFC1123Z),
	} {
		raw = bytes.ReplaceAll(raw, []byte("{{"+token+"}}"), []byte(value))
	}
	head, _, _ := strings.Cut(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n\n")
	sidecar, err := os.ReadFile(strings.TrimSuffix(file, ".eml") + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var about struct {
		Truth corpusTruth `json:"auth_truth"`
	}
	if err := json.Unmarshal(sidecar, &about); err != nil {
		t.Fatal(err)
	}
	return fieldsOf(t, head+"\n"), about.Truth
}

// TestPublicMail reads every mail of the corpus by both ways: nothing may crash, or pass for a domain that did not sign.
func TestPublicMail(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "mail")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("needs the mail corpus beside the repository: ../shared/mail")
	}
	none := Keys(nil)
	var slowest time.Duration
	read, statements, unreadable := 0, 0, 0
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".json") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read++
		from := "example.org"
		if message, err := mail.ReadMessage(bytes.NewReader(raw)); err == nil {
			if a, err := mail.ParseAddress(message.Header.Get("From")); err == nil {
				from = a.Address[strings.LastIndex(a.Address, "@")+1:]
			}
		}
		start := time.Now()
		if got := DKIM(t.Context(), bytes.NewReader(raw), from, none); got.Verdict == Pass || !fit(got.Why) {
			t.Errorf("%s: got %+v without any key", entry.Name(), got)
		}
		head, _, _ := strings.Cut(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n\n")
		for _, f := range fieldsOf(t, head) {
			if lower(f.Name) != "authentication-results" {
				continue
			}
			statements++
			if s, err := ParseStatement(f.Value); err != nil {
				unreadable++
				t.Logf("%s: %q (server %q): %v", entry.Name(), f.Value, s.Server, err)
			}
		}
		slowest = max(slowest, time.Since(start))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, slowest %s; %d Authentication-Results, %d unreadable", read, slowest, statements, unreadable)
}
