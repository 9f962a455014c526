package reading

import (
	"strconv"
	"strings"
)

// hides reports whether an element's own attributes keep its text from the reader's
// eyes, and notes its colours in e.
func hides(e *element, attributes map[string]string) bool {
	if _, ok := attributes["hidden"]; ok {
		return true
	}
	if color := attributes["bgcolor"]; color != "" {
		e.ground = parseColor(color)
	}
	if color := attributes["color"]; color != "" {
		e.ink = parseColor(color)
	}
	style := declarations(attributes["style"])
	if color := parseColor(style["background-color"]); color != "" {
		e.ground = color
	} else if color := parseColor(style["background"]); color != "" {
		e.ground = color
	}
	if color := parseColor(style["color"]); color != "" {
		e.ink = color
	}
	return hidesByStyle(style) || e.ink != "" && sameColor(e.ink, e.ground)
}

// hidesByStyle knows the ways in which senders hide text. It errs towards hidden: a
// person's own words are never written in any of them.
func hidesByStyle(style map[string]string) bool {
	zero := func(property string) bool { return isZero(style[property]) }
	switch {
	case style["display"] == "none", style["visibility"] == "hidden", style["visibility"] == "collapse", style["mso-hide"] == "all":
		return true
	case isTiny(style["font-size"]), isTiny(style["font"]), isFaint(style["opacity"]):
		return true
	case (zero("max-height") || zero("height") || zero("max-width") || zero("width")) && strings.HasPrefix(style["overflow"], "hidden"):
		return true
	case strings.HasPrefix(style["clip"], "rect(0"), strings.HasPrefix(style["clip"], "rect(1px"), strings.HasPrefix(style["clip-path"], "inset("), strings.HasPrefix(style["clip-path"], "circle(0"):
		return true
	case strings.Contains(style["transform"], "scale(0"), strings.Contains(style["filter"], "opacity(0"):
		return true
	case isFarAway(style["text-indent"]), isFarAway(style["margin-left"]), isFarAway(style["margin-top"]), isFarAway(style["left"]), isFarAway(style["top"]), isFarAway(style["margin"]):
		return true
	}
	return false
}

// declarations reads `property: value; ...`; of one property the last counts, but for
// one that hides: which one wins depends on rules that programs apply differently.
func declarations(style string) map[string]string {
	if style == "" {
		return nil
	}
	out := map[string]string{}
	for _, declaration := range strings.Split(stripComments(strings.ToLower(style)), ";") {
		property, value, ok := strings.Cut(declaration, ":")
		if !ok {
			continue
		}
		property = strings.TrimSpace(property)
		value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
		if old := out[property]; old != "" && hidesByStyle(map[string]string{property: old}) {
			continue
		}
		out[property] = value
	}
	return out
}

func stripComments(css string) string {
	for {
		before, rest, ok := strings.Cut(css, "/*")
		if !ok {
			return css
		}
		_, after, ok := strings.Cut(rest, "*/")
		if !ok {
			return before
		}
		css = before + after
	}
}

// number reads the number at the start of a CSS length and its unit.
func number(value string) (n float64, unit string, ok bool) {
	end := 0
	for end < len(value) && (value[end] >= '0' && value[end] <= '9' || value[end] == '.' || value[end] == '-' || value[end] == '+') {
		end++
	}
	n, err := strconv.ParseFloat(value[:end], 64)
	return n, strings.TrimSpace(value[end:]), err == nil
}

func isZero(value string) bool {
	n, _, ok := number(value)
	return ok && n == 0
}

// isTiny tells a font size that nobody can read.
func isTiny(value string) bool {
	value, _, _ = strings.Cut(value, "/")
	n, unit, ok := number(value)
	if !ok || strings.Contains(unit, " ") && n > 2 {
		return false
	}
	switch {
	case strings.HasPrefix(unit, "px"), strings.HasPrefix(unit, "pt"):
		return n <= 2
	case strings.HasPrefix(unit, "em"), strings.HasPrefix(unit, "rem"):
		return n <= 0.1
	case strings.HasPrefix(unit, "%"):
		return n <= 10
	}
	return n == 0
}

func isFaint(value string) bool {
	n, unit, ok := number(value)
	if strings.HasPrefix(unit, "%") {
		n /= 100
	}
	return ok && n <= 0.1
}

// isFarAway tells a position outside of the screen.
func isFarAway(value string) bool {
	for _, part := range strings.Fields(value) {
		n, unit, ok := number(part)
		if ok && (n <= -300 || n <= -20 && strings.HasPrefix(unit, "em") || n <= -90 && strings.HasPrefix(unit, "%")) {
			return true
		}
	}
	return false
}

const white = "ffffff"

