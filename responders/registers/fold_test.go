package registers

import "testing"

func TestFoldAddress(t *testing.T) {
	for _, row := range []struct {
		name, a, b string
		same       bool
	}{
		{"case", "Matti.Makinen@Example.FI", "matti.makinen@example.fi", true},
		{"case of an umlaut", "MÄKI@example.fi", "mäki@example.fi", true},
		{"two code points", "ma\u0308ki@example.fi", "mäki@example.fi", true},
		{"spaces around", "  matti@example.fi\r\n", "matti@example.fi", true},
		{"display name", "Matti <matti@example.fi>", "matti@example.fi", true},
		{"IDNA domain", "matti@bücher.example", "matti@xn--bcher-kva.example", true},
		{"final dot", "matti@example.fi.", "matti@example.fi", true},
		{"umlaut is another letter", "maki@example.fi", "mäki@example.fi", false},
		{"Kelvin sign", "\u212aalle@example.fi", "kalle@example.fi", false},
		{"dotless i", "m\u0131kko@example.fi", "mikko@example.fi", false},
		{"dotted capital I", "M\u0130KKO@example.fi", "mikko@example.fi", false},
		{"long s", "matti.\u017falo@example.fi", "matti.salo@example.fi", false},
		{"plus part", "matti+shop@example.fi", "matti@example.fi", false},
		{"substring", "xmatti@example.fi", "matti@example.fi", false},
		{"another domain", "matti@example.fi.evil.example", "matti@example.fi", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			a, b := FoldAddress(row.a), FoldAddress(row.b)
			if a == "" || b == "" || (a == b) != row.same {
				t.Errorf("got %q and %q, want them equal: %v", a, b, row.same)
			}
		})
	}
	for _, none := range []string{"", "matti", "@example.fi", "matti@", "ma tti@example.fi", "matti@example.fi\x00", "a@b\nc@d"} {
		if got := FoldAddress(none); got != "" {
			t.Errorf("FoldAddress(%q): got %q, want none", none, got)
		}
	}
}

func TestSameNumber(t *testing.T) {
	for _, row := range []struct {
		a, b string
		same bool
	}{
		{"+358 40 123 4567", "040-1234567", true},
		{"00358401234567", "0401234567", true},
		{"0401234567", "0401234568", false},
		{"1234567", "+358 9 1234567", false},
		{"4567", "0401234567", false},
		{"", "", false},
		{"0000000", "0000000", false},
	} {
		if got := sameNumber(row.a, row.b); got != row.same {
			t.Errorf("sameNumber(%q, %q): got %v, want %v", row.a, row.b, got, row.same)
		}
	}
}

func FuzzFoldAddress(f *testing.F) {
	for _, s := range []string{"Matti@Example.FI", "a<b@c>", "\u212a@x", "ä@ö.fi", "@", "a@b@c", "x@xn--", "0@<.....n>.", "0@\u04c0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := FoldAddress(s)
		if once == "" {
			return
		}
		if twice := FoldAddress(once); twice != once {
			t.Errorf("folded again: got %q, want %q", twice, once)
		}
	})
}
