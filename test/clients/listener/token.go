package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

type token struct {
	value string
	until time.Time
}

// The token request was refused; the listener asks again later.
type tokenError struct{ code, description string }

func (e tokenError) Error() string {
	return fmt.Sprintf("the token request failed: %s: %s", e.code, e.description)
}

// Asks for the agent's own token, proved by an assertion that its key has signed (RFC 7523).
func (c *configuration) requestToken() (token, error) {
	assertion, err := c.assertion()
	if err != nil {
		return token{}, err
	}
	answer, err := http.PostForm(c.Credentials.Data.OAuthEndpointURL, url.Values{
		"grant_type":            {"client_credentials"},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion":      {assertion},
	})
	if err != nil {
		return token{}, err
	}
	defer answer.Body.Close()
	var body struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
		return token{}, fmt.Errorf("the token endpoint answered %s without JSON", answer.Status)
	}
	if body.AccessToken == "" {
		return token{}, tokenError{body.Error, body.Description}
	}
	return token{body.AccessToken, time.Now().Add(time.Duration(body.ExpiresIn-60) * time.Second)}, nil
}

func (c *configuration) assertion() (string, error) {
	id, now := c.Credentials.Data.ClientID, time.Now()
	header, _ := json.Marshal(map[string]string{"typ": "JWT", "alg": "RS256"})
	claims, _ := json.Marshal(map[string]any{
		"sub": id, "iss": id, "aud": c.Credentials.Data.AuthorizationURL, "jti": newID(),
		"nbf": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	})
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode(header) + "." + encode(claims)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, c.Key, crypto.SHA256, digest[:])
	return signed + "." + encode(signature), err
}

func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
