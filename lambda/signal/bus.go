package signal

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

// Source is the source of the bridge's events. Whoever sends the bus's events back to the bridge leaves these out.
const Source = "inventory-bridge"

// Bus is a bus in EventBridge.
type Bus struct {
	client *eventbridge.Client
	name   string
}

// NewBus returns the bus with a name or an ARN.
func NewBus(c aws.Config, name string) *Bus {
	return &Bus{eventbridge.NewFromConfig(settings(c)), name}
}

// Put sends an event.
func (b *Bus) Put(ctx context.Context, detailType string, detail any) error {
	text, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("signal: an event's detail: %w", err)
	}
	out, err := call(ctx, "PutEvents", b.client.PutEvents, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{
		{EventBusName: &b.name, Source: new(Source), DetailType: &detailType, Detail: new(string(text))},
	}})
	if err != nil {
		return err
	}
	for _, e := range out.Entries {
		if e.ErrorCode != nil {
			return fmt.Errorf("signal: the bus did not take the event: %s", *e.ErrorCode)
		}
	}
	return nil
}
