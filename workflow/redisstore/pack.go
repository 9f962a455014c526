package redisstore

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"sync"
)

// packedByDictionary is the first byte of a packed body, which says how the rest is
// written. Another dictionary needs another letter.
const packedByDictionary = 'd'

// maxBody bounds an unpacked case, against a sealed body that swells. The bounds of a
// mail keep a real one far below.
const maxBody = 16 << 20

// errPacked: a body that opened but cannot be unpacked, which only a fault of ours writes.
var errPacked = errors.New("the case is packed in a way that this version cannot read")

// dictionary is what every case looks like: names of fields and usual values. With it a
// usual case of 1.4 kB packs to 300 bytes, without it to 550. It must never change.
const dictionary = `"problem":"","urgent":true,"used":["],"more":1,"breach":{"known":","due":","done":"` +
	`"found":[{"register":","key":","certain":true,"picked":true,"address":"` +
	`"unasked":["],"notes":[{"at":"2026-","by":","text":"` +
	`"refused":1,"refusals":[{"at":"2026-","ref":","reason":","digest":"` +
	`"reminded":["14d","7d","3d","1d"],"purge":"2028-","digest":"2026-` +
	`"warnings":["reply-elsewhere","from-ambiguous","dmarc-failed","urgency","send-elsewhere","other-sender","on-behalf","withdrawal","reminder","partial","name-differs","free-mail","no-match"]` +
	`"reports":[{"register":","records":1,"changed":[{"field":","old":","new":"}],"deleted":["],"kept":[{"fields":["name","address"],"ground":{"en":","fi":","sv":"},"until":"20` +
	`"reason":"unfounded","reason":"unidentifiable","grace_end":"2026-","closed":"2026-` +
	`"verified":{"by":","how":"call","at":"2026-` +
	`"right":"marketing","right":"consent","state":"triage","state":"asking","state":"grace","state":"attention","state":"withdrawn","state":"not-a-request","state":"refused","was":"verifying","was":"fulfilling","state":"fulfilling","state":"answered"` +
	`"kind":"other","kind":"change","kind":"erasure","tries":1,"why":","name":","upto":1,"epoch":1,"reply":","date":"2026-` +
	`"action":"change-data","action":"erase-data","action":"object","action":"window","action":"other-ways","action":"confirm-change","action":"confirm-erasure","action":"refusal","action":"extension","action":"closing","action":"follow-up","action":"attention-mail","action":"reminder","action":"status","action":"tell-recipient","action":"keeper","action":"triage-mail"` +
	`"state":"failed","due":"2026-","state":"stopped","due":"2026-` +
	`{"ref":"DPO-2026-00","version":1,"person":{"address":"@gmail.com","name":","also":{"telephone":"+358 40 ","customer_number":","birth_date":"}},"send_to":","language":"fi","heard":"fi","received":"2026-01-02T10:00:00Z","clock":{"received":"2026-01-02","due":"2026-02-02","extended":"2026-04-02"},` +
	`"items":[{"n":1,"kind":"access","state":"verifying","opened":"2026-01-02T10:00:00Z"}],` +
	`"tasks":[{"n":1,"action":"look-up","state":"waiting","due":"2026-01-02T10:00:00Z"},{"n":2,"action":"acknowledge","item":1,"to":"@gmail.com","state":"done","due":"2026-01-02T10:00:00Z","done":"2026-01-02T10:00:01Z"},{"n":3,"action":"case-mail","to":","state":"waiting","due":"},{"n":4,"action":"receipt","to":"},{"n":5,"action":"answer","item":1,"to":"],"last_task":3,"epoch":1,"spent":"2026-01-02T10:00:00Z",` +
	`"messages":[{"id":"@mail.gmail.com","out":true,"at":"2026-01-02T10:00:00Z","from":"@gmail.com","subject":"Re: ","text":"","references":["],"attachments":["]},{"id":"dpo-2026-0001.2p.","out":true,"at":"2026-01-02T10:00:01Z","from":"tietosuoja@"}],"why":["'tietoni' (fi), Art. 15","looked":true,"passphrase":"`

// packer makes bodies small before they are sealed. Its writers are 600 kB each, so they
// are kept for the next.
type packer struct{ writers, readers sync.Pool }

func (p *packer) pack(plain []byte) ([]byte, error) {
	out := bytes.NewBuffer(make([]byte, 0, len(plain)/2+64))
	out.WriteByte(packedByDictionary)
	w, ok := p.writers.Get().(*flate.Writer)
	if ok {
		w.Reset(out)
	} else {
		var err error
		if w, err = flate.NewWriterDict(out, flate.DefaultCompression, []byte(dictionary)); err != nil {
			return nil, fmt.Errorf("pack: %w", err)
		}
	}
	defer p.writers.Put(w)
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	return out.Bytes(), nil
}

func (p *packer) unpack(packed []byte) ([]byte, error) {
	if len(packed) == 0 || packed[0] != packedByDictionary {
		return nil, errPacked
	}
	source := bytes.NewReader(packed[1:])
	r, ok := p.readers.Get().(io.ReadCloser)
	if !ok {
		r = flate.NewReaderDict(source, []byte(dictionary))
	} else if err := r.(flate.Resetter).Reset(source, []byte(dictionary)); err != nil {
		return nil, errPacked
	}
	defer p.readers.Put(r)
	plain, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if err != nil || len(plain) > maxBody {
		return nil, errPacked
	}
	return plain, nil
}
