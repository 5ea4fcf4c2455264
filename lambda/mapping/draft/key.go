package draft

import (
	"math"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
)

// keyed is a set of attributes by which the entries of one machine are told apart.
type keyed struct {
	attributes []*attribute
	most       int // entries of one machine, at most
}

// maxKey is how many attributes a key has at most.
const maxKey = 4

// keyOf finds the fewest attributes that distinguish the entries of each machine, those that look like identifiers first. There is no key
// where a machine has one entry, or where no few attributes suffice that always have a value: then an entry is known by all it has, and none
// is lost.
func keyOf(machines map[string][]shape.Row, attributes []*attribute) keyed {
	k := keyed{}
	for _, rows := range machines {
		k.most = max(k.most, len(rows))
	}
	if k.most < 2 {
		return k
	}
	candidates := candidatesOf(machines, attributes)
	var key []*attribute
	for twice := math.MaxInt; twice > 0; {
		var best *attribute
		least := twice
		for _, a := range candidates {
			if n := alike(machines, append(slices.Clip(key), a), attributes); n < least {
				best, least = a, n
			}
		}
		if best == nil || len(key) == maxKey {
			return k
		}
		key, twice = append(key, best), least
	}
	k.attributes = key
	return k
}

// candidatesOf orders the attributes that may be in a key, all of which always have a value: what identifies by its name, then the rest.
func candidatesOf(machines map[string][]shape.Row, attributes []*attribute) []*attribute {
	var first, rest []*attribute
	for _, a := range attributes {
		switch {
		case a.volatile || a.long() || a.dating != nil && a.dating.Layout != "" || !a.always(machines):
		case a.Fit(naming.Words().Columns["identity"]) >= naming.EndsWith:
			first = append(first, a)
		default:
			rest = append(rest, a)
		}
	}
	all := slices.Concat(first, rest)
	return all[:min(len(all), 40)]
}

// alike counts the entries that differ from one before of their machine, but not in the given attributes.
func alike(machines map[string][]shape.Row, key, attributes []*attribute) int {
	n := 0
	for _, rows := range machines {
		seen := map[string]string{}
		for _, r := range rows {
			k := textOf(r, key)
			whole := textOf(r, attributes)
			if before, known := seen[k]; known && before != whole {
				n++
			} else {
				seen[k] = whole
			}
		}
	}
	return n
}

func textOf(r shape.Row, attributes []*attribute) string {
	var b strings.Builder
	for _, a := range attributes {
		b.WriteString(r[a.Shape])
		b.WriteByte(0)
	}
	return b.String()
}
