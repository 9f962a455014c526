package authentic

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

const (
	// lookupTime bounds one question to the DNS.
	lookupTime = 10 * time.Second
	// dnsTime bounds all questions about one mail.
	dnsTime = 30 * time.Second
	// mostSignatures bounds how many signatures of the domain are verified, in the order in which they stand.
	// Two are common while keys or algorithms change.
	mostSignatures = 4
)

// DKIM verifies the mail's signatures here (RFC 6376). It reads raw once, to the end only if a
// signature of the domain is worth it, and keeps no more than the header in memory.
//
// Pass takes one signature that is valid for all of the body and of a domain that aligns with fromDomain:
// the same, or its parent within the organisation unless the domain's DMARC record says adkim=s (see align); that
// covers From, Subject, Date, To and Content-Type; made with SHA-256 and either Ed25519 or RSA of 1024
// bits or more. 1024 is the least that RFC 8301, 3.2 lets a verifier take, and what many a mail host still signs
// with; to ask for 2048 would shut honest handlers out for the fault of their provider.
// A mail in which From or another field of its kind stands twice fails unseen.
//
// In-Reply-To and References need not be covered: they carry the case's secret, which whoever alters them has to know.
func DKIM(ctx context.Context, raw io.Reader, fromDomain string, lookup LookupTXT) Result {
	from, err := asciiDomain(fromDomain)
	if err != nil || align(from, from) != same {
		return Result{Fail, BadDomain, "the From domain is not one that a sender can sign for"}
	}
	source := newBody(ctx, raw)
	in := bufio.NewReader(source)
	fields, err := readHeader(in)
	if err != nil {
		return headerFault(source, err)
	}
	if name := twice(fields); name != "" {
		return Result{Fail, BadHeader, fmt.Sprintf("the field %s stands in the header twice", name)}
	}
	dns, cancel := context.WithTimeout(ctx, dnsTime)
	defer cancel()
	found := find(dns, fields, from, lookup)
	if len(found.usable) == 0 {
		return found.verdict(from)
	}
	if err := found.verify(fields, in); err != nil {
		return Result{Later, Unread, "the mail could not be read this time"}
	}
	if source.fault != nil {
		return bodyFault(source.fault)
	}
	return found.verdict(from)
}

func headerFault(source *body, err error) Result {
	if source.fault != nil {
		return bodyFault(source.fault)
	}
	if errors.Is(err, errHeaderLong) || errors.Is(err, errHeaderBroken) || errors.Is(err, errHeaderCut) {
		return Result{Fail, BadHeader, err.Error()}
	}
	return Result{Later, Unread, "the mail could not be read this time"}
}

func bodyFault(err error) Result {
	if errors.Is(err, errBodyLong) || errors.Is(err, errBodyBlank) {
		return Result{Fail, TooLarge, err.Error()}
	}
	return Result{Later, Unread, "the mail could not be read this time"}
}

// candidate is a signature of the right domain whose key is at hand.
type candidate struct {
	signature
	field int // its index in the header
	key   []string
}

// findings collects what is learnt about the signatures of one mail.
type findings struct {
	signed  bool // there is a signature at all
	aligned bool // there is one of the domain
	usable  []candidate
	passed  string // the signing domain of one that is valid
	trouble bool   // for one of them DNS had no answer
	fault   Result // the first reason against one of the domain
}

func (f *findings) reject(reason Reason, why string) {
	if f.fault.Reason == "" {
		f.fault = Result{Fail, reason, "there is a signature of the domain, but " + why}
	}
}

// find picks the signatures that are worth verifying and gets their keys. Only names below the From
// domain or its parents are looked up, so a stranger's mail makes us ask for nothing of theirs.
func find(ctx context.Context, fields []Field, from string, lookup LookupTXT) *findings {
	f := &findings{}
	now := time.Now()
	for i, field := range fields {
		if lower(field.Name) != "dkim-signature" {
			continue
		}
		f.signed = true
		s, ok := parseSignature(field.Value)
		if !ok || align(s.domain, from) == unrelated {
			continue
		}
		f.aligned = true
		if reason, why := s.weakness(now); why != "" {
			f.reject(reason, why)
			continue
		}
		if len(f.usable) == mostSignatures {
			break
		}
		f.fetch(ctx, candidate{signature: s, field: i}, from, lookup)
	}
	return f
}

