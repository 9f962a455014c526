package authentic

import (
	"strings"
	"testing"
)

const border = "mail.firma.example"

// header makes fields of a header as it is written; the trace and From are put below it.
func header(t *testing.T, top string) []Field {
	t.Helper()
	all := top + "Received: from mx.muu.example (mx.muu.example [192.0.2.1])\n\tby mail.firma.example (Postfix) with ESMTPS id 1\n\tfor <x@firma.example>; now\nFrom: pauli@firma.example\n"
	return fieldsOf(t, all)
}

// fieldsOf splits a header without looking at what is in it; a line that is no field is left out.
func fieldsOf(t *testing.T, head string) []Field {
	t.Helper()
	var fields []Field
	var lines []string
	for line := range strings.SplitSeq(strings.ReplaceAll(head, "\r\n", "\n")+"\n", "\n") {
		if line != "" && strings.Contains(" \t", line[:1]) {
			lines = append(lines, line)
			continue
		}
		if name, value, found := strings.Cut(strings.Join(lines, "\r\n"), ":"); found {
			fields = append(fields, Field{name, value})
		}
		lines = []string{line}
	}
	return fields
}

func TestAuthenticationResults(t *testing.T) {
	const ar = "Authentication-Results: "
	const good = ar + "mail.firma.example; dmarc=pass header.from=firma.example\n"
	rows := []struct {
		name, top string
		want      Verdict
		reason    Reason
	}{
		// Forms of honest servers.
		{"plain", good, Pass, Proved},
		{"all methods, folded", ar + "mail.firma.example;\n\tdkim=pass header.d=firma.example header.i=@firma.example header.s=s1 header.b=a/b+c=;\n\tspf=pass smtp.mailfrom=pauli@firma.example;\n\tdmarc=pass (p=reject) header.from=firma.example\n", Pass, Proved},
		{"id in other case", ar + "MAIL.Firma.EXAMPLE; dmarc=pass header.from=firma.example\n", Pass, Proved},
		{"words in other case", "AUTHENTICATION-RESULTS: mail.firma.example; DMARC=Pass Header.From=FIRMA.example\n", Pass, Proved},
		{"version", ar + "mail.firma.example 1; dmarc=pass header.from=firma.example\n", Pass, Proved},
		{"method's version", ar + "mail.firma.example; dmarc/1=pass header.from=firma.example\n", Pass, Proved},
		{"comments everywhere", ar + "(a) mail.firma.example (b) 1 (c) ; (d) dmarc (e) / (f) 1 (g) = (h(i\\)j)) pass (k) header (l) . (m) from (n) = (o) firma.example (p)\n", Pass, Proved},
		{"quoted values", ar + "\"mail.firma.example\"; dmarc=pass reason=\"p=none; fail\" header.from=\"firma.example\"\n", Pass, Proved},
		{"ends in a semicolon", ar + "mail.firma.example; dmarc=pass header.from=firma.example;\n", Pass, Proved},
		{"Exchange's action", ar + "mail.firma.example; dmarc=pass action=none header.from=firma.example\n", Pass, Proved},
		{"two milters, a field each", ar + "mail.firma.example; dmarc=pass header.from=firma.example\n" + ar + "mail.firma.example; dkim=pass header.d=firma.example\n", Pass, Proved},
		{"said twice alike", good + good, Pass, Proved},
		{"spf neutral, arc none", ar + "mail.firma.example; spf=neutral; arc=none; dkim=pass; dmarc=pass header.from=firma.example\n", Pass, Proved},
		{"dkim temperror of another signature", ar + "mail.firma.example; dkim=temperror header.d=list.example; dkim=pass header.d=firma.example; dmarc=pass header.from=firma.example\n", Pass, Proved},
		{"another server's field above", ar + "filter.muu.example; dmarc=fail header.from=firma.example\n" + good, Pass, Proved},
		{"dot at the end of the domain", ar + "mail.firma.example; dmarc=pass header.from=firma.example.\n", Pass, Proved},
		{"quoted mailfrom with blanks", ar + "mail.firma.example; spf=pass smtp.mailfrom=\"a b; c=d\"@muu.example; dmarc=pass header.from=firma.example\n", Pass, Proved},
		{"mailfrom with equals signs", ar + "mail.firma.example; spf=pass smtp.mailfrom=prvs=12=a@muu.example; dmarc=pass header.from=firma.example\n", Pass, Proved},
		{"empty mailfrom", ar + "mail.firma.example; spf=none smtp.mailfrom=; dmarc=pass header.from=firma.example\n", Pass, Proved},
		{"through LMTP", "Received: from mail.firma.example\n\tby store.firma.example with LMTP\n\tid x; now\n" + good, Pass, Proved},
		{"stamped above LMTP", good + "Received: from mail.firma.example by store.firma.example with LMTPS id x; now\n", Pass, Proved},

		// Text that is made to look like a result.
		{"quoted mailfrom", ar + "mail.firma.example; spf=pass smtp.mailfrom=\"x; dmarc=pass header.from=firma.example; x=y\"@evil.example\n", Fail, NotPassed},
		{"quoted mailfrom with an escaped quote", ar + "mail.firma.example; spf=pass smtp.mailfrom=\"x\\\"; dmarc=pass header.from=firma.example; x=\\\"y\"@evil.example\n", Fail, NotPassed},
		{"comment", ar + "mail.firma.example; spf=none (; dmarc=pass header.from=firma.example)\n", Fail, NotPassed},
		{"nested comment", ar + "mail.firma.example; spf=none (a (b) ; dmarc=pass header.from=firma.example)\n", Fail, NotPassed},
		{"escaped bracket in a comment", ar + "mail.firma.example; spf=none (a \\) ; dmarc=pass header.from=firma.example)\n", Fail, NotPassed},
		{"reason", ar + "mail.firma.example; dmarc=none reason=\"dmarc=pass header.from=firma.example\" header.from=firma.example\n", Fail, NotPassed},
		{"header.from in a comment", ar + "mail.firma.example; dmarc=pass (header.from=firma.example)\n", Fail, OtherDomain},
		{"header.from of another method", ar + "mail.firma.example; dmarc=pass; dkim=pass header.from=firma.example\n", Fail, OtherDomain},
		{"method quoted", ar + "mail.firma.example; \"dmarc\"=pass header.from=firma.example\n", Fail, Unreadable},
		{"result quoted", ar + "mail.firma.example; dmarc=\"pass\" header.from=firma.example\n", Fail, Unreadable},
		{"pass and more", ar + "mail.firma.example; dmarc=pass.x header.from=firma.example\n", Fail, Unreadable},
		{"pass grown together", ar + "mail.firma.example; dmarc=pass;header.from=firma.example\n", Fail, Unreadable},
		{"no semicolon before dmarc", ar + "mail.firma.example; spf=pass smtp.mailfrom=a dmarc=pass header.from=firma.example\n", Fail, Unreadable},
		{"method that ends alike", ar + "mail.firma.example; x-dmarc=pass header.from=firma.example\n", Fail, NotPassed},
		{"arc", ar + "mail.firma.example; arc=pass header.from=firma.example; dmarc=none header.from=firma.example\n", Fail, NotPassed},
		{"dkim and spf only", ar + "mail.firma.example; dkim=pass header.d=firma.example; spf=pass smtp.mailfrom=firma.example\n", Fail, NotPassed},
		{"bestguesspass", ar + "mail.firma.example; dmarc=bestguesspass header.from=firma.example\n", Fail, NotPassed},
		{"word with pass in it", ar + "mail.firma.example; dmarc=passed header.from=firma.example\n", Fail, Failed},
		{"header.from twice", ar + "mail.firma.example; dmarc=pass header.from=evil.example header.from=firma.example\n", Fail, Unreadable},
		{"lookalike field names", "X-Authentication-Results: mail.firma.example; dmarc=pass header.from=firma.example\nAuthentication-Results-Original: mail.firma.example; dmarc=pass header.from=firma.example\nARC-Authentication-Results: i=1; mail.firma.example; dmarc=pass header.from=firma.example\n", None, NotStamped},
		{"homoglyph in the field name", "Authenticatio\u043d-Results: mail.firma.example; dmarc=pass header.from=firma.example\n", None, NotStamped},

		// Whose field it is.
		{"no field", "", None, NotStamped},
		{"id of another", ar + "mail.evil.example; dmarc=pass header.from=firma.example\n", None, NotStamped},
		{"id with more behind", ar + "mail.firma.example.evil.example; dmarc=pass header.from=firma.example\n", None, NotStamped},
		{"id with more in front", ar + "xmail.firma.example; dmarc=pass header.from=firma.example\n", None, NotStamped},
		{"id with a job", ar + "mail.firma.example/job17; dmarc=pass header.from=firma.example\n", None, NotStamped},
		{"id in a comment", ar + "mail.evil.example (mail.firma.example); dmarc=pass header.from=firma.example\n", None, NotStamped},
		{"id with a dot at the end", ar + "mail.firma.example.; dmarc=pass header.from=firma.example\n", None, NotStamped},
		{"id with the Kelvin sign", ar + "mail.firma.example\u212a; dmarc=pass header.from=firma.example\n", None, NotStamped},
		{"version 2", ar + "mail.firma.example 2; dmarc=pass header.from=firma.example\n", Fail, Unreadable},
		{"version 11", ar + "mail.firma.example 11; dmarc=pass header.from=firma.example\n", Fail, Unreadable},
		{"two ids", ar + "mail.firma.example mail.evil.example; dmarc=pass header.from=firma.example\n", Fail, Unreadable},
		{"Exchange's form without id", ar + "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=firma.example; dkim=pass header.d=firma.example;dmarc=pass action=none header.from=firma.example;compauth=pass reason=100\n", Fail, Unreadable},
		{"empty id", ar + "; dmarc=pass header.from=firma.example\n", Fail, Unreadable},

		// Where the field stands.
		{"below Received", "Received: from a by mail.firma.example with ESMTP id 1; now\n" + good, None, NotStamped},
		{"between two of ours", "Received: from localhost by mail.firma.example with ESMTP id 1; now\n" + good, None, NotStamped},
		{"topmost Received of another", "Received: from a by backup.firma.example with ESMTP id 1; now\n" + good, Fail, NotThroughBorder},
		{"greeting that reads as by", "Received: from by (mail.firma.example) by backup.firma.example with ESMTP id 1; now\n" + good, Fail, NotThroughBorder},
		{"by in a comment", "Received: from a (by mail.firma.example) by backup.firma.example with ESMTP id 1; now\n" + good, Fail, NotThroughBorder},
		{"by in a quoted greeting", "Received: from \"a by mail.firma.example\" by backup.firma.example with ESMTP id 1; now\n" + good, Fail, NotThroughBorder},
		{"by behind the date", "Received: from a; by mail.firma.example\n" + good, Fail, NotThroughBorder},
		{"Received that cannot be read", "Received: from a (by mail.firma.example\n" + good, Fail, NotThroughBorder},
		{"empty Received", "Received:\n" + good, Fail, NotThroughBorder},
		{"Received with a blank before the colon", "Received : from a by backup.firma.example with ESMTP id 1; now\n" + good, Fail, NotThroughBorder},
		{"LMTP, then another", "Received: from b by store with LMTP id 2; now\nReceived: from a by backup.firma.example with ESMTP id 1; now\n" + good, Fail, NotThroughBorder},
		{"LMTP twice", "Received: from b by store with LMTP id 2; now\nReceived: from a by x.example with LMTP id 1; now\n" + good, Fail, NotThroughBorder},
		{"LMTP, ours, then a forged one", "Received: from b by store with LMTP id 2; now\nReceived: from a by mail.firma.example with ESMTP id 1; now\n" + good, None, NotStamped},

		// What speaks against the mail.
		{"dmarc fail", ar + "mail.firma.example; dmarc=fail (p=none dis=none) header.from=firma.example\n", Fail, Failed},
		{"dmarc permerror", ar + "mail.firma.example; dmarc=permerror header.from=firma.example\n", Fail, Failed},
		{"dmarc policy", ar + "mail.firma.example; dmarc=policy header.from=firma.example\n", Fail, Failed},
		{"dmarc none", ar + "mail.firma.example; dmarc=none header.from=firma.example\n", Fail, NotPassed},
		{"spf fail beside a pass", ar + "mail.firma.example; spf=fail smtp.mailfrom=a; dmarc=pass header.from=firma.example\n", Fail, Failed},
		{"spf softfail beside a pass", ar + "mail.firma.example; spf=softfail; dmarc=pass header.from=firma.example\n", Fail, Failed},
		{"spf hardfail beside a pass", ar + "mail.firma.example; spf=hardfail; dmarc=pass header.from=firma.example\n", Fail, Failed},
		{"dkim fail beside a pass", ar + "mail.firma.example; dmarc=pass header.from=firma.example; dkim=fail header.d=list.example\n", Fail, Failed},
		{"dkim policy beside a pass", ar + "mail.firma.example; dkim=policy; dmarc=pass header.from=firma.example\n", Fail, Failed},
		{"arc fail beside a pass", ar + "mail.firma.example; arc=fail; dmarc=pass header.from=firma.example\n", Fail, Failed},
		{"fail in a second field", good + ar + "mail.firma.example; dkim=fail\n", Fail, Failed},
		{"word nobody knows", ar + "mail.firma.example; spf=perhaps; dmarc=pass header.from=firma.example\n", Fail, Failed},
		{"pass and none", good + ar + "mail.firma.example; dmarc=none header.from=firma.example\n", Fail, Disagree},
		{"pass and fail", good + ar + "mail.firma.example; dmarc=fail header.from=firma.example\n", Fail, Failed},
		{"pass for two domains", good + ar + "mail.firma.example; dmarc=pass header.from=evil.example\n", Fail, Disagree},
		{"pass twice in one field, other domain first", ar + "mail.firma.example; dmarc=pass header.from=evil.example; dmarc=pass header.from=firma.example\n", Fail, Disagree},
		{"pass and temperror", good + ar + "mail.firma.example; dmarc=temperror header.from=firma.example\n", Fail, Disagree},
		{"temperror", ar + "mail.firma.example; dmarc=temperror header.from=firma.example\n", Fail, DNSTrouble},
		{"temperror beside a fail", ar + "mail.firma.example; dmarc=temperror header.from=firma.example; spf=fail\n", Fail, Failed},

		// Which domain.
		{"header.from empty", ar + "mail.firma.example; dmarc=pass header.from=\n", Fail, OtherDomain},
		{"no header.from", ar + "mail.firma.example; dmarc=pass\n", Fail, OtherDomain},
		{"other domain", ar + "mail.firma.example; dmarc=pass header.from=evil.example\n", Fail, OtherDomain},
		{"subdomain", ar + "mail.firma.example; dmarc=pass header.from=a.firma.example\n", Fail, OtherDomain},
		{"parent", ar + "mail.firma.example; dmarc=pass header.from=example\n", Fail, OtherDomain},
		{"an address", ar + "mail.firma.example; dmarc=pass header.from=pauli@firma.example\n", Fail, OtherDomain},
		{"homoglyph", ar + "mail.firma.example; dmarc=pass header.from=fi\u0433ma.example\n", Fail, OtherDomain},
		{"quoted with a blank", ar + "mail.firma.example; dmarc=pass header.from=\"firma.example \"\n", Fail, OtherDomain},

		// What cannot be read.
		{"no results", ar + "mail.firma.example\n", Fail, Unreadable},
		{"none", ar + "mail.firma.example; none\n", None, NotStamped},
		{"none and more", ar + "mail.firma.example; none; dmarc=pass header.from=firma.example\n", Fail, Unreadable},
		{"more and none", ar + "mail.firma.example; dmarc=pass header.from=firma.example; none\n", Fail, Unreadable},
		{"empty result", ar + "mail.firma.example; ; dmarc=pass header.from=firma.example\n", Fail, Unreadable},
		{"truncated in a method", ar + "mail.firma.example; dmarc=pass header.from=firma.example; spf\n", Fail, Unreadable},
		{"truncated at an equals sign", ar + "mail.firma.example; dmarc=pass header.from=firma.example; spf=\n", Fail, Unreadable},
		{"truncated in a property", ar + "mail.firma.example; dmarc=pass header.fro\n", Fail, Unreadable},
		{"truncated in a domain", ar + "mail.firma.example; dmarc=pass header.from=firma.exa\n", Fail, OtherDomain},
		{"unterminated quote", ar + "mail.firma.example; dmarc=pass header.from=firma.example; spf=pass smtp.mailfrom=\"a\n", Fail, Unreadable},
		{"quote that ends in an escape", ar + "mail.firma.example; dmarc=pass header.from=firma.example; spf=pass smtp.mailfrom=\"a\\\n", Fail, Unreadable},
		{"unterminated comment", ar + "mail.firma.example; dkim=pass header.d=firma.example(.evil.example; dmarc=fail header.from=firma.example\n", Fail, Unreadable},
		{"unterminated comment at the end", ar + "mail.firma.example; dmarc=pass header.from=firma.example (x\n", Fail, Unreadable},
		{"unterminated comment before the id", ar + "(x mail.firma.example; dmarc=pass header.from=firma.example\n", Fail, Unreadable},
		{"unterminated comment behind the id", ar + "mail.firma.example (x; dmarc=pass header.from=firma.example\n", Fail, Unreadable},
		{"closing bracket alone", ar + "mail.firma.example; dmarc=pass) header.from=firma.example\n", Fail, Unreadable},
		{"backslash outside quotes", ar + "mail.firma.example; dmarc=pass header.from=firma\\.example\n", Fail, Unreadable},
		{"NUL", ar + "mail.firma.example; dmarc=pass header.from=firma.example\x00\n", Fail, Unreadable},
		{"no UTF-8", ar + "mail.firma.example; dmarc=pass header.from=firma.example; spf=pass smtp.mailfrom=\xff\n", Fail, Unreadable},
		{"far too long", ar + "mail.firma.example; dmarc=pass header.from=firma.example (" + strings.Repeat("x", mostResultBytes) + ")\n", Fail, Unreadable},
		{"far too many results", ar + "mail.firma.example" + strings.Repeat("; spf=pass", 200) + "; dmarc=pass header.from=firma.example\n", Fail, Unreadable},
		{"unreadable one beside a pass", good + ar + "mail.firma.example; dkim==pass\n", Fail, Unreadable},
		{"unreadable one of nobody beside a pass", good + ar + "(\n", Fail, Unreadable},
		{"unreadable one of another beside a pass", good + ar + "mail.muu.example; dkim==pass\n", Pass, Proved},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := AuthenticationResults(header(t, row.top), border, domain)
			if got.Verdict != row.want || got.Reason != row.reason {
				t.Errorf("got %s, %s (%s); want %s, %s", got.Verdict, got.Reason, got.Why, row.want, row.reason)
			}
			if !fit(got.Why) {
				t.Errorf("got the words %q; want some, plain", got.Why)
			}
		})
	}

	t.Run("no id configured", func(t *testing.T) {
		if got := AuthenticationResults(header(t, good), "", domain); got.Verdict != Fail || got.Reason != NoServer {
			t.Errorf("got %+v; want a refusal", got)
		}
	})
	t.Run("no id configured, empty id in the mail", func(t *testing.T) {
		top := "Received: from a by \"\" with ESMTP; now\n" + ar + "\"\"; dmarc=pass header.from=firma.example\n"
		if got := AuthenticationResults(fieldsOf(t, top), "", domain); got.Verdict != Fail {
			t.Errorf("got %+v; want a refusal", got)
		}
	})
	t.Run("no Received at all", func(t *testing.T) {
		if got := AuthenticationResults(fieldsOf(t, good+"From: a@firma.example\n"), border, domain); got.Reason != NotThroughBorder {
			t.Errorf("got %+v; want a refusal", got)
		}
	})
	t.Run("no From domain", func(t *testing.T) {
		if got := AuthenticationResults(header(t, ar+"mail.firma.example; dmarc=pass header.from=\"\"\n"), border, ""); got.Verdict != Fail {
			t.Errorf("got %+v; want a refusal", got)
		}
	})
	t.Run("international domain", func(t *testing.T) {
		top := ar + "mail.firma.example; dmarc=pass header.from=öljy.example\n"
		if got := AuthenticationResults(header(t, top), border, "xn--ljy-rna.example"); got.Verdict != Pass || !fit(got.Why) {
			t.Errorf("got %+v; want a pass", got)
		}
	})
}

