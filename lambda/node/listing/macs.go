package listing

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/held"
)

// MaxMACCalls bounds the calls for MACs of one document, or of one sweep, in one target: most subjects that nothing else names are not managed at
// all, and a large CMDB has thousands of them.
const MaxMACCalls = 200

// MaxMACs is how many MACs can be asked for with that many calls.
const MaxMACs = MaxMACCalls * atOnce

// atOnce is how many MACs a filter of GetInventory takes: forty values, of which each MAC takes two, since agents differ in case.
const atOnce = 20

// MACs asks one target for MAC addresses, with a bounded number of calls.
type MACs struct {
	Calls int                 // that were made
	Found map[string][]string // by MAC that was asked for: the nodes that have it
}

// Ask asks which nodes have some MACs.
func (l *MACs) Ask(ctx context.Context, api API, macs []string) error {
	for some := range slices.Chunk(macs, atOnce) {
		if err := l.ask(ctx, api, some); err != nil {
			return err
		}
	}
	return nil
}

// ask asks which nodes have these MACs. The answer does not name the MAC: where it has a node, each half is asked for.
func (l *MACs) ask(ctx context.Context, api API, macs []string) error {
	if l.Calls >= MaxMACCalls {
		return nil
	}
	l.Calls++
	ids, err := withMAC(ctx, api, macs)
	if err != nil {
		return err
	}
	if len(ids) > 0 && len(macs) > 1 {
		half := len(macs) / 2
		if err := l.ask(ctx, api, macs[:half]); err != nil {
			return err
		}
		return l.ask(ctx, api, macs[half:])
	}
	for _, mac := range macs {
		l.Found[mac] = ids
	}
	return nil
}

// withMAC returns the IDs of the nodes that have one of some MACs.
func withMAC(ctx context.Context, api API, macs []string) (ids []string, err error) {
	var values []string
	for _, mac := range macs {
		values = append(values, mac, strings.ToUpper(mac))
	}
	filter := types.InventoryFilter{Key: new("AWS:Network.MacAddress"), Type: types.InventoryQueryOperatorTypeEqual, Values: values}
	err = inventoried(ctx, api, []types.InventoryFilter{filter}, func(n held.Node) { ids = append(ids, n.ID) })
	return ids, err
}
