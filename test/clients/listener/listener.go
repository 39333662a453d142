package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

type listener struct {
	agent      *configuration
	connection *connection
}

func newListener(agent *configuration) *listener {
	return &listener{agent: agent, connection: connect(agent)}
}

// Sends nothing about itself until the service asks for a token.
func connect(agent *configuration) *connection {
	return &connection{client: &http.Client{}, base: agent.Settings.ServerURL, ask: func() (token, error) {
		found, err := agent.requestToken()
		if err == nil {
			say("Signed in: 401 with a Bearer challenge, then a token from %s.", agent.Credentials.Data.OAuthEndpointURL)
		}
		return found, err
	}}
}

// Takes messages until one job has run.
func (l *listener) run(stop context.Context) error {
	ctx, cancel := context.WithCancel(stop)
	defer cancel()
	l.askFeature(ctx)
	queue := &queue{agent: l.agent, connection: l.connection}
	if err := queue.open(ctx); err != nil {
		return err
	}
	defer queue.close()
	go queue.keepAlive(ctx)
	say("Listening for Jobs")
	return l.take(ctx, queue)
}

func (l *listener) take(ctx context.Context, queue *queue) error {
	type polled struct {
		message *message
		err     error
	}
	var job *job
	next := make(chan polled, 1)
	poll := func() {
		found, err := queue.next(ctx)
		next <- polled{found, err}
	}
	go poll()
	for {
		select {
		case <-job.done():
			return nil
		case <-ctx.Done():
			job.shutDown()
			return ctx.Err()
		case got := <-next:
			if got.err != nil {
				job.shutDown()
				return got.err
			}
			keep := false
			switch strings.ToLower(got.message.MessageType) {
			case "pipelineagentjobrequest":
				if keep = job != nil; !keep {
					var err error
					if job, err = l.start(got.message.Body); err != nil {
						return err
					}
				}
			case "jobcancellation":
				keep = job != nil && !job.cancel(got.message.Body)
			default:
				say("A message %s is not for this agent.", got.message.MessageType)
			}
			// A message that is not taken now comes again.
			if !keep {
				queue.delete(got.message)
			}
			go poll()
		}
	}
}

// The agent asks whether a feature is on before it opens its session; without an answer it is off.
func (l *listener) askFeature(ctx context.Context) {
	var found struct{ EffectiveState string }
	route := map[string]string{"name": "DistributedTask.Agent.UseOAuthAccessTokens"}
	if err := l.connection.call(ctx, "GET", featureFlags, route, nil, nil, &found); err != nil {
		say("Feature off: %v", err)
		return
	}
	say("Feature %s.", found.EffectiveState)
}

func version() string {
	content, err := os.ReadFile(filepath.Join(root(), "bin", "version"))
	if err != nil {
		return "0.0.0"
	}
	return strings.TrimSpace(string(content))
}

// What the agent tells of its machine.
func capabilities(agent *configuration) map[string]string {
	host, _ := os.Hostname()
	return map[string]string{
		"Agent.Name": agent.Settings.AgentName, "Agent.Version": version(), "Agent.ComputerName": host,
		"Agent.HomeDirectory": root(), "Agent.OS": "Linux", "Agent.OSArchitecture": "X64", "bash": "/bin/bash",
	}
}

func bytesWithoutMark(content []byte) []byte {
	return bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
}

func jsonOf(value any) []byte {
	content, _ := json.Marshal(value)
	return content
}
