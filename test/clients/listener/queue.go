package main

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"
)

var errNoSession = errors.New("no session could be opened")

// Refusals that no further attempt would change.
var final = []string{
	"TaskAgentNotFoundException", "TaskAgentPoolNotFoundException", "AccessDeniedException", "UnauthorizedRequestException",
}

type message struct {
	MessageID   int64
	MessageType string
	IV          []byte
	Body        string
}

// The agent's session and the messages that come to it.
type queue struct {
	agent      *configuration
	connection *connection

	lock    sync.Mutex
	session string
	key     []byte
	// None before the first message; kept when a session takes the place of another.
	last *int64
}

func (q *queue) route() map[string]string {
	return map[string]string{"poolId": strconv.Itoa(q.agent.Settings.PoolID)}
}

// Opens a session; keeps trying every 30 s, a conflict for four minutes.
func (q *queue) open(ctx context.Context) error {
	host, _ := os.Hostname()
	agent := map[string]any{"id": q.agent.Settings.AgentID, "name": q.agent.Settings.AgentName, "version": version(), "osDescription": "Linux"}
	body := map[string]any{"ownerName": host, "agent": agent, "systemCapabilities": capabilities(q.agent)}
	for conflicts := 0; ; {
		var opened struct {
			SessionID     string
			EncryptionKey *struct {
				Encrypted bool
				Value     []byte
			}
		}
		err := q.connection.call(ctx, "POST", sessions, q.route(), nil, body, &opened)
		if err == nil {
			q.lock.Lock()
			defer q.lock.Unlock()
			q.session, q.key = opened.SessionID, nil
			if opened.EncryptionKey == nil || len(opened.EncryptionKey.Value) == 0 {
				say("Session %s: no encryption.", q.session)
				return nil
			}
			return q.useKey(opened.EncryptionKey.Value, opened.EncryptionKey.Encrypted)
		}
		if ctx.Err() != nil || isOf(err, "TaskAgentAccessTokenExpiredException") {
			return err
		}
		say("The session could not be opened: %v", err)
		if isOf(err, "TaskAgentSessionConflictException") {
			conflicts++
		}
		if isOf(err, final...) || conflicts >= 8 {
			return fmt.Errorf("%w: %w", errNoSession, err)
		}
		if err := pause(ctx, 30*time.Second, 0); err != nil {
			return err
		}
	}
}

// Another session may take its place while the keep-alive polls.
func (q *queue) sessionID() string {
	q.lock.Lock()
	defer q.lock.Unlock()
	return q.session
}

func (q *queue) useKey(value []byte, encrypted bool) error {
	if encrypted {
		var err error
		if value, err = rsa.DecryptOAEP(sha1.New(), nil, q.agent.Key, value, nil); err != nil {
			return fmt.Errorf("the session's key cannot be decrypted: %w", err)
		}
	}
	q.key = value
	say("Session %s: key of %d bits, encrypted by RSA-OAEP-SHA1: %t.", q.session, len(value)*8, encrypted)
	return nil
}

// The next message, however long it takes.
func (q *queue) next(ctx context.Context) (*message, error) {
	for first := true; ; first = false {
		found, err := q.poll(ctx, q.last, first)
		if err == nil && found != nil {
			if err := q.decrypt(found); err != nil {
				return nil, err
			}
			q.last = &found.MessageID
			return found, nil
		}
		from, spread := 5*time.Second, 10*time.Second
		if err != nil {
			if ctx.Err() != nil || isOf(err, "TaskAgentAccessTokenExpiredException") {
				return nil, err
			}
			say("Polling failed: %v", err)
			if isOf(err, "TaskAgentSessionExpiredException") {
				if err := q.open(ctx); err != nil {
					return nil, err
				}
				continue
			}
			if isOf(err, final...) {
				return nil, err
			}
			from, spread = 15*time.Second, 15*time.Second
		}
		if err := pause(ctx, from, spread); err != nil {
			return nil, err
		}
	}
}

func (q *queue) poll(ctx context.Context, last *int64, tell bool) (*message, error) {
	query := url.Values{"sessionId": {q.sessionID()}}
	if last != nil {
		query.Set("lastMessageId", strconv.FormatInt(*last, 10))
	}
	if tell && last == nil {
		say("First poll: without lastMessageId.")
	}
	var found message
	if err := q.connection.call(ctx, "GET", messages, q.route(), query, nil, &found); err != nil {
		return nil, err
	}
	if found.MessageType == "" {
		return nil, nil
	}
	return &found, nil
}

// Polls beside the listener's own polls for as long as it lives; what comes is thrown away, and so comes again.
func (q *queue) keepAlive(ctx context.Context) {
	for ctx.Err() == nil {
		_, _ = q.poll(ctx, nil, false)
		_ = pause(ctx, 30*time.Second, 0)
	}
}

func (q *queue) decrypt(found *message) error {
	if q.key == nil || len(found.IV) == 0 {
		say("Message %d %s: not encrypted.", found.MessageID, found.MessageType)
		return nil
	}
	content, err := base64.StdEncoding.DecodeString(found.Body)
	if err != nil {
		return err
	}
	block, err := aes.NewCipher(q.key)
	if err != nil {
		return err
	}
	if len(content) == 0 || len(content)%block.BlockSize() != 0 || len(found.IV) != block.BlockSize() {
		return fmt.Errorf("message %d is not made of blocks of AES", found.MessageID)
	}
	cipher.NewCBCDecrypter(block, found.IV).CryptBlocks(content, content)
	padding := int(content[len(content)-1])
	if padding == 0 || padding > block.BlockSize() {
		return fmt.Errorf("message %d has no PKCS #7 padding", found.MessageID)
	}
	found.Body = string(bytesWithoutMark(content[:len(content)-padding]))
	if !json.Valid([]byte(found.Body)) {
		return fmt.Errorf("message %d is no JSON once decrypted", found.MessageID)
	}
	say("Message %d %s: decrypted by AES-CBC.", found.MessageID, found.MessageType)
	return nil
}

func (q *queue) delete(found *message) {
	route := q.route()
	route["messageId"] = strconv.FormatInt(found.MessageID, 10)
	query := url.Values{"sessionId": {q.sessionID()}}
	if err := q.connection.call(context.Background(), "DELETE", messages, route, query, nil, nil); err != nil {
		say("Message %d could not be deleted: %v", found.MessageID, err)
		return
	}
	say("Message %d deleted.", found.MessageID)
}

func (q *queue) close() {
	route := q.route()
	route["sessionId"] = q.sessionID()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := q.connection.call(ctx, "DELETE", sessions, route, nil, nil, nil); err != nil {
		say("The session could not be deleted: %v", err)
	}
}

func pause(ctx context.Context, from, spread time.Duration) error {
	if spread > 0 {
		from += rand.N(spread)
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(from):
		return nil
	}
}