func TestParseStatement(t *testing.T) {
	const field = ` mx.example (a (b) c) 1;
	spf=pass reason="good \"one\"" smtp.mailfrom="a; b"@c.example smtp.helo=d ; dkim/1 = neutral (no key) header.d=e header.b=x/y=`
	got, err := ParseStatement(field)
	if err != nil {
		t.Fatal(err)
	}
	const want = `mx.example; spf=pass smtp.mailfrom="a; b@c.example" smtp.helo=d; dkim=neutral header.d=e header.b="x/y="`
	if got.String() != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got.Results[0].Reason != `good "one"` {
		t.Errorf("got the reason %q; want it without quotes and escapes", got.Results[0].Reason)
	}
	hostile := Statement{"a\nb", []MethodResult{{Method: "x", Result: "y", Properties: []Property{{"h", "d", "\x1b[2J\u202e\"; dmarc=pass"}}}}}
	const shown = `a?b; x=y h.d="?[2J?\"; dmarc=pass"`
	if got := hostile.String(); got != shown {
		t.Errorf("got %s; want %s", got, shown)
	}
}

func TestReadBorder(t *testing.T) {
	const ar = "Authentication-Results: "
	got := ReadBorder(fieldsOf(t, ar+"mail.firma.example; spf=pass\n"+ar+"other.example; spf=pass\n"+ar+"mail.firma.example; spf\n"+
		"Received: from a by MAIL.firma.example with ESMTP; now\n"+ar+"mail.firma.example; spf=pass\n"), border)
	if !got.Through || got.ReceivedBy != "MAIL.firma.example" {
		t.Errorf("got through %t, by %q; want true, by the border", got.Through, got.ReceivedBy)
	}
	want := []Standing{Counts, ForeignServer, Broken, Below}
	if len(got.Fields) != len(want) {
		t.Fatalf("got %d fields; want %d", len(got.Fields), len(want))
	}
	for i, f := range got.Fields {
		if f.Standing != want[i] {
			t.Errorf("field %d: got %s; want %s", i, f.Standing, want[i])
		}
	}
}