// fetch gets the key of a candidate, which makes it usable unless something speaks against it.
func (f *findings) fetch(ctx context.Context, c candidate, from string, lookup LookupTXT) {
	if align(c.domain, from) == parent {
		strict, err := strictly(ctx, from, lookup)
		if err != nil {
			f.trouble = true
			return
		}
		if strict {
			f.reject(OtherDomain, "of a parent domain, which the domain's DMARC record rules out (adkim=s)")
			return
		}
	}
	key, err := ask(ctx, lookup, c.keyName())
	switch {
	case err != nil:
		f.trouble = true
		return
	case len(key) == 0:
		f.reject(NoKey, "the domain publishes no key for it")
		return
	case len(key) > 1: // RFC 6376, 3.6.2.2 leaves open what this means
		f.reject(BadKey, "the domain publishes several keys under one name")
		return
	}
	if why := c.keyWeakness(key[0]); why != "" {
		f.reject(BadKey, why)
		return
	}
	c.key = key
	f.usable = append(f.usable, c)
}

// verify has go-msgauth check the usable signatures over one reading of the body. Other signatures are
// left out of the header that it sees: it would verify, and look up, whatever a stranger adds.
func (f *findings) verify(fields []Field, body io.Reader) error {
	keys := map[string][]string{}
	use := map[int]bool{}
	for _, c := range f.usable {
		keys[c.keyName()] = c.key
		use[c.field] = true
	}
	var shown []Field
	for i, field := range fields {
		if lower(field.Name) != "dkim-signature" || use[i] {
			shown = append(shown, field)
		}
	}
	results, err := dkim.VerifyWithOptions(io.MultiReader(bytes.NewReader(writeHeader(shown)), body), &dkim.VerifyOptions{
		LookupTXT: func(name string) ([]string, error) {
			key, err := asciiDomain(name)
			if err != nil {
				return nil, err
			}
			return keys[key], nil
		},
	})
	if err != nil {
		return err
	}
	if len(results) != len(f.usable) {
		return errors.New("not every signature was verified")
	}
	for i, result := range results {
		c := f.usable[i]
		switch {
		case result.Err == nil && result.Domain == c.tags["d"]:
			f.passed = c.domain
		case result.Err == nil:
			f.reject(Altered, "it was read in two ways")
		default:
			f.reject(explain(result.Err))
		}
	}
	return nil
}

// explain sorts go-msgauth's error. Its text quotes at most a byte offset or a tag that is a number already.
func explain(err error) (Reason, string) {
	text := plain(strings.TrimPrefix(err.Error(), "dkim: "))
	switch {
	case !dkim.IsPermFail(err):
		return Altered, "it does not match: " + text
	case strings.Contains(text, "key"), strings.Contains(text, "inappropriate"): // the record rules it out
		return BadKey, "its key cannot be used: " + text
	}
	return WeakSignature, "it cannot be verified: " + text
}

// verdict sums the findings up: one valid signature is enough, and trouble outweighs a fault, since
// the signature behind it might be the valid one.
func (f *findings) verdict(from string) Result {
	switch {
	case f.passed != "":
		return Result{Pass, Proved, "signed by " + plain(f.passed)}
	case f.trouble:
		return Result{Later, DNSTrouble, "the DNS has no answer for " + plain(from) + " at the moment"}
	case f.aligned:
		return f.fault
	case f.signed:
		return Result{None, OtherDomain, "no signature is of the domain " + plain(from)}
	}
	return Result{None, Unsigned, "the mail has no DKIM signature"}
}
