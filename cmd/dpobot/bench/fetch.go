package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const (
	user     = "privacy@" + domain
	password = "bench"
)

// fetched is what the child tells the parent.
type fetched struct {
	Mails int
	Bytes int64
	Peak  int64
}

// fetch measures the bare fetch in a process of its own.
func fetch(ctx context.Context, addr string, n int) (figure, error) {
	self, err := os.Executable()
	if err != nil {
		return figure{}, err
	}
	began := time.Now()
	child := exec.CommandContext(ctx, self, "-fetch", addr)
	child.Stderr = os.Stderr
	answer, err := child.Output()
	took := time.Since(began)
	if err != nil {
		return figure{}, fmt.Errorf("the bare fetch: %w", err)
	}
	var got fetched
	if err := json.Unmarshal(answer, &got); err != nil {
		return figure{}, fmt.Errorf("the bare fetch: %w", err)
	}
	if got.Mails != n {
		return figure{}, fmt.Errorf("the bare fetch got %d mails, not %d", got.Mails, n)
	}
	return figure{took: took, peak: got.Peak}, nil
}

// fetchAsChild is what that process does.
func fetchAsChild(addr string, out io.Writer) error {
	client, err := login(addr)
	if err != nil {
		return err
	}
	defer client.Close()
	if _, err := client.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return fmt.Errorf("open INBOX: %w", err)
	}
	var got fetched
	all := imap.UIDSet{imap.UIDRange{Start: 1}}
	command := client.Fetch(all, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}})
	for m := command.Next(); m != nil; m = command.Next() {
		for item := m.Next(); item != nil; item = m.Next() {
			body, ok := item.(imapclient.FetchItemDataBodySection)
			if !ok {
				continue
			}
			read, err := io.Copy(io.Discard, body.Literal)
			if err != nil {
				return fmt.Errorf("fetch: %w", err)
			}
			got.Mails++
			got.Bytes += read
		}
	}
	if err := command.Close(); err != nil {
		return fmt.Errorf("fetch: %w", err)
	}
	got.Peak = peak(os.Getpid())
	return json.NewEncoder(out).Encode(got)
}

func login(addr string) (*imapclient.Client, error) {
	client, err := imapclient.DialInsecure(addr, nil)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if err := client.Login(user, password).Wait(); err != nil {
		client.Close()
		return nil, fmt.Errorf("log in: %w", err)
	}
	return client, nil
}
