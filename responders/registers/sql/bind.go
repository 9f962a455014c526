package sql

import (
	"fmt"
	"strings"

	"dpobot/responders/registers"
)

// bind puts parameters in the place of the :names of a statement. Names inside quotes and comments are text, and "::" is PostgreSQL's cast.
func (o *Own) bind(statement string, values map[string]any) (*query, error) {
	q := &query{d: o.db.dialect}
	for i := 0; i < len(statement); {
		if end := quoted(statement, i); end > i {
			q.WriteString(statement[i:end])
			i = end
			continue
		}
		if strings.HasPrefix(statement[i:], "::") {
			q.WriteString("::")
			i += 2
			continue
		}
		end := i + 1
		if statement[i] == ':' {
			for end < len(statement) && isName(statement[end]) {
				end++
			}
		}
		if end == i+1 {
			q.WriteByte(statement[i])
			i++
			continue
		}
		value, ok := values[statement[i+1:end]]
		if !ok {
			return nil, fmt.Errorf("a statement has the parameter %s, which is not known there: %w", statement[i:end], registers.ErrPermanent)
		}
		q.WriteString(q.arg(value))
		i = end
	}
	return q, nil
}

// split parts statements at the semicolons that stand outside quotes and comments.
func split(text string) []string {
	var out []string
	begin := 0
	add := func(end int) {
		if s := strings.TrimSpace(text[begin:end]); s != "" {
			out = append(out, s)
		}
	}
	for i := 0; i < len(text); {
		if end := quoted(text, i); end > i {
			i = end
			continue
		}
		if text[i] == ';' {
			add(i)
			begin = i + 1
		}
		i++
	}
	add(len(text))
	return out
}

func isName(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

// quoted returns the end of the text, quoted name or comment that begins at i, or i.
func quoted(s string, i int) int {
	for open, closing := range map[string]string{"'": "'", `"`: `"`, "`": "`", "--": "\n", "/*": "*/"} {
		if !strings.HasPrefix(s[i:], open) {
			continue
		}
		end := strings.Index(s[i+len(open):], closing)
		if end < 0 {
			return len(s)
		}
		return i + len(open) + end + len(closing)
	}
	return i
}
