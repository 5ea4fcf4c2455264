package node

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// Asker resolves subjects and asks the service for what no list gives: which nodes have a tag that a subject names, and which has a
// MAC. It asks only where a stronger identifier does not decide, and once for each value. It must not be used by several goroutines,
// nor beside others that use its directory.
type Asker struct {
	ctx       context.Context //nolint:containedctx // Resolve has the signature of Directory's
	api       API
	directory *Directory
	macs      int // look-ups of MACs so far
	err       error
}

// maxMACLookups bounds how many subjects' MACs are looked up. Each costs a call, and most subjects that nothing else names are not
// managed at all: a large CMDB would bring thousands of them.
const maxMACLookups = 100

// Asking gives a resolver that completes the directory by looking up tags and MACs.
func (d *Directory) Asking(ctx context.Context, api API) *Asker {
	return &Asker{ctx: ctx, api: api, directory: d}
}

// Err is the first error of a look-up. After it no decision is to be trusted.
func (a *Asker) Err() error { return a.err }

// Resolve is that of Directory, with tags and MACs looked up before. After an error it asks nothing more.
func (a *Asker) Resolve(s Subject, r Rules) Decision {
	if a.err == nil && len(s.NodeID) == 0 {
		a.err = a.directory.askTags(a.ctx, a.api, s)
	}
	decision := a.directory.Resolve(s, r)
	if a.err != nil || len(s.MAC) == 0 || a.macs == maxMACLookups || decision.Reason != ReasonNoSuchNode || decision.Rule != "" {
		return decision
	}
	a.macs++
	if a.err = a.directory.askMACs(a.ctx, a.api, s.MAC); a.err != nil {
		return decision
	}
	return a.directory.Resolve(s, r)
}

func (d *Directory) askTags(ctx context.Context, api API, s Subject) error {
	for _, key := range sortedKeys(s.Tags) {
		for _, value := range s.Tags[key] {
			if err := d.askTag(ctx, api, tag{key, value}); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxFilterValues is the most that a filter of GetInventory takes; each MAC takes two, since agents differ in case.
const maxFilterValues = 40

// askMACs learns which nodes have these MACs. Most subjects that come here are not managed at all, so one call asks for all of
// them; only where it finds a node is each asked for, since the answer does not tell which it was.
func (d *Directory) askMACs(ctx context.Context, api API, macs []string) error {
	var open []string
	for _, mac := range macs {
		if !d.askedMACs[mac] && len(open) < maxFilterValues/2 {
			open = append(open, mac)
		}
	}
	if len(open) == 0 {
		return nil
	}
	at, err := d.nodesWithMAC(ctx, api, open)
	if err != nil {
		return err
	}
	unclear := len(at) > 0 && len(open) > 1
	for _, mac := range open {
		if unclear {
			if at, err = d.nodesWithMAC(ctx, api, []string{mac}); err != nil {
				return err
			}
		}
		d.askedMACs[mac] = true
		for _, i := range at {
			d.macs.add(mac, i)
		}
	}
	return nil
}

func (d *Directory) nodesWithMAC(ctx context.Context, api API, macs []string) ([]int32, error) {
	var values []string
	for _, mac := range macs {
		values = append(values, mac, strings.ToUpper(mac))
	}
	filter := types.InventoryFilter{Key: new("AWS:Network.MacAddress"), Type: types.InventoryQueryOperatorTypeEqual, Values: values}
	var at []int32
	err := inventoried(ctx, api, []types.InventoryFilter{filter}, func(n Node) { at = append(at, d.one(n.ID)...) })
	return at, err
}
