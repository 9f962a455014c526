package sorting

import "math/bits"

// rule says how much a sentence speaks for a right. A rule with actions needs
// one of them bound to one of the objects, the nearest on either side; a rule
// without looks at the whole sentence.
type rule struct {
	kind    Kind
	other   string  // what Kind Other is about
	weight  float32 // 5 and more settles it where nothing speaks against it
	action  marks
	object  marks
	with    []marks // one of each must be in the sentence
	without marks   // none of these may
}

// mine is whatever ties a sentence to the writer or to somebody they speak for.
var mine = of(cMe, cMy, cAboutMe, cMyData, cRelative)

// otherAims are what a request may be about but a look at the data.
var otherAims = of(cErase, cAway, cCorrect, cUpdate, cWithdraw, cObject, cStop, cRestrict, cWrong, cAskErasure, cAskChange)

// gone is what tells "my old messages" to be erased from an old name.
var gone = of(cErase, cAway)

func need(ms ...marks) []marks { return ms }

var rules = []rule{
	// Erasure, Art. 17.
	{kind: Erasure, weight: 9, with: need(of(cAskErasure))},
	{kind: Erasure, weight: 8.5, action: of(cErase), object: of(cMyData)},
	{kind: Erasure, weight: 7, action: of(cAway), object: of(cMyData), with: need(of(cWant, cAll, cMe, cRegister))},
	{kind: Erasure, weight: 8, action: of(cErase), object: of(cData), with: need(mine)},
	{kind: Erasure, weight: 5.5, action: of(cErase), object: of(cData), with: need(of(cAll, cWant, cLaw)), without: of(cYourData, cUsers)},
	{kind: Erasure, weight: 4, action: of(cErase), object: of(cData), without: of(cYourData, cUsers)},
	{kind: Erasure, weight: 7.5, action: of(cErase), object: of(cAccount), with: need(of(cMy, cMe, cAboutMe, cRelative))},
	{kind: Erasure, weight: 6, action: of(cErase), object: of(cAccount), with: need(of(cWant))},
	{kind: Erasure, weight: 4, action: of(cErase), object: of(cAccount)},
	{kind: Erasure, weight: 6.5, action: of(cErase), object: of(cMe)},
	{kind: Erasure, weight: 6.5, action: of(cErase, cAway), object: of(cRegister), with: need(mine)},
	{kind: Erasure, weight: 6.5, action: of(cAway), object: of(cRegister, cAccount), with: need(of(cWant))},
	{kind: Erasure, weight: 5, action: of(cAway), object: of(cRegister)},
	{kind: Erasure, weight: 6.5, action: of(cErase, cAway), object: of(cField), with: need(mine)},
	{kind: Erasure, weight: 4, action: of(cErase), object: of(cField), with: need(of(cWant))},
	{kind: Erasure, weight: 6.5, action: of(cErase, cAway), object: of(cMedia), with: need(mine)},
	{kind: Erasure, weight: 5.5, action: of(cErase, cAway), object: of(cMedia), with: need(of(cWant))},
	{kind: Erasure, weight: 4, action: of(cErase), object: of(cMedia)},
	{kind: Erasure, weight: 6.5, action: of(cErase), object: of(cRelative)},
	{kind: Erasure, weight: 7, action: of(cErase), object: of(cAboutMe)},
	{kind: Erasure, weight: 7, action: of(cErase), with: need(of(cAll), of(cAboutMe, cMe, cMy))},
	{kind: Erasure, weight: 5, action: of(cErase), with: need(of(cAll), of(cWant))},
	{kind: Erasure, weight: 6, action: of(cHold), object: of(cMyData, cData), with: need(of(cNot), mine), without: of(cGiveConsent, cWhat)},
	{kind: Erasure, weight: 5.5, action: of(cErase), with: need(of(cLaw)), without: of(cYourData, cUsers)},
	{kind: Erasure, weight: 4.5, action: of(cErase), with: need(of(cRequest)), without: of(cYourData, cUsers, cOrder)},
	{kind: Erasure, weight: 3, action: of(cErase), with: need(of(cMe, cAboutMe))},
	{kind: Erasure, weight: 7, action: of(cErase, cAway), with: need(of(cAll), of(cHold), of(cAboutMe, cMyData, cMe, cMy))},
	{kind: Erasure, weight: 4.5, action: of(cErase, cAway), object: of(cRegister), with: need(of(cWant))},
	{kind: Erasure, weight: 7, action: of(cErase), with: need(of(cJob), of(cMy, cMyData))},

	{kind: Erasure, weight: 3, action: of(cErase), with: need(of(cWant))},
	{kind: Erasure, weight: 5.5, action: of(cAway), object: of(cData), with: need(of(cAll, cWant, cFollowUp, cUrgent, cRegister))},
	{kind: Erasure, weight: 3, action: of(cAway), object: of(cData)},

	// Access and portability, Art. 15 and 20.
	{kind: Access, weight: 3, action: of(cCopy), with: need(of(cWant))},
	{kind: Access, weight: 3, with: need(of(cLaw), of(cWant, cRequest), own), without: otherAims},
	{kind: Access, weight: 3, action: of(cHold), with: need(of(cWhat), of(cMe, cMy))},
	{kind: Access, weight: 5.5, action: of(cShow), object: of(cMyData, cAboutMe), with: need(of(cWhat))},
	{kind: Access, weight: 4, action: of(cSource)},
	{kind: Access, weight: 5.5, action: of(cShow), with: need(of(cAll), of(cWant), of(cMy, cAboutMe), of(cData, cAccount, cRegister)), without: otherAims},
	{kind: Access, weight: 5.5, action: of(cHold), with: need(of(cWhat), of(cWant), of(cMy, cAboutMe)), without: otherAims},
	{kind: Access, weight: 5.5, action: of(cHold), with: need(of(cAboutMe), of(cYou)), without: otherAims},
	{kind: Access, weight: 6, action: of(cHold), with: need(of(cAll, cWhat), of(cRelative), of(cWant, cShow, cInspect)), without: otherAims},
	{kind: Access, weight: 5.5, action: of(cHold), with: need(of(cWhat), of(cData), of(cAboutMe, cMe))},
	{kind: Access, weight: 6, action: of(cCopy, cShow), object: of(cMedia), with: need(of(cWant), of(cMe, cAboutMe, cMy)), without: otherAims},
	{kind: Access, weight: 6, action: of(cCopy), object: of(cMedia), with: need(of(cWant)), without: otherAims},
	{kind: Access, weight: 9, with: need(of(cAskAccess))},
	{kind: Access, weight: 8.5, action: of(cHold), with: need(of(cWhat), of(cAboutMe, cMyData))},
	{kind: Access, weight: 7, action: of(cHold), with: need(of(cWhat), of(cData), of(cMe, cMy))},
	{kind: Access, weight: 7, action: of(cHold), with: need(of(cShow, cCopy, cInspect), of(cAboutMe, cMyData))},
	{kind: Access, weight: 6, action: of(cHold), with: need(of(cWhat, cWant), of(cAboutMe))},
	{kind: Access, weight: 6.5, action: of(cShow), object: of(cMyData), with: need(of(cWant))},
	{kind: Access, weight: 4, action: of(cShow), object: of(cMyData)},
	{kind: Access, weight: 5.5, action: of(cShow), object: of(cMyData), with: need(of(cMe)), without: otherAims},
	{kind: Access, weight: 7, action: of(cShow), object: of(cData), with: need(of(cAboutMe))},
	{kind: Access, weight: 5.5, action: of(cShow), object: of(cData), with: need(of(cMy), of(cAll, cWant))},
	{kind: Access, weight: 7, action: of(cShow), with: need(of(cAll), of(cAboutMe))},
	{kind: Access, weight: 8, action: of(cCopy), object: of(cMyData, cAboutMe)},
	{kind: Access, weight: 7, action: of(cCopy), object: of(cData), with: need(mine)},
	{kind: Access, weight: 6, action: of(cCopy), with: need(of(cAboutMe, cMyData))},
	{kind: Access, weight: 8, action: of(cInspect), object: of(cMyData, cAboutMe)},
	{kind: Access, weight: 7, action: of(cInspect), object: of(cData), with: need(mine)},
	{kind: Access, weight: 6, action: of(cInspect), with: need(of(cLaw, cRequest))},
	{kind: Access, weight: 5, action: of(cInspect), object: of(cData, cRegister), with: need(of(cWant))},
	{kind: Access, weight: 7, action: of(cSource), with: need(of(cField, cData, cMyData, cAboutMe))},
	{kind: Access, weight: 4.5, action: of(cSource), with: need(of(cMe, cMy))},
	{kind: Access, weight: 6, action: of(cShow, cCopy), object: of(cMedia), with: need(of(cAboutMe))},
	{kind: Access, weight: 4.5, action: of(cShow, cCopy), object: of(cMedia), with: need(of(cMe), of(cWant))},
	{kind: Access, weight: 6.5, action: of(cDisclose), with: need(of(cWhat), mine)},
	{kind: Access, weight: 6, with: need(of(cRequest), of(cData, cMyData), of(cLaw)), without: otherAims},
	{kind: Access, weight: 5.5, with: need(of(cRequest), of(cMyData, cAboutMe)), without: otherAims},
	{kind: Access, weight: 3.5, with: need(of(cRequest), of(cData)), without: otherAims},
	{kind: Access, weight: 5.5, with: need(of(cWhat), of(cData), of(cAboutMe))},
	{kind: Access, weight: 5.5, with: need(of(cWhat), of(cRegister), of(cYou), mine), without: otherAims},
	{kind: Access, weight: 3.5, with: need(of(cMedia), of(cWant), mine), without: otherAims.or(of(cConsent, cUse, cMarketing, cProfiling))},

	// Rectification, Art. 16.
	{kind: Change, weight: 9, with: need(of(cAskChange))},
	{kind: Change, weight: 8, action: of(cCorrect), object: of(cMyData)},
	{kind: Change, weight: 7.5, action: of(cCorrect), object: of(cField, cData, cAccount, cRegister), with: need(mine)},
	{kind: Change, weight: 5.5, action: of(cCorrect), object: of(cField, cData, cRegister), with: need(of(cWant, cWrong, cNew, cLaw))},
	{kind: Change, weight: 4, action: of(cCorrect), object: of(cField, cData)},
	{kind: Change, weight: 5.5, action: of(cCorrect), with: need(of(cLaw)), without: of(cYourData, cUsers)},
	{kind: Change, weight: 4.5, action: of(cCorrect), with: need(of(cRequest)), without: of(cYourData, cUsers, cOrder)},
	{kind: Change, weight: 4.5, action: of(cCorrect), with: need(of(cMe, cMy, cAboutMe, cRelative))},
	{kind: Change, weight: 7.5, action: of(cUpdate), object: of(cMyData)},
	{kind: Change, weight: 7, action: of(cUpdate), object: of(cField, cData), with: need(mine)},
	{kind: Change, weight: 6, action: of(cUpdate), object: of(cField), with: need(of(cNew, cMoved))},
	{kind: Change, weight: 5.5, action: of(cUpdate), object: of(cField), with: need(of(cWant))},
	{kind: Change, weight: 4, action: of(cUpdate), object: of(cField)},
	{kind: Change, weight: 4.5, action: of(cUpdate), object: of(cRegister, cData, cAccount), with: need(of(cWant, cNew))},
	{kind: Change, weight: 6, action: of(cWrong), object: of(cField, cMyData), with: need(mine)},
	{kind: Change, weight: 5.5, action: of(cWrong), object: of(cData, cRegister), with: need(mine)},
	{kind: Change, weight: 4, action: of(cWrong), object: of(cField, cData)},
	{kind: Change, weight: 6, action: of(cNew), object: of(cField), with: need(mine), without: gone},
	{kind: Change, weight: 4.5, action: of(cNew), object: of(cField), without: gone},
	{kind: Change, weight: 6, action: of(cNew), object: of(cField), with: need(of(cMoved))},
	{kind: Change, weight: 6, action: of(cNew, cMoved), object: of(cField), with: need(of(cDigits))},
	{kind: Change, weight: 5, action: of(cMoved), with: need(of(cDigits)), without: of(cContract, cOrder)},
	{kind: Change, weight: 3, action: of(cUpdate), with: need(of(cWant), of(cRegister))},
	{kind: Change, weight: 6, action: of(cMoved), with: need(of(cField, cUpdate, cNew)), without: of(cContract)},
	{kind: Change, weight: 3.5, action: of(cMoved), without: of(cContract, cOrder)},
	{kind: Change, weight: 6, action: of(cMoved), object: of(cRelative), with: need(of(cRelative))},

	{kind: Change, weight: 3, action: of(cCorrect), with: need(of(cWant))},

	// Withdrawn consent, Art. 7(3).
	{kind: Other, other: "consent", weight: 9, with: need(of(cAskConsent))},
	{kind: Other, other: "consent", weight: 8.5, action: of(cWithdraw), object: of(cConsent), without: of(cYourRight, cGiveConsent)},
	{kind: Other, other: "consent", weight: 5.5, with: need(of(cNot), of(cConsent), of(cUse, cProfiling, cMarketing, cDisclose, cMedia, cMyData)), without: of(cErase)},
	{kind: Other, other: "consent", weight: 3.5, with: need(of(cNot), of(cConsent)), without: of(cErase)},
	// Marketing, Art. 21(2).
	{kind: Other, other: "marketing", weight: 9, with: need(of(cAskMarketing))},
	{kind: Other, other: "marketing", weight: 8, action: of(cObject), object: of(cMarketing)},
	{kind: Other, other: "marketing", weight: 7, action: of(cStop), object: of(cMarketing), with: need(mine.or(of(cYou, cWant)))},
	{kind: Other, other: "marketing", weight: 6, with: need(of(cNot), of(cMarketing), mine.or(of(cWant))), without: of(cYourData)},
	{kind: Other, other: "marketing", weight: 5, action: of(cObject, cStop), with: need(of(cMarketing))},
	// Objection, Art. 21(1).
	{kind: Other, other: "objection", weight: 9, with: need(of(cAskObjection))},
	{kind: Other, other: "objection", weight: 8, action: of(cObject), object: of(cProfiling, cUse), with: need(mine.or(of(cLaw, cWant, cData)))},
	{kind: Other, other: "objection", weight: 6, action: of(cObject), object: of(cProfiling, cUse)},
	{kind: Other, other: "objection", weight: 7, action: of(cObject), object: of(cMyData, cData, cDisclose, cMedia), with: need(mine)},
	{kind: Other, other: "objection", weight: 6.5, action: of(cObject), with: need(of(cLaw)), without: of(cErase, cYourData)},
	{kind: Other, other: "objection", weight: 6.5, action: of(cStop), object: of(cProfiling, cUse, cDisclose), with: need(mine)},
	{kind: Other, other: "objection", weight: 6, with: need(of(cNot), of(cProfiling), mine.or(of(cWant))), without: of(cYourData)},
	{kind: Other, other: "objection", weight: 6.5, action: of(cDisclose), with: need(of(cNot, cStop, cObject), of(cMyData, cMy, cAboutMe)), without: of(cWhat)},
	{kind: Other, other: "objection", weight: 6, action: of(cUse), object: of(cMyData, cMedia, cField), with: need(of(cNot, cStop, cObject), mine), without: of(cWhat, cGiveConsent)},
	// Restriction, Art. 18.
	{kind: Other, other: "restriction", weight: 9, with: need(of(cAskRestriction))},
	{kind: Other, other: "restriction", weight: 8, action: of(cRestrict), object: of(cUse, cMyData), without: of(cYourData)},
	{kind: Other, other: "restriction", weight: 7, action: of(cRestrict), object: of(cData, cDisclose), with: need(mine)},
	{kind: Other, other: "restriction", weight: 6, action: of(cRestrict), with: need(of(cLaw))},
	{kind: Other, other: "objection", weight: 3, action: of(cObject, cStop), object: of(cData, cField, cMedia, cMyData), with: need(mine)},
	// Automated decisions, Art. 22.
	{kind: Other, other: "automated", weight: 9, with: need(of(cAskAutomated))},
	{kind: Other, other: "automated", weight: 7, action: of(cAutomated), with: need(of(cNot, cObject, cWant), mine.or(of(cLaw, cWant)))},
	{kind: Other, other: "automated", weight: 5, action: of(cAutomated), with: need(of(cNot, cObject))},
}

