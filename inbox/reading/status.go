package reading

import (
	"strings"
)

// statusReport is a message/delivery-status (RFC 3464, or 6533 in UTF-8).
type statusReport struct {
	of      string
	results []BounceResult
}

// maxResults bounds the recipients of one report.
const maxResults = 100

// readStatus reads the blocks of a report. Servers leave fields out, put the blocks
// together, or the whole of it into plain text, so each field counts where it stands.
func readStatus(text string) statusReport {
	var report statusReport
	var result BounceResult
	var original string
	flush := func() {
		if result.Recipient == "" {
			result.Recipient = original
		}
		if (result.Recipient != "" || result.Action != "" || result.Status != "") && len(report.results) < maxResults {
			report.results = append(report.results, result)
		}
		result, original = BounceResult{}, ""
	}
	for _, field := range statusFields(text) {
		value := field.Value
		switch strings.ToLower(field.Name) {
		case "":
			flush()
		case "final-recipient":
			if result.Recipient != "" {
				flush()
			}
			result.Recipient = typedValue(value)
		case "original-recipient":
			original = typedValue(value)
		case "x-actual-recipient":
		case "action":
			result.Action = strings.ToLower(firstWord(value))
		case "status":
			if status := findStatus(value); status != "" {
				result.Status = status
			}
		case "diagnostic-code":
			result.Diagnostic = clip(oneLine(typedText(value)), maxDiagnostic)
		case "x-original-message-id", "original-message-id", "x-supplementary-info-message-id":
			report.of = messageID(value)
		}
	}
	flush()
	return report
}

const maxDiagnostic = 1000

// statusFields takes the fields of a report; one without a name is a blank line.
func statusFields(text string) (fields []Field) {
	for _, raw := range strings.Split(text, "\n") {
		raw = strings.TrimRight(raw, "\r")
		switch {
		case strings.TrimSpace(raw) == "":
			fields = append(fields, Field{})
		case (raw[0] == ' ' || raw[0] == '\t') && len(fields) > 0 && fields[len(fields)-1].Name != "":
			if last := &fields[len(fields)-1]; len(last.Value) < 2*maxDiagnostic {
				last.Value += " " + strings.TrimSpace(raw)
			}
		default:
			name, value, ok := strings.Cut(raw, ":")
			name = strings.TrimSpace(name)
			if ok && name != "" && !strings.ContainsAny(name, " \t") {
				fields = append(fields, Field{Name: name, Value: strings.TrimSpace(value)})
			} else if len(fields) > 0 && fields[len(fields)-1].Name != "" && len(fields[len(fields)-1].Value) < 2*maxDiagnostic {
				fields[len(fields)-1].Value += " " + strings.TrimSpace(raw)
			}
		}
		if len(fields) > 20*maxResults {
			break
		}
	}
	return fields
}

// typedValue is what follows "rfc822;", without angle brackets.
func typedValue(value string) string {
	value = strings.TrimSpace(typedText(value))
	if strings.HasPrefix(value, "<") && strings.HasSuffix(value, ">") {
		value = value[1 : len(value)-1]
	}
	return clip(oneLine(value), maxAddress)
}

func typedText(value string) string {
	if kind, rest, ok := strings.Cut(value, ";"); ok && !strings.ContainsAny(strings.TrimSpace(kind), " @<") {
		return strings.TrimSpace(rest)
	}
	return value
}

// findStatus finds the first enhanced status code (RFC 3463) in text, "" when there is none.
func findStatus(text string) string {
	for i := 0; i+4 < len(text); i++ {
		if (text[i] != '2' && text[i] != '4' && text[i] != '5') || text[i+1] != '.' || i > 0 && (isDigit(text[i-1]) || text[i-1] == '.') {
			continue
		}
		subject := i + 2
		for subject < len(text) && isDigit(text[subject]) {
			subject++
		}
		if subject == i+2 || subject-i > 5 || subject+1 >= len(text) || text[subject] != '.' || !isDigit(text[subject+1]) {
			continue
		}
		end := subject + 1
		for end < len(text) && isDigit(text[end]) {
			end++
		}
		if end-subject > 4 || end+1 < len(text) && text[end] == '.' && isDigit(text[end+1]) {
			continue // part of an IP address or a version
		}
		return text[i:end]
	}
	return ""
}

// findReply finds the first SMTP reply code of a refusal, "" when there is none.
func findReply(text string) string {
	for i := 0; i+3 <= len(text); i++ {
		if (text[i] == '4' || text[i] == '5') && text[i+1] >= '0' && text[i+1] <= '5' && isDigit(text[i+2]) &&
			(i == 0 || !isDigit(text[i-1]) && text[i-1] != '.' && text[i-1] != '-' && text[i-1] != ':') && (i+3 == len(text) || text[i+3] == ' ' || text[i+3] == '-' || text[i+3] == ';' || text[i+3] == ',' || text[i+3] == ')') {
			return text[i : i+3]
		}
	}
	return ""
}
