package responders

import (
	"context"
	"fmt"

	"dpobot/workflow"
)

// lapses tells of data whose retention is over: what went, and what a human has to look at.
func (r *Responder) lapses(ctx context.Context, desk workflow.Case, v *View) error {
	at := map[string]int{}
	for _, l := range desk.Lapses {
		row := LapseView{Title: r.title(l.Register, v.Lang), Case: string(l.Case), Record: string(l.Record), Records: 1}
		i, known := at[l.Register]
		switch {
		case l.InUse:
			v.Digest.InUse = append(v.Digest.InUse, row)
		case known:
			v.Digest.Lapsed[i].Records++
		default:
			at[l.Register] = len(v.Digest.Lapsed)
			v.Digest.Lapsed = append(v.Digest.Lapsed, LapseView{Title: row.Title, Records: 1})
		}
	}
	for c, err := range r.queue.Store().Retained(ctx) {
		if err != nil {
			return fmt.Errorf("walk what erasures have left: %w", err)
		}
		for _, t := range c.Tasks {
			if c.Retained != nil && t.Waiting() && t.Tries >= triesTold && len(v.Digest.Stuck) < digestRows {
				v.Digest.Stuck = append(v.Digest.Stuck, LapseView{
					Title: r.title(c.Retained.Register, v.Lang), Case: string(c.Retained.Case), Record: string(c.Ref), Why: t.Why,
				})
			}
		}
	}
	return nil
}

// title is what a register is called in the language.
func (r *Responder) title(register, lang string) string {
	return titleOfSpec(r.spec(register), lang)
}
