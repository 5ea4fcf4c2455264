package holding

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/account"
)

// Types returns the custom types that exist, sorted as the service sorts them.
func Types(ctx context.Context, api account.API) ([]string, error) {
	var names []string
	pages := ssm.NewGetInventorySchemaPaginator(api, &ssm.GetInventorySchemaInput{TypeName: aws.String("Custom:")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, s := range page.Schemas {
			names = append(names, aws.ToString(s.TypeName))
		}
	}
	return slices.Compact(names), nil
}

// Item is what the service holds of one type at one node. Captured is "" where it holds nothing.
type Item struct {
	Version, Captured string
	Entries           []map[string]string
}

// Get asks the service for an item.
func Get(ctx context.Context, api account.API, id, typeName string) (Item, error) {
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
