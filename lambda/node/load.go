package node

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
)

// API is what the directory needs of Systems Manager. Rate limits and retries are the client's.
type API interface {
	DescribeInstanceInformation(context.Context, *ssm.DescribeInstanceInformationInput, ...func(*ssm.Options)) (*ssm.DescribeInstanceInformationOutput, error)
	GetInventory(context.Context, *ssm.GetInventoryInput, ...func(*ssm.Options)) (*ssm.GetInventoryOutput, error)
}

// Options are what Load asks for besides names, addresses and states.
type Options struct {
	// Tags are the tags whose nodes have to be known, values by key: those of Rules.AllowTags. Each value costs a call.
	// Tags that documents name are looked up one by one: see Asker.
	Tags map[string][]string

	Shared []identifier.SharedValue // values that many machines have, beside those of the built-in table
}

// pageSize is the most that both operations return at once.
const pageSize = 50

// Load reads the directory from the service: what DescribeInstanceInformation lists, and the stopped nodes that it omits out of the
// inventory type AWS:InstanceInformation. A page may be empty and yet not the last; a token that is absent or empty ends.
func Load(ctx context.Context, api API, options Options) (*Directory, error) {
	var nodes []Node
	err := describe(ctx, api, nil, func(i types.InstanceInformation) { nodes = append(nodes, described(i)) })
	if err != nil {
		return nil, err
	}
	// Describe's nodes stand first: of two with one ID the first counts.
	err = inventoried(ctx, api, notRunning(), func(n Node) { nodes = append(nodes, n) })
	if err != nil {
		return nil, err
	}
	d := New(nodes, options.Shared...)
	for _, key := range sortedKeys(options.Tags) {
		for _, value := range options.Tags[key] {
			if err := d.askTag(ctx, api, tag{key, value}); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
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

func inventoried(ctx context.Context, api API, filters []types.InventoryFilter, take func(Node)) error {
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

func described(i types.InstanceInformation) Node {
	return Node{
		ID: text(i.InstanceId), ComputerName: text(i.ComputerName), Name: text(i.Name), IPAddress: text(i.IPAddress),
		PingStatus: string(i.PingStatus), PlatformType: string(i.PlatformType), ResourceType: string(i.ResourceType),
		SourceID: text(i.SourceId),
	}
}

const typeInstanceInformation = "AWS:InstanceInformation"

// entity reads a node out of the inventory. A terminated one may have nothing but its ID and state.
func entity(e types.InventoryResultEntity) Node {
	n := Node{ID: text(e.Id)}
	for _, content := range e.Data[typeInstanceInformation].Content {
		n.ComputerName, n.IPAddress = content["ComputerName"], content["IpAddress"]
		n.Status, n.PlatformType, n.ResourceType = content["InstanceStatus"], content["PlatformType"], content["ResourceType"]
	}
	return n
}

// askTag learns which nodes have a tag. The tags go into the index only: a node's own Tags are those of a file, which are whole.
func (d *Directory) askTag(ctx context.Context, api API, t tag) error {
	if d.asked[t] {
		return nil
	}
	filter := types.InstanceInformationStringFilter{Key: new("tag:" + t.key), Values: []string{t.value}}
	var at []int32
	err := describe(ctx, api, []types.InstanceInformationStringFilter{filter}, func(i types.InstanceInformation) {
		at = append(at, d.one(text(i.InstanceId))...)
	})
	if err != nil {
		return err
	}
	slices.Sort(at)
	for _, i := range at {
		d.addTag(t, i)
	}
	d.asked[t] = true
	return nil
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
