package export

import (
	"fmt"
	"time"
)

// words is everything the package says in one language. A verb's %s is filled
// with text that is shown as it is; none of it is evaluated.
type words struct {
	// the letter
	titleHeld, titleNothing string
	dear, dearNobody        string // %s the name
	asked                   string // %s the date of the request
	askedNothing            string // %s the date of the request
	exact                   string
	searched                string
	partsFirst              string // %d parts
	partsNext               string // %d this, %d of all, %s date of the answer
	wrong, wrongNothing     string
	kept                    string // %s the date
	keptNothing             string // %s the date
	onlyRequest             string // where no date is known
	regards                 string
	reference, date         string

	// what we hold
	held          string
	register      string
	record        string // %d of %d
	row           string // %d
	countNone     string
	countOne      string
	countMany     string // %d
	documents     string
	documentsHere string
	redacted      string
	null, empty   string
	continued     string

	// how it is used
	info, infoLead                                  string
	purpose, basis, kinds, recipients, transfers    string
	retention, latest                               string // latest: %s the date
	source                                          string
	automated, automatedNone                        string
	rights, rightsLead                              string
	rightsList                                      []string
	rightsHow                                       string // %s the contact
	complaint, complaintLead, complaintWhere, court string
	complaintFirst                                  string
	who, name, businessID, address, contact, dpo    string
	phone, email, web                               string

	// about the file
	file           string
	fileData       string // %s the JSON file's name
	fileNothing    string // %s the JSON file's name
	fileApostrophe string
	fileMarks      string
	fileLocked     string
	footerPage     string // %d of %d
	footerPart     string // %d of %d
	aboutJSON      string
	aboutCSV       string // %s the table
	aboutDocument  string // %s the register
	numberColumn   string
	comma          rune // between the columns of a CSV file, as spreadsheets in that language expect

	day func(time.Time) string
}

// wordsOf returns the words of a language.
func wordsOf(language string) (*words, error) {
	switch language {
	case "fi":
		return finnish(), nil
	case "sv":
		return swedish(), nil
	case "en":
		return english(), nil
	}
	return nil, fmt.Errorf("no words in language %q: it is fi, sv or en", language)
}

// count says how many records there are.
func (w *words) count(n int) string {
	switch n {
	case 0:
		return w.countNone
	case 1:
		return w.countOne
	}
	return fmt.Sprintf(w.countMany, n)
}
