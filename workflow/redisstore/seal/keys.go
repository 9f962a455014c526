package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Keys seals and opens with the keys of a key file, and follows the file when it is
// rotated. It is safe for concurrent use.
type Keys struct {
	path   string // "" for keys that live in memory alone
	lookup *prf.Set

	mu      sync.RWMutex
	ring    ring
	version fileState // of the file that ring was read from
}

// ring is the wrapping keys as last read.
type ring struct {
	wrap    tink.AEAD
	primary uint32
	known   map[uint32]bool
}

// fileState tells one content of the key file from the next: it is replaced by rename.
type fileState struct {
	modified time.Time
	size     int64
	inode    uint64
}

// Open reads a key file. ErrMissing, ErrExposed, ErrDamaged.
func Open(path string) (*Keys, error) {
	state, err := stateOf(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, ErrMissing)
	}
	wrap, lookup, err := load(path)
	if err != nil {
		return nil, err
	}
	k, err := assemble(wrap, lookup)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	k.path, k.version = path, state
	return k, nil
}

// Ephemeral makes keys that die with the process, for tests and the demo.
func Ephemeral() (*Keys, error) {
	wrap, lookup, err := newKeysets()
	if err != nil {
		return nil, err
	}
	return assemble(wrap, lookup)
}

func assemble(wrap, lookup *keyset.Handle) (*Keys, error) {
	ring, err := ringOf(wrap)
	if err != nil {
		return nil, err
	}
	set, err := prf.NewPRFSet(lookup)
	if err != nil {
		return nil, ErrDamaged
	}
	if _, err := set.ComputePrimaryPRF(nil, sha256.Size); err != nil {
		return nil, ErrDamaged
	}
	return &Keys{ring: ring, lookup: set}, nil
}

func ringOf(wrap *keyset.Handle) (ring, error) {
	sealer, err := aead.New(wrap)
	if err != nil {
		return ring{}, ErrDamaged
	}
	info := wrap.KeysetInfo()
	r := ring{wrap: sealer, primary: info.GetPrimaryKeyId(), known: map[uint32]bool{}}
	for _, key := range info.GetKeyInfo() {
		r.known[key.GetKeyId()] = true
	}
	return r, nil
}

// Derive is a 256-bit key of its own for a purpose: one label, one key, the same after
// every rotation.
func (k *Keys) Derive(label string) []byte {
	key, err := k.lookup.ComputePrimaryPRF([]byte(label), sha256.Size)
	if err != nil {
		panic("seal: a PRF that worked when it was opened fails: " + err.Error())
	}
	return key
}

// Stamp is the key of the stamps in our own Message-IDs.
func (k *Keys) Stamp() []byte { return k.Derive("message-id stamp") }

// Hash is the keyed hash of a value, 128 bits in base64url (22 characters). Values of
// different labels never share a hash, and nobody without the key can check a guess.
func (k *Keys) Hash(label, value string) string {
	mac := hmac.New(sha256.New, k.Derive("look-up "+label))
	mac.Write([]byte(value))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// Fresh reads the key file anew if it changed. While the file is away or damaged, what
// is sealed still opens, but nothing new is sealed: after a restart nobody could open
// that again. The error says what to mend.
func (k *Keys) Fresh() error {
	if k.path == "" {
		return nil
	}
	state, err := stateOf(k.path)
	if err != nil {
		return fmt.Errorf("open %s: %w", k.path, ErrMissing)
	}
	k.mu.RLock()
	same := state == k.version
	k.mu.RUnlock()
	if same {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.reload(state)
}

// reload takes the keys of the changed file. The look-up key has to be the same: with
// another one no index would be found again.
func (k *Keys) reload(state fileState) error {
	wrap, lookup, err := load(k.path)
	if err != nil {
		return err
	}
	next, err := assemble(wrap, lookup)
	if err != nil {
		return fmt.Errorf("open %s: %w", k.path, err)
	}
	if !hmac.Equal(next.Stamp(), k.Stamp()) {
		return fmt.Errorf("open %s: another database's key file: %w", k.path, ErrUnknownKey)
	}
	k.ring, k.version = next.ring, state
	return nil
}

// current is the wrapping keys, read anew if the file changed. With an error they are
// those of before.
func (k *Keys) current() (ring, error) {
	err := k.Fresh()
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.ring, err
}

// keyID is the id that Tink puts before what it sealed: one byte of type, then the id
// (Tink wire format, "Tink Output Prefix").
func keyID(wrapped []byte) (uint32, bool) {
	if len(wrapped) < 5 || wrapped[0] != 1 {
		return 0, false
	}
	return binary.BigEndian.Uint32(wrapped[1:5]), true
}
