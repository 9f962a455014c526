package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"dpobot/workflow"
)

//go:embed report.html
var reportPage string

// page is what report.html shows. Its charts are measured here: the template only draws.
type page struct {
	Lang, Title, AsOf, Nothing string
	Further                    string // title of the figures after the lead
	Lead, Figures              []figure
	Charts                     []chart
	Tables                     []table
	Notes                      []string
}

// chart is a drawing as wide as a telephone's screen, in units of its own that the page
// scales. Alt says the same in words, for whoever cannot see it.
type chart struct {
	Title, Alt    string
	Width, Height int
	Bars          []bar
	Labels        []label
	Legend        []swatch
}

// bar is a rectangle of a chart; Class is its colour.
type bar struct {
	X, Y, Width, Height float64
	Class, Tip          string
}

// label is a word or a number of a chart. Anchor is start, middle or end.
type label struct {
	X, Y         float64
	Anchor, Text string
	Faint        bool
}

// swatch explains a colour.
type swatch struct{ Class, Text string }

// chartWidth is that of every chart, in its own units: at a telephone's width one is about
// one pixel, so that its letters are as large as the page's.
const chartWidth = 350

// writeReportPage writes one HTML page that needs nothing else.
func writeReportPage(out io.Writer, controller string, r workflow.Report, w words) error {
	t, err := template.New("report").Parse(reportPage)
	if err != nil {
		panic(err) // the page is a part of the program
	}
	all := figures(r, w)
	p := page{
		Lang: w.lang, Title: w.title(controller, r.Year), AsOf: w.asOf(r.AsOf),
		Further: w.of("further"), Lead: all[:4], Figures: all[4:], Tables: tables(r, w), Notes: w.notes(),
	}
	if r.Requests == 0 {
		p.Nothing = w.of("nothing")
	}
	for _, c := range []chart{limitChart(r, w), monthChart(r, w), rightsChart(r, w), daysChart(r, w)} {
		if len(c.Bars) > 0 {
			p.Charts = append(p.Charts, c)
		}
	}
	if err := t.Execute(out, p); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// part is a piece of a stacked bar.
type part struct {
	class, name string
	count       int
}

// stack lays parts side by side over width, in proportion to total.
func (c *chart) stack(parts []part, x, y, width, height float64, total int) {
	for _, p := range parts {
		if p.count == 0 {
			continue
		}
		w := width * float64(p.count) / float64(total)
		c.Bars = append(c.Bars, bar{x, y, w, height, p.class, fmt.Sprintf("%s: %d", p.name, p.count)})
		x += w
	}
}

func (c *chart) explain(parts []part) {
	var all []string
	for _, p := range parts {
		c.Legend = append(c.Legend, swatch{p.class, fmt.Sprintf("%s %d", p.name, p.count)})
		all = append(all, fmt.Sprintf("%s %d", p.name, p.count))
	}
	c.Alt = strings.Join(all, ", ")
}

// limitChart holds the answers against the time limit.
func limitChart(r workflow.Report, w words) chart {
	c := chart{Title: w.of("limit"), Width: chartWidth, Height: 26}
	parts := []part{
		{"good", w.of("in time"), r.OnTime}, {"bad", w.of("too late"), r.Late}, {"worse", w.of("due over"), r.OverdueNow},
	}
	if total := r.Answered + r.OverdueNow; total > 0 {
		c.stack(parts, 0, 0, chartWidth, 26, total)
	}
	c.explain(parts)
	return c
}

// monthChart shows what came and what was closed in each month.
func monthChart(r workflow.Report, w words) chart {
	const height, base = 110.0, 130.0
	c := chart{Title: w.of("months"), Width: chartWidth, Height: 150}
	most, received, closed := 0, 0, 0
	for _, m := range r.Months {
		most = max(most, m.Received, m.Closed)
		received, closed = received+m.Received, closed+m.Closed
	}
	if most == 0 {
		return c
	}
	step := float64(chartWidth) / 12
	for i, m := range r.Months {
		x := float64(i)*step + step/2
		for _, b := range []struct {
			x     float64
			class string
			name  string
			n     int
		}{{x - 10, "main", w.of("received"), m.Received}, {x + 0.5, "second", w.of("closed"), m.Closed}} {
			if b.n == 0 {
				continue
			}
			h := height * float64(b.n) / float64(most)
			c.Bars = append(c.Bars, bar{b.x, base - h, 9.5, h, b.class, fmt.Sprintf("%d/%d %s: %d", i+1, r.Year, b.name, b.n)})
			c.Labels = append(c.Labels, label{b.x + 4.75, base - h - 3, "middle", fmt.Sprint(b.n), true})
		}
		c.Labels = append(c.Labels, label{x, base + 15, "middle", fmt.Sprint(i + 1), false})
	}
	c.explain([]part{{"main", w.of("received"), received}, {"second", w.of("closed"), closed}})
	return c
}

// rightsChart shows what became of each kind of right that was used.
func rightsChart(r workflow.Report, w words) chart {
	const row, thick = 46, 18.0
	c := chart{Title: w.of("rights"), Width: chartWidth, Height: row * len(r.Rights)}
	classes := []string{"good", "bad", "second", "main"} // as outcomes
	most := 0
	sums := make([]part, len(outcomes))
	for i, o := range outcomes {
		sums[i] = part{classes[i], w.of(o.Name), 0}
	}
	for _, right := range r.Rights {
		most = max(most, right.All())
	}
	for i, right := range r.Rights {
		y := float64(i * row)
		parts := make([]part, len(outcomes))
		for k, o := range outcomes {
			parts[k] = part{classes[k], w.of(o.Name), o.In(right)}
			sums[k].count += parts[k].count
		}
		c.Labels = append(c.Labels,
			label{0, y + 14, "start", w.of("kind " + string(right.Kind)), false},
			label{chartWidth, y + 14, "end", fmt.Sprint(right.All()), true})
		c.stack(parts, 0, y+20, chartWidth, thick, most)
	}
	c.explain(sums)
	return c
}

// daysChart shows how long answers took.
func daysChart(r workflow.Report, w words) chart {
	const row = 26
	c := chart{Title: w.of("spread"), Width: chartWidth, Height: row * len(r.Days.Spread)}
	most := 0
	for _, s := range r.Days.Spread {
		most = max(most, s.Count)
	}
	if most == 0 {
		return c
	}
	var said []string
	for i, s := range r.Days.Spread {
		y := float64(i * row)
		span := fmt.Sprintf("%d–%d", s.From, s.To)
		if s.To < 0 {
			span = fmt.Sprintf("%d–", s.From)
		}
		said = append(said, fmt.Sprintf("%s: %d", span, s.Count))
		width := 250 * float64(s.Count) / float64(most)
		c.Labels = append(c.Labels, label{52, y + 16, "end", span, false}, label{62 + width + 5, y + 16, "start", fmt.Sprint(s.Count), true})
		c.Bars = append(c.Bars, bar{60, y + 3, max(width, 1), 18, "main", said[i]})
	}
	c.Alt = strings.Join(said, ", ")
	return c
}
