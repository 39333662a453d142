package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Refused by the service. Type is the answer's typeKey, which tells one refusal from another.
type serviceError struct {
	Status  int
	Type    string `json:"typeKey"`
	Message string `json:"message"`
}

func (e *serviceError) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Type, e.Message) }

func isOf(err error, types ...string) bool {
	var refused *serviceError
	if !errors.As(err, &refused) {
		return false
	}
	for _, each := range types {
		if strings.EqualFold(refused.Type, each) {
			return true
		}
	}
	return false
}

// A connection to one organization: with a token of its own, or one that it gets when the service asks for one.
type connection struct {
	client *http.Client
	base   string
	// Asked for a token once the service has offered the scheme Bearer.
	ask func() (token, error)

	lock    sync.Mutex
	current token

	locations locations
}

// Sends a request to a resource by the id of its location. Body and into may be nil.
func (c *connection) call(ctx context.Context, method, locationID string, route map[string]string, query url.Values, body, into any) error {
	address, err := c.locations.address(ctx, c, locationID, route, query)
	if err != nil {
		return err
	}
	return c.send(ctx, method, address, body, into)
}

func (c *connection) send(ctx context.Context, method, address string, body, into any) error {
	content, kind := []byte(nil), ""
	switch given := body.(type) {
	case nil:
	case []byte:
		content, kind = given, "application/octet-stream"
	default:
		var err error
		if content, err = json.Marshal(given); err != nil {
			return err
		}
		kind = "application/json; charset=utf-8"
	}
	answer, err := c.try(ctx, method, address, content, kind)
	if err != nil {
		return err
	}
	if answer.StatusCode == http.StatusUnauthorized && c.challenged(answer) {
		answer.Body.Close()
		if err := c.signIn(answer.Request.Header.Get("Authorization") != ""); err != nil {
			return err
		}
		if answer, err = c.try(ctx, method, address, content, kind); err != nil {
			return err
		}
	}
	return read(answer, into)
}

func (c *connection) try(ctx context.Context, method, address string, content []byte, kind string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json; api-version=5.1-preview")
	request.Header.Set("X-TFS-FedAuthRedirect", "Suppress")
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	c.lock.Lock()
	if c.current.value != "" && time.Now().Before(c.current.until) {
		request.Header.Set("Authorization", "Bearer "+c.current.value)
	}
	c.lock.Unlock()
	return c.client.Do(request)
}

// Whether the service takes a token of this kind: without that offer none is asked for.
func (c *connection) challenged(answer *http.Response) bool {
	if c.ask == nil {
		return false
	}
	for _, challenge := range answer.Header.Values("WWW-Authenticate") {
		for _, one := range strings.Split(challenge, ",") {
			if strings.HasPrefix(strings.ToLower(strings.TrimSpace(one)), "bearer") {
				return true
			}
		}
	}
	return false
}

func (c *connection) signIn(again bool) error {
	c.lock.Lock()
	defer c.lock.Unlock()
	if !again && c.current.value != "" && time.Now().Before(c.current.until) {
		return nil
	}
	found, err := c.ask()
	if err != nil {
		return err
	}
	c.current = found
	return nil
}

func read(answer *http.Response, into any) error {
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if answer.StatusCode >= 300 {
		refused := &serviceError{}
		_ = json.Unmarshal(content, refused)
		refused.Status = answer.StatusCode
		return refused
	}
	if into == nil || len(content) == 0 {
		return nil
	}
	return json.Unmarshal(content, into)
}
