package stated

import (
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Remembered returns what is held of a source after a statement of it about a node, of which some is not stale. One that is older than the source's last
// moves nothing but the time at which it was received. A statement of a rollback undoes.
func Remembered(last ledger.Source, s *ledger.Statement, h *ledger.Header, at ledger.Stamp, received time.Time, undoes bool) ledger.Source {
	next := last
	if last.Import != h.Import {
		next.Received = received
	}
	if s.Part {
		next.Part = ledger.Newest(next.Part, at)
	}
	if s.Merge {
		next.Merged = ledger.Latest(next.Merged, at.Captured)
	}
	if at.Compare(ledger.Newest(last.Stamp(), ledger.Stamp{Captured: last.Merged})) >= 0 || last.Import == "" {
		next.Import, next.Mapping, next.Form = h.Import, h.Mapping, h.Form
		next.Subject = s.Identifiers()
		next.Cleared, next.ClearedBy = time.Time{}, ""
		if !undoes || last.Missing == nil || last.Missing.Compare(at) <= 0 { // what a later document does not name is missing all the same
			next.Missing = nil
		}
		if !s.Merge {
			next.Captured, next.Written = at.Captured, at.Written
		}
	}
	return next
}
