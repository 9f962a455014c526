package workflow

import (
	"iter"
	"maps"
	"math"
	"slices"
	"time"
)

// Report counts the requests of a year. It holds no personal data, and comes out the same
// from cases and from the stubs that stay of them.
//
// A request is what one case was opened, or opened anew, for: all rights that one person
// used at a time. It belongs to the year in which it was received, by the controller's
// calendar.
type Report struct {
	Year        int         `json:"year"`
	AsOf        Date        `json:"as_of"`       // the last day that is counted: the year's end, or today
	Requests    int         `json:"requests"`    // received in the year
	NoRequests  int         `json:"no_requests"` // mails of the year that a handler found to be none
	Rights      []RightRow  `json:"rights"`      // of the requests, in the order of Kinds; one request may use several
	Months      [12]Month   `json:"months"`
	Answered    int         `json:"answered"`      // requests of the year that were answered or refused
	OnTime      int         `json:"on_time"`       // of these, by the end of the day on which they were due
	Late        int         `json:"late"`          // of these, after it
	OverdueNow  int         `json:"overdue"`       // requests of the year that are open and were due before AsOf
	OnTimeShare *float64    `json:"on_time_share"` // OnTime of all that are answered or overdue, 0 to 1; nil where there are none
	Days        Days        `json:"days"`          // from receipt to answer
	Refusals    []Counted   `json:"refusals"`      // by reason
	Extended    int         `json:"extended"`      // requests whose limit was extended (Art. 12(3) GDPR)
	OpenAtEnd   int         `json:"open_at_end"`   // of whatever year, open at the end of AsOf
	Verified    []Counted   `json:"verified"`      // how the persons were verified, by request
	Languages   []Counted   `json:"languages"`     // of the mails to the persons
	Breaches    int         `json:"breaches"`      // that became known in the year through a case
	Corrections []Corrected `json:"corrections"`   // of the sorter, by handlers
}

// RightRow counts the uses of one kind of right by the state that they are in.
type RightRow struct {
	Kind   Kind          `json:"kind"`
	States map[State]int `json:"states"`
}

// All counts the uses in every state.
func (r RightRow) All() int {
	n := 0
	for _, count := range r.States {
		n += count
	}
	return n
}

// Open counts the uses that are not closed.
func (r RightRow) Open() int {
	n := 0
	for state, count := range r.States {
		if !state.Closed() {
			n += count
		}
	}
	return n
}

// Month is one month of the year.
type Month struct {
	Received int `json:"received"` // requests
	Closed   int `json:"closed"`   // requests, of whatever year
}

// Days says how long answers took, in whole days: 0 is the day of receipt. The figures
// are nil where nothing was answered.
type Days struct {
	Median  *float64  `json:"median"`
	P90     *int      `json:"p90"` // nine of ten took no longer
	Longest *int      `json:"longest"`
	Spread  []DaySpan `json:"spread"`
}

// DaySpan counts the answers that took From to To days; To is -1 for the last, open span.
type DaySpan struct {
	From  int `json:"from"`
	To    int `json:"to"`
	Count int `json:"count"`
}

// Counted is a word and how often it came.
type Counted struct {
	What  string `json:"what"`
	Count int    `json:"count"`
}

// Corrected says how often handlers sorted otherwise than the program had.
type Corrected struct {
	Said  string `json:"said"` // the sorter's kinds
	Is    string `json:"is"`
	Count int    `json:"count"`
}

// Correction is one time that a handler sorted a mail otherwise.
type Correction struct {
	On       Date
	Said, Is string
}

// ReportOf counts the year, as it looks at the end of today: cases are all cases and
// stubs, of every year. The calendar gives the due dates of requests for which a case was
// used before it was opened anew; the case itself knows only its last ones.
func ReportOf(year int, today Date, calendar Calendar, cases iter.Seq[Case], corrections iter.Seq[Correction]) Report {
	t := newTally(year, today, calendar)
	for c := range cases {
		t.breach(c)
		for _, r := range roundsOf(c, calendar) {
			t.add(r, c.Language)
		}
	}
	for c := range corrections {
		if c.On.Year == year && !c.On.After(t.report.AsOf) {
			t.corrected[[2]string{c.Said, c.Is}]++
		}
	}
	return t.close()
}

// round is one request: what a case was opened, or opened anew, for.
type round struct {
	received, due Date
	extended      bool
	items         []Item
	closed        Date // zero while an item is open
}

// roundsOf takes a case apart. What was closed before the case's clock began belongs to
// an earlier request, and so does not share its dates.
func roundsOf(c Case, calendar Calendar) []round {
	last := round{received: c.Clock.Received, due: c.Clock.Ends(), extended: !c.Clock.Extended.IsZero()}
	var earlier []round
	for _, it := range c.Items {
		if !it.State.Closed() || !it.closedAt().Before(c.Received) {
			last.items = append(last.items, it)
			continue
		}
		on := DateOf(it.Opened, calendar.Zone)
		if n := len(earlier); n > 0 && earlier[n-1].received == on {
			earlier[n-1].items = append(earlier[n-1].items, it)
			continue
		}
		earlier = append(earlier, round{received: on, due: calendar.Due(on), items: []Item{it}})
	}
	rounds := earlier
	if len(last.items) > 0 {
		rounds = append(rounds, last)
	}
	for i := range rounds {
		rounds[i].closed = closedOn(rounds[i].items, calendar.Zone)
	}
	return rounds
}

// closedAt is when the item was closed; one that says nothing was closed as it was opened.
func (it Item) closedAt() time.Time {
	if it.Closed.IsZero() {
		return it.Opened
	}
	return it.Closed
}