func TestWarning(t *testing.T) {
	const ar = "Authentication-Results: mail.firma.example; "
	rows := []struct {
		name, top, from string
		warn            bool
	}{
		{"dmarc pass", ar + "dmarc=pass header.from=person.example\n", "person.example", false},
		{"dmarc fail", ar + "dmarc=fail header.from=person.example\n", "person.example", true},
		{"dmarc permerror", ar + "dmarc=permerror header.from=person.example\n", "person.example", true},
		{"dmarc pass of another domain", ar + "dmarc=pass header.from=evil.example\n", "person.example", true},
		{"dmarc none", ar + "dmarc=none header.from=person.example\n", "person.example", false},
		{"dmarc temperror", ar + "dmarc=temperror header.from=person.example\n", "person.example", false},
		{"spf fail only, as when forwarded", ar + "spf=fail; dkim=pass; dmarc=pass header.from=person.example\n", "person.example", false},
		{"no result", "", "person.example", false},
		{"a stranger's field", "Authentication-Results: evil.example; dmarc=fail header.from=person.example\n", "person.example", false},
		{"below the border", "Received: from a by mail.firma.example; now\n" + ar + "dmarc=fail header.from=person.example\n", "person.example", false},
		{"unreadable", ar + "dmarc=fail (\n", "person.example", false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := Warning(header(t, row.top), border, row.from)
			if (got != "") != row.warn || got != "" && !fit(got) {
				t.Errorf("got %q; want a warning: %t", got, row.warn)
			}
		})
	}
}

