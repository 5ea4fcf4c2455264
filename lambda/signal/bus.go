package signal

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Source is what the bridge's events name as their source. Whoever sends the bus's events back to the bridge leaves these out.
const Source = "inventory-bridge"

// Bus is a bus in EventBridge.
type Bus struct {
	service service
	name    string
}

// NewBus returns the bus with a name or an ARN.
func NewBus(c aws.Config, name string) *Bus {
	endpoint := cmp.Or(aws.ToString(c.BaseEndpoint), "https://events."+c.Region+"."+domain(c.Region)+"/")
	return &Bus{service{c, endpoint, "events", "AWSEvents", "1.1"}, name}
}

// domain is that of a region's endpoints.
func domain(region string) string {
	if strings.HasPrefix(region, "cn-") {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

type putEntry struct {
	Bus        string `json:"EventBusName"`
	Source     string `json:"Source"`
	DetailType string `json:"DetailType"`
	Detail     string `json:"Detail"`
}

// Put sends an event.
func (b *Bus) Put(ctx context.Context, detailType string, detail any) error {
	text, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("signal: an event's detail: %w", err)
	}
	in := map[string][]putEntry{"Entries": {{b.name, Source, detailType, string(text)}}}
	var out struct {
		Entries []struct {
			ErrorCode string
		}
	}
	if err := b.service.call(ctx, "PutEvents", in, &out); err != nil {
		return err
	}
	for _, e := range out.Entries {
		if e.ErrorCode != "" {
			return fmt.Errorf("signal: the bus did not take the event: %s", e.ErrorCode)
		}
	}
	return nil
}
