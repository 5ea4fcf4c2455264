package parked

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// newer is which snapshots of one source are the newest about each machine and type, among those that wait for a node. A snapshot that is
// older than another one about the same machine waits no longer; what a document does not name waits on, since absence is no removal.
type newer struct {
	source string
	stated map[[sha256.Size]byte]latest // by machine, type and what was looked at; nil: only one document waits
}

// latest is the newest statement about something.
type latest struct {
	at       ledger.Stamp
	document string // its import
}

// newerOf reads what waits of one source, where that comes from several documents.
func (r *Records) newerOf(ctx context.Context, keys []ledger.ParkedKey) (*newer, error) {
	n := &newer{}
	if len(keys) == 0 {
		return n, nil
	}
	n.source = keys[0].Source
	imports := map[string]bool{}
	for _, k := range keys {
		if !k.Merge {
			imports[k.Import] = true
		}
	}
	if len(imports) < 2 {
		return n, nil
	}
	n.stated = map[[sha256.Size]byte]latest{}
	for _, k := range keys {
		err := r.addNewer(ctx, n, k)
		if _, isDamaged := errors.AsType[*ledger.FormatError](err); isDamaged {
			continue // whoever looks at the object itself names it
		}
		if err != nil {
			return nil, err
		}
	}
	return n, nil
}

func (r *Records) addNewer(ctx context.Context, n *newer, k ledger.ParkedKey) error {
	if k.Merge {
		return nil
	}
	h, list, err := r.read(ctx, k)
	if errors.Is(err, ledger.ErrNotFound) || errors.Is(err, allowed.ErrNotBelieved) {
		return nil
	}
	if err != nil {
		return err
	}
	for s, err := range list {
		if err != nil {
			return err
		}
		if !replacing(s) {
			continue
		}
		at := stampOf(h, s)
		for _, t := range s.Types {
			about, err := aboutType(s, t.Type, t.Scope)
			if err != nil {
				return err
			}
			if known, ok := n.stated[about]; !ok || known.at.Compare(at) < 0 {
				n.stated[about] = latest{at, k.Import}
			}
		}
	}
	return nil
}

// replacing reports whether a statement replaces what was stated before. One of which a record was rejected does not: it only sets rows.
func replacing(s *ledger.Statement) bool {
	isRejected := func(r ledger.RecordResult) bool { return r.Outcome == receipt.Rejected }
	return !s.Merge && !s.Partial && !slices.ContainsFunc(s.Records, isRejected)
}

// replaces reports whether newer documents state everything that a statement does: of each of its types all, or what it looked at.
func (n *newer) replaces(h ledger.Header, s *ledger.Statement) (bool, error) {
	if n.stated == nil || s.Merge || len(s.Types) == 0 {
		return false, nil
	}
	at := stampOf(h, s)
	for _, t := range s.Types {
		newer, err := n.since(h, s, t.Type, nil, at)
		if err == nil && !newer && t.Scope != nil {
			newer, err = n.since(h, s, t.Type, t.Scope, at)
		}
		if err != nil || !newer {
			return false, err
		}
	}
	return true, nil
}

// since reports whether another document has stated the same after a time.
func (n *newer) since(h ledger.Header, s *ledger.Statement, name string, scope *inventory.Scope, at ledger.Stamp) (bool, error) {
	about, err := aboutType(s, name, scope)
	if err != nil {
		return false, err
	}
	known, ok := n.stated[about]
	another := known.document != h.Import || !known.at.Written.Equal(h.Written)
	return ok && another && known.at.Compare(at) > 0, nil
}

func stampOf(h ledger.Header, s *ledger.Statement) ledger.Stamp {
	at, _ := s.CapturedAt(h.Written, h.Received)
	return ledger.Stamp{Captured: at, Written: h.Written}
}

// aboutType is what a statement is about, as far as one type goes: the machine by its identifiers and where it is, the type, and what was looked at.
func aboutType(s *ledger.Statement, name string, scope *inventory.Scope) (sum [sha256.Size]byte, err error) {
	looked, err := json.Marshal(scope)
	if err != nil {
		return sum, fmt.Errorf("what waits for a node: %w", err)
	}
	return sha256.Sum256([]byte(name + "\x00" + string(looked) + "\x00" + s.Target.String() + "\x00" + strings.Join(s.Subject, "\n"))), nil
}
