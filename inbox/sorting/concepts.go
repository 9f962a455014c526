package sorting

// concept is what a word or phrase stands for, the same in every language.
// The names are the section names of a lexicon file.
type concept uint8

const (
	// Actions.
	cErase    concept = iota // delete, erase, remove, wipe; also as a noun
	cAway                    // off, out, away: weak, needs an object
	cCorrect                 // correct, rectify, put right
	cUpdate                  // change, update, replace, add: also said of orders
	cShow                    // send, show, tell, give, see, know
	cInspect                 // inspect, access, check: strong words of access
	cHold                    // have, hold, store, keep, collect, process
	cCopy                    // copy, extract, export, portability
	cSource                  // where did you get
	cWithdraw                // withdraw, revoke
	cObject                  // object, oppose, forbid
	cStop                    // stop, no more, do not (use, send, call)
	cRestrict                // restrict, limit, block
	cUse                     // use, process, processing
	cDisclose                // share, pass on, third parties
	// Objects.
	cData      // data, information, details
	cMyData    // one word or phrase for "my data", "data about me"
	cYourData  // "your data", as a sender writes who holds it
	cAccount   // account, profile, user name
	cRegister  // register, database, list, system, site
	cField     // name, address, phone, e-mail, birthday, account number
	cMedia     // picture, video, recording, footage
	cConsent   // consent, permission
	cMarketing // direct marketing, advertising, sales calls
	cProfiling // profiling, tracking, AI training
	cAutomated // automated decision, robot, algorithm
	// Persons and modes.
	cMe       // me, as an object
	cMy       // my, mine, our
	cAboutMe  // about me, concerning me
	cRelative // my child, my late mother, our client: somebody the writer speaks for
	cUsers    // users, customers, people in general
	cYou      // you, your, where it means the controller
	cWe       // we, our: a company speaks, or a family
	cWant     // I want, I request, please, could you
	cWhat     // what, which
	cAll      // all, everything
	cNot      // not, never
	cNew      // new, now, instead, formerly
	cMoved    // moved, married, divorced, changed name
	cWrong    // wrong, misspelt, out of date
	cLaw      // GDPR and what each country calls it
	cArticle  // the word for article
	cRequest  // request, as in "data request"
	cFollowUp // reminder, no answer yet, asked already
	cUrgent   // authority, lawyer, deadline, anger
	cTakeBack // take back the request, no longer needed
	cForward  // passing on what somebody else asks
	cThen     // then, after that, once I have it: what is asked second
	// Whole requests, enough by themselves.
	cAskAccess
	cAskChange
	cAskErasure
	cAskMarketing
	cAskConsent
	cAskRestriction
	cAskObjection
	cAskAutomated
	// What speaks against a request.
	cOrder       // order, delivery, invoice, booking, product
	cContract    // contract, membership, subscription
	cDocument    // report, file, page, message, code
	cMeeting     // meeting, appointment, call
	cPolicy      // privacy policy, terms
	cYourRight   // you have the right, you can request: told to the reader
	cTraining    // webinar, course, conference
	cSale        // offer, demo, price, our solution
	cNewsletter  // newsletter, unsubscribe, view in browser
	cJob         // application, position, CV
	cGiveConsent // I consent, I agree
	cAuto        // automatic message, out of office, delivery failed
	cPassword    // password, log in, verification code
	cAgreement   // processing agreement, sub-processor, audit, contract talks
	cPublic      // public documents, freedom of information, authority's inquiry
	cBreach      // security incident
	cFeature     // it would be nice if, bug, pull request
	cThanks      // thank you, all is fine
	cNone        // a phrase that settles it: not a request
	cStop_       // stop words: only for guessing the language

	// Without sections of their own.
	cDigits     // a number of three digits and more, or an address
	cArtAccess  // Article 15 or 20
	cArtChange  // Article 16
	cArtErasure // Article 17
	cArtOther   // Article 18, 21 or 22
	cQuestion   // a question mark ends the sentence
	cNothing    // the mail names nothing that could be personal: neither data nor an account, a picture, a list
	concepts
)

// conceptNames are the section names; the index is the concept.
var conceptNames = [concepts]string{
	"erase", "away", "correct", "update", "show", "inspect", "hold", "copy", "source",
	"withdraw", "object", "stop", "restrict", "use", "disclose",
	"data", "my-data", "your-data", "account", "register", "field", "media", "consent",
	"marketing", "profiling", "automated",
	"me", "my", "about-me", "relative", "users", "you", "we", "want", "what", "all", "not", "new",
	"moved", "wrong", "law", "article", "request", "follow-up", "urgent", "take-back", "forward", "then",
	"ask-access", "ask-change", "ask-erasure", "ask-marketing", "ask-consent",
	"ask-restriction", "ask-objection", "ask-automated",
	"order", "contract", "document", "meeting", "policy", "your-right", "training", "sale",
	"newsletter", "job", "give-consent", "auto", "password", "agreement", "public", "breach",
	"feature", "thanks", "none", "common",
	"digits", "article-access", "article-change", "article-erasure", "article-other", "question", "nothing",
}

// marks is a set of concepts.
type marks [2]uint64

func of(cs ...concept) marks {
	var m marks
	for _, c := range cs {
		m[c>>6] |= 1 << (c & 63)
	}
	return m
}

func (m marks) has(c concept) bool  { return m[c>>6]&(1<<(c&63)) != 0 }
func (m marks) any(o marks) bool    { return m[0]&o[0]|m[1]&o[1] != 0 }
func (m marks) or(o marks) marks    { return marks{m[0] | o[0], m[1] | o[1]} }
func (m marks) and(o marks) marks   { return marks{m[0] & o[0], m[1] & o[1]} }
func (m marks) empty() bool         { return m[0]|m[1] == 0 }
func (m marks) minus(o marks) marks { return marks{m[0] &^ o[0], m[1] &^ o[1]} }
