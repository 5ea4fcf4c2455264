// Package actions has the actions of Systems Manager that are called, and no others. A program holds all methods of a type that may be
// called by reflection, as the expressions of mappings do, and the SDK's client has one for each of some 150 actions: a tenth of the function.
package actions

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// action is one of the SDK's.
type action[I, O any] func(context.Context, *I, ...func(*ssm.Options)) (*O, error)

// Client is a client of Systems Manager. It holds functions: where it held the SDK's client, that could be reached by reflection.
type Client struct {
	options func() ssm.Options
	put     action[ssm.PutInventoryInput, ssm.PutInventoryOutput]
	schemas action[ssm.GetInventorySchemaInput, ssm.GetInventorySchemaOutput]
	entries action[ssm.ListInventoryEntriesInput, ssm.ListInventoryEntriesOutput]
	held    action[ssm.GetInventoryInput, ssm.GetInventoryOutput]
	nodes   action[ssm.DescribeInstanceInformationInput, ssm.DescribeInstanceInformationOutput]
}

// New returns a client that calls as the SDK's does.
func New(c *ssm.Client) *Client {
	return &Client{c.Options, c.PutInventory, c.GetInventorySchema, c.ListInventoryEntries, c.GetInventory, c.DescribeInstanceInformation}
}

// Options returns those of the SDK's client.
func (c *Client) Options() ssm.Options { return c.options() }

// PutInventory puts items to a node.
func (c *Client) PutInventory(ctx context.Context, in *ssm.PutInventoryInput, o ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error) {
	return c.put(ctx, in, o...)
}

// GetInventorySchema lists the types that an account has.
func (c *Client) GetInventorySchema(ctx context.Context, in *ssm.GetInventorySchemaInput, o ...func(*ssm.Options)) (*ssm.GetInventorySchemaOutput, error) {
	return c.schemas(ctx, in, o...)
}

// ListInventoryEntries lists the entries that a node has of a type.
func (c *Client) ListInventoryEntries(ctx context.Context, in *ssm.ListInventoryEntriesInput, o ...func(*ssm.Options)) (*ssm.ListInventoryEntriesOutput, error) {
	return c.entries(ctx, in, o...)
}

// GetInventory lists nodes by what they have of a type.
func (c *Client) GetInventory(ctx context.Context, in *ssm.GetInventoryInput, o ...func(*ssm.Options)) (*ssm.GetInventoryOutput, error) {
	return c.held(ctx, in, o...)
}

// DescribeInstanceInformation lists the managed nodes.
func (c *Client) DescribeInstanceInformation(ctx context.Context, in *ssm.DescribeInstanceInformationInput, o ...func(*ssm.Options)) (*ssm.DescribeInstanceInformationOutput, error) {
	return c.nodes(ctx, in, o...)
}
