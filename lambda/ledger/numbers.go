package ledger

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/installed"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
)

// What a node may have of numbers: a source cannot make heads grow without bound.
const (
	maxNumbers  = 4  // of a family; the newest stay
	maxFamilies = 16 // the newest stay
)

// Number is a source's own number of a machine that was found to be the node by its other identifiers.
type Number struct {
	Key  string    `json:"key"`
	At   time.Time `json:"at"`            // capture time of the newest statement that ties it
	By   string    `json:"by"`            // the source of that statement
	Firm time.Time `json:"firm,omitzero"` // capture time of the newest beside which the node's own ID stood; zero: it never did
}

// Kinds of identifiers in a statement's Subject that are numbers, before the family and "=".
const (
	NumberKind = "number:" // the number alone led to the node, or the machine has none
	TieKind    = "tie:"    // other identifiers led to the node: the number is tied to it
)

// Identifiers are those that led to a statement's node, sorted, without numbers that are tied to it now.
func (s *Statement) Identifiers() []string {
	list := slices.Compact(slices.Sorted(slices.Values(s.Subject)))
	return slices.DeleteFunc(list, func(id string) bool { return strings.HasPrefix(id, TieKind) })
}

// Tie ties the numbers of a statement to its node, and reports whether any is tied anew. It does not matter in which order statements come.
func (n *NodeState) Tie(s *Statement, at time.Time) (changed bool) {
	for _, id := range s.Subject {
		rest, ties := strings.CutPrefix(id, TieKind)
		if family, key, ok := strings.Cut(rest, "="); ties && ok {
			number := Number{Key: key, At: at.UTC(), By: s.Source}
			if slices.Contains(s.Subject, "nodeId="+s.Node) {
				number.Firm = number.At
			}
			tied := n.tie(family, number)
			changed = changed || tied
		}
	}
	return changed
}

func (n *NodeState) tie(family string, number Number) bool {
	list := slices.Clone(n.Numbers[family])
	if i := slices.IndexFunc(list, func(k Number) bool { return k.Key == number.Key }); i >= 0 {
		number = list[i].with(number)
		list = slices.Delete(list, i, i+1)
	}
	list = append(list, number)
	slices.SortFunc(list, func(a, b Number) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Key, b.Key)) })
	list = list[:min(len(list), maxNumbers)]
	if slices.EqualFunc(list, n.Numbers[family], Number.same) {
		return false
	}
	if n.Numbers == nil {
		n.Numbers = map[string][]Number{}
	}
	n.Numbers[family] = list
	if len(n.Numbers) <= maxFamilies {
		return true
	}
	oldest := n.oldestFamily()
	delete(n.Numbers, oldest)
	return oldest != family
}

func (k Number) same(other Number) bool {
	return k.Key == other.Key && k.By == other.By && k.At.Equal(other.At) && k.Firm.Equal(other.Firm)
}

// with is what two statements together say of one number.
func (k Number) with(other Number) Number {
	if c := cmp.Or(k.At.Compare(other.At), cmp.Compare(other.By, k.By)); c < 0 {
		k.At, k.By = other.At, other.By
	}
	if other.Firm.After(k.Firm) {
		k.Firm = other.Firm
	}
	return k
}

// oldestFamily returns the family of which the newest number is the oldest.
func (n *NodeState) oldestFamily() string {
	newest := func(family string) (at time.Time) {
		for _, k := range n.Numbers[family][:min(1, len(n.Numbers[family]))] {
			at = k.At
		}
		return at
	}
	return slices.MinFunc(slices.Sorted(maps.Keys(n.Numbers)), func(a, b string) int { return newest(a).Compare(newest(b)) })
}

// Untie removes the numbers that a source has tied to the node, and reports whether there were any.
func (n *NodeState) Untie(source string) bool {
	removed := false
	for family, list := range n.Numbers {
		left := slices.DeleteFunc(slices.Clone(list), func(k Number) bool { return k.By == source })
		if len(left) == len(list) {
			continue
		}
		removed = true
		n.Numbers[family] = left
		if len(left) == 0 {
			delete(n.Numbers, family)
		}
	}
	return removed
}

// numbersField begins the numbers in a head.
const numbersField = `"numbers":{`

// Numbers returns the numbers that are tied to the nodes of a partition, by node and family. Nothing else of the head is read.
func (l *Ledger) Numbers(ctx context.Context, partition int) (map[string]map[string][]Number, error) {
	data, _, err := l.store.Get(ctx, headKey(partition))
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: reading the head of partition %d: %w", partition, err)
	}
	data, err = unzipped(data, l.zip)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", headKey(partition), err)
	}
	sealed, whole := seal.Check(data)
	if whole && !bytes.Contains(data, []byte(numbersField)) {
		return nil, nil
	}
	var head struct {
		Version int `json:"version"`
		Nodes   map[string]struct {
			Numbers map[string][]Number `json:"numbers"`
		} `json:"nodes"`
	}
	err = json.Unmarshal(data, &head)
	switch {
	case sealed == whole && head.Version > Version:
		return nil, installed.Newer("the head", head.Version)
	case err != nil || sealed != whole || head.Version == Version && !sealed:
		return nil, fmt.Errorf("%s: %w", headKey(partition), &FormatError{"head", "it is damaged"})
	}
	tied := map[string]map[string][]Number{}
	for id, n := range head.Nodes {
		if len(n.Numbers) > 0 {
			tied[id] = n.Numbers
		}
	}
	return tied, nil
}
