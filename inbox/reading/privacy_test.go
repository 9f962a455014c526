package reading

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// TestNothingPersonalInLogs prints a mail in every way in which it may end up in a log.
func TestNothingPersonalInLogs(t *testing.T) {
	const planted = "Kalevi"
	mail := "From: Kalevi <kalevi@example.net>\nReply-To: kalevi@example.net\nSubject: Kalevi\nContent-Type: multipart/mixed; boundary=b\n\n" +
		"--b\n\nKalevi\n--b\nContent-Type: text/x-kalevi; name=Kalevi.pdf\nContent-Disposition: attachment\n\nx\n--b--\n"
	m, err := Read(strings.NewReader(mail), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	m.Bounce = &Bounce{Of: planted, Recipients: []string{planted}, Results: []BounceResult{{Recipient: planted}}}
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	plain := slog.New(slog.NewTextHandler(&log, nil))
	for _, value := range []any{m, &m, m.From, m.ReplyTo, m.Attachments[0], m.Attachments, m.Fields[0], m.Fields, *m.Bounce, m.Bounce, m.Bounce.Results[0], m.Bounce.Results} {
		logger.Info("mail", "value", value)
		plain.Info("mail", "value", value)
		fmt.Fprintf(&log, "%v %+v %s\n", value, value, value)
	}
	if strings.Contains(strings.ToLower(log.String()), strings.ToLower(planted)) {
		t.Errorf("a name in the log:\n%s", log.String())
	}
}
