package main

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/google/uuid"
	"github.com/microsoft/azure-devops-go-api/azuredevops/v7"
	"github.com/microsoft/azure-devops-go-api/azuredevops/v7/build"
	"github.com/microsoft/azure-devops-go-api/azuredevops/v7/taskagent"
)

// Location of the job requests of a pool, which the client has no function for.
var jobRequests = uuid.MustParse("fc825784-c92a-4299-9221-998a02d1b54f")

type organization struct {
	connection *azuredevops.Connection
}

type agentArgs struct {
	PoolID       int                  `json:"poolId"`
	AgentID      int                  `json:"agentId"`
	Name         *string              `json:"name"`
	Agent        *taskagent.TaskAgent `json:"agent"`
	Demands      []string             `json:"demands"`
	Capabilities bool                 `json:"capabilities"`
}

type buildArgs struct {
	Project string `json:"project"`
	BuildID int    `json:"buildId"`
}

func devopsMethods() map[string]method {
	o := &organization{}
	return map[string]method{
		"devops.signIn":       of(o.signIn),
		"devops.pools":        of(o.pools),
		"devops.addAgent":     of(o.addAgent),
		"devops.agents":       of(o.agents),
		"devops.agent":        of(o.agent),
		"devops.replaceAgent": of(o.replaceAgent),
		"devops.updateAgent":  of(o.updateAgent),
		"devops.deleteAgent":  of(o.deleteAgent),
		"devops.jobRequests":  of(o.jobRequests),
		"devops.queues":       of(o.queues),
		"devops.builds":       of(o.builds),
		"devops.build":        of(o.build),
		"devops.timeline":     of(o.timeline),
	}
}

func (o *organization) signIn(_ context.Context, args struct{ URL, Token string }) (any, error) {
	o.connection = azuredevops.NewPatConnection(args.URL, args.Token)
	return nil, nil
}

func (o *organization) pools(ctx context.Context, args agentArgs) (any, error) {
	client, err := taskagent.NewClient(ctx, o.connection)
	if err != nil {
		return nil, err
	}
	return client.GetAgentPools(ctx, taskagent.GetAgentPoolsArgs{PoolName: args.Name})
}

func (o *organization) addAgent(ctx context.Context, args agentArgs) (any, error) {
	client, err := taskagent.NewClient(ctx, o.connection)
	if err != nil {
		return nil, err
	}
	return client.AddAgent(ctx, taskagent.AddAgentArgs{PoolId: &args.PoolID, Agent: args.Agent})
}

func (o *organization) agents(ctx context.Context, args agentArgs) (any, error) {
	client, err := taskagent.NewClient(ctx, o.connection)
	if err != nil {
		return nil, err
	}
	asked := taskagent.GetAgentsArgs{PoolId: &args.PoolID, AgentName: args.Name, IncludeCapabilities: &args.Capabilities}
	if args.Demands != nil {
		asked.Demands = &args.Demands
	}
	return client.GetAgents(ctx, asked)
}

func (o *organization) agent(ctx context.Context, args agentArgs) (any, error) {
	client, err := taskagent.NewClient(ctx, o.connection)
	if err != nil {
		return nil, err
	}
	all := true
	return client.GetAgent(ctx, taskagent.GetAgentArgs{
		PoolId: &args.PoolID, AgentId: &args.AgentID,
		IncludeCapabilities: &all, IncludeAssignedRequest: &all, IncludeLastCompletedRequest: &all,
	})
}

func (o *organization) replaceAgent(ctx context.Context, args agentArgs) (any, error) {
	client, err := taskagent.NewClient(ctx, o.connection)
	if err != nil {
		return nil, err
	}
	return client.ReplaceAgent(ctx, taskagent.ReplaceAgentArgs{
		PoolId: &args.PoolID, AgentId: &args.AgentID, Agent: args.Agent,
	})
}

func (o *organization) updateAgent(ctx context.Context, args agentArgs) (any, error) {
	client, err := taskagent.NewClient(ctx, o.connection)
	if err != nil {
		return nil, err
	}
	return client.UpdateAgent(ctx, taskagent.UpdateAgentArgs{
		PoolId: &args.PoolID, AgentId: &args.AgentID, Agent: args.Agent,
	})
}

func (o *organization) deleteAgent(ctx context.Context, args agentArgs) (any, error) {
	client, err := taskagent.NewClient(ctx, o.connection)
	if err != nil {
		return nil, err
	}
	return nil, client.DeleteAgent(ctx, taskagent.DeleteAgentArgs{PoolId: &args.PoolID, AgentId: &args.AgentID})
}

func (o *organization) jobRequests(ctx context.Context, args agentArgs) (any, error) {
	client := o.connection.GetClientByUrl(o.connection.BaseUrl)
	route := map[string]string{"poolId": strconv.Itoa(args.PoolID)}
	query := url.Values{"agentId": {strconv.Itoa(args.AgentID)}}
	answer, err := client.Send(
		ctx, http.MethodGet, jobRequests, "7.1-preview.1", route, query, nil, "", "application/json", nil)
	if err != nil {
		return nil, err
	}
	var found []taskagent.TaskAgentJobRequest
	err = client.UnmarshalCollectionBody(answer, &found)
	return found, err
}

func (o *organization) queues(ctx context.Context, args buildArgs) (any, error) {
	client, err := taskagent.NewClient(ctx, o.connection)
	if err != nil {
		return nil, err
	}
	return client.GetAgentQueues(ctx, taskagent.GetAgentQueuesArgs{Project: &args.Project})
}

func (o *organization) builds(ctx context.Context, args buildArgs) (any, error) {
	client, err := build.NewClient(ctx, o.connection)
	if err != nil {
		return nil, err
	}
	found, err := client.GetBuilds(ctx, build.GetBuildsArgs{Project: &args.Project})
	if err != nil {
		return nil, err
	}
	return found.Value, nil
}

func (o *organization) build(ctx context.Context, args buildArgs) (any, error) {
	client, err := build.NewClient(ctx, o.connection)
	if err != nil {
		return nil, err
	}
	return client.GetBuild(ctx, build.GetBuildArgs{Project: &args.Project, BuildId: &args.BuildID})
}

func (o *organization) timeline(ctx context.Context, args buildArgs) (any, error) {
	client, err := build.NewClient(ctx, o.connection)
	if err != nil {
		return nil, err
	}
	found, err := client.GetBuildTimeline(ctx, build.GetBuildTimelineArgs{Project: &args.Project, BuildId: &args.BuildID})
	if err != nil {
		return nil, err
	}
	return found.Records, nil
}
