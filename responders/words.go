package responders

import (
	"slices"
	"strings"

	"dpobot/responders/registers"
	"dpobot/workflow"
)

// contains tells whether the folded text gives the value away.
func contains(folded, value string) bool {
	v := registers.Fold(strings.TrimSpace(value))
	return v != "" && strings.Contains(folded, v)
}

// sameWords tells whether two names are of the same words, in whatever order.
func sameWords(a, b string) bool {
	x, y := strings.Fields(registers.Fold(strings.ReplaceAll(a, ",", " "))), strings.Fields(registers.Fold(strings.ReplaceAll(b, ",", " ")))
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// vocabulary is the order in which help lists the words.
var vocabulary = []workflow.Word{
	workflow.WordVerified, workflow.WordUnverified, workflow.WordKind, workflow.WordSet, workflow.WordAsk, workflow.WordExtend,
	workflow.WordRefuse, workflow.WordStop, workflow.WordRetry, workflow.WordDone, workflow.WordTick, workflow.WordIgnore, workflow.WordJoin, workflow.WordNew,
	workflow.WordNote, workflow.WordStatus, workflow.WordHelp, workflow.WordBreach,
}

func (r *Responder) words(lang string) []WordView {
	var words []WordView
	for _, w := range vocabulary {
		words = append(words, WordView{r.letters.Word(lang, "keyword", string(w)), r.letters.Word(lang, "does", string(w))})
	}
	return words
}

// offered are the words that make sense in a state: one press each.
var offered = map[workflow.State][]workflow.Word{
	workflow.Triage:     {workflow.WordJoin, workflow.WordKind, workflow.WordIgnore, workflow.WordDone},
	workflow.Verifying:  {workflow.WordVerified, workflow.WordUnverified, workflow.WordKind, workflow.WordAsk, workflow.WordExtend, workflow.WordRefuse, workflow.WordIgnore, workflow.WordDone},
	workflow.Asking:     {workflow.WordVerified, workflow.WordUnverified, workflow.WordRefuse, workflow.WordDone},
	workflow.Grace:      {workflow.WordStop, workflow.WordStatus},
	workflow.Fulfilling: {workflow.WordStop, workflow.WordStatus, workflow.WordDone},
	workflow.Attention:  {workflow.WordRetry, workflow.WordDone, workflow.WordStatus},
}

// buttons are the one-press answers for the case as it stands. A word that takes an
// argument opens with an example of it, which the handler types over.
func (r *Responder) buttons(w workflow.Work, lang string) []Button {
	buttons := r.tickButtons(w, lang)
	words := slices.Clone(offered[w.Case.State()])
	if w.Case.Breach == nil && slices.Contains(w.Case.Warnings, workflow.WrongPerson) {
		words = append(words, workflow.WordBreach)
	}
	for _, word := range words {
		does := r.letters.Word(lang, "does", string(word))
		typed := r.letters.Word(lang, "keyword", string(word))
		switch word {
		case workflow.WordKind:
			for _, kind := range workflow.Kinds[:3] {
				if len(w.Case.Items) == 1 && w.Case.Items[0].Kind == kind && w.Case.State() != workflow.Triage {
					continue
				}
				buttons = append(buttons, r.button(w, typed+" "+r.letters.Word(lang, "kind-word", string(kind)), r.letters.Word(lang, "kind", string(kind))))
			}
			continue
		case workflow.WordJoin:
			ref := named(w.Case)
			if ref == "" {
				continue // nothing to put in; what the word does stands in the mail
			}
			typed += " " + string(ref)
		case workflow.WordAsk, workflow.WordExtend, workflow.WordRefuse:
			typed += " " + r.letters.Word(lang, "argument", string(word))
		}
		buttons = append(buttons, r.button(w, typed, does))
	}
	if c := w.Case; c.Breached() {
		buttons = append(buttons, r.breach(w, c, lang).Button)
	}
	return buttons
}
