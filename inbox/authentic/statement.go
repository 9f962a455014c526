package authentic

import (
	"fmt"
	"strconv"
	"strings"
)

// mostDetails bounds the results of a field and the properties of a result.
const mostDetails = 100

// Statement is what one Authentication-Results field says, read by the grammar of RFC 8601, 2.2. Methods, results and
// property names are in lower case, values as the server wrote them with quotes resolved.
type Statement struct {
	// Server is the authserv-id: who speaks. What is not the whole id is not the id: "mx/123" is not "mx".
	Server string
	// Results are in the order of the field; none where the server says that it checked nothing.
	Results []MethodResult
}

// MethodResult is the outcome of one method, such as dmarc=pass.
type MethodResult struct {
	Method, Result string
	// Reason is what the server adds for people; it may hold text of the mail.
	Reason     string
	Properties []Property
}

// Property is one detail, such as header.from=example.org: Type "header", Name "from".
type Property struct {
	Type, Name, Value string
}

// Property returns the value of a detail, and whether the server gave it.
func (r MethodResult) Property(typ, name string) (string, bool) {
	for _, p := range r.Properties {
		if p.Type == typ && p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}

// String writes the statement on one line, fit to be shown: what a mail's author may have put in it is
// printable ASCII and shortened. Reasons are left out.
func (s Statement) String() string {
	var b strings.Builder
	b.WriteString(plain(s.Server))
	if len(s.Results) == 0 {
		b.WriteString("; none")
	}
	for _, r := range s.Results {
		fmt.Fprintf(&b, "; %s=%s", r.Method, r.Result)
		for _, p := range r.Properties {
			value := plain(p.Value)
			if strings.ContainsAny(value, " ;=()\"\\") {
				value = strconv.Quote(value)
			}
			fmt.Fprintf(&b, " %s.%s=%s", p.Type, p.Name, value)
		}
	}
	return b.String()
}

// ParseStatement reads the value of an Authentication-Results field. On an error the statement holds no results, but the
// server's id if that could be read, so that the caller knows whose field it is that cannot be understood.
// No error holds text of the field.
func ParseStatement(value string) (Statement, error) {
	s, err := newScanner(value)
	if err != nil {
		return Statement{}, err
	}
	server, err := s.server()
	if err != nil {
		return Statement{}, err
	}
	results, err := s.results()
	if err != nil {
		return Statement{Server: server}, err
	}
	return Statement{server, results}, nil
}

// server reads the authserv-id. Exchange Online writes none and begins with the first result.
func (s *scanner) server() (string, error) {
	if _, err := s.blanks(); err != nil {
		return "", err
	}
	id, err := s.value()
	if err != nil {
		return "", err
	}
	if _, err := s.blanks(); err != nil {
		return id, nil // the id stands; results meets the same error
	}
	if strings.Contains(id, "=") || s.peek() == '=' {
		return "", errNoServer
	}
	return id, nil
}

// results reads everything after the authserv-id.
func (s *scanner) results() ([]MethodResult, error) {
	if _, err := s.blanks(); err != nil {
		return nil, err
	}
	if !s.end() && s.peek() != ';' {
		if version, err := s.digits(); err != nil || version != "1" { // RFC 8601, 2.5
			return nil, errVersion
		}
		if _, err := s.blanks(); err != nil {
			return nil, err
		}
	}
	var all []MethodResult
	for !s.end() {
		if !s.take(';') {
			return nil, errWord
		}
		if _, err := s.blanks(); err != nil {
			return nil, err
		}
		if s.end() && len(all) > 0 {
			return all, nil // some servers end the last result as they end the others
		}
		if len(all) == mostDetails {
			return nil, errTooLong
		}
		method, err := s.keyword()
		if err != nil {
			return nil, err
		}
		if _, err := s.blanks(); err != nil {
			return nil, err
		}
		if method == "none" && s.end() && len(all) == 0 {
			return nil, nil
		}
		r, err := s.result(method)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		return nil, errWord
	}
	return all, nil
}

// result reads the rest of "method/version=result reason=... type.name=value ..." up to the semicolon.
func (s *scanner) result(method string) (MethodResult, error) {
	r := MethodResult{Method: method}
	if s.take('/') {
		if _, err := s.blanks(); err != nil {
			return r, err
		}
		if version, err := s.digits(); err != nil || version != "1" { // RFC 8601, 2.6
			return r, errVersion
		}
	}
	if err := s.equals(); err != nil {
		return r, err
	}
	var err error
	if r.Result, err = s.keyword(); err != nil {
		return r, err
	}
	for {
		apart, err := s.blanks()
		if err != nil {
			return r, err
		}
		if s.end() || s.peek() == ';' {
			return r, nil
		}
		if !apart {
			return r, errWord
		}
		if err := s.detail(&r); err != nil {
			return r, err
		}
	}
}

// detail reads one "reason=value" or "type.name=value". Exchange's "action=none" is read too and left out.
func (s *scanner) detail(r *MethodResult) error {
	word, err := s.keyword()
	if err != nil {
		return err
	}
	if _, err := s.blanks(); err != nil {
		return err
	}
	p := Property{Type: word}
	if s.take('.') {
		if _, err := s.blanks(); err != nil {
			return err
		}
		if p.Name, err = s.keyword(); err != nil {
			return err
		}
	} else if word != "reason" && word != "action" {
		return errWord // also a result whose semicolon is missing
	}
	if err := s.equals(); err != nil {
		return err
	}
	if s.end() || s.peek() == ';' {
		// Google writes "smtp.mailfrom=;" for mail without a sender.
	} else if p.Value, err = s.value(); err != nil {
		return err
	}
	if p.Name == "" {
		if word == "reason" {
			r.Reason = p.Value
		}
		return nil
	}
	if _, again := r.Property(p.Type, p.Name); again {
		return errTwice
	}
	if len(r.Properties) == mostDetails {
		return errTooLong
	}
	r.Properties = append(r.Properties, p)
	return nil
}

// equals reads "=" with blanks around it.
func (s *scanner) equals() error {
	if _, err := s.blanks(); err != nil {
		return err
	}
	if !s.take('=') {
		return errWord
	}
	_, err := s.blanks()
	return err
}
