package main

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"dpobot/config"
)

// tokens gets the access token that stands in for a password; it is fetched anew when it
// has run out.
func tokens(o config.OAuth2) func(context.Context) (string, error) {
	if o.AccessToken.IsSet() {
		return func(context.Context) (string, error) { return o.AccessToken.Read() }
	}
	var mu sync.Mutex
	var have *oauth2.Token
	return func(ctx context.Context) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if have.Valid() {
			return have.AccessToken, nil
		}
		token, err := fetchToken(ctx, o)
		if err != nil {
			return "", err
		}
		have = token
		return token.AccessToken, nil
	}
}

// fetchToken asks the token server: with the refresh token where there is one, else as
// the application itself. Its errors name neither secret.
func fetchToken(ctx context.Context, o config.OAuth2) (*oauth2.Token, error) {
	secret := ""
	if o.ClientSecret.IsSet() {
		var err error
		if secret, err = o.ClientSecret.Read(); err != nil {
			return nil, fmt.Errorf("read the client secret: %w", err)
		}
	}
	var source oauth2.TokenSource
	if o.RefreshToken.IsSet() {
		refresh, err := o.RefreshToken.Read()
		if err != nil {
			return nil, fmt.Errorf("read the refresh token: %w", err)
		}
		c := oauth2.Config{ClientID: o.ClientID, ClientSecret: secret, Scopes: o.Scopes, Endpoint: oauth2.Endpoint{TokenURL: string(o.TokenURL)}}
		source = c.TokenSource(ctx, &oauth2.Token{RefreshToken: strings.TrimSpace(refresh)})
	} else {
		c := clientcredentials.Config{ClientID: o.ClientID, ClientSecret: secret, Scopes: o.Scopes, TokenURL: string(o.TokenURL)}
		source = c.TokenSource(ctx)
	}
	token, err := source.Token()
	if err != nil {
		return nil, fmt.Errorf("the token server at %s gave no token; check client, secret and refresh token", o.TokenURL)
	}
	return token, nil
}
