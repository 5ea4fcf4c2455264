package node

import (
	"context"
	"slices"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/listing"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Asker resolves subjects and asks the service for what no list has: which nodes have a tag that a subject names, and which has a
// MAC. It asks for each value once, for MACs only where nothing else decides, and for many at once, in the accounts and regions that the subject
// leaves. It must not be used by several goroutines, nor beside others that use its directory.
type Asker struct {
	ctx       context.Context //nolint:containedctx // Resolve has the signature of Directory's
	api       API
	others    func(target.Key) (API, error) // nil: there is no other target
	directory *Directory
	wanted    map[target.Key][]string // MACs that will be asked for together
	calls     map[target.Key]int      // look-ups of MACs so far
	err       error
}

// maxAtOnce is how many targets are asked at once.
const maxAtOnce = 16

// asked is what a target was asked for.
type asked struct {
	tags map[listing.Tag]bool
	macs map[string]bool
}

func newAsked() *asked { return &asked{map[listing.Tag]bool{}, map[string]bool{}} }

// askedOf returns what a target was asked for, to note more.
func (d *Directory) askedOf(k target.Key) *asked {
	if d.asked[k] == nil {
		d.asked[k] = newAsked()
	}
	return d.asked[k]
}

// Asking returns a resolver that completes the directory by looking up tags and MACs, and asks others for those of other targets. One of these
// that fails is unreachable from then on, for this resolver.
func (d *Directory) Asking(ctx context.Context, api API, others func(target.Key) (API, error)) *Asker {
	d.asks = true
	own := &Directory{indexes: d.indexes, failed: map[target.Key]bool{}}
	return &Asker{ctx: ctx, api: api, others: others, directory: own, wanted: map[target.Key][]string{}, calls: map[target.Key]int{}}
}

// Err is the first error of a look-up in the installation's own account and region. After it no decision is to be trusted.
func (a *Asker) Err() error { return a.err }

// Crowd begins to look at the machines of a document.
func (a *Asker) Crowd() *Crowd {
	c := a.directory.Crowd()
	c.asker = a
	return c
}

// targets returns those that may be asked for a subject.
func (a *Asker) targets(s *Subject) []target.Key {
	var list []target.Key
	if !s.Stated || fits(s.Target(), a.directory.own) {
		list = append(list, target.Key{})
	}
	for _, t := range a.directory.targets {
		if a.others != nil && !a.directory.isUnreachable(t) && (!s.Stated || fits(s.Target(), t.Key)) {
			list = append(list, t.Key)
		}
	}
	return list
}

// want notes MACs that are asked for when all machines of the document are known.
func (a *Asker) want(s *Subject) {
	for _, k := range a.targets(s) {
		for _, mac := range s.MAC {
			if len(a.wanted[k]) < listing.MaxMACs && a.directory.open(k, mac) {
				a.wanted[k] = append(a.wanted[k], mac)
			}
		}
	}
}

// open reports whether it is not known which nodes of a target have a MAC.
func (d *Directory) open(k target.Key, mac string) bool {
	known := d.asked[k]
	return (known == nil || !known.macs[mac]) && !d.shared.Has(RuleMAC, mac)
}

// isOpen reports whether one of a subject's MACs can be asked for.
func (a *Asker) isOpen(s *Subject) bool {
	return len(s.MAC) > 0 && slices.ContainsFunc(a.targets(s), func(k target.Key) bool {
		return slices.ContainsFunc(s.MAC, func(mac string) bool { return a.directory.open(k, mac) })
	})
}

// Resolve is that of Directory, with tags and MACs looked up before. After an error it asks nothing more. While the machines of a
// document are still being added MACs wait: what they would decide depends on it.
func (a *Asker) Resolve(s Subject, r Rules) Decision {
	if a.err == nil && len(s.NodeID) == 0 && len(s.Tags) > 0 {
		a.askTags(&s)
	}
	decision := a.directory.Resolve(s, r)
	undecided := decision.Outcome == Parked || decision.Reason == ReasonAmbiguous || decision.Detail == detailReverse || decision.Detail == detailSplit
	if a.err != nil || decision.Rule == RuleNodeID || !undecided || !a.isOpen(&s) {
		return decision
	}
	if r.Among != nil && !r.Among.closed {
		decision.Depends = true
		return decision
	}
	a.want(&s)
	if a.askWanted(); a.err != nil {
		return decision
	}
	again := a.directory.Resolve(s, r)
	if again.Reason == ReasonNoSuchNode && a.isOpen(&s) {
		again.Reason = ReasonNotLookedUp
		again.Detail = "nothing but a MAC address could name its node, and more of them than are asked for at once wait: the sweep goes on with it"
	}
	return again
}

// Asked reports whether it is known of all MACs which nodes have them.
func (d *Directory) Asked(macs []string) bool {
	return !slices.ContainsFunc(macs, func(mac string) bool {
		return d.open(target.Key{}, mac) || slices.ContainsFunc(d.targets, func(t reached) bool { return d.open(t.Key, mac) })
	})
}

// found is what one target has answered.
type answered struct {
	of  target.Key
	ids map[string][]string // by value: the nodes that have it; none: it was not asked for
	err error
}

// each asks some targets, several at once, and hands on what they answer. One that fails is unreachable from then on; the installation's own
// ends the asking.
func (a *Asker) each(targets []target.Key, ask func(target.Key, API) (map[string][]string, error), learn func(target.Key, string, []string)) {
	answers := make([]answered, len(targets))
	var all sync.WaitGroup
	slots := make(chan struct{}, maxAtOnce)
	for n, k := range targets {
		api, err := a.apiOf(k)
		if err != nil {
			answers[n] = answered{of: k, err: err}
			continue
		}
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			ids, err := ask(k, api)
			answers[n] = answered{k, ids, err}
		})
	}
	all.Wait()
	for _, one := range answers {
		for value, ids := range one.ids {
			learn(one.of, value, ids)
		}
		switch {
		case one.err == nil:
		case !one.of.IsOwn():
			a.directory.failed[one.of] = true
		case a.err == nil:
			a.err = one.err
		}
	}
}

