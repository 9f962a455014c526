package reading

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// addressList is what an address field holds, and what in it readers understand
// differently. net/mail gives the addresses but hides the rest: comments, groups and
// routes are gone before one can refuse them.
type addressList struct {
	boxes      []Mailbox
	more       bool // there were more than the limit
	group      bool
	route      bool
	comment    bool
	control    bool
	unparsable bool
}

// parseAddresses reads an address field (RFC 5322, 3.4, with the obsolete forms) as far
// as it can be read. Encoded words are decoded after the structure is known, so that none
// of them can add an address.
func parseAddresses(raw string, limit int) addressList {
	var list addressList
	list.control = hasControl(raw)
	for _, item := range splitAddresses(raw, &list) {
		if strings.TrimSpace(item) == "" {
			continue
		}
		if len(list.boxes) >= limit {
			list.more = true
			break
		}
		if box, ok := list.mailbox(item); ok {
			list.boxes = append(list.boxes, box)
		} else {
			list.unparsable = true
		}
	}
	return list
}

func hasControl(raw string) bool {
	for _, r := range raw {
		if r != '\t' && unicode.IsControl(r) || isInvisible(r) {
			return true
		}
	}
	return false
}

// splitAddresses splits at commas and semicolons outside quotes, comments and angle
// brackets, and takes the names of groups off.
func splitAddresses(raw string, list *addressList) (items []string) {
	var scan addressScan
	start := 0
	for i := 0; i < len(raw); i++ {
		if length := wordAt(raw[i:]); length > 0 && !scan.quoted && scan.depth == 0 {
			list.unparsable = list.unparsable || strings.ContainsAny(raw[i:i+length], `<>,;:@"()`) // RFC 2047, 5 (3)
			i += length - 1
			continue
		}
		if !scan.outside(raw, &i) {
			continue
		}
		switch raw[i] {
		case ',', ';':
			items = append(items, raw[start:i])
			start = i + 1
		case ':':
			list.group = true
			start = i + 1
		}
	}
	if scan.depth > 0 || scan.quoted {
		list.unparsable = true
	}
	return append(items, raw[start:])
}

// wordAt is the length of an encoded word at the start of raw, or 0.
func wordAt(raw string) int {
	if !strings.HasPrefix(raw, "=?") {
		return 0
	}
	_, length := parseWord(raw)
	return length
}

// addressScan follows quotes, comments and angle brackets through an address field.
type addressScan struct {
	quoted bool
	angle  bool
	depth  int
}

// outside takes the byte at *i and reports whether it stands outside of all of them.
func (s *addressScan) outside(raw string, i *int) bool {
	switch c := raw[*i]; {
	case c == '\\' && (s.quoted || s.depth > 0):
		*i++
	case s.quoted:
		s.quoted = c != '"'
	case c == '(' && !s.angle:
		s.depth++
	case s.depth > 0:
		if c == ')' {
			s.depth--
		}
	case c == '"':
		s.quoted = strings.IndexByte(raw[*i+1:], '"') >= 0 // a lone quote quotes nothing
	case c == '<':
		s.angle = true
	case c == '>':
		s.angle = false
	default:
		return !s.angle
	}
	return false
}

// mailbox reads one `name <address>` or `address (name)`.
func (list *addressList) mailbox(item string) (Mailbox, bool) {
	plain, comment := list.cutComments(item)
	name, spec := "", plain
	if open := lastOutsideQuotes(plain, '<'); open >= 0 {
		name = plain[:open]
		rest := plain[open+1:]
		end := strings.IndexByte(rest, '>')
		if end < 0 {
			list.unparsable = true
			end = len(rest)
		} else if strings.TrimSpace(rest[end+1:]) != "" {
			list.unparsable = true
		}
		spec = rest[:end]
		if lastOutsideQuotes(name, '<') >= 0 || lastOutsideQuotes(name, '@') >= 0 {
			list.unparsable = true // two readers would take two addresses out of this
		}
	}
	spec = strings.TrimSpace(spec)
	if strings.HasPrefix(spec, "@") {
		list.route = true
		_, spec, _ = strings.Cut(spec, ":")
	}
	address, sure := normaliseAddress(spec)
	if !sure {
		list.unparsable = true
	}
	name = oneLine(decodeWords(unquotePhrase(name)))
	if name == "" {
		name = oneLine(decodeWords(comment))
	}
	return Mailbox{Name: clip(name, maxNameLength), Address: address}, address != ""
}

// cutComments takes the comments out and returns the text of the last one.
func (list *addressList) cutComments(item string) (plain, comment string) {
	if !strings.Contains(item, "(") {
		return item, ""
	}
	var out strings.Builder
	var scan addressScan
	start := 0
	for i := 0; i < len(item); i++ {
		before := scan.depth
		from := i
		scan.outside(item, &i)
		if before == 0 && scan.depth == 1 {
			list.comment = true
			start = i + 1
		}
		if before == 1 && scan.depth == 0 {
			comment = item[start:i]
			continue
		}
		if scan.depth == 0 {
			out.WriteString(item[from:min(i+1, len(item))])
		}
	}
	return out.String(), comment
}

