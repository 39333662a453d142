package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	aci "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/containerinstance/armcontainerinstance/v2"
)

type subscription struct {
	groups     *aci.ContainerGroupsClient
	containers *aci.ContainersClient
	locations  *aci.LocationClient
}

type signInArgs struct {
	Arm, Authority, TenantID, ClientID, ClientSecret, SubscriptionID string
}

type groupArgs struct {
	ResourceGroup string             `json:"resourceGroup"`
	Name          string             `json:"name"`
	Container     string             `json:"container"`
	Location      string             `json:"location"`
	Group         json.RawMessage    `json:"group"`
	Tags          map[string]*string `json:"tags"`
}

// Asks every second, which is as often as the client allows.
var everySecond = &runtime.PollUntilDoneOptions{Frequency: time.Second}

func containerMethods() map[string]method {
	s := &subscription{}
	return map[string]method{
		"containers.signIn":  of(s.signIn),
		"containers.create":  of(s.create),
		"containers.get":     of(s.get),
		"containers.list":    of(s.list),
		"containers.logs":    of(s.logs),
		"containers.tag":     of(s.tag),
		"containers.stop":    of(s.stop),
		"containers.start":   of(s.start),
		"containers.restart": of(s.restart),
		"containers.usages":  of(s.usages),
		"containers.delete":  of(s.delete),
	}
}

func (s *subscription) signIn(_ context.Context, args signInArgs) (any, error) {
	services := map[cloud.ServiceName]cloud.ServiceConfiguration{
		cloud.ResourceManager: {Audience: args.Arm, Endpoint: args.Arm},
	}
	// A refusal is to be seen at once, not after the client's own attempts.
	options := azcore.ClientOptions{
		Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: args.Authority, Services: services},
	}
	options.Retry.MaxRetries = -1
	credential, err := azidentity.NewClientSecretCredential(args.TenantID, args.ClientID, args.ClientSecret,
		&azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	if err != nil {
		return nil, err
	}
	factory, err := aci.NewClientFactory(args.SubscriptionID, credential,
		&arm.ClientOptions{ClientOptions: options, DisableRPRegistration: true})
	if err != nil {
		return nil, err
	}
	s.groups = factory.NewContainerGroupsClient()
	s.containers = factory.NewContainersClient()
	s.locations = factory.NewLocationClient()
	return nil, nil
}

func (s *subscription) create(ctx context.Context, args groupArgs) (any, error) {
	var group aci.ContainerGroup
	if err := json.Unmarshal(args.Group, &group); err != nil {
		return nil, err
	}
	poller, err := s.groups.BeginCreateOrUpdate(ctx, args.ResourceGroup, args.Name, group, nil)
	if err != nil {
		return nil, err
	}
	done, err := poller.PollUntilDone(ctx, everySecond)
	return done.ContainerGroup, err
}

func (s *subscription) get(ctx context.Context, args groupArgs) (any, error) {
	found, err := s.groups.Get(ctx, args.ResourceGroup, args.Name, nil)
	return found.ContainerGroup, err
}

func (s *subscription) list(ctx context.Context, args groupArgs) (any, error) {
	groups := []*aci.ContainerGroup{}
	if args.ResourceGroup == "" {
		for pager := s.groups.NewListPager(nil); pager.More(); {
			page, err := pager.NextPage(ctx)
			if err != nil {
				return nil, err
			}
			groups = append(groups, page.Value...)
		}
		return groups, nil
	}
	for pager := s.groups.NewListByResourceGroupPager(args.ResourceGroup, nil); pager.More(); {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		groups = append(groups, page.Value...)
	}
	return groups, nil
}

func (s *subscription) logs(ctx context.Context, args groupArgs) (any, error) {
	found, err := s.containers.ListLogs(ctx, args.ResourceGroup, args.Name, args.Container, nil)
	return found.Logs, err
}

func (s *subscription) tag(ctx context.Context, args groupArgs) (any, error) {
	changed, err := s.groups.Update(ctx, args.ResourceGroup, args.Name, aci.Resource{Tags: args.Tags}, nil)
	return changed.ContainerGroup, err
}

func (s *subscription) stop(ctx context.Context, args groupArgs) (any, error) {
	_, err := s.groups.Stop(ctx, args.ResourceGroup, args.Name, nil)
	return nil, err
}

func (s *subscription) start(ctx context.Context, args groupArgs) (any, error) {
	poller, err := s.groups.BeginStart(ctx, args.ResourceGroup, args.Name, nil)
	if err != nil {
		return nil, err
	}
	_, err = poller.PollUntilDone(ctx, everySecond)
	return nil, err
}

func (s *subscription) restart(ctx context.Context, args groupArgs) (any, error) {
	poller, err := s.groups.BeginRestart(ctx, args.ResourceGroup, args.Name, nil)
	if err != nil {
		return nil, err
	}
	_, err = poller.PollUntilDone(ctx, everySecond)
	return nil, err
}

func (s *subscription) usages(ctx context.Context, args groupArgs) (any, error) {
	usages := []*aci.Usage{}
	for pager := s.locations.NewListUsagePager(args.Location, nil); pager.More(); {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		usages = append(usages, page.Value...)
	}
	return usages, nil
}

func (s *subscription) delete(ctx context.Context, args groupArgs) (any, error) {
	poller, err := s.groups.BeginDelete(ctx, args.ResourceGroup, args.Name, nil)
	if err != nil {
		return nil, err
	}
	done, err := poller.PollUntilDone(ctx, everySecond)
	return done.ContainerGroup, err
}
