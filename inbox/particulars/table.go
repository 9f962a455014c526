package particulars

import "strings"

// tables reads tables with a column of old and one of new values, and takes their lines
// out of the tokens.
func tables(lex *lexicon, text string, tokens []token) ([]token, []finding) {
	if !strings.ContainsAny(text, "|\t;") {
		return tokens, nil
	}
	var findings []finding
	kept := tokens[:0:0]
	oldAt, newAt, width := -1, -1, 0
	for i := 0; i < len(tokens); {
		end := i + 1
		for end < len(tokens) && tokens[end].lines == 0 {
			end++
		}
		cells := cellsOf(text[tokens[i].start:tokens[end-1].end])
		o, f := columns(lex, cells)
		rule := strings.Trim(text[tokens[i].start:tokens[end-1].end], "|-+:= \t") == ""
		switch {
		case o >= 0 && f >= 0:
			oldAt, newAt, width = o, f, len(cells)
		case width > 0 && len(cells) == width:
			findings = append(findings, row(lex, cells, oldAt, newAt)...)
		case width > 0 && rule:
		default:
			oldAt, newAt, width = -1, -1, 0
			kept = append(kept, tokens[i:end]...)
		}
		i = end
	}
	return kept, findings
}

func cellsOf(line string) []string {
	sep := "|"
	for _, s := range []string{"|", "\t", ";"} {
		if strings.Contains(line, s) {
			sep = s
			break
		}
	}
	line = strings.TrimSpace(line)
	if sep == "|" {
		line = strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|")
	}
	cells := strings.Split(line, sep)
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// columns finds the cells of a head line that say old and new; -1 where they do not
// stand there.
func columns(lex *lexicon, cells []string) (oldAt, newAt int) {
	oldAt, newAt = -1, -1
	if len(cells) < 3 || len(cells) > 8 {
		return oldAt, newAt
	}
	for i, cell := range cells {
		words := split(cell)
		for j := 0; j < len(words) && len(words) < 5; j++ {
			cues, _ := lex.match(words, j)
			for _, c := range cues {
				switch c.means {
				case isOld, isWrong, isHeld:
					oldAt = i
				case isNew, isRight:
					newAt = i
				}
			}
		}
	}
	return oldAt, newAt
}

// row reads a line of a table; its field stands in the first cell.
func row(lex *lexicon, cells []string, oldAt, newAt int) []finding {
	words := split(cells[0])
	if len(words) == 0 || oldAt == 0 || newAt == 0 {
		return nil
	}
	cues, n := lex.match(words, 0)
	if n < len(words) && !(n == 0 && len(words) > 1) {
		return nil
	}
	for _, c := range cues {
		if c.means != field || c.kind == secret || c.kind == customer {
			continue
		}
		if !fits(c.kind, cells[newAt]) {
			return nil
		}
		out := []finding{{kind: c.kind, title: c.title, text: cells[newAt], standing: fresh}}
		if fits(c.kind, cells[oldAt]) {
			out = append(out, finding{kind: c.kind, title: c.title, text: cells[oldAt], standing: before})
		}
		return out
	}
	return nil
}

// fits tells that a cell can be a value of the kind.
func fits(k kind, cell string) bool {
	words := split(cell)
	if len(words) == 0 || len(cell) > mostValue {
		return false
	}
	digits := 0
	for _, t := range words {
		if t.shape == code {
			return false
		}
		digits += t.digits()
	}
	switch k {
	case email:
		return len(words) == 1 && words[0].shape == mail
	case telephone:
		return digits >= 6 && digits <= 15
	case address:
		return digits > 0 && words[0].shape < mail
	case name:
		return digits == 0 && words[0].capital() && len(words) <= mostNames
	}
	return digits > 0
}
