// Package listing knows how Systems Manager is asked for the managed nodes of an account and region: for all of them, and for those that have a tag
// or a MAC address. It does not know what for.
package listing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/held"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// API is what is needed of Systems Manager. Rate limits and retries are the client's.
type API interface {
	DescribeInstanceInformation(context.Context, *ssm.DescribeInstanceInformationInput, ...func(*ssm.Options)) (*ssm.DescribeInstanceInformationOutput, error)
	GetInventory(context.Context, *ssm.GetInventoryInput, ...func(*ssm.Options)) (*ssm.GetInventoryOutput, error)
}

// pageSize is the most that both operations return at once.
const pageSize = 50

// Tag is a tag of nodes.
type Tag struct{ Key, Value string }

// List reads the nodes of a target from the service, and which of them have some tags.
func List(ctx context.Context, api API, of target.Key, tags []Tag) ([]held.Node, error) {
	nodes, err := All(ctx, api)
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool, len(nodes))
	nodes = slices.DeleteFunc(nodes, func(n held.Node) bool {
		twice := seen[n.ID]
		seen[n.ID] = true
		return twice
	})
	at := make(map[string]*held.Node, len(nodes))
	for i := range nodes {
		nodes[i].Target = of
		at[nodes[i].ID] = &nodes[i]
	}
	for _, t := range tags {
		ids, err := WithTag(ctx, api, t)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if n := at[id]; n != nil {
				n.Tags = withOne(n.Tags, t)
			}
		}
	}
	return nodes, nil
}

func withOne(tags map[string]string, t Tag) map[string]string {
	if tags == nil {
		tags = map[string]string{}
	}
	tags[t.Key] = t.Value
	return tags
}

// All reads the nodes of an account and region. Those that DescribeInstanceInformation lists stand first: of two with one ID the first counts.
func All(ctx context.Context, api API) (nodes []held.Node, err error) {
	err = describe(ctx, api, nil, func(i types.InstanceInformation) { nodes = append(nodes, described(i)) })
	if err != nil {
		return nil, err
	}
	err = inventoried(ctx, api, notRunning(), func(n held.Node) { nodes = append(nodes, n) })
	return nodes, err
}

// notRunning chooses the nodes that DescribeInstanceInformation may omit.
func notRunning() []types.InventoryFilter {
	return []types.InventoryFilter{{
		Key: new("AWS:InstanceInformation.InstanceStatus"), Type: types.InventoryQueryOperatorTypeEqual,
		Values: []string{"Stopped", "ConnectionLost"},
	}}
}

func describe(ctx context.Context, api API, filters []types.InstanceInformationStringFilter, take func(types.InstanceInformation)) error {
	return pages(func(token *string) (*string, error) {
		out, err := api.DescribeInstanceInformation(ctx, &ssm.DescribeInstanceInformationInput{
			Filters: filters, MaxResults: new(int32(pageSize)), NextToken: token,
		})
		if err != nil {
			return nil, fmt.Errorf("node: listing the managed nodes: %w", err)
		}
		for _, i := range out.InstanceInformationList {
			take(i)
		}
		return out.NextToken, nil
	})
}

func inventoried(ctx context.Context, api API, filters []types.InventoryFilter, take func(held.Node)) error {
	return pages(func(token *string) (*string, error) {
		out, err := api.GetInventory(ctx, &ssm.GetInventoryInput{
			Filters: filters, ResultAttributes: []types.ResultAttribute{{TypeName: new(typeInstanceInformation)}},
			MaxResults: new(int32(pageSize)), NextToken: token,
		})
		if err != nil {
			return nil, fmt.Errorf("node: reading the inventory of the managed nodes: %w", err)
		}
		for _, e := range out.Entities {
			take(entity(e))
		}
		return out.NextToken, nil
	})
}

// pages calls for page after page. A token that comes twice in a row would never end.
func pages(page func(token *string) (*string, error)) error {
	var token *string
	for {
		next, err := page(token)
		if err != nil {
			return err
		}
		if text(next) == "" {
			return nil
		}
		if text(next) == text(token) {
			return errors.New("node: the service gave the same page token twice")
		}
		token = next
	}
}

func described(i types.InstanceInformation) held.Node {
	return held.Node{
		ID: text(i.InstanceId), ComputerName: text(i.ComputerName), Name: text(i.Name), IPAddress: text(i.IPAddress),
		PingStatus: string(i.PingStatus), PlatformType: string(i.PlatformType), ResourceType: string(i.ResourceType),
		SourceID: text(i.SourceId),
	}
}

const typeInstanceInformation = "AWS:InstanceInformation"

// entity reads a node out of the inventory. A terminated one may have nothing but its ID and state.
func entity(e types.InventoryResultEntity) held.Node {
	n := held.Node{ID: text(e.Id)}
	for _, content := range e.Data[typeInstanceInformation].Content {
		n.ComputerName, n.IPAddress = content["ComputerName"], content["IpAddress"]
		n.Status, n.PlatformType, n.ResourceType = content["InstanceStatus"], content["PlatformType"], content["ResourceType"]
	}
	return n
}

// WithTag returns the IDs of the nodes that have a tag.
func WithTag(ctx context.Context, api API, t Tag) (ids []string, err error) {
	filter := types.InstanceInformationStringFilter{Key: new("tag:" + t.Key), Values: []string{t.Value}}
	err = describe(ctx, api, []types.InstanceInformationStringFilter{filter}, func(i types.InstanceInformation) { ids = append(ids, text(i.InstanceId)) })
	return ids, err
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
