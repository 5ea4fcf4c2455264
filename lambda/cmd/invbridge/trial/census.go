package trial

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// Census is what becomes of the entries of a document where keys are equal, of one type. What is older than a newer record's is not among
// them.
type Census struct {
	Type       string
	Entries    int
	Kept       int
	United     int // with another one
	Duplicates int // they differ in volatile attributes at most
	Displaced  int // another entry has their key, and differs in more than can be united

	record int             // the first one that is displaced
	differ map[string]bool // attributes in which displaced entries differ from those that stand
	empty  map[string]bool // attributes of the key that have no value in displaced entries, where none has
}

// EqualKeys takes a census of a document, by the names of its types. No node is needed: each machine is one.
func EqualKeys(ctx context.Context, set *mapping.Set, d intake.Document) ([]*Census, error) {
	if d.As.Empty() {
		d.As = node.Subject{Hostname: []string{"sample"}}
	}
	in := intake.Intake{Mappings: set, Nodes: node.New(nil), Partitions: 1, PartitionOf: func(string) int { return 0 }}
	im, err := in.Read(ctx, d)
	if err != nil {
		return nil, err
	}
	defer func() { _ = im.Close() }() // temporary files
	byType := map[string]*Census{}
	_, statements := im.OpenParked(0)
	for s, err := range statements {
		if err != nil {
			return nil, err
		}
		for i := range s.Types {
			t, _ := set.Type(s.Types[i].Type)
			c := byType[t.Name()]
			if c == nil {
				c = &Census{Type: t.Name(), differ: map[string]bool{}, empty: map[string]bool{}}
				byType[t.Name()] = c
			}
			c.take(t.Inventory, s, s.Types[i].Rows)
		}
	}
	return slices.SortedFunc(maps.Values(byType), func(a, b *Census) int { return strings.Compare(a.Type, b.Type) }), nil
}

// take counts what a statement has of a type.
func (c *Census) take(t *inventory.Type, s *ledger.Statement, rows []ledger.Row) {
	var entries []inventory.Entry
	var records []int
	for _, row := range rows {
		if !row.Remove {
			entries, records = append(entries, row.Values), append(records, s.Records[row.Record].Number)
		}
	}
	a := t.Arrange(entries)
	c.Entries += len(entries)
	c.Kept += len(a.Rows)
	c.Duplicates += len(a.Duplicates)
	c.Displaced += len(a.Displaced)
	for _, u := range a.United {
		c.United += len(u.Others)
	}
	if len(a.Displaced) > 0 {
		c.displaced(t, entries, records, a)
	}
}

func (c *Census) displaced(t *inventory.Type, entries []inventory.Entry, records []int, a inventory.Arranged) {
	keys := t.Keys(len(a.From))
	for _, i := range a.From {
		keys.Add(entries[i])
	}
	for _, i := range a.Displaced {
		if c.record == 0 || records[i] < c.record {
			c.record = records[i]
		}
		stands := entries[a.From[keys.Find(entries[i])]]
		for n, name := range t.Attributes {
			volatile := n < len(t.Volatile) && t.Volatile[n]
			if entries[i][n] != stands[n] && !volatile {
				c.differ[name] = true
			}
		}
		for _, name := range t.EmptyKey(entries[i]) {
			c.empty[name] = true
		}
	}
}

// Finding describes what is displaced; nil where nothing is.
func (c *Census) Finding() *Finding {
	if c.Displaced == 0 {
		return nil
	}
	message := "entries have the key of another and differ in " + strings.Join(slices.Sorted(maps.Keys(c.differ)), ", ") +
		": one of them stands. The type's key needs what tells them apart, or unite says how they become one"
	if len(c.empty) > 0 {
		message = "entries have no value for the type's key, and differ: one of them stands. They need another value there"
	}
	return &Finding{
		Kind: "displaced", Type: c.Type, Attribute: strings.Join(slices.Sorted(maps.Keys(c.empty)), ", "), Record: c.record,
		Count: c.Displaced, Of: cmp.Or(c.Entries, c.Displaced), Message: message,
	}
}
