package export

import (
	"embed"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
)

// The lists are our own, under the licence of the program: everyday words, each
// three to ten letters of a-z in lower case, so that any keyboard types them and
// every PDF reader turns them into the same key (an ä has two encodings and, abroad, no key). No two
// words of a list differ by one letter only, also when a double letter is heard as
// a single one, or g as k, d as t, b as p.
//
//go:embed wordlist/fi.txt wordlist/sv.txt wordlist/en.txt
var wordlists embed.FS

// LeastWords is the fewest words that Passphrase gives: 6 of 1296 are 62 bits. One
// guess costs at least 64 rounds of SHA-2 and AES over some kilobytes (ISO 32000-2,
// 7.6.4.3.4), on the order of 100,000 guesses a second on a fast graphics card; a
// thousand such cards need centuries for half of 2^62. Seven words are 72 bits.
const LeastWords = 6

// Passphrase returns words of the language's list, each drawn evenly with bytes of rnd
// (crypto/rand.Reader), with a space between: one says "all in small letters, a
// space between the words", and a telephone's keyboard has the space at hand, the hyphen
// two taps away. Fewer than LeastWords become LeastWords; an unknown language takes English.
// It panics if rnd fails, which crypto/rand.Reader never does.
func Passphrase(language string, words int, rnd io.Reader) string {
	list := Words(language)
	chosen := make([]string, max(words, LeastWords))
	for i := range chosen {
		n, err := drawBelow(rnd, uint32(len(list)))
		if err != nil {
			panic(fmt.Errorf("draw a passphrase: %w", err))
		}
		chosen[i] = list[n]
	}
	return strings.Join(chosen, " ")
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

// Bits is the entropy of a passphrase of so many words.
func Bits(language string, words int) float64 {
	return float64(max(words, LeastWords)) * math.Log2(float64(len(Words(language))))
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