func FuzzAuthenticationResults(f *testing.F) {
	f.Add("mail.firma.example; dmarc=pass header.from=firma.example")
	f.Add("mail.firma.example 1; spf=pass smtp.mailfrom=\"x; dmarc=pass header.from=firma.example\"@evil.example")
	f.Add("mail.firma.example; dkim=pass (a(b\\)c)) header.d=x reason=\"y\"; none")
	f.Add("spf=pass (x) smtp.mailfrom=y;dmarc=pass action=none header.from=z;compauth=pass reason=100")
	f.Add("mail.firma.example/17; dmarc/1 = pass header . from = firma.example;")
	f.Fuzz(func(t *testing.T, value string) {
		statement, err := ParseStatement(value)
		if err != nil && len(statement.Results) > 0 {
			t.Errorf("got results of what cannot be read: %q", value)
		}
		if shown := statement.String(); strings.ContainsFunc(shown, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("got %q; want printable words", shown)
		}
		if err == nil {
			again(t, statement)
		}
		got := AuthenticationResults(header(t, ""), border, domain)
		if got.Verdict != None {
			t.Fatalf("got %+v; want none", got)
		}
		fields := append([]Field{{"Authentication-Results", value}}, header(t, "")...)
		got = AuthenticationResults(fields, border, domain)
		if !fit(got.Why) {
			t.Errorf("got the words %q; want some, plain", got.Why)
		}
		if got.Verdict == Pass && !says(statement) {
			t.Errorf("passed: %q", value)
		}
	})
}

// again reads what String writes, if nothing had to be replaced in it, and wants the same results.
func again(t *testing.T, s Statement) {
	t.Helper()
	shown := s.String()
	if strings.Contains(shown, "?") || strings.Contains(shown, "...") || strings.ContainsAny(s.Server, " ;=()\"\\") {
		return
	}
	for _, r := range s.Results {
		for _, p := range r.Properties {
			if p.Value == "" {
				return
			}
		}
	}
	got, err := ParseStatement(shown)
	if err != nil || got.String() != shown {
		t.Errorf("got %s (%v); want %s", got, err, shown)
	}
}

func says(s Statement) bool {
	for _, r := range s.Results {
		if from, ok := r.Property("header", "from"); ok && r.Method == "dmarc" && r.Result == "pass" && sameDomain(from, domain) {
			return sameServer(s.Server, border)
		}
	}
	return false
}