// pointers are rules whose object stands in a sentence before.
var pointers = []rule{
	{kind: Erasure, weight: 8, action: of(cErase), object: of(cMyData, cAccount, cMedia, cField, cRelative, cJob, cData), with: need(mine)},
	{kind: Erasure, weight: 7.5, action: of(cAway), object: of(cMyData, cAccount, cMedia, cField, cRelative), with: need(mine)},
	{kind: Change, weight: 8, action: of(cCorrect), object: of(cField, cWrong, cNew, cMoved, cData, cMyData, cRegister)},
	{kind: Change, weight: 7, action: of(cUpdate), object: of(cField, cMoved, cNew, cWrong), with: need(mine.or(of(cMoved, cWrong))), without: of(cErase)},
	{kind: Other, other: "objection", weight: 8, action: of(cStop, cObject), object: of(cProfiling), with: need(mine.or(of(cYou)))},
	{kind: Other, other: "consent", weight: 8, action: of(cWithdraw), object: of(cConsent)},
	{kind: Access, weight: 7.5, action: of(cShow), object: of(cMyData, cAboutMe), with: need(of(cFollowUp, cRequest)), without: otherAims},
}

// rivals are objects that draw an action away from data: what is to be
// deleted or changed is then an order, a file or a meeting.
var rivals = of(cOrder, cContract, cDocument, cMeeting, cPolicy, cPassword, cNewsletter, cAgreement)

