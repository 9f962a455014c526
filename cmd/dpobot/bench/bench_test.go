package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestMain lets the test's own program be the child that fetches.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-fetch" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestFewMails: the measuring itself works; its figures are nobody's promise.
func TestFewMails(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the whole program")
	}
	var out strings.Builder
	if err := run(t.Context(), []string{"-n", "20", "-on", "memory"}, &out); err != nil {
		t.Fatal(err)
	}
	for _, way := range []string{"bare fetch", "the whole way"} {
		if !regexp.MustCompile(`(?m)^ +` + way + ` +\d+ +\d+\.\d\d +\d+\.\d  \S`).MatchString(out.String()) {
			t.Errorf("got no figures for %s in:\n%s", way, out.String())
		}
	}
}

func TestMisuse(t *testing.T) {
	for _, args := range [][]string{{"-n", "0"}, {"-on", "mars"}} {
		if err := run(t.Context(), args, &strings.Builder{}); err == nil {
			t.Errorf("%q: got no error", args)
		}
	}
}

// TestSink counts people, and sees a mail that came twice.
func TestSink(t *testing.T) {
	s, err := startSink(2)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	for _, to := range []string{personAt(0), officer, personAt(0), officer} {
		s.took(to)
	}
	select {
	case <-s.all:
		t.Error("got the end while the second person has nothing")
	default:
	}
	s.took(personAt(1))
	select {
	case <-s.all:
	default:
		t.Error("got no end although everybody has theirs")
	}
	if people, cases, twice := s.counts(); people != 2 || cases != 2 || !twice {
		t.Errorf("got %d people, %d case mails, twice %v; want 2, 2, true", people, cases, twice)
	}
}
