package templates

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"text/template"
	"unicode/utf8"

	"dpobot/responders/letter"
	"dpobot/workflow"
)

// functions are what the templates of the language can call.
//
//	{{word "kind" .Kind}}          a word of words.yaml
//	{{known "obstacle" .About}}    whether there is such a word
//	{{list "kind" .Kinds}}         the words of several codes: "access and erasure"
//	{{join .Titles}}               several titles: "Name, Address"
//	{{has .Kinds "access"}}        whether a list holds a code
//	{{closed .State}}              whether nothing more happens in this state
//	{{last .Later}}                the last of a list
//	{{near .DaysLeft}}             how much of the last month is gone, in percent
//	{{why .Why}}                   why a task failed, in the language as far as it is known
//	{{count "day" 3}}              "3 days"
//	{{neg .DaysLeft}}              the number the other way round
//	{{date .Due}} {{day .Due}}     5 March 2026; Thursday 5 March 2026
//	{{moment .At}}                 5 March 2026 at 14:05
//	{{outside .Title}}             text that is no markup, whatever it holds
//	{{line .Name}}                 likewise, on one line and not too long
func (l *language) functions() template.FuncMap {
	return template.FuncMap{
		"word":    l.word,
		"known":   l.known,
		"list":    l.list,
		"join":    join,
		"has":     has,
		"closed":  workflow.State.Closed,
		"last":    last,
		"near":    near,
		"why":     l.why,
		"count":   l.count,
		"neg":     func(n int) int { return -n },
		"date":    l.date,
		"day":     l.day,
		"moment":  l.moment,
		"outside": outside,
		"line":    line,
	}
}

func (l *language) word(group string, code any) (string, error) {
	c, err := text(code)
	if err != nil {
		return "", err
	}
	if w, ok := l.words.find(group, c); ok {
		return w, nil
	}
	return c, nil
}

func (l *language) known(group string, code any) (bool, error) {
	c, err := text(code)
	_, ok := l.words.find(group, c)
	return ok, err
}

func (l *language) list(group string, codes any) (string, error) {
	v := reflect.ValueOf(codes)
	if v.Kind() != reflect.Slice {
		return "", fmt.Errorf("list wants several codes, not a %T", codes)
	}
	names := make([]string, v.Len())
	for i := range names {
		w, err := l.word(group, v.Index(i).Interface())
		if err != nil {
			return "", err
		}
		names[i] = w
	}
	return l.enumerate(names), nil
}

// enumerate sets a comma between the parts and the language's "and" before the last.
func (l *language) enumerate(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return strings.Join(parts[:last], ", ") + " " + l.words["small"]["and"] + " " + parts[last]
}

// join is for titles, which an "and" would make look like words of the sentence.
func join(parts []string) string { return strings.Join(parts, ", ") }

func has(list any, code string) (bool, error) {
	v := reflect.ValueOf(list)
	if v.Kind() != reflect.Slice {
		return false, fmt.Errorf("has wants several codes, not a %T", list)
	}
	for i := range v.Len() {
		if c, err := text(v.Index(i).Interface()); err != nil || c == code {
			return err == nil, err
		}
	}
	return false, nil
}

// count is a number with its unit, of which words.yaml has the one and the many.
func (l *language) count(unit string, n int) string {
	form := unit + "-many"
	if n == 1 {
		form = unit + "-one"
	}
	return fmt.Sprintf("%d %s", n, l.words["count"][form])
}

// near is for the bar beside a due date: empty a month before, full on the day after.
func near(daysLeft int) int {
	const month = 31
	return min(max((month-1-daysLeft)*100/month, 0), 100)
}

func last(list any) (any, error) {
	v := reflect.ValueOf(list)
	if v.Kind() != reflect.Slice || v.Len() == 0 {
		return nil, fmt.Errorf("last wants a list that holds something")
	}
	return v.Index(v.Len() - 1).Interface(), nil
}

// status is an enhanced status code (RFC 3463) in the reason that a mail was not taken.
var status = regexp.MustCompile(`\b[45]\.[0-9]{1,3}\.[0-9]{1,3}\b`)

// why says a failure in the language: by the sentence that words.yaml has for its cause,
// by what the status code of a mail server means, or else as it is, which is English.
func (l *language) why(failure string) any {
	if where, s, ok := l.cause(failure); ok {
		return where + s
	}
	code := status.FindString(failure)
	if code == "" {
		return letter.Outside(failure)
	}
	class, rest, _ := strings.Cut(code, ".")
	subject, _, _ := strings.Cut(rest, ".")
	for _, key := range []string{rest, subject, class + ".x"} {
		if s, ok := l.words.find("undelivered", key); ok {
			return s + " (" + code + ")"
		}
	}
	return letter.Outside(failure)
}

// text is a code of whatever named type. Text from outside is none: to look it up would
// print it unmarked.
func text(code any) (string, error) {
	v := reflect.ValueOf(code)
	if _, isOutside := code.(letter.Outside); isOutside || v.Kind() != reflect.String {
		return "", fmt.Errorf("%T is no code", code)
	}
	return v.String(), nil
}

func outside(v any) (letter.Outside, error) {
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.String {
		return "", fmt.Errorf("%T is no text", v)
	}
	return letter.Outside(r.String()), nil
}

// longest is how many characters of a name or title stand in running text.
const longest = 60

func line(v any) (letter.Outside, error) {
	o, err := outside(v)
	if err != nil {
		return "", err
	}
	s := strings.Join(strings.Fields(strings.ToValidUTF8(string(o), "\ufffd")), " ")
	if utf8.RuneCountInString(s) > longest {
		s = string([]rune(s)[:longest-1]) + "…"
	}
	return letter.Outside(s), nil
}

// inRegister is how a fault in a register begins. The name is the configuration's.
var inRegister = regexp.MustCompile(`^(?:read|change) ([\pL\pN_.-]+)$`)

// cause finds the sentence of a failure, or of what it wraps. Where the cause lay in a
// register, as in "read customers: ...", the register's name comes before the sentence.
func (l *language) cause(failure string) (where, sentence string, ok bool) {
	for rest, wrapped := failure, true; wrapped; _, rest, wrapped = strings.Cut(rest, ": ") {
		if s, ok := l.words["failure"][rest]; ok {
			return where, s, true
		}
		step, _, _ := strings.Cut(rest, ": ")
		if in := inRegister.FindStringSubmatch(step); in != nil {
			where = in[1] + ": "
		}
	}
	return "", "", false
}
