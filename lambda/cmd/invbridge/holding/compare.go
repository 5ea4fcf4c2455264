// Package holding is what a node holds: by the ledger, by the service, and where these differ. It does not know how it is shown.
package holding

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/account"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Line is a type at a node: what the ledger and the service hold of it.
type Line struct {
	Node    string     `json:"node"`
	Type    string     `json:"type"`
	Ledger  *InLedger  `json:"ledger,omitempty"`
	Service *InService `json:"service,omitempty"`
	Sources []Source   `json:"sources"`
	Open    string     `json:"open,omitempty"` // why something is still to be put
	Differ  string     `json:"differ,omitempty"`

	Entries []Entry      `json:"entries,omitempty"` // that sources state, where they were asked for
	Drift   []differ.Row `json:"drift,omitempty"`   // by which the service differs
}

// InLedger is the item that the service accepted last.
type InLedger struct {
	Entries  int       `json:"entries"`
	Captured time.Time `json:"captured"`
	At       time.Time `json:"accepted"`
	Schema   string    `json:"schemaVersion"`
	Cut      int       `json:"cut,omitempty"`
}

// InService is the item that the service returns.
type InService struct {
	Entries  int    `json:"entries"`
	Captured string `json:"captured"`
	Schema   string `json:"schemaVersion"`
}

// Source is what one source states.
type Source struct {
	Source   string    `json:"source"`
	Entries  int       `json:"entries"`
	Captured time.Time `json:"captured"`
	Import   string    `json:"import,omitempty"`
}

// Compare returns the types that ledger or service hold at a node, in order of their names. The node of the ledger may be nil.
func Compare(ctx context.Context, api account.API, id string, n *ledger.NodeState) ([]Line, error) {
	names, err := Types(ctx, api)
	if err != nil {
		return nil, fmt.Errorf("asking the service for its types: %w", err)
	}
	all := slices.Sorted(slices.Values(slices.Concat(names, typesOf(n))))
	var list []Line
	for _, name := range slices.Compact(all) {
		line := Line{Node: id, Type: name, Sources: []Source{}}
		line.fromLedger(n, name)
		if slices.Contains(names, name) {
			h, err := Get(ctx, api, id, name)
			if err != nil {
				return nil, fmt.Errorf("asking the service for %s: %w", name, refined(err))
			}
			if h.Captured != "" {
				line.Service = &InService{len(h.Entries), h.Captured, h.Version}
			}
		}
		if line.Service != nil || line.Ledger != nil || line.Open != "" || len(line.Sources) > 0 {
			line.Differ = line.difference()
			list = append(list, line)
		}
	}
	return list, nil
}

// ErrNoNode is returned where the service does not know a node, or it is terminated.
var ErrNoNode = errors.New("the service does not know the node")

// refined is an error of the service as one of these.
func refined(err error) error {
	if _, none := errors.AsType[*types.InvalidInstanceId](err); none {
		return ErrNoNode
	}
	return err
}

// Known returns the types that the ledger holds at a node, which may be nil, in order of their names.
func Known(id string, n *ledger.NodeState) []Line {
	var list []Line
	for _, name := range slices.Compact(slices.Sorted(slices.Values(typesOf(n)))) {
		line := Line{Node: id, Type: name, Sources: []Source{}}
		line.fromLedger(n, name)
		list = append(list, line)
	}
	return list
}

func typesOf(n *ledger.NodeState) []string {
	if n == nil {
		return nil
	}
	names := slices.DeleteFunc(slices.Collect(maps.Keys(n.Types)), func(name string) bool {
		return strings.Contains(name, " ") // one of the items that a type with a context makes
	})
	if n.Intent != nil {
		names = slices.AppendSeq(names, maps.Keys(n.Intent.Types))
	}
	return names
}

func (l *Line) fromLedger(n *ledger.NodeState, name string) {
	if n == nil {
		return
	}
	if t := n.Types[name]; t != nil {
		if a := t.Accepted; a != nil {
			l.Ledger = &InLedger{a.Entries, a.Captured, a.At, a.Schema, a.Truncated}
		}
		for _, source := range slices.Sorted(maps.Keys(t.Shares)) {
			share := t.Shares[source]
			if share.Count == 0 {
				continue
			}
			line := Source{Source: source, Entries: share.Count + share.Beyond.Rows, Captured: share.Newest()}
			if from := n.Sources[source]; from != nil {
				line.Import = from.Import
			}
			l.Sources = append(l.Sources, line)
		}
	}
	if n.Intent == nil || n.Intent.Types[name] == nil {
		return
	}
	o := n.Intent.Types[name]
	l.Open = "not put yet"
	switch {
	case o.Failed != "":
		l.Open = "refused: " + o.Failed
	case o.Reason != "":
		l.Open += ": " + o.Reason
	}
}

// difference describes where ledger and service differ.
func (l *Line) difference() string {
	switch {
	case l.Service == nil && (l.Ledger == nil || l.Ledger.Entries == 0):
		return ""
	case l.Ledger == nil:
		return "it is not in the ledger: another program put it"
	case l.Service == nil:
		return "the service no longer holds it: it was deleted, or not refreshed for 30 days"
	case l.Ledger.Entries != l.Service.Entries:
		return fmt.Sprintf("the ledger has %d entries, the service has %d", l.Ledger.Entries, l.Service.Entries)
	case l.Ledger.Captured.UTC().Format(time.RFC3339) != l.Service.Captured:
		return "the service's item has another capture time than the one that was put"
	default:
		return ""
	}
}
