package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"dpobot/config"
	"dpobot/workflow"
)

// fullerConfig is the stage's with what only the procedure tells of.
func fullerConfig(t *testing.T) *config.Config {
	t.Helper()
	dir := t.TempDir()
	if err := furnish(dir); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "dpobot.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	more := strings.Replace(string(text), "language: en, trust: secret}", `language: en, trust: secret}
  - {name: Liisa Sijainen, address: liisa.sijainen@powercompetence.example, language: fi, trust: dkim, deputy: 2}`, 1) + `
  purposes: {fi: Asiakassuhteen hoitaminen, sv: Skötsel av kundförhållandet, en: Managing the customer relationship}
  legal_basis: {fi: "Sopimus, 6 artiklan 1 kohdan b alakohta", sv: "Avtal, artikel 6.1 b", en: "Contract, Article 6(1)(b)"}
  retention: {fi: Kymmenen vuotta asiakassuhteen päättymisestä, sv: Tio år efter att kundförhållandet upphört, en: Ten years from the end of the customer relationship}
procedure: {approved_by: Pauli Vuorio, approved: 2026-01-15, review: 2027-01-15}
holidays: {extra: [{date: 2026-06-18, name: {fi: Yhtiön päivä, sv: Företagets dag, en: Company Day}}]}
`
	if err := os.WriteFile(file, []byte(more), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestProcedure(t *testing.T) {
	cfg := fullerConfig(t)
	today := workflow.Date{Year: 2026, Month: time.May, Day: 5}
	for _, lang := range []string{"en", "fi", "sv"} {
		t.Run(lang, func(t *testing.T) {
			var out bytes.Buffer
			if err := writeProcedure(&out, cfg, lang, today); err != nil {
				t.Fatal(err)
			}
			golden(t, "procedure."+lang+".txt", out.Bytes())
			for _, line := range strings.Split(out.String(), "\n") {
				if n := len([]rune(line)); n > procedureWidth {
					t.Errorf("a line of %d letters: %s", n, line)
				}
			}
		})
	}
}

// The three texts have the same sections and ask for the same facts.
func TestProcedureSaysTheSame(t *testing.T) {
	facts := func(lang string) (sections, fields string) {
		text, err := procedureTexts.ReadFile("procedure/" + lang + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		sections = strings.Join(regexp.MustCompile(`(?m)^\d+\.`).FindAllString(string(text), -1), " ")
		return sections, strings.Join(regexp.MustCompile(`\{\{[^}]*\}\}`).FindAllString(string(text), -1), "")
	}
	wantSections, wantFields := facts("en")
	for _, lang := range []string{"fi", "sv"} {
		sections, fields := facts(lang)
		if sections != wantSections {
			t.Errorf("%s: sections %s, want %s", lang, sections, wantSections)
		}
		if fields != wantFields {
			t.Errorf("%s: fields\n%s, want\n%s", lang, fields, wantFields)
		}
	}
}

// A bare configuration gives a procedure without gaps.
func TestProcedureOfLittle(t *testing.T) {
	cfg := fullerConfig(t)
	cfg.Procedure = config.Procedure{}
	cfg.Canary.Off = true
	cfg.Controller.BusinessID, cfg.Controller.Address = "", ""
	cfg.Handlers = cfg.Handlers[:1]
	cfg.Registers = cfg.Registers[1:]
	cfg.Registers[0].Recipients, cfg.Notice.Recipients = nil, nil
	for lang, says := range map[string][]string{
		"en": {"Not yet approved.", "by means independent of the request", "checked by hand", "disproportionate effort"},
		"fi": {"Ohjetta ei ole vielä hyväksytty.", "riippumattomalla tavalla", "tarkistetaan käsin", "kohtuutonta vaivaa"},
		"sv": {"Rutinen är ännu inte godkänd.", "oberoende sätt", "kontrolleras för hand", "oproportionell ansträngning"},
	} {
		var out bytes.Buffer
		if err := writeProcedure(&out, cfg, lang, workflow.Date{Year: 2026, Month: time.May, Day: 5}); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(out.String()), " ")
		for _, want := range says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is missing", lang, want)
			}
		}
		for _, gap := range []string{"()", " ,", " .", "<no value>", ": -", ", ."} {
			if strings.Contains(text, gap) {
				t.Errorf("%s: the text has a gap: %q", lang, gap)
			}
		}
	}
}

func TestProcedureUntil(t *testing.T) {
	for name, c := range map[string]struct {
		until config.Until
		from  string
		want  [3]string
	}{
		"voucher": {config.Until{Rule: config.UntilVoucher}, "", [3]string{
			"for six years from the end of the year in which the financial period ended",
			"kuusi vuotta sen vuoden lopusta, jonka aikana tilikausi on päättynyt",
			"i sex år från utgången av det år under vilket räkenskapsperioden har gått ut"}},
		"a period": {config.Until{Rule: config.UntilPeriod, Period: config.Period{Years: 6}}, "", [3]string{
			"for 6 years from the erasure", "6 vuotta poistamisesta", "i 6 år från raderingen"}},
		"one month, from a field": {config.Until{Rule: config.UntilPeriod, Period: config.Period{Months: 1}}, "Ordered", [3]string{
			"for 1 month from the date in the register (Ordered)", "1 kuukauden rekisterissä olevasta päivämäärästä (Ordered)", "i 1 månad från datumet i registret (Ordered)"}},
		"a day": {config.Until{Rule: config.UntilDate, Date: config.Date{Year: 2030, Month: 12, Day: 31}}, "", [3]string{
			"until 31 December 2030", "31.12.2030 saakka", "till och med den 31 december 2030"}},
	} {
		for i, lang := range []string{"en", "fi", "sv"} {
			if got := wordsIn(lang).until(c.until, c.from); got != c.want[i] {
				t.Errorf("%s, %s: got %q, want %q", name, lang, got, c.want[i])
			}
		}
	}
}
