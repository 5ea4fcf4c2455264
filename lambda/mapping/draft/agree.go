package draft

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/content"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
)

// agreeing keeps of several names those that name the machine in another way: with the domain, or where the first has no value.
// The name with the most different values is the machine's: others are of what is around it.
func agreeing(ids []identifier, records []shape.Record) []identifier {
	names := slices.DeleteFunc(slices.Clone(ids), func(id identifier) bool { return id.kind != "hostname" })
	if len(names) < 2 {
		return ids
	}
	first := names[0]
	for _, other := range names[1:] {
		if !agree(first, other, records) && first.Path != "$name" && len(other.Column.Values) > len(first.Column.Values)*3/2 {
			first = other
		}
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id identifier) bool {
		return id.kind == "hostname" && id.Field != first.Field && !agree(first, id, records)
	})
}

// agree reports whether two names are the same machine's in nearly every record that has both.
func agree(a, b identifier, records []shape.Record) bool {
	both, equal := 0, 0
	for _, r := range records {
		x, y := textOfID(r, a), textOfID(r, b)
		if x == "" || y == "" {
			continue
		}
		both++
		if content.Label(x) == content.Label(y) {
			equal++
		}
	}
	return equal*10 >= both*8
}