// sameColor reports whether ink cannot be told from its ground; an unknown ground is
// the white page.
func sameColor(ink, ground string) bool {
	if ink == "transparent" {
		return true
	}
	if ground == "" || ground == "transparent" {
		ground = white
	}
	for i := 0; i < 6; i += 2 {
		a, errA := strconv.ParseInt(ink[i:i+2], 16, 32)
		b, errB := strconv.ParseInt(ground[i:i+2], 16, 32)
		if errA != nil || errB != nil || a-b > 12 || b-a > 12 {
			return false
		}
	}
	return true
}

// parseColor returns a colour as six hex digits or "transparent", "" for one it does
// not know.
func parseColor(value string) string {
	value = strings.ToLower(strings.TrimSpace(value))
	hex := strings.TrimPrefix(value, "#")
	hex, _, _ = strings.Cut(hex, " ")
	switch value {
	case "":
		return ""
	case "white", "snow", "window", "ghostwhite", "whitesmoke":
		return white
	case "black", "windowtext":
		return "000000"
	case "transparent":
		return "transparent"
	}
	if strings.HasPrefix(value, "rgb") {
		return rgbColor(value)
	}
	switch len(hex) {
	case 3, 4:
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	case 8:
		if strings.HasSuffix(hex, "00") {
			return "transparent"
		}
		hex = hex[:6]
	}
	if _, err := strconv.ParseUint(hex, 16, 32); err != nil || len(hex) != 6 {
		return ""
	}
	return hex
}

func rgbColor(value string) string {
	_, inside, _ := strings.Cut(strings.TrimSuffix(value, ")"), "(")
	parts := strings.FieldsFunc(inside, func(r rune) bool { return r == ',' || r == ' ' || r == '/' })
	if len(parts) < 3 {
		return ""
	}
	if len(parts) > 3 && isFaint(parts[3]) {
		return "transparent"
	}
	const digits = "0123456789abcdef"
	var out []byte
	for _, part := range parts[:3] {
		n, unit, ok := number(part)
		if strings.HasPrefix(unit, "%") {
			n = n * 255 / 100
		}
		if !ok || n < 0 || n > 255 {
			return ""
		}
		out = append(out, digits[int(n)>>4], digits[int(n)&15])
	}
	return string(out)
}

// stylesheet holds the selectors of a style element that hide what they select.
type stylesheet struct {
	hidden map[string]bool // "p", ".class", "#id", "p.class"
	read_  int
}

// maxSheet is how much of the style sheets of a page is read.
const maxSheet = 64 << 10

// read takes the rules of one style element. Rules for other screens (@media) are left
// out: they hide on a telephone what stands on the desk.
func (s *stylesheet) read(css string) {
	if s.read_ += len(css); s.read_ > maxSheet {
		return
	}
	css = stripComments(strings.ToLower(css))
	css = strings.NewReplacer("<!--", "", "-->", "").Replace(css)
	for css != "" {
		selectors, rest, ok := strings.Cut(css, "{")
		if !ok {
			return
		}
		if at := strings.TrimSpace(selectors); strings.HasPrefix(at, "@") && !strings.HasPrefix(at, "@font-face") && !strings.HasPrefix(at, "@page") {
			css = afterBlock(rest)
			continue
		}
		body, after, _ := strings.Cut(rest, "}")
		css = after
		if hidesByStyle(declarations(body)) {
			s.add(selectors)
		}
	}
}

// afterBlock skips a block that holds blocks.
func afterBlock(css string) string {
	depth := 1
	for i := 0; i < len(css); i++ {
		switch css[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return css[i+1:]
			}
		}
	}
	return ""
}

func (s *stylesheet) add(selectors string) {
	if s.hidden == nil {
		s.hidden = map[string]bool{}
	}
	for _, selector := range strings.Split(selectors, ",") {
		words := strings.FieldsFunc(selector, func(r rune) bool {
			return r == ' ' || r == '>' || r == '+' || r == '~' || r == '\n' || r == '\t' || r == '\r'
		})
		if len(words) == 0 {
			continue
		}
		last := words[len(words)-1] // what is selected; what it must stand in is not looked at
		last, _, _ = strings.Cut(last, ":")
		last, _, _ = strings.Cut(last, "[")
		if last != "" && last != "*" {
			s.hidden[last] = true
		}
	}
}

func (s *stylesheet) hides(tag string, attributes map[string]string) bool {
	if len(s.hidden) == 0 {
		return false
	}
	if s.hidden[tag] {
		return true
	}
	if id := strings.ToLower(attributes["id"]); id != "" && (s.hidden["#"+id] || s.hidden[tag+"#"+id]) {
		return true
	}
	for _, class := range strings.Fields(strings.ToLower(attributes["class"])) {
		if s.hidden["."+class] || s.hidden[tag+"."+class] {
			return true
		}
	}
	return false
}
