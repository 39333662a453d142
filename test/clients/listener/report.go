package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Tells the service how a job goes, as the job itself: records of the timeline, live lines, a log for each step.
type reporter struct {
	message    *jobMessage
	connection *connection
	agentName  string
	secrets    []string
}

// The address of the job's connection is taken at the organization that the agent was configured with.
func newReporter(message *jobMessage, given assignment) (*reporter, error) {
	system := message.system()
	if system == nil {
		return nil, fmt.Errorf("the job has no SystemVssConnection")
	}
	own, err := url.Parse(system.URL)
	if err != nil {
		return nil, err
	}
	configured, err := url.Parse(given.ServerURL)
	if err != nil {
		return nil, err
	}
	own.Scheme, own.Host = configured.Scheme, configured.Host
	known := token{system.Authorization.Parameters["AccessToken"], time.Now().Add(24 * time.Hour)}
	r := &reporter{message: message, agentName: given.AgentName}
	r.connection = &connection{client: &http.Client{}, base: own.String(), current: known}
	for _, each := range message.Variables {
		if each.IsSecret {
			r.hide(each.Value)
		}
	}
	for _, each := range message.Mask {
		r.hide(each.Value)
	}
	return r, nil
}

func (r *reporter) hide(value string) {
	if value == "" {
		return
	}
	r.secrets = append(r.secrets, value)
	sort.Slice(r.secrets, func(a, b int) bool { return len(r.secrets[a]) > len(r.secrets[b]) })
}

func (r *reporter) route(more ...string) map[string]string {
	plan := r.message.Plan
	route := map[string]string{
		"scopeIdentifier": plan.ScopeIdentifier, "hubName": plan.PlanType, "planId": plan.PlanID, "timelineId": r.message.Timeline.ID,
	}
	for index := 0; index < len(more); index += 2 {
		route[more[index]] = more[index+1]
	}
	return route
}

func (r *reporter) call(method, location string, route map[string]string, body, into any) error {
	err := r.connection.call(context.Background(), method, location, route, nil, body, into)
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s %s: %v\n", method, location, err)
	}
	return err
}

func (r *reporter) record(members map[string]any) {
	value := []any{members}
	_ = r.call("PATCH", timelineRecords, r.route(), map[string]any{"value": value, "count": len(value)}, nil)
}

func now() string { return time.Now().UTC().Format("2006-01-02T15:04:05.0000000Z") }

func (r *reporter) begin(context.Context) {
	r.record(map[string]any{
		"id": r.message.JobID, "type": "Job", "name": r.message.JobDisplayName, "state": "inProgress", "startTime": now(), "workerName": r.agentName,
	})
}

// The last that the job tells: its own record, and the event by which its plan hears of the end.
func (r *reporter) complete(result string) error {
	r.record(map[string]any{"id": r.message.JobID, "state": "completed", "result": result, "finishTime": now(), "workerName": r.agentName})
	if r.message.Plan.Version < eventsSince {
		return nil
	}
	event := map[string]any{
		"name": "JobCompleted", "jobId": r.message.JobID, "requestId": r.message.RequestID, "result": result, "agentShuttingDown": true,
	}
	return r.call("POST", planEvents, r.route(), event, nil)
}

type stepRecord struct {
	reporter *reporter
	id       string
	lines    []string
}

func (r *reporter) step(each step, order int) *stepRecord {
	name := each.DisplayName
	if name == "" {
		name = each.Reference.Name
	}
	r.record(map[string]any{
		"id": each.ID, "parentId": r.message.JobID, "type": "Task", "name": name, "refName": each.Name, "order": order,
		"state": "inProgress", "startTime": now(), "workerName": r.agentName,
	})
	return &stepRecord{reporter: r, id: each.ID}
}

// A line for whoever watches, and for the log.
func (s *stepRecord) say(line string) {
	for _, secret := range s.reporter.secrets {
		line = strings.ReplaceAll(line, secret, "***")
	}
	s.lines = append(s.lines, line)
	body := map[string]any{"value": []string{line}, "count": 1, "stepId": s.id, "startLine": len(s.lines)}
	_ = s.reporter.call("POST", timelineFeed, s.reporter.route("recordId", s.id), body, nil)
}

// Uploads the log, whose answer must say where it is, and ends the record.
func (s *stepRecord) complete(result string, outputs map[string]variable) {
	members := map[string]any{"id": s.id, "state": "completed", "result": result, "finishTime": now(), "percentComplete": 100}
	if len(outputs) > 0 {
		members["variables"] = outputs
	}
	var log struct {
		ID   int64  `json:"id"`
		Path string `json:"path"`
	}
	r := s.reporter
	if r.call("POST", planLogs, r.route(), map[string]any{"path": `logs\` + s.id}, &log) == nil {
		content := []byte(strings.Join(s.lines, "\n") + "\n")
		written := log
		written.Path = ""
		if r.call("POST", planLogs, r.route("logId", strconv.FormatInt(log.ID, 10)), content, &written) == nil {
			if written.Path == "" {
				fmt.Fprintln(os.Stderr, "The answer to the upload of a log has no path.")
			} else {
				fmt.Fprintf(os.Stderr, "Log %d uploaded to %s.\n", written.ID, written.Path)
			}
			members["log"] = map[string]any{"id": log.ID}
		}
	}
	r.record(members)
}
