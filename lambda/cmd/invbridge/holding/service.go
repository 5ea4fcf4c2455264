package holding

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// Types returns the custom types that exist, sorted as the service sorts them.
func Types(ctx context.Context, api *ssm.Client) ([]string, error) {
	var names []string
	in := &ssm.GetInventorySchemaInput{TypeName: aws.String("Custom:")}
	for {
		out, err := api.GetInventorySchema(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, s := range out.Schemas {
			if name := aws.ToString(s.TypeName); len(names) == 0 || names[len(names)-1] != name {
				names = append(names, name)
			}
		}
		if aws.ToString(out.NextToken) == "" {
			return names, nil
		}
		in.NextToken = out.NextToken
	}
}

// Item is what the service holds of one type at one node. Captured is "" where it holds nothing.
type Item struct {
	Version, Captured string
	Entries           []map[string]string
}

// Get asks the service for an item.
func Get(ctx context.Context, api *ssm.Client, id, typeName string) (Item, error) {
	var h Item
	in := &ssm.ListInventoryEntriesInput{InstanceId: &id, TypeName: &typeName}
	for {
		out, err := api.ListInventoryEntries(ctx, in)
		if err != nil {
			return h, err
		}
		h.Version, h.Captured = aws.ToString(out.SchemaVersion), aws.ToString(out.CaptureTime)
		h.Entries = append(h.Entries, out.Entries...)
		if aws.ToString(out.NextToken) == "" {
			return h, nil
		}
		in.NextToken = out.NextToken
	}
}
