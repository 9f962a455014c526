package particulars

import "slices"

// toNew tells that a sentence speaks of a new address: "to my new e-mail".
func toNew(s []event) bool {
	for i, e := range s {
		if e.means == isNew && i+1 < len(s) && s[i+1].means == field && (s[i+1].kind == email || s[i+1].kind == address) {
			return true
		}
	}
	return false
}

// sending reads whether the sentence asks to be answered at another address.
func (r *reader) sending(s []event) {
	asks := has(s, isField(reply)) || has(s, isField(send)) && has(s, isField(answer))
	if !asks {
		return
	}
	r.answered = true
	if has(s, isField(there)) && slices.ContainsFunc(r.findings, func(f finding) bool { return f.kind == email || f.kind == address }) {
		r.elsewhere = true
	}
	if has(s, isField(elsewhere)) || toNew(s) || has(s, func(e event) bool { return e.value != "" && (e.kind == email || e.kind == address) }) {
		r.elsewhere = true
	}
}
