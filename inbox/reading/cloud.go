package reading

import (
	"encoding/json"
	"strings"
)

// cloudNotice is the report that Amazon SES sends through SNS: JSON in plain text.
type cloudNotice struct {
	Type      string `json:"notificationType"`
	EventType string `json:"eventType"`
	Mail      struct {
		MessageID string `json:"messageId"`
		Headers   []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"headers"`
		CommonHeaders struct {
			MessageID string `json:"messageId"`
		} `json:"commonHeaders"`
	} `json:"mail"`
	Bounce struct {
		Type       string `json:"bounceType"`
		Recipients []struct {
			Address    string `json:"emailAddress"`
			Action     string `json:"action"`
			Status     string `json:"status"`
			Diagnostic string `json:"diagnosticCode"`
		} `json:"bouncedRecipients"`
	} `json:"bounce"`
}

// readCloudNotice reads such a report, where the text is one.
func readCloudNotice(text string) (notice, bool) {
	start := strings.IndexByte(text, '{')
	if start < 0 || start > 100 || !strings.Contains(text, `"notificationType"`) && !strings.Contains(text, `"eventType"`) {
		return notice{}, false
	}
	end := strings.LastIndexByte(text, '}')
	if end < start {
		return notice{}, false
	}
	var n cloudNotice
	if json.Unmarshal([]byte(joinBroken(text[start:end+1])), &n) != nil {
		return notice{}, false
	}
	if n.Type == "" {
		n.Type = n.EventType
	}
	switch n.Type {
	case "Complaint":
		return notice{complaint: true, machine: true}, true
	case "Bounce":
		return notice{bounce: n.summarise(), machine: true}, true
	case "":
		return notice{}, false
	}
	return notice{machine: true}, true
}

// joinBroken takes out the breaks that mail servers put into lines that are too long:
// "!" at the end of one and a blank at the start of the next.
func joinBroken(text string) string {
	text = strings.ReplaceAll(text, "!\n ", "")
	return strings.ReplaceAll(text, "\n", "")
}

func (n cloudNotice) summarise() *Bounce {
	of := messageID(n.Mail.CommonHeaders.MessageID)
	for _, h := range n.Mail.Headers {
		if strings.EqualFold(h.Name, "Message-ID") {
			of = messageID(h.Value)
		}
	}
	if of == "" {
		of = messageID(n.Mail.MessageID)
	}
	var results []BounceResult
	for _, r := range n.Bounce.Recipients {
		if len(results) == maxResults {
			break
		}
		results = append(results, BounceResult{Recipient: typedValue(r.Address), Action: strings.ToLower(oneLine(r.Action)), Status: findStatus(r.Status), Diagnostic: clip(oneLine(typedText(r.Diagnostic)), maxDiagnostic)})
	}
	if len(results) == 0 {
		results = []BounceResult{{}}
	}
	b := summarise(of, results, Mail{})
	if b != nil && n.Bounce.Type == "Transient" {
		b.Temporary = true
	}
	return b
}
