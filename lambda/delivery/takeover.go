package delivery

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// formerTime is how long rows under a former name of a source are kept that no source of today has stated.
const formerTime = 90 * 24 * time.Hour

// takeOver lets the sources of a mapping whose template has changed take over what was stated of the node under former names, so that no
// row stands twice. A source takes over from one whose name is the beginning of its own, or whose name lists it among others.
func (a *applier) takeOver(ctx context.Context, w *work, n *ledger.NodeState) error {
	if a.header.Form == "" {
		return nil
	}
	for _, former := range slices.Sorted(maps.Keys(n.Sources)) {
		known := n.Sources[former]
		if known.Mapping != a.header.Mapping || known.Form == a.header.Form {
			continue
		}
		heirs := a.heirs(n, former)
		if len(heirs) == 0 {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(w.types)) {
			if err := a.takeType(ctx, w, n, &takeover{former: former, known: known, heirs: heirs, t: a.typeOf(name)}); err != nil {
				return err
			}
		}
		a.forgetFormer(n, former)
	}
	return nil
}

// takeover is what sources take over of one type.
type takeover struct {
	former string
	known  *ledger.Source
	heirs  []string
	t      *inventory.Type
}

// heirs returns the sources of today that take over from a former one: those that have stated something at least as new.
func (a *applier) heirs(n *ledger.NodeState, former string) []string {
	var heirs []string
	for _, source := range slices.Sorted(maps.Keys(n.Sources)) {
		s := n.Sources[source]
		if s.Mapping == a.header.Mapping && s.Form == a.header.Form && s.Stamp().Compare(n.Sources[former].Stamp()) >= 0 && continues(source, former) {
			heirs = append(heirs, source)
		}
	}
	return heirs
}

// takeType removes the rows that the heirs state from the former source's, and all of them where the heirs state all that it did.
func (a *applier) takeType(ctx context.Context, w *work, n *ledger.NodeState, o *takeover) error {
	held := n.Type(o.t.Name)
	share := held.Shares[o.former]
	if share == nil {
		return nil
	}
	left, err := a.left(ctx, held, share, o)
	if err != nil {
		return err
	}
	switch {
	case a.isTaken(share, len(left.Rows), o):
		delete(held.Shares, o.former)
	case len(left.Rows) == share.Count:
		return nil
	default:
		next := *share
		next.Count, next.Compare, next.Bytes = len(left.Rows), o.t.CompareSum(left.Rows), o.t.ContentBytes(left.Rows)
		next.Rows, err = a.writeRows(ctx, o.t, left)
		if err != nil {
			return err
		}
		held.Shares[o.former] = &next
	}
	a.dirty = true
	w.types[o.t.Name].changed = true
	return nil
}

// left returns the rows of a former source's share that no heir states.
func (a *applier) left(ctx context.Context, held *ledger.Type, share *ledger.Share, o *takeover) (*ledger.Rows, error) {
	if share.Rows == "" {
		return &ledger.Rows{}, nil
	}
	old, err := a.readRows(ctx, o.t, share.Rows)
	if err != nil {
		return nil, err
	}
	keys := o.t.Keys(0)
	for _, heir := range o.heirs {
		s := held.Shares[heir]
		if s == nil || s.Rows == "" {
			continue
		}
		rows, err := a.readRows(ctx, o.t, s.Rows)
		if err != nil {
			return nil, err
		}
		for _, row := range rows.Rows {
			keys.Add(row)
		}
	}
	left := &ledger.Rows{Removed: old.Removed}
	for i, row := range old.Rows {
		if keys.Find(row) >= 0 {
			continue
		}
		left.Rows = append(left.Rows, row)
		if old.Stamps != nil {
			left.Stamps = append(left.Stamps, old.Stamps[i])
		}
		if old.Patches != nil {
			left.Patches = append(left.Patches, old.Patches[i])
		}
	}
	return left, nil
}

// isTaken reports whether the heirs state all that the former source did. A former name of several sources is taken when all of them have
// stated what is left. Any other was of one document: of the heir's, where that states at least half of the rows, and the others are no
// longer stated. Otherwise it may be one that has not come again yet.
func (a *applier) isTaken(share *ledger.Share, left int, o *takeover) bool {
	several := slices.ContainsFunc(o.heirs, func(heir string) bool { return !isBeginning(heir, o.former) })
	switch {
	case left == 0 || !o.known.Received.IsZero() && a.received().Sub(o.known.Received) >= formerTime:
		return true
	case several:
		return isListed(o.former, o.heirs)
	default:
		return 2*left <= share.Count
	}
}

// forgetFormer forgets a source that states nothing any more.
func (a *applier) forgetFormer(n *ledger.NodeState, former string) {
	for _, t := range n.Types {
		if t.Shares[former] != nil {
			return
		}
	}
	delete(n.Sources, former)
	a.dirty = true
}

// continues reports whether a source's name begins with a former one, in which a part may be a list that has the source's.
func continues(source, former string) bool {
	parts, names := strings.Split(source, "/"), strings.Split(former, "/")
	if source == former || len(names) > len(parts) {
		return false
	}
	for i, name := range names {
		if name != parts[i] && !strings.Contains(","+name+",", ","+parts[i]+",") {
			return false
		}
	}
	return true
}

func isBeginning(source, former string) bool { return strings.HasPrefix(source, former+"/") }

// isListed reports whether the sources are all those that a former name lists.
func isListed(former string, sources []string) bool {
	for i, name := range strings.Split(former, "/") {
		left := "," + name + ","
		for _, source := range sources {
			part := strings.Split(source, "/")[i]
			if part == name {
				left = ","
			}
			left = strings.Replace(left, ","+part+",", ",", 1)
		}
		if left != "," {
			return false
		}
	}
	return true
}
