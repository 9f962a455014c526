package workflow

import "log/slog"

// Address is a mail address, folded (ASCII domain, lower case). It prints as a
// placeholder; Reveal shows it.
type Address string

// String hides the address, so that a log or an error text cannot spell it.
func (Address) String() string { return "[address]" }

// GoString hides the address from %#v.
func (Address) GoString() string { return "[address]" }

// LogValue hides the address from slog.
func (Address) LogValue() slog.Value { return slog.StringValue("[address]") }

// Reveal returns the address itself: for the mail that goes to it, the registers and
// the sealed store, never for a log.
func (a Address) Reveal() string { return string(a) }

// Text is something that a person wrote or that names them. It prints as a
// placeholder; Reveal shows it.
type Text string

// String hides the text.
func (Text) String() string { return "[text]" }

// GoString hides the text from %#v.
func (Text) GoString() string { return "[text]" }

// LogValue hides the text from slog.
func (Text) LogValue() slog.Value { return slog.StringValue("[text]") }

// Reveal returns the text itself.
func (t Text) Reveal() string { return string(t) }