// objects are what an action may be bound to.
var objects = of(cData, cMyData, cAccount, cRegister, cField, cMedia, cMe, cAboutMe, cRelative, cConsent, cMarketing,
	cProfiling, cUse, cDisclose, cYourData).or(rivals)

// actions are what a rule may ask for as its action.
var actions = allActions()

func allActions() marks {
	var m marks
	for _, r := range rules {
		m = m.or(r.action)
	}
	return m
}

// ruleSet is a set of rules, by index.
type ruleSet [3]uint64

func (a ruleSet) or(b ruleSet) ruleSet { return ruleSet{a[0] | b[0], a[1] | b[1], a[2] | b[2]} }

// next is the first rule of the set from k on, -1 for none.
func (a ruleSet) next(k int) int {
	for ; k < len(a)*64; k = (k/64 + 1) * 64 {
		if rest := a[k/64] >> (k % 64); rest != 0 {
			return k + bits.TrailingZeros64(rest)
		}
	}
	return -1
}

// rulesOf are the rules that a concept is an action of; under actionless those
// without actions.
var rulesOf = indexRules()

const actionless = concepts

func indexRules() (of [concepts + 1]ruleSet) {
	for k, r := range rules {
		if r.action.empty() {
			of[actionless][k/64] |= 1 << (k % 64)
		}
		for c := range concepts {
			if r.action.has(c) {
				of[c][k/64] |= 1 << (k % 64)
			}
		}
	}
	return of
}