func lastOutsideQuotes(s string, want byte) int {
	at, quoted := -1, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == want && !quoted:
			at = i
		}
	}
	return at
}

// unquotePhrase takes the quotes off a display name, wherever they stand in it.
func unquotePhrase(name string) string {
	name = strings.TrimSpace(name)
	if !strings.Contains(name, `"`) {
		return name
	}
	var out strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] == '\\' && i+1 < len(name) {
			i++
		} else if name[i] == '"' {
			continue
		}
		out.WriteByte(name[i])
	}
	return out.String()
}

// normaliseAddress returns an address as it is compared, and whether it was plain. An
// address that only looks like one is returned as well as can be, with sure false.
func normaliseAddress(spec string) (address string, sure bool) {
	at := lastOutsideQuotes(spec, '@')
	if at <= 0 || at == len(spec)-1 {
		return "", false
	}
	local, domain := spec[:at], spec[at+1:]
	sure = true
	if strings.ContainsAny(strings.Trim(local, `"`), " \t") || strings.ContainsAny(domain, " \t") {
		sure = false
		domain = strings.Join(strings.Fields(domain), "")
	}
	if !isDotAtom(local) && !isQuotedLocal(local) {
		sure = false
	}
	ascii, plain := cleanAddress(domain), isDotAtom(local)
	if !strings.HasPrefix(domain, "[") {
		ascii, plain = normaliseDomain(lowerASCII(domain))
	}
	sure = sure && plain
	if !strings.Contains(local, `"`) {
		local = cleanAddress(local)
	}
	address = lowerASCII(oneLine(local) + "@" + ascii)
	if len(address) > maxAddress || !utf8.ValidString(address) || strings.HasSuffix(address, "@") {
		return "", false // what is left of an address is another address
	}
	return address, sure
}

// normaliseDomain returns the IDNA form of a domain, and whether it was written plainly:
// a full-width letter or a Kelvin sign is folded, so that there is an address to show,
// but nobody who writes so is taken for somebody else.
func normaliseDomain(domain string) (ascii string, sure bool) {
	bare := strings.TrimSuffix(domain, ".")
	ascii, err := idna.Lookup.ToASCII(bare)
	if err != nil {
		return cleanAddress(bare), false
	}
	back, err := idna.Lookup.ToUnicode(ascii)
	return ascii, bare == domain && (ascii == domain || err == nil && back == domain)
}

// maxAddress is the longest path of RFC 5321, 4.5.3.1.3, less its angle brackets.
const maxAddress = 254

func cleanAddress(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) || isInvisible(r) || strings.ContainsRune(`<>(),;:\"`, r) {
			return -1
		}
		return r
	}, s)
}

// isDotAtom reports a local part that every reader takes apart the same way. Letters
// beyond ASCII are allowed by RFC 6532.
func isDotAtom(local string) bool {
	for _, atom := range strings.Split(local, ".") {
		if atom == "" {
			return false
		}
	}
	return !strings.ContainsFunc(local, func(r rune) bool {
		return r <= ' ' || r == 0x7f || r == utf8.RuneError || strings.ContainsRune(`()<>[]:;@\,"`, r) || isInvisible(r)
	})
}

func isQuotedLocal(local string) bool {
	return len(local) > 2 && local[0] == '"' && local[len(local)-1] == '"' && !strings.Contains(local[1:len(local)-1], `"`)
}

// lowerASCII folds A to Z and nothing else: strings.ToLower would make a Kelvin sign a k.
func lowerASCII(s string) string {
	at := strings.IndexFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' })
	if at < 0 {
		return s
	}
	lower := []byte(s)
	for i := at; i < len(lower); i++ {
		if c := lower[i]; c >= 'A' && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return string(lower)
}

// clip shortens to at most n bytes without cutting a letter.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// sender reads who the mail says wrote it, and what stands against taking that as one person.
func sender(fields []Field, limit int) (Mailbox, string) {
	values := all(fields, "From")
	var from Mailbox
	var odd bool
	var merged addressList
	boxes := 0
	for _, field := range fields {
		if !strings.EqualFold(field.Name, "From") {
			continue
		}
		odd = odd || field.oddName
		list := parseAddresses(field.Value, limit)
		merged.group = merged.group || list.group
		merged.route = merged.route || list.route
		merged.comment = merged.comment || list.comment
		merged.control = merged.control || list.control
		merged.unparsable = merged.unparsable || list.unparsable
		boxes += len(list.boxes)
		if from.Address == "" && len(list.boxes) > 0 {
			from = list.boxes[0]
		}
	}
	switch {
	case len(values) == 0 || len(values) == 1 && values[0] == "":
		return from, FromMissing
	case len(values) > 1:
		return from, FromTwoFields
	case boxes > 1:
		return from, FromTwoAddresses
	case merged.control:
		return from, FromControl
	case merged.group:
		return from, FromGroup
	case merged.route:
		return from, FromRoute
	case merged.comment:
		return from, FromComment
	case merged.unparsable || odd || boxes == 0:
		return from, FromUnparsable
	}
	return from, ""
}
