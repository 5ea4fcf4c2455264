package draft

import (
	"math"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
)

// keyed is a set of attributes by which the entries of one machine are told apart.
type keyed struct {
	attributes []*attribute
	twice      int // entries that are like others of their machine in all of these
	most       int // entries of one machine, at most
}

// maxKey is how many attributes a key has at most.
const maxKey = 4

// keyOf finds the fewest attributes that distinguish the entries of each machine, those that look like identifiers first. Entries
// that are alike in everything are one entry, whatever the key.
func keyOf(machines map[string][]row, attributes []*attribute) keyed {
	k := keyed{}
	for _, rows := range machines {
		k.most = max(k.most, len(rows))
	}
	candidates := candidatesOf(machines, attributes)
	if len(candidates) == 0 {
		return k
	}
	k.twice = math.MaxInt
	for len(k.attributes) < maxKey && k.twice > 0 {
		var best *attribute
		least := k.twice
		for _, a := range candidates {
			if n := alike(machines, append(slices.Clip(k.attributes), a), attributes); n < least {
				best, least = a, n
			}
		}
		if best == nil {
			break
		}
		k.attributes, k.twice = append(k.attributes, best), least
	}
	return k
}

// candidatesOf orders the attributes that may be in a key: what identifies by its name, what is always there, the rest.
func candidatesOf(machines map[string][]row, attributes []*attribute) []*attribute {
	ranks := make([][]*attribute, 4)
	for _, a := range attributes {
		if a.volatile || a.long() || a.dating != nil && a.dating.Layout != "" {
			continue
		}
		rank := 0
		if !a.always(machines) {
			rank = 2
		}
		if a.fit(naming.Words().Columns["identity"]) < naming.EndsWith {
			rank++
		}
		ranks[rank] = append(ranks[rank], a)
	}
	all := slices.Concat(ranks...)
	return all[:min(len(all), 40)]
}

// alike counts the entries that differ from one before of their machine, but not in the given attributes.
func alike(machines map[string][]row, key, attributes []*attribute) int {
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

func textOf(r row, attributes []*attribute) string {
	var b strings.Builder
	for _, a := range attributes {
		b.WriteString(r[a.shape])
		b.WriteByte(0)
	}
	return b.String()
}
