package stated

import (
	"cmp"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Scopes returns what a share remembers of newer snapshots' scopes, and the one of which all its rows are. Rows that all are of one snapshot
// need no stamps of their own, so that the same rows again are the same object.
func Scopes(share, next *ledger.Share, s *Rows, looked []ledger.Looked) ([]ledger.Looked, string) {
	share = cmp.Or(share, &ledger.Share{})
	list := slices.Clone(share.Scopes)
	for _, l := range looked {
		list = share.WithScope(l, false)
	}
	list = slices.DeleteFunc(list, func(l ledger.Looked) bool { return l.At.Compare(next.Stamp()) <= 0 })
	for _, l := range list {
		if s.Unstamp(l.At) {
			return list, l.Scope
		}
	}
	return list, ""
}
