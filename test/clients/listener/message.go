package main

import "strings"

type variable struct {
	Value    string `json:"value"`
	IsSecret bool   `json:"isSecret"`
}

type endpoint struct {
	Name, URL     string
	Authorization struct {
		Scheme     string
		Parameters map[string]string
	}
}

type step struct {
	ID, Type, Name, DisplayName, Condition string
	Reference                              struct{ ID, Name, Version string }
	Enabled, ContinueOnError               bool
	Inputs, Environment                    map[string]string
}

// What a job is: the body of a PipelineAgentJobRequest.
type jobMessage struct {
	RequestID                      int64
	JobID, JobName, JobDisplayName string
	Plan                           struct {
		ScopeIdentifier, PlanID, PlanType string
		Version                           int
	}
	Timeline  struct{ ID string }
	Variables map[string]variable
	Mask      []struct{ Type, Value string }
	Resources struct{ Endpoints []endpoint }
	Steps     []step
}

// The job's own connection.
func (m *jobMessage) system() *endpoint {
	for index, each := range m.Resources.Endpoints {
		if strings.EqualFold(each.Name, "SystemVssConnection") {
			return &m.Resources.Endpoints[index]
		}
	}
	return nil
}
