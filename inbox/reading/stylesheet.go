package reading

import "strings"

// stylesheet holds those rules of a page's style elements that bear on whether text is seen.
type stylesheet struct {
	rules map[string]map[string]string // by selector: "p", ".class", "#id", "p.class"
	size  int
}

// maxSheet is how much of the style sheets of a page is read, in bytes.
const maxSheet = 64 << 10

// read takes the rules of one style element. Rules for other screens (@media) are left
// out: they hide on a telephone what stands on the desk.
func (s *stylesheet) read(css string) {
	if s.size += len(css); s.size > maxSheet {
		return
	}
	css = stripComments(strings.ToLower(css))
	css = strings.NewReplacer("<!--", "", "-->", "").Replace(css)
	for css != "" {
		selectors, rest, ok := strings.Cut(css, "{")
		if !ok {
			return
		}
		if strings.HasPrefix(strings.TrimSpace(selectors), "@") {
			css = afterBlock(rest)
			continue
		}
		body, after, _ := strings.Cut(rest, "}")
		css = after
		s.add(selectors, declarations(body))
	}
}

// afterBlock skips a block that may hold blocks.
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

// maxRules bounds the selectors that are remembered.
const maxRules = 2000

// add remembers a rule under what it selects in the end; what that must stand in is not
// looked at, so a rule may be taken to hide more than it does, never less.
func (s *stylesheet) add(selectors string, rule map[string]string) {
	if !hidesText(rule) {
		return
	}
	if s.rules == nil {
		s.rules = map[string]map[string]string{}
	}
	for _, selector := range strings.Split(selectors, ",") {
		steps := strings.FieldsFunc(selector, func(r rune) bool { return strings.ContainsRune(" >+~\n\t\r", r) })
		if len(steps) == 0 || len(s.rules) >= maxRules {
			continue
		}
		last, _, _ := strings.Cut(steps[len(steps)-1], ":")
		last, _, _ = strings.Cut(last, "[")
		s.rules[last] = rule
	}
}

// style is what the sheet and the element's own style attribute declare for an element.
func (s *stylesheet) style(tag string, attributes map[string]string) map[string]string {
	own := declarations(attributes["style"])
	if len(s.rules) == 0 {
		return own
	}
	selectors := []string{"", "*", tag}
	for _, class := range strings.Fields(strings.ToLower(attributes["class"])) {
		selectors = append(selectors, "."+class, tag+"."+class)
	}
	if id := strings.ToLower(attributes["id"]); id != "" {
		selectors = append(selectors, "#"+id, tag+"#"+id)
	}
	merged := map[string]string{}
	for _, selector := range selectors {
		for property, value := range s.rules[selector] {
			merged[property] = value
		}
	}
	for property, value := range own {
		merged[property] = value
	}
	return merged
}