// closedOn is the day on which the last of the items was closed, or the zero date.
func closedOn(items []Item, zone *time.Location) Date {
	var day Date
	for _, it := range items {
		if !it.State.Closed() {
			return Date{}
		}
		if d := DateOf(it.closedAt(), zone); day.IsZero() || d.After(day) {
			day = d
		}
	}
	return day
}

// none tells whether a handler found that nothing was asked for.
func (r round) none() bool {
	for _, it := range r.items {
		if it.State != NotARequest {
			return false
		}
	}
	return true
}

// replied tells whether the person got an answer: granted or refused, not taken back.
func (r round) replied() bool {
	for _, it := range r.items {
		if it.State == Answered || it.State == Refused {
			return !r.closed.IsZero()
		}
	}
	return false
}

// tally counts towards a report.
type tally struct {
	report    Report
	zone      *time.Location
	rights    map[Kind]map[State]int
	refusals  map[string]int
	verified  map[string]int
	languages map[string]int
	corrected map[[2]string]int
	days      []int
}

func newTally(year int, today Date, calendar Calendar) *tally {
	end := Date{year, time.December, 31}
	if today.Before(end) {
		end = today
	}
	return &tally{
		report: Report{Year: year, AsOf: end}, zone: calendar.Zone,
		rights: map[Kind]map[State]int{}, refusals: map[string]int{}, verified: map[string]int{},
		languages: map[string]int{}, corrected: map[[2]string]int{},
	}
}

// add counts one request.
func (t *tally) add(r round, language string) {
	rep, end := &t.report, t.report.AsOf
	if r.none() {
		if r.received.Year == rep.Year {
			rep.NoRequests++
		}
		return
	}
	if !r.received.After(end) && (r.closed.IsZero() || r.closed.After(end)) {
		rep.OpenAtEnd++
	}
	if r.closed.Year == rep.Year {
		rep.Months[r.closed.Month-1].Closed++
	}
	if r.received.Year != rep.Year {
		return
	}
	rep.Requests++
	rep.Months[r.received.Month-1].Received++
	t.languages[language]++
	if r.extended {
		rep.Extended++
	}
	t.items(r)
	t.time(r)
}

// items counts the rights that the request used, and how the person was verified: once,
// however many rights it was for.
func (t *tally) items(r round) {
	how := map[How]bool{}
	for _, it := range r.items {
		if t.rights[it.Kind] == nil {
			t.rights[it.Kind] = map[State]int{}
		}
		t.rights[it.Kind][it.State]++
		if it.State == Refused {
			t.refusals[string(it.Reason)]++
		}
		if it.Verified != nil {
			how[it.Verified.How] = true
		}
	}
	for h := range how {
		t.verified[string(h)]++
	}
}

// time holds the request against its due date. What is open is held against today's:
// an answer may yet be on time.
func (t *tally) time(r round) {
	rep := &t.report
	switch {
	case r.replied():
		rep.Answered++
		t.days = append(t.days, r.received.DaysUntil(r.closed))
		if r.closed.After(r.due) {
			rep.Late++
		} else {
			rep.OnTime++
		}
	case r.closed.IsZero() && r.due.Before(rep.AsOf):
		rep.OverdueNow++
	}
}

func (t *tally) breach(c Case) {
	if c.Breach != nil && c.Breach.Known.In(t.zone).Year() == t.report.Year {
		t.report.Breaches++
	}
}

// close turns what was counted into the report.
func (t *tally) close() Report {
	r := t.report
	r.Rights = []RightRow{}
	for _, k := range Kinds {
		if states := t.rights[k]; states != nil {
			r.Rights = append(r.Rights, RightRow{k, states})
		}
	}
	if n := r.Answered + r.OverdueNow; n > 0 {
		share := float64(r.OnTime) / float64(n)
		r.OnTimeShare = &share
	}
	r.Days = daysOf(t.days)
	r.Refusals, r.Verified, r.Languages = counted(t.refusals), counted(t.verified), counted(t.languages)
	r.Corrections = []Corrected{}
	for pair, n := range t.corrected {
		r.Corrections = append(r.Corrections, Corrected{pair[0], pair[1], n})
	}
	slices.SortFunc(r.Corrections, func(a, b Corrected) int {
		return order(b.Count-a.Count, a.Said+" "+a.Is, b.Said+" "+b.Is)
	})
	return r
}

// counted lists the words, the most frequent first.
func counted(words map[string]int) []Counted {
	list := []Counted{}
	for _, word := range slices.Sorted(maps.Keys(words)) {
		list = append(list, Counted{word, words[word]})
	}
	slices.SortStableFunc(list, func(a, b Counted) int { return b.Count - a.Count })
	return list
}

func order(first int, a, b string) int {
	switch {
	case first != 0:
		return first
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// spans are what the days to an answer are sorted into: weeks, what is left of a month,
// the time that an extension gives, and what comes after it.
var spans = [...]DaySpan{{From: 0, To: 7}, {From: 8, To: 14}, {From: 15, To: 21}, {From: 22, To: 31}, {From: 32, To: 92}, {From: 93, To: -1}}

func daysOf(days []int) Days {
	d := Days{Spread: slices.Clone(spans[:])}
	if len(days) == 0 {
		return d
	}
	slices.Sort(days)
	for _, n := range days {
		for i := range d.Spread {
			if s := d.Spread[i]; n <= s.To || s.To < 0 {
				d.Spread[i].Count++
				break
			}
		}
	}
	median := float64(days[(len(days)-1)/2]+days[len(days)/2]) / 2
	p90 := days[int(math.Ceil(0.9*float64(len(days))))-1]
	d.Median, d.P90, d.Longest = &median, &p90, &days[len(days)-1]
	return d
}
