// Package former knows how the sources of a mapping take over what was stated of a node under former names of theirs. It does not know what
// becomes of the node's items.
package former

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/stored"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// formerTime is how long rows under a former name of a source are kept that no source of today has stated.
const formerTime = 90 * 24 * time.Hour

// Taking is one delivery's.
type Taking struct {
	Header   ledger.Header
	Received time.Time // when its document was taken in
	Objects  *stored.Objects
}

// TakeOver lets the sources of a mapping whose template has changed take over what was stated of a node under former names, so that no row
// stands twice. A source takes over from one whose name is the beginning of its own, or whose name lists it among others. It returns the types
// of which a share has changed, and whether anything of the node has.
func (a *Taking) TakeOver(ctx context.Context, n *ledger.NodeState, types []*inventory.Type) (taken []*inventory.Type, changed bool, err error) {
	if a.Header.Form == "" {
		return nil, false, nil
	}
	for _, former := range inventory.Sorted(n.Sources) {
		known := n.Sources[former]
		if known.Mapping != a.Header.Mapping || known.Form == a.Header.Form {
			continue
		}
		heirs := a.heirs(n, former)
		if len(heirs) == 0 {
			continue
		}
		for _, t := range types {
			took, err := a.takeType(ctx, n, &takeover{former: former, known: known, heirs: heirs, t: t})
			if err != nil {
				return taken, changed, err
			}
			if took {
				taken, changed = append(taken, t), true
			}
		}
		if forgetFormer(n, former) {
			changed = true
		}
	}
	return taken, changed, nil
}

// takeover is what sources take over of one type.
type takeover struct {
	former string
	known  *ledger.Source
	heirs  []string
	t      *inventory.Type
}

// heirs returns the sources of today that take over from a former one: those that have stated something at least as new.
func (a *Taking) heirs(n *ledger.NodeState, former string) []string {
	var heirs []string
	for _, source := range inventory.Sorted(n.Sources) {
		s := n.Sources[source]
		if s.Mapping == a.Header.Mapping && s.Form == a.Header.Form && s.Stamp().Compare(n.Sources[former].Stamp()) >= 0 && continues(source, former) {
			heirs = append(heirs, source)
		}
	}
	return heirs
}

// takeType removes the rows that the heirs state from the former source's, and all of them where the heirs state all that it did.
func (a *Taking) takeType(ctx context.Context, n *ledger.NodeState, o *takeover) (changed bool, err error) {
	held := n.Type(o.t.Name)
	share := held.Shares[o.former]
	if share == nil {
		return false, nil
	}
	left, err := a.left(ctx, held, share, o)
	if err != nil {
		return false, err
	}
	switch {
	case a.isTaken(share, len(left.Rows), o):
		delete(held.Shares, o.former)
	case len(left.Rows) == share.Count:
		return false, nil
	default:
		next := *share
		next.Count, next.Compare, next.Bytes = len(left.Rows), o.t.CompareSum(left.Rows)+share.Beyond.Text(), o.t.ContentBytes(left.Rows)
		next.Rows, err = a.Objects.WriteRows(ctx, o.t, left)
		if err != nil {
			return false, err
		}
		held.Shares[o.former] = &next
	}
	return true, nil
}

// left returns the rows of a former source's share that no heir states.
func (a *Taking) left(ctx context.Context, held *ledger.Type, share *ledger.Share, o *takeover) (*ledger.Rows, error) {
	if share.Rows == "" {
		return &ledger.Rows{}, nil
	}
	old, err := a.Objects.ReadRows(ctx, o.t, share.Rows)
	if err != nil {
		return nil, err
	}
	keys := o.t.Keys(0)
	for _, heir := range o.heirs {
		s := held.Shares[heir]
		if s == nil || s.Rows == "" {
			continue
		}
		rows, err := a.Objects.ReadRows(ctx, o.t, s.Rows)
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
func (a *Taking) isTaken(share *ledger.Share, left int, o *takeover) bool {
	several := slices.ContainsFunc(o.heirs, func(heir string) bool { return !isBeginning(heir, o.former) })
	switch {
	case left == 0 || !o.known.Received.IsZero() && a.Received.Sub(o.known.Received) >= formerTime:
		return true
	case several:
		return isListed(o.former, o.heirs)
	default:
		return 2*left <= share.Count
	}
}

// forgetFormer forgets a source that states nothing any more, and reports whether it does not.
func forgetFormer(n *ledger.NodeState, former string) bool {
	for _, t := range n.Types {
		if t.Shares[former] != nil {
			return false
		}
	}
	delete(n.Sources, former)
	return true
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
