package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// Areas and resources by their ids, which are the same in every organization.
const (
	taskArea         = "a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd"
	featureFlags     = "3e2b80f8-9e6f-441e-8393-005610692d9c"
	sessions         = "134e239e-2df3-4794-a6f6-24f1f19ec8dc"
	messages         = "c3a054f6-7a8a-49c0-944e-3a8e5d7adfd7"
	jobRequests      = "fc825784-c92a-4299-9221-998a02d1b54f"
	planEvents       = "557624af-b29e-4c20-8ab0-0399d2204f3f"
	timelineRecords  = "8893bc5b-35b2-4be7-83cb-99e683551db4"
	timelineFeed     = "858983e4-19bd-4c5e-864c-507b59b58b12"
	planLogs         = "46f5667d-263a-4684-91b1-dff7fdcf64e2"
	locationService  = "LocationService2"
	publicMapping    = "PublicAccessMapping"
	connectionDataOf = "/_apis/connectionData?connectOptions=1&lastChangeId=-1&lastChangeId64=-1"
)

type definition struct {
	ServiceType, Identifier, DisplayName, RelativePath, RelativeToSetting string
	LocationMappings                                                      []struct{ AccessMappingMoniker, Location string }
	ResourceVersion                                                       int
}

type accessMapping struct{ Moniker, AccessPoint, VirtualDirectory string }

type connectionData struct {
	InstanceID          string
	DeploymentType      string
	LocationServiceData struct {
		ServiceOwner                string
		DefaultAccessMappingMoniker string
		AccessMappings              []accessMapping
		ServiceDefinitions          []definition
	}
}

// Where everything is, as the organization itself tells when a client connects.
type locations struct {
	server string
	// Of the task area.
	area string
	data connectionData
}

// Connects, and looks up the area that all resources of an agent are in.
func (l *locations) connect(ctx context.Context, c *connection) error {
	if err := c.send(ctx, "GET", strings.TrimRight(c.base, "/")+connectionDataOf, nil, &l.data); err != nil {
		return err
	}
	if len(l.data.LocationServiceData.ServiceDefinitions) == 0 {
		return fmt.Errorf("the connection data has no service definitions")
	}
	area, err := l.areaAt(taskArea)
	if err != nil {
		return err
	}
	l.area = strings.TrimRight(area, "/")
	if l.area != strings.TrimRight(c.base, "/") {
		elsewhere := connectionData{}
		if err := c.send(ctx, "GET", l.area+connectionDataOf, nil, &elsewhere); err != nil {
			return err
		}
		l.data = elsewhere
	}
	fmt.Fprintf(os.Stderr, "Area distributedtask found by connection data at %s.\n", l.area)
	return nil
}

// The address of an area is that of the location service that has it.
func (l *locations) areaAt(id string) (string, error) {
	data := l.data.LocationServiceData
	for _, each := range data.ServiceDefinitions {
		if strings.EqualFold(each.ServiceType, locationService) && strings.EqualFold(each.Identifier, id) {
			return l.locationOf(each)
		}
	}
	return "", fmt.Errorf("the connection data has no %s definition of area %s", locationService, id)
}

func (l *locations) locationOf(found definition) (string, error) {
	data := l.data.LocationServiceData
	if !strings.EqualFold(found.RelativeToSetting, "fullyQualified") {
		for _, mapping := range data.AccessMappings {
			if strings.EqualFold(mapping.Moniker, data.DefaultAccessMappingMoniker) {
				return join(mapping.AccessPoint, mapping.VirtualDirectory, found.RelativePath), nil
			}
		}
	}
	for _, wanted := range []string{data.DefaultAccessMappingMoniker, publicMapping} {
		for _, mapping := range found.LocationMappings {
			if strings.EqualFold(mapping.AccessMappingMoniker, wanted) {
				return mapping.Location, nil
			}
		}
	}
	return "", fmt.Errorf("the definition %s has no location", found.Identifier)
}

// The address of a resource: its template with the values put in; what has no value is left out.
func (l *locations) address(ctx context.Context, c *connection, id string, route map[string]string, query url.Values) (string, error) {
	if l.area == "" {
		if err := l.connect(ctx, c); err != nil {
			return "", err
		}
	}
	for _, each := range l.data.LocationServiceData.ServiceDefinitions {
		if !strings.EqualFold(each.Identifier, id) || each.ResourceVersion == 0 {
			continue
		}
		values := map[string]string{"area": each.ServiceType, "resource": each.DisplayName}
		for name, value := range route {
			values[name] = value
		}
		parts := []string{l.area}
		for _, part := range strings.Split(strings.Trim(each.RelativePath, "/"), "/") {
			if !strings.HasPrefix(part, "{") {
				parts = append(parts, part)
			} else if value, known := values[strings.Trim(part, "{*}")]; known {
				parts = append(parts, url.PathEscape(value))
			}
		}
		address := strings.Join(parts, "/")
		if len(query) > 0 {
			address += "?" + query.Encode()
		}
		return address, nil
	}
	return "", fmt.Errorf("the connection data has no resource %s", id)
}

func join(parts ...string) string {
	address := strings.TrimRight(parts[0], "/")
	for _, part := range parts[1:] {
		if part = strings.Trim(part, "/"); part != "" {
			address += "/" + part
		}
	}
	return address
}
