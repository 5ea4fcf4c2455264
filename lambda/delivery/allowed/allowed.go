// Package allowed knows what a delivery may state, by the mappings that are loaded where it is applied: whoever staged it has parsed strangers'
// bytes, and may write anything into it. It does not know what becomes of what is stated.
package allowed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// ErrNotBelieved is returned for a delivery that no intake makes: nothing of it is applied.
var ErrNotBelieved = errors.New("the delivery is not believed")

func notBelieved(problem string) error { return fmt.Errorf("%w: %s", ErrNotBelieved, problem) }

// Refusal is the error for what may not be written, while the rest of the delivery may. The reason stands in the receipt.
type Refusal struct {
	Reason string // never a value from the data
}

func (e *Refusal) Error() string { return "delivery: refused: " + e.Reason }

// clocks is how far the clock of another process may be ahead.
const clocks = 15 * time.Minute

// Rules are what mappings may state.
type Rules struct {
	Mapping func(name string) (*mapping.Head, bool)                       // the mappings that are loaded here
	Node    func(ctx context.Context, m *mapping.Head, node string) error // a *Refusal where a mapping with rules about nodes may not write for one
	Now     func() time.Time
}

// Owns reports whether a source is one of a mapping: it has the mapping's name, or one that begins with it and a slash. No mapping's name has one.
func Owns(mapping, source string) bool {
	return mapping != "" && !strings.Contains(mapping, "/") && (source == mapping || strings.HasPrefix(source, mapping+"/"))
}

// Header returns ErrNotBelieved for the header of a delivery that no intake makes.
func (r *Rules) Header(h *ledger.Header) error {
	if !receipt.ValidID(h.Import) {
		return notBelieved("its import has no valid ID")
	}
	if !Owns(h.Mapping, h.Mapping) {
		return notBelieved("its mapping has no valid name")
	}
	if r.Ahead(h.Received) {
		return notBelieved("it was received in the future, by its own account: compare the clocks of the functions")
	}
	if err := r.page(h); err != nil {
		return err
	}
	return r.absence(h)
}

// Ahead reports whether a time is further in the future than clocks differ.
func (r *Rules) Ahead(at time.Time) bool { return at.After(r.Now().Add(clocks)) }

func (r *Rules) page(h *ledger.Header) error {
	if h.Page == nil {
		return nil
	}
	if p := h.Page; p.Of < 2 || p.Number < 1 || p.Number > p.Of {
		return notBelieved("its page has no number among its pages")
	}
	if !ownsAll(h.Mapping, h.Page.Sources) {
		return notBelieved("it is a page of another mapping's list")
	}
	return nil
}

func (r *Rules) absence(h *ledger.Header) error {
	if h.Absence == nil {
		return nil
	}
	m, loaded := r.Mapping(h.Mapping)
	switch {
	case !loaded:
		return notBelieved("it says which nodes are absent, and its mapping is not loaded here")
	case !m.Absent.Clear:
		return notBelieved("it says which nodes are absent, and its mapping does not clear such")
	case !ownsAll(h.Mapping, h.Absence.Sources):
		return notBelieved("it says which nodes are absent of another mapping's source")
	case h.Page != nil || h.Into != "" || h.Found:
		return notBelieved("it says which nodes are absent, and is no whole document")
	case r.Ahead(h.Absence.Captured):
		return notBelieved("it says which nodes will be absent in the future")
	}
	return nil
}

// OfFamily reports whether an identifier is no number, or one of a family of mappings.
func OfFamily(id, family string) bool {
	for _, kind := range []string{ledger.TieKind, ledger.NumberKind} {
		if rest, isNumber := strings.CutPrefix(id, kind); isNumber {
			return strings.HasPrefix(rest, family+"=")
		}
	}
	return true
}

func ownsAll(mapping string, sources []string) bool {
	return !slices.ContainsFunc(sources, func(source string) bool { return !Owns(mapping, source) })
}

// Statement returns an error unless the delivery's mapping, as it is loaded here, may make a statement. A *Refusal rejects its records.
func (r *Rules) Statement(ctx context.Context, h *ledger.Header, s *ledger.Statement) error {
	if !Owns(h.Mapping, s.Source) {
		return notBelieved("it states something for another mapping's source")
	}
	m, ok := r.Mapping(h.Mapping)
	if !ok {
		return &Refusal{Reason: "the mapping is not loaded here"}
	}
	for _, t := range s.Types {
		if !slices.ContainsFunc(m.Types(), func(filled *mapping.Type) bool { return filled.Name() == t.Type }) {
			return &Refusal{Reason: fmt.Sprintf("mapping %s does not fill %s", m.Name, t.Type)}
		}
	}
	if slices.ContainsFunc(s.Subject, func(id string) bool { return strings.HasPrefix(id, ledger.TieKind) && !OfFamily(id, m.Family) }) {
		return &Refusal{Reason: "the mapping may not tie another family's numbers to a node"}
	}
	return r.node(ctx, m, s.Node)
}

// Absent returns a *Refusal for a node about which a delivery's mapping may not write: it is not for that to say that it is absent.
func (r *Rules) Absent(ctx context.Context, h *ledger.Header, node string) error {
	m, ok := r.Mapping(h.Mapping)
	if !ok {
		return &Refusal{Reason: "the mapping is not loaded here"}
	}
	return r.node(ctx, m, node)
}

func (r *Rules) node(ctx context.Context, m *mapping.Head, node string) error {
	if len(m.Allow.Nodes)+len(m.Allow.NodeTags) == 0 {
		return nil
	}
	return r.Node(ctx, m, node)
}