// rulesFor are the rules that a word with these concepts may be the action of.
func rulesFor(m marks) (set ruleSet) {
	m = m.and(actions)
	for i, w := range m {
		for ; w != 0; w &= w - 1 {
			set = set.or(rulesOf[i*64+bits.TrailingZeros64(w)])
		}
	}
	return set
}

// byArticle is the right that an article of the GDPR stands for.
var byArticle = map[int16]rule{
	15: {kind: Access}, 20: {kind: Access}, 16: {kind: Change}, 17: {kind: Erasure},
	18: {kind: Other, other: "restriction"}, 21: {kind: Other, other: "objection"}, 22: {kind: Other, other: "automated"},
}

// against is how much a frame speaks against any request in the mail.
var against = []struct {
	concept concept
	weight  float32
}{
	{cNone, 7}, {cAuto, 6}, {cPassword, 5}, {cYourRight, 5}, {cTraining, 5.5}, {cSale, 5.5}, {cAgreement, 5}, {cPublic, 4.5},
	{cBreach, 4}, {cFeature, 4}, {cNewsletter, 2.5}, {cPolicy, 2.5}, {cJob, 3}, {cGiveConsent, 3}, {cYourData, 2.5},
	{cThanks, 4}, {cUsers, 1.5}, {cDocument, 1}, {cMeeting, 1}, {cOrder, 1}, {cContract, 1},
}

// articles names the article of each kind for the reasons.
func article(k Kind, other string) string {
	switch k {
	case Access:
		return "Art. 15"
	case Change:
		return "Art. 16"
	case Erasure:
		return "Art. 17"
	case Other:
		return map[string]string{"consent": "Art. 7(3)", "marketing": "Art. 21(2)", "restriction": "Art. 18",
			"automated": "Art. 22"}[other] + map[bool]string{true: "Art. 21"}[other == "objection" || other == ""]
	}
	return ""
}
