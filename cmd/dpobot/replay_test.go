package main

import (
	"bytes"
	"strings"
	"testing"
)

// Nothing but the whole word, typed, erases.
func TestConfirmed(t *testing.T) {
	for typed, want := range map[string]bool{"yes\n": true, " yes \r\n": true, "yes": true, "y\n": false, "Yes\n": false, "\n": false, "": false, "no\nyes\n": false} {
		var out bytes.Buffer
		if got := confirmed(strings.NewReader(typed), &out, "Sure? "); got != want || out.String() != "Sure? " {
			t.Errorf("%q: got %v after %q, want %v", typed, got, out.String(), want)
		}
	}
	if isTerminal(strings.NewReader("yes")) {
		t.Error("a reader is taken for a terminal")
	}
}
