package trace

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
)

// record is a record that is asked about.
type record struct {
	Number  int           `json:"record"`
	Line    int           `json:"line,omitempty"`
	Skip    string        `json:"skipped,omitempty"` // why nothing is taken from it
	Key     string        `json:"key,omitempty"`     // of its machine
	Source  string        `json:"source,omitempty"`
	Origins []read.Origin `json:"origins,omitempty"`

	captured time.Time
	entries  []*entry
	types    map[string]int // how many entries there are of each
}

// entry is an entry of such a record.
type entry struct {
	Record  int               `json:"record"`
	Type    string            `json:"type"`
	Entry   int               `json:"entry"` // its number among those of the type in the record, from 1
	Values  map[string]string `json:"values"`
	Remove  bool              `json:"remove,omitempty"`
	Reject  string            `json:"rejected,omitempty"`
	Stands  string            `json:"stands"` // whether it does, or why not
	Origins []read.Origin     `json:"origins,omitempty"`

	of  *mapping.Type
	row inventory.Entry
}

// read reads the file's records that are asked about.
func (t *tracer) read(ctx context.Context, d intake.Document, of *traced) error {
	_, err := t.in.Look(ctx, d, func(m *mapping.Mapping, rec *read.Record) error {
		if !of.numbers[rec.Number] && (rec.Key == "" || !of.keys[rec.Key]) {
			return nil
		}
		if t.record > 0 && rec.Key != "" && rec.Skip == "" {
			of.keys[rec.Key] = true
		}
		if t.record > 0 && rec.Number != t.record {
			return nil
		}
		if t.most > 0 && len(of.records) >= t.most {
			of.more++
			return nil
		}
		r, err := t.take(m, rec)
		of.records = append(of.records, r)
		return err
	}, func(m *mapping.Mapping) { of.mapping = m })
	return err
}

// take keeps a record and its entries.
func (t *tracer) take(m *mapping.Mapping, rec *read.Record) (record, error) {
	r := record{
		Number: rec.Number, Line: rec.Place.Line, Skip: rec.Skip, Key: rec.Key, Source: rec.Source, Origins: cloned(rec.Origins()),
		captured: rec.Captured, types: map[string]int{},
	}
	if rec.Skip != "" {
		r.Source = ""
	}
	for e, err := range rec.Entries() {
		if err != nil {
			return r, err
		}
		of := m.Types()[e.Type]
		r.types[of.Name()]++
		if t.most > 0 && r.types[of.Name()] > t.most {
			continue
		}
		kept := &entry{
			Record: rec.Number, Type: of.Name(), Entry: r.types[of.Name()], Values: map[string]string{}, Remove: e.Remove, Reject: e.Reject,
			Origins: cloned(rec.EntryOrigins()), of: of,
		}
		for i, value := range e.Values {
			kept.row = append(kept.row, strings.Clone(value))
			if value != "" {
				kept.Values[of.Inventory.Attributes[i]] = kept.row[i]
			}
		}
		r.entries = append(r.entries, kept)
	}
	slices.SortStableFunc(r.entries, func(a, b *entry) int { return cmp.Compare(a.Type, b.Type) })
	return r, nil
}

// cloned returns origins whose strings stay valid.
func cloned(list []read.Origin) []read.Origin {
	texts := func(list []string) []string {
		list = slices.Clone(list)
		for i := range list {
			list[i] = strings.Clone(list[i])
		}
		return list
	}
	for i := range list {
		o := &list[i]
		o.Texts = texts(o.Texts)
		for k := range o.Steps {
			o.Steps[k].Before, o.Steps[k].After = texts(o.Steps[k].Before), texts(o.Steps[k].After)
		}
	}
	return list
}
