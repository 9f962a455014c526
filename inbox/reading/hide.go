package reading

import "log/slog"

// What a mail says is personal data. The types that carry it print, log and marshal as
// placeholders, also within slices; whoever needs the content names the field, where a
// reviewer can see it.

func hidden(placeholder string) ([]byte, error) { return []byte(`"[` + placeholder + `]"`), nil }

// String hides the name and the address.
func (Mailbox) String() string { return "[mailbox]" }

// LogValue hides the name and the address.
func (Mailbox) LogValue() slog.Value { return slog.StringValue("[mailbox]") }

// MarshalJSON hides the name and the address.
func (Mailbox) MarshalJSON() ([]byte, error) { return hidden("mailbox") }

// String hides the value.
func (Field) String() string { return "[field]" }

// LogValue hides the value.
func (Field) LogValue() slog.Value { return slog.StringValue("[field]") }

// MarshalJSON hides the value.
func (Field) MarshalJSON() ([]byte, error) { return hidden("field") }

// String hides the name of the file.
func (Attachment) String() string { return "[attachment]" }

// LogValue tells the size alone: name and type are the sender's words.
func (a Attachment) LogValue() slog.Value { return slog.GroupValue(slog.Int64("size", a.Size)) }

// MarshalJSON hides the name of the file.
func (Attachment) MarshalJSON() ([]byte, error) { return hidden("attachment") }

// String hides whom it is about.
func (BounceResult) String() string { return "[bounce]" }

// MarshalJSON hides whom it is about.
func (BounceResult) MarshalJSON() ([]byte, error) { return hidden("bounce") }

// String hides whom it is about.
func (Bounce) String() string { return "[bounce]" }

// MarshalJSON hides whom it is about.
func (Bounce) MarshalJSON() ([]byte, error) { return hidden("bounce") }

// String hides what the mail says.
func (Mail) String() string { return "[mail]" }

// LogValue tells size and shape of the mail, nothing of what it says.
func (m Mail) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Int64("size", m.Size),
		slog.Int("attachments", len(m.Attachments)),
		slog.Bool("automatic", m.Automatic),
		slog.String("problem", m.Problem))
}

// MarshalJSON hides what the mail says.
func (Mail) MarshalJSON() ([]byte, error) { return hidden("mail") }
