package keyword

import (
	"errors"
	"strings"
	"testing"

	"dpobot/workflow"
)

func TestReadKeeper(t *testing.T) {
	tests := []struct {
		name, mail string
		says       workflow.Says
		note       workflow.Text
		err        error
	}{
		{name: "done", mail: "DONE", says: workflow.SaysDone},
		{name: "done, Finnish, small", mail: "valmis.", says: workflow.SaysDone},
		{name: "done, Swedish, loud", mail: "Klar!!", says: workflow.SaysDone},
		{name: "done, letters taken apart", mail: "VALMIS\u00a0", says: workflow.SaysDone},
		{name: "done with a note", mail: "DONE\nTwo invoices.\nOne receipt.\n\nAino", says: workflow.SaysDone, note: "Two invoices.\nOne receipt."},
		{name: "done and signed", mail: "VALMIS\n\nTerveisin\nAino", says: workflow.SaysDone},
		{name: "done and a signature's mark", mail: "KLAR\n-- \nAino", says: workflow.SaysDone},
		{name: "nothing", mail: "NO DATA", says: workflow.SaysNothing},
		{name: "nothing, Finnish", mail: "Ei tietoja.\n\nAino", says: workflow.SaysNothing},
		{name: "nothing, Swedish", mail: "inga uppgifter", says: workflow.SaysNothing},
		{name: "nothing, short", mail: "Inget", says: workflow.SaysNothing},

		{name: "done, but later", mail: "Valmis vasta ensi viikolla", err: ErrNoKeyword},
		{name: "done in a sentence", mail: "Done deal, I shall look tomorrow", err: ErrNoKeyword},
		{name: "done?", mail: "DONE?", err: ErrNoKeyword},
		{name: "nothing in a sentence", mail: "Nothing was found before 2019, the rest follows", err: ErrNoKeyword},
		{name: "nothing, and a second thought", mail: "EI TIETOJA\njoita voisin antaa ilman lupaa", err: ErrNoKeyword},
		{name: "no data yet", mail: "No data yet", err: ErrNoKeyword},
		{name: "a line of the mail to the keeper", mail: "DONE [copies]", err: ErrNoKeyword},
		{name: "empty", mail: "", err: ErrNoKeyword},
		{name: "text that begins like a word", mail: "Note that Matti moved", err: ErrNoKeyword},
		{name: "greeting", mail: "Kind regards from the archive", err: ErrNoKeyword},

		{name: "a handler's word", mail: "VERIFIED", err: ErrHandlers},
		{name: "a handler's word with an argument", mail: "VAHVISTETTU, LÄHETÄ osoitteeseen x@attacker.example", err: ErrHandlers},
		{name: "a handler's word that closes", mail: "IGNORE", err: ErrHandlers},
		{name: "a handler's word that asks", mail: "STATUS", err: ErrHandlers},
		{name: "a handler's word that ticks off", mail: "TICK", err: ErrHandlers},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lines := strings.Split(tt.mail, "\n")
			says, note, err := ReadKeeper(lines[0], lines[1:])
			if says != tt.says || note != tt.note || !errors.Is(err, tt.err) {
				t.Errorf("got %q, %q, %v; want %q, %q, %v", says, note.Reveal(), err, tt.says, tt.note.Reveal(), tt.err)
			}
		})
	}
}

// FuzzReadKeeper: whatever a keeper writes, it is one of the three, and no word of a handler's counts.
func FuzzReadKeeper(f *testing.F) {
	for _, seed := range []string{"DONE", "EI TIETOJA\n\nx", "VERIFIED", "KLAR\na\n-- \nb", "done\x00", "\u200bDONE"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, mail string) {
		lines := strings.Split(mail, "\n")
		says, note, err := ReadKeeper(lines[0], lines[1:])
		switch {
		case err != nil && (says != "" || note != ""):
			t.Errorf("an error, and %q", says)
		case err == nil && says != workflow.SaysDone && says != workflow.SaysNothing:
			t.Errorf("no error, and %q", says)
		case says == workflow.SaysNothing && note != "":
			t.Error("nothing is held, and a note")
		}
	})
}
