package seal

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// Box is one sealed piece of data with its own key. Without Key, Body is noise: forgetting
// is destroying Key.
type Box struct {
	Key  []byte // the data key, wrapped by the keyset
	Body []byte // the sealed data
}

// Place is where a box belongs. It opens nowhere else: a body copied to another case,
// another field or another version of the case fails.
type Place struct {
	Mailbox string
	Ref     string
	Field   string
	Version int
}

// owner is the associated data of the wrapped key: it stays the same while versions pass,
// so that rewrapping needs no more than the key.
func (p Place) owner() []byte { return joined("key", p.Mailbox, p.Ref) }

// body is the associated data of the body.
func (p Place) body() []byte {
	return binary.BigEndian.AppendUint64(joined("body", p.Mailbox, p.Ref, p.Field), uint64(p.Version))
}

// joined writes each part after its length: no two lists of parts give the same bytes.
func joined(parts ...string) []byte {
	var b []byte
	for _, part := range parts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	return b
}

// Seal puts plain in a box with a new data key. The key file has to be there: see Fresh.
func (k *Keys) Seal(at Place, plain []byte) (Box, error) {
	ring, err := k.current()
	if err != nil {
		return Box{}, fmt.Errorf("seal: %w", err)
	}
	var key [chacha20poly1305.KeySize]byte
	rand.Read(key[:])
	sealer, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		return Box{}, fmt.Errorf("seal: %w", err)
	}
	body := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	rand.Read(body)
	body = sealer.Seal(body, body, plain, at.body())
	wrapped, err := ring.wrap.Encrypt(key[:], at.owner())
	if err != nil {
		return Box{}, fmt.Errorf("wrap a data key: %w", err)
	}
	return Box{Key: wrapped, Body: body}, nil
}

// Open opens a box in its place. ErrUnknownKey, ErrUnreadable.
func (k *Keys) Open(at Place, box Box) ([]byte, error) {
	key, err := k.unwrap(at, box.Key)
	if err != nil {
		return nil, err
	}
	sealer, err := chacha20poly1305.NewX(key)
	if err != nil || len(box.Body) < chacha20poly1305.NonceSizeX {
		return nil, ErrUnreadable
	}
	nonce, body := box.Body[:chacha20poly1305.NonceSizeX], box.Body[chacha20poly1305.NonceSizeX:]
	plain, err := sealer.Open(nil, nonce, body, at.body())
	if err != nil {
		return nil, ErrUnreadable
	}
	return plain, nil
}

// Rewrap wraps a data key under the primary key. ok is false where it is already.
func (k *Keys) Rewrap(at Place, wrapped []byte) (again []byte, ok bool, err error) {
	ring, err := k.current()
	if err != nil {
		return nil, false, fmt.Errorf("rewrap: %w", err)
	}
	if id, _ := keyID(wrapped); id == ring.primary {
		return nil, false, nil
	}
	key, err := k.unwrap(at, wrapped)
	if err != nil {
		return nil, false, err
	}
	again, err = ring.wrap.Encrypt(key, at.owner())
	if err != nil {
		return nil, false, fmt.Errorf("wrap a data key: %w", err)
	}
	return again, true, nil
}

// unwrap opens a wrapped data key. A key that another process rotated in a moment ago is
// looked for in the file.
func (k *Keys) unwrap(at Place, wrapped []byte) ([]byte, error) {
	id, ok := keyID(wrapped)
	if !ok {
		return nil, ErrUnreadable
	}
	k.mu.RLock()
	ring := k.ring
	k.mu.RUnlock()
	if !ring.known[id] {
		ring, _ = k.current() // where the file is no help, the keys of before are as good
	}
	if !ring.known[id] {
		return nil, ErrUnknownKey
	}
	key, err := ring.wrap.Decrypt(wrapped, at.owner())
	if err != nil {
		return nil, ErrUnreadable
	}
	return key, nil
}
