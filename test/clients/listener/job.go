package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// From this version on a plan hears of its jobs' ends by events.
const eventsSince = 8

const noLock = "00000000-0000-0000-0000-000000000000"

// One job, in a worker process of its own.
type job struct {
	message  *jobMessage
	listener *listener
	input    io.WriteCloser
	over     chan struct{}
	once     sync.Once
}

// What the worker is told first; a line `cancel` may follow.
type assignment struct {
	Message   json.RawMessage `json:"message"`
	ServerURL string          `json:"serverUrl"`
	AgentName string          `json:"agentName"`
}

// No job is never over.
func (j *job) done() <-chan struct{} {
	if j == nil {
		return nil
	}
	return j.over
}

func (l *listener) start(body string) (*job, error) {
	message := &jobMessage{}
	if err := json.Unmarshal([]byte(body), message); err != nil {
		return nil, err
	}
	say("Job %s of plan %s, plan.version %d.", message.JobDisplayName, message.Plan.PlanID, message.Plan.Version)
	j := &job{message: message, listener: l, over: make(chan struct{})}
	if err := j.renew(); err != nil {
		return nil, err
	}
	worker := exec.Command(filepath.Join(root(), "bin", "Agent.Worker"), "spawnclient")
	worker.Dir, worker.Stderr = root(), os.Stderr
	input, err := worker.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := worker.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := worker.Start(); err != nil {
		return nil, err
	}
	j.input = input
	fmt.Fprintf(input, "%s\n", jsonOf(assignment{json.RawMessage(body), l.agent.Settings.ServerURL, l.agent.Settings.AgentName}))
	keep, stopKeeping := context.WithCancel(context.Background())
	go j.keep(keep)
	go func() {
		defer close(j.over)
		result := "failed"
		told, _ := io.ReadAll(output)
		if worker.Wait() == nil {
			result = strings.TrimSpace(string(told))
		}
		stopKeeping()
		j.finish(result)
	}()
	return j, nil
}

func (j *job) route() map[string]string {
	return map[string]string{
		"poolId":    strconv.Itoa(j.listener.agent.Settings.PoolID),
		"requestId": strconv.FormatInt(j.message.RequestID, 10),
	}
}

// Holds the request: at once, or the job must not start.
func (j *job) renew() error {
	var renewed struct{ LockedUntil string }
	query := url.Values{"lockToken": {noLock}}
	body := map[string]any{"requestId": j.message.RequestID}
	err := j.listener.connection.call(context.Background(), "PATCH", jobRequests, j.route(), query, body, &renewed)
	if err == nil {
		say("Job request %d renewed until %s.", j.message.RequestID, renewed.LockedUntil)
	}
	return err
}

func (j *job) keep(ctx context.Context) {
	for pause(ctx, time.Minute, 0) == nil {
		if err := j.renew(); err != nil {
			say("The job request could not be renewed: %v", err)
			if isOf(err, "TaskAgentJobNotFoundException", "TaskAgentJobTokenExpiredException") {
				j.end()
				return
			}
		}
	}
}

// Tells the service of the end as the plan wants it: the worker did so already, or the listener does by the request.
func (j *job) finish(result string) {
	if j.message.Plan.Version >= eventsSince {
		say("Job %s: %s, told by the plan event.", j.message.JobDisplayName, result)
		return
	}
	query := url.Values{"lockToken": {noLock}}
	body := map[string]any{
		"requestId": j.message.RequestID, "finishTime": time.Now().UTC().Format(time.RFC3339Nano), "result": result,
	}
	if err := j.listener.connection.call(context.Background(), "PATCH", jobRequests, j.route(), query, body, nil); err != nil {
		say("The end of the job could not be told: %v", err)
		return
	}
	say("Job %s: %s, told by the job request.", j.message.JobDisplayName, result)
}

// Whether the message was about this job.
func (j *job) cancel(body string) bool {
	var asked struct{ JobID string }
	if json.Unmarshal([]byte(body), &asked) != nil || !strings.EqualFold(asked.JobID, j.message.JobID) {
		return false
	}
	say("Job %s is being canceled.", j.message.JobDisplayName)
	j.end()
	return true
}

func (j *job) end() {
	j.once.Do(func() { fmt.Fprintln(j.input, "cancel") })
}

func (j *job) shutDown() {
	if j == nil {
		return
	}
	j.end()
	<-j.over
}
