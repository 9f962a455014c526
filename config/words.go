package config

import (
	"slices"
	"strings"
)

// nearest is the word that was probably meant, or "" where none is close.
func nearest(text string, words []string) string {
	best, distance := "", 0
	for _, w := range slices.Sorted(slices.Values(words)) {
		most := max(1, len(w)/3)
		if len(text) > len(w)+most || len(w) > len(text)+most {
			continue
		}
		n := edits(strings.ToLower(text), w)
		if n <= most && (best == "" || n < distance) {
			best, distance = w, n
		}
	}
	return best
}

// edits is the number of letters to insert, remove, replace or swap with their
// neighbour that makes b out of a.
func edits(a, b string) int {
	row := func() []int { return make([]int, len(b)+1) }
	before, above, here := row(), row(), row()
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		here[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			here[j] = min(above[j]+1, here[j-1]+1, above[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				here[j] = min(here[j], before[j-2]+1)
			}
		}
		before, above, here = above, here, before
	}
	return above[len(b)]
}

// orList is "a", "a or b", "a, b or c", in order.
func orList(words []string) string {
	words = slices.Sorted(slices.Values(words))
	switch n := len(words); n {
	case 0:
		return "nothing"
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
	}
}
