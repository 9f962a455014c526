package sorting

import (
	"strconv"
	"strings"
)

// table holds the weights of all signs.
type table [allSigns]weight

// parseWeights reads lines of a sign's name and its weights, apart by tabs. It panics on a
// fault: the text is part of the program, and a test reads it.
func parseWeights(text string) *table {
	names := signNames()
	var t table
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		g, ok := names[cells[0]]
		if !ok || len(cells) != 1+len(columns) {
			panic("weights: " + line)
		}
		for k := range columns {
			w, err := strconv.ParseFloat(cells[1+k], 32)
			if err != nil {
				panic("weights: " + line)
			}
			t[g][k] = float32(w)
		}
	}
	return &t
}

var placeNames = [places]string{
	"mail", "subject", "writer", "wish", "reader", "us", "asked", "stated", "opening", "closing", "brief", "short", "first",
}

// signNames are the names that the table has for the signs.
func signNames() map[string]sign {
	names := map[string]sign{}
	for c := range concepts {
		for p := range places {
			names[placeNames[p]+": "+conceptNames[c]] = standing(p, c)
		}
		for a := range each(head) {
			names[conceptNames[a]+" + "+conceptNames[c]] = beside(a, c)
			names["not "+conceptNames[a]+" + "+conceptNames[c]] = besideDenied(a, c)
		}
	}
	for step := range len(lengthSteps) + 1 {
		names["length "+strconv.Itoa(step)] = sign(lengths + step)
	}
	return names
}
