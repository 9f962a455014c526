package reading

import (
	"strconv"
	"strings"
)

// look is how an element shows its text, as far as that keeps it from the reader's eyes.
type look struct {
	gone   bool   // whatever is within stays hidden
	tiny   bool   // until another size is set
	unseen bool   // until it is made visible
	ink    string // colour of the text
	ground string // colour behind it
}

// hidden reports whether text of that look is not seen, or reads otherwise than it stands.
func (l look) hidden() bool {
	if l.gone || l.tiny || l.unseen {
		return true
	}
	ink := l.ink
	if ink == "" {
		ink = "000000"
	}
	return sameColor(ink, l.ground)
}

// apply changes the look by the attributes of an element and the style sheet's rules for it.
func (l *look) apply(attributes, style map[string]string) {
	if _, ok := attributes["hidden"]; ok {
		l.gone = true
	}
	l.gone = l.gone || removes(style)
	if size := style["font-size"]; size != "" {
		l.tiny = isTiny(size)
	}
	if font := style["font"]; font != "" {
		l.tiny = hasTinyFont(font)
	}
	if visibility := style["visibility"]; visibility != "" {
		l.unseen = visibility == "hidden" || visibility == "collapse"
	}
	for _, value := range []string{attributes["bgcolor"], style["background"], style["background-color"]} {
		if color := parseColor(value); color != "" {
			l.ground = color
		}
	}
	for _, value := range []string{attributes["color"], attributes["text"], style["color"], style["-webkit-text-fill-color"]} {
		if color := parseColor(value); color != "" {
			l.ink = color
		}
	}
}

// removes knows the ways in which senders take text out of sight for good. It errs
// towards hidden: a person's own words are never written in any of them.
func removes(style map[string]string) bool {
	zero := func(property string) bool { return isZero(style[property]) }
	switch {
	case style["display"] == "none", style["mso-hide"] == "all", isFaint(style["opacity"]):
		return true
	case (zero("max-height") || zero("height") || zero("max-width") || zero("width")) && strings.HasPrefix(style["overflow"], "hidden"):
		return true
	case strings.HasPrefix(style["clip"], "rect(0"), strings.HasPrefix(style["clip"], "rect(1px"), strings.HasPrefix(style["clip-path"], "inset("), strings.HasPrefix(style["clip-path"], "circle(0"):
		return true
	case strings.Contains(style["unicode-bidi"], "override"), strings.Contains(style["text-decoration"], "line-through"), strings.Contains(style["text-decoration-line"], "line-through"):
		return true // it reads otherwise than it stands
	case strings.Contains(style["transform"], "scale(0"), strings.Contains(style["filter"], "opacity(0"):
		return true
	}
	for _, property := range []string{"text-indent", "margin", "margin-left", "margin-top", "left", "top"} {
		if isFarAway(style[property]) {
			return true
		}
	}
	return false
}

func hasTinyFont(font string) bool {
	for _, part := range strings.Fields(font) {
		if part[0] >= '0' && part[0] <= '9' || part[0] == '.' {
			return isTiny(part)
		}
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
		if old := out[property]; old != "" && hidesText(map[string]string{property: old}) {
			continue
		}
		out[property] = value
	}
	return out
}

// hidesText reports whether the declarations hide text by themselves.
func hidesText(style map[string]string) bool {
	var l look
	l.apply(nil, style)
	return l.hidden()
}

func stripComments(css string) string {
	if !strings.Contains(css, "/*") {
		return css
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(css, "/*")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		_, css, found = strings.Cut(rest, "*/")
		if !found {
			return out.String()
		}
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
