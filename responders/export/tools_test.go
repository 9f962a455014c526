package export

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// run calls a tool that other people wrote, to see our file with their eyes.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed: apt-get install qpdf poppler-utils", name)
	}
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func saved(t *testing.T, p Package) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "answer.pdf")
	if err := os.WriteFile(file, build(t, p, Limits{})[0].Data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func wants(t *testing.T, out string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(out, text) {
			t.Errorf("%q is not in:\n%s", text, out)
		}
	}
}

func TestQpdf(t *testing.T) {
	file := saved(t, odd("fi"))
	wants(t, run(t, "qpdf", "--password="+phrase, "--check", file), "No syntax or stream encoding errors found")
	wants(t, run(t, "qpdf", "--password="+phrase, "--show-encryption", file),
		"R = 6", "AESv3", "print high resolution: allowed", "extract for accessibility: allowed")
	wants(t, run(t, "qpdf", "--password="+phrase, "--list-attachments", file), "dp-2026-0042.json ->", "selvitys _fdp.exe ->")
	if out, err := exec.CommandContext(t.Context(), "qpdf", "--password=wrong", "--check", file).CombinedOutput(); err == nil {
		t.Errorf("qpdf opens the file with a wrong password:\n%s", out)
	}
}

// What the controller adds of its own stands in the answer.
func TestOwnInformation(t *testing.T) {
	p := matti("en")
	p.Notice.Rights = []string{"You may also ask us to move your meter readings to another supplier."}
	p.Registers[0].Categories = []string{"Contact details", "Meter readings"}
	text := strings.Join(strings.Fields(run(t, "pdftotext", "-upw", phrase, saved(t, p), "-")), " ")
	wants(t, text, "You may also ask us to move your meter readings to another supplier.", "Contact details", "Meter readings")
}

func TestPoppler(t *testing.T) {
	file := saved(t, matti("sv"))
	wants(t, run(t, "pdfinfo", "-upw", phrase, file),
		"Dina personuppgifter – Power Competence Oy, DP-2026-0042", "Tagged:          yes", "algorithm:AES-256", "PDF version:     2.0")
	wants(t, run(t, "pdftotext", "-upw", phrase, file, "-"),
		"Bästa Matti Meikäläinen", "+358 40 123 4567", "=HYPERLINK(", "Dataombudsmannens byrå", "Sida 1 / 7", "Power Competence Oy · DP-2026-0042")
	wants(t, run(t, "pdfinfo", "-struct-text", "-upw", phrase, file), "H1", `"Dina personuppgifter"`, "/Scope /Row")
	wants(t, run(t, "pdfdetach", "-upw", phrase, "-list", file),
		"4 embedded files", "dp-2026-0042.json", "asiakasrekisteri.csv", "asiakasrekisteri-bestallningar.csv", "uutiskirje.csv")
	folder := t.TempDir()
	run(t, "pdfdetach", "-upw", phrase, "-saveall", "-o", folder, file)
	data, err := os.ReadFile(filepath.Join(folder, "dp-2026-0042.json"))
	if err != nil {
		t.Fatal(err)
	}
	wants(t, string(data), `"format": "dpobot-export"`, `"Matti Meikäläinen"`)
	for _, font := range strings.Split(strings.TrimSpace(run(t, "pdffonts", "-upw", phrase, file)), "\n")[2:] {
		if f := strings.Fields(font); len(f) < 5 || !strings.Contains(font, "yes yes yes") {
			t.Errorf("a font is not embedded as a subset with Unicode map: %s", font)
		}
	}
}
