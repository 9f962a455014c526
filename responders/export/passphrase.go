package export

import (
	"embed"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
)

// The lists are our own, under the licence of the program: everyday words of three to six
// letters of a-z in lower case, so that any keyboard types them and every PDF reader makes
// the same key of them (an ä has two encodings and, abroad, no key). No two words of a
// list sound alike on a telephone: double letters as single ones, b as p, d as t, g as k,
// w as v, c and z as s.
//
//go:embed wordlist/fi.txt wordlist/sv.txt wordlist/en.txt
var wordlists embed.FS

// LeastWords is the fewest words that Passphrase gives.
const LeastWords = 6

// longestPhrase is how many characters a passphrase of LeastWords words has at most:
// the command-line tools of Poppler cut a password there and then refuse it.
const longestPhrase = 32

// Passphrase returns words of the language's list, drawn with bytes of rnd
// (crypto/rand.Reader), each passphrase as likely as any other, with a hyphen between, as in
// "aalto-kirja-metso": one says "all in small letters, a hyphen between the words". A
// space would be nearer at hand on a telephone, but not every reader takes one in
// a password (see ErrPassphrase). Fewer than LeastWords become LeastWords, at most 32
// characters together; more are as long as they come. An unknown language takes
// English. It panics if rnd fails, which crypto/rand.Reader never does.
func Passphrase(language string, words int, rnd io.Reader) string {
	list := Words(language)
	chosen := make([]string, max(words, LeastWords))
	for {
		for i := range chosen {
			n, err := drawBelow(rnd, uint32(len(list)))
			if err != nil {
				panic(fmt.Errorf("draw a passphrase: %w", err))
			}
			chosen[i] = list[n]
		}
		phrase := strings.Join(chosen, "-")
		if len(chosen) > LeastWords || len(phrase) <= longestPhrase {
			return phrase
		}
	}
}

// Words returns the list that Passphrase draws from in a language.
func Words(language string) []string {
	data, err := wordlists.ReadFile("wordlist/" + language + ".txt")
	if err != nil {
		data, err = wordlists.ReadFile("wordlist/en.txt")
	}
	if err != nil {
		panic(err) // embedded: cannot be absent
	}
	return strings.Fields(string(data))
}

// Bits is the entropy of a passphrase of so many words: over 60 bits for six. A
// guess costs at least 64 rounds of SHA-2 and AES over kilobytes (ISO 32000-2,
// 7.6.4.3.4), so a fast graphics card tries some 100,000 a second; a thousand of them
// need about two centuries for half of 2^60.
func Bits(language string, words int) float64 {
	list := Words(language)
	words = max(words, LeastWords)
	if words > LeastWords {
		return float64(words) * math.Log2(float64(len(list)))
	}
	// How many passphrases have each length, word by word.
	count := map[int]float64{-1: 1} // no hyphen before the first word
	for range words {
		next := map[int]float64{}
		for length, n := range count {
			for _, w := range list {
				next[length+1+len(w)] += n
			}
		}
		count = next
	}
	sum := 0.0
	for length, n := range count {
		if length <= longestPhrase {
			sum += n
		}
	}
	return math.Log2(sum)
}

// drawBelow draws a number below n, each as likely as the other: what would favour
// the first words is thrown away.
func drawBelow(rnd io.Reader, n uint32) (uint32, error) {
	var b [4]byte
	limit := math.MaxUint32 - math.MaxUint32%n
	for {
		if _, err := io.ReadFull(rnd, b[:]); err != nil {
			return 0, err
		}
		if v := binary.BigEndian.Uint32(b[:]); v < limit {
			return v % n, nil
		}
	}
}