func (a *Asker) apiOf(k target.Key) (API, error) {
	if k.IsOwn() {
		return a.api, nil
	}
	return a.others(k)
}

// askTags learns which nodes have the tags of a subject.
func (a *Asker) askTags(s *Subject) {
	for _, t := range TagList(s.Tags) {
		targets := slices.DeleteFunc(a.targets(s), func(k target.Key) bool { return a.directory.askedOf(k).tags[t] })
		a.each(targets, func(_ target.Key, api API) (map[string][]string, error) {
			ids, err := listing.WithTag(a.ctx, api, t)
			if err != nil {
				return nil, err
			}
			return map[string][]string{"": ids}, nil
		}, func(k target.Key, _ string, ids []string) { a.directory.learnTag(k, t, ids) })
		if a.err != nil {
			return
		}
	}
}

// askWanted asks for the MACs that wait, as many at once as a filter takes.
func (a *Asker) askWanted() {
	var targets []target.Key
	lists, lookUps := map[target.Key][]string{}, map[target.Key]*listing.MACs{}
	for k, macs := range a.wanted {
		slices.Sort(macs)
		macs = slices.DeleteFunc(slices.Compact(macs), func(mac string) bool { return a.directory.askedOf(k).macs[mac] })
		if len(macs) > 0 && !a.directory.failed[k] {
			targets = append(targets, k)
			lists[k], lookUps[k] = macs, &listing.MACs{Calls: a.calls[k], Found: map[string][]string{}}
		}
	}
	a.wanted = map[target.Key][]string{}
	slices.SortFunc(targets, target.Key.Compare)
	a.each(targets, func(k target.Key, api API) (map[string][]string, error) {
		l := lookUps[k]
		return l.Found, l.Ask(a.ctx, api, lists[k])
	}, func(k target.Key, mac string, ids []string) {
		a.directory.askedOf(k).macs[mac] = true
		for _, i := range a.directory.ofTarget(ids, k) {
			a.directory.macs.add(mac, i)
		}
	})
	for k, l := range lookUps {
		a.calls[k] = l.Calls
	}
}
