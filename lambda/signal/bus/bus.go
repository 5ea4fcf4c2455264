// Package bus knows how the function announces that an import is done. It stands apart from the queue, since the command line has no bus, and would
// begin with the tables of one.
package bus

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/signal"
)

// Source is the source of the bridge's events. Whoever sends the bus's events back to the bridge leaves these out.
const Source = "inventory-bridge"

// Bus is a bus in EventBridge.
type Bus struct {
	client *eventbridge.Client
	name   string
}

// New returns the bus with a name or an ARN.
func New(c aws.Config, name string) *Bus {
	return &Bus{eventbridge.NewFromConfig(signal.Settings(c)), name}
}

// Put sends an event.
func (b *Bus) Put(ctx context.Context, detailType string, detail any) error {
	text, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("bus: an event's detail: %w", err)
	}
	out, err := signal.Call(ctx, "PutEvents", b.client.PutEvents, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{
		{EventBusName: &b.name, Source: new(Source), DetailType: &detailType, Detail: new(string(text))},
	}})
	if err != nil {
		return err
	}
	for _, e := range out.Entries {
		if e.ErrorCode != nil {
			return fmt.Errorf("bus: the bus did not take the event: %s", *e.ErrorCode)
		}
	}
	return nil
}
