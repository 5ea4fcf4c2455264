package record

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// passOver reports whether a value just opened is a record that nobody wants, with nothing in it that anybody else reads. That it is there
// may decide where the document's records stand.
func (r *reader) passOver(s *plan.State, kind scan.Kind, at scan.Place) (bool, error) {
	if r.only == nil || kind != scan.Object || !r.dfa.IsRecordAlone(s) || r.only(at) || r.insideWanted() {
		return false, nil
	}
	return true, r.decideFor(s)
}

// insideWanted reports whether a record that is to be given back is being read: it is taken as it stands.
func (r *reader) insideWanted() bool {
	return r.only != nil && slices.ContainsFunc(r.open, func(rec *record) bool { return r.only(rec.place) })
}
