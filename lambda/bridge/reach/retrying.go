package reach

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Own is what lists the nodes of the installation's own account and region.
func (c *Clients) Own() node.API { return retrying{c.own.api, c.own.pace} }

// Listing returns what lists the nodes of a target.
func (c *Clients) Listing(k target.Key) (node.API, error) {
	api, pace, err := c.Of(k)
	if err != nil {
		return nil, err
	}
	return retrying{api, pace}, nil
}

// retryingCalls is how often a page of the directory is asked for, beside the SDK's own retries.
const retryingCalls = 8

// retrying asks for each page of the directory again where that may help: without the directory no document can be taken in.
type retrying struct {
	api  node.API
	pace *put.Pace
}

func (p retrying) DescribeInstanceInformation(
	ctx context.Context, in *ssm.DescribeInstanceInformationInput, o ...func(*ssm.Options),
) (*ssm.DescribeInstanceInformationOutput, error) {
	return fault.Again(ctx, retryingCalls, p.pace.Answered, func() (*ssm.DescribeInstanceInformationOutput, error) {
		return p.api.DescribeInstanceInformation(ctx, in, o...)
	})
}

func (p retrying) GetInventory(ctx context.Context, in *ssm.GetInventoryInput, o ...func(*ssm.Options)) (*ssm.GetInventoryOutput, error) {
	return fault.Again(ctx, retryingCalls, p.pace.Answered, func() (*ssm.GetInventoryOutput, error) { return p.api.GetInventory(ctx, in, o...) })
}
