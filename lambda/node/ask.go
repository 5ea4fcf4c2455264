package node

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// Asker resolves subjects and asks the service for what no list has: which nodes have a tag that a subject names, and which has a
// MAC. It asks for each value once, for MACs only where nothing else decides, and for many at once. It must not be used by several
// goroutines, nor beside others that use its directory.
type Asker struct {
	ctx       context.Context //nolint:containedctx // Resolve has the signature of Directory's
	api       API
	directory *Directory
	wanted    []string // MACs that will be asked for together
	calls     int      // look-ups of MACs so far
	err       error
}

// maxMACCalls bounds the calls for MACs of one document, or of one sweep: most subjects that nothing else names are not managed at all,
// and a large CMDB has thousands of them.
const maxMACCalls = 200

// maxFilterValues is the most that a filter of GetInventory takes; each MAC takes two, since agents differ in case.
const maxFilterValues = 40

// Asking returns a resolver that completes the directory by looking up tags and MACs.
func (d *Directory) Asking(ctx context.Context, api API) *Asker {
	d.asks = true
	return &Asker{ctx: ctx, api: api, directory: d}
}

// Err is the first error of a look-up. After it no decision is to be trusted.
func (a *Asker) Err() error { return a.err }

// Crowd begins to look at the machines of a document.
func (a *Asker) Crowd() *Crowd {
	c := a.directory.Crowd()
	c.asker = a
	return c
}

// want notes MACs that are asked for when all machines of the document are known.
func (a *Asker) want(macs []string) {
	for _, mac := range macs {
		if len(a.wanted) < maxMACCalls*maxFilterValues/2 && a.open(mac) {
			a.wanted = append(a.wanted, mac)
		}
	}
}

func (a *Asker) open(mac string) bool {
	return !a.directory.askedMACs[mac] && !a.directory.shared.Has(RuleMAC, mac)
}

// Resolve is that of Directory, with tags and MACs looked up before. After an error it asks nothing more. While the machines of a
// document are still being added MACs wait: what they would decide depends on it.
func (a *Asker) Resolve(s Subject, r Rules) Decision {
	if a.err == nil && len(s.NodeID) == 0 {
		a.err = a.directory.askTags(a.ctx, a.api, s)
	}
	decision := a.directory.Resolve(s, r)
	undecided := decision.Outcome == Parked || decision.Reason == ReasonAmbiguous || decision.Detail == detailReverse || decision.Detail == detailSplit
	if a.err != nil || decision.Rule == RuleNodeID || !undecided || !slices.ContainsFunc(s.MAC, a.open) {
		return decision
	}
	if r.Among != nil && !r.Among.closed {
		decision.Depends = true
		return decision
	}
	a.want(s.MAC)
	if a.err = a.askWanted(); a.err != nil {
		return decision
	}
	again := a.directory.Resolve(s, r)
	if again.Reason == ReasonNoSuchNode && slices.ContainsFunc(s.MAC, a.open) {
		again.Reason = ReasonNotLookedUp
		again.Detail = "nothing but a MAC address could name its node, and more of them than are asked for at once wait: the sweep goes on with it"
	}
	return again
}

// Asked reports whether it is known of all MACs which nodes have them.
func (d *Directory) Asked(macs []string) bool {
	return !slices.ContainsFunc(macs, func(mac string) bool { return !d.askedMACs[mac] && !d.shared.Has(RuleMAC, mac) })
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

// askWanted asks for the MACs that wait, as many at once as a filter takes.
func (a *Asker) askWanted() error {
	slices.Sort(a.wanted)
	wanted := slices.DeleteFunc(slices.Compact(a.wanted), func(mac string) bool { return a.directory.askedMACs[mac] })
	a.wanted = nil
	for macs := range slices.Chunk(wanted, maxFilterValues/2) {
		if err := a.askMACs(macs); err != nil {
			return err
		}
	}
	return nil
}

// askMACs asks which nodes have these MACs. The answer does not name the MAC: where it has a node, each half is asked for.
func (a *Asker) askMACs(macs []string) error {
	if a.calls >= maxMACCalls {
		return nil
	}
	at, err := a.nodesWithMAC(macs)
	switch {
	case err != nil:
		return err
	case len(at) > 0 && len(macs) > 1:
		half := len(macs) / 2
		return cmp.Or(a.askMACs(macs[:half]), a.askMACs(macs[half:]))
	}
	for _, mac := range macs {
		a.directory.askedMACs[mac] = true
		for _, i := range at {
			a.directory.macs.add(mac, i)
		}
	}
	return nil
}

func (a *Asker) nodesWithMAC(macs []string) ([]int32, error) {
	a.calls++
	var values []string
	for _, mac := range macs {
		values = append(values, mac, strings.ToUpper(mac))
	}
	filter := types.InventoryFilter{Key: new("AWS:Network.MacAddress"), Type: types.InventoryQueryOperatorTypeEqual, Values: values}
	var at []int32
	err := inventoried(a.ctx, a.api, []types.InventoryFilter{filter}, func(n Node) { at = append(at, a.directory.one(n.ID)...) })
	return at, err
}
