package responders

import (
	"time"

	"dpobot/workflow"
)

// How far a recipient was told, in codes of words.yaml.
const (
	toldByMail  = "told-mail"    // the mail was taken, and did not come back
	toldByHand  = "told-hand"    // a handler ticked it off
	toldWaiting = "told-waiting" // the mail is on its way
	toldFailed  = "told-failed"  // the mail could not be delivered
	toldOpen    = "told-open"    // a handler has to
)

// told lists every recipient of the case's data who is to hear of its changes and erasures. press makes the button that ticks one off.
func (r *Responder) told(c workflow.Case, lang string, press func(word, what string) Button) []ToldView {
	var all []ToldView
	for _, t := range c.Tasks {
		if t.Action != workflow.TellRecipient || t.State == workflow.TaskStopped {
			continue
		}
		row := ToldView{Name: outside(workflow.Text(t.Name)), Title: r.title(t.Text.Reveal(), lang), State: toldWaiting}
		switch t.State {
		case workflow.TaskDone:
			row.State, row.At = toldByMail, t.Done.In(r.company.Zone)
		case workflow.TaskFailed:
			row.State = toldFailed
		}
		all = append(all, row)
	}
	for _, t := range c.Tellings {
		row := ToldView{Name: outside(workflow.Text(t.Name)), Title: r.title(t.Register, lang), State: toldByHand, At: t.Told.In(r.company.Zone)}
		if t.Told.IsZero() {
			row.State, row.At = toldOpen, time.Time{}
			word := r.letters.Word(lang, "keyword", string(workflow.WordDone)) + " " + r.letters.Word(lang, "argument", "DONE told") + " " + t.Name
			row.Button = press(word, r.letters.Word(lang, "does", "DONE told"))
		}
		all = append(all, row)
	}
	return all
}

// untold lists, of an answered case, whom a handler still has to tell.
func (r *Responder) untold(w workflow.Work, c workflow.Case, lang string) UntoldRow {
	row := UntoldRow{Ref: string(c.Ref)}
	for _, t := range r.told(c, lang, func(word, what string) Button { return r.lineButton(w, c.Ref, word, what) }) {
		if t.State == toldOpen {
			row.Told = append(row.Told, t)
		}
	}
	return row
}
