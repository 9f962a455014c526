package workflow

// Kind is the right that a request uses.
type Kind string

const (
	// Access asks what is held, for a copy of it, or for an export (Art. 15 and 20 GDPR).
	Access Kind = "access"
	// Change asks that data be corrected or completed (Art. 16 GDPR).
	Change Kind = "change"
	// Erasure asks that data be removed (Art. 17 GDPR).
	Erasure Kind = "erasure"
	// Other objects, restricts, withdraws consent or asks for a human (Art. 7(3), 18, 21, 22 GDPR).
	Other Kind = "other"
	// None is no request at all.
	None Kind = "none"
)

// Kinds lists the kinds that a case can have, in the order in which they are answered:
// the copy is always sent before anything changes or goes.
var Kinds = [...]Kind{Access, Change, Erasure, Other}

// Valid tells whether k is a kind that a case can have.
func (k Kind) Valid() bool {
	for _, known := range Kinds {
		if k == known {
			return true
		}
	}
	return false
}

// Right says which right an item of kind Other uses. The first two are done at once,
// without a call: they take nothing from anybody (Art. 7(3), 21(3) GDPR).
type Right string

const (
	// Marketing forbids direct marketing (Art. 21(2) GDPR).
	Marketing Right = "marketing"
	// Consent is withdrawn (Art. 7(3) GDPR).
	Consent Right = "consent"
	// Restriction asks to hold the data still (Art. 18 GDPR).
	Restriction Right = "restriction"
	// Objection objects on grounds of the person's situation (Art. 21(1) GDPR).
	Objection Right = "objection"
	// Automated asks for a human instead of an automated decision (Art. 22 GDPR).
	Automated Right = "automated"
)

// AtOnce tells whether the right is granted without a checking call.
func (r Right) AtOnce() bool { return r == Marketing || r == Consent }
