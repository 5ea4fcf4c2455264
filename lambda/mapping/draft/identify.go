package draft

import (
	"cmp"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/content"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
)

// kinds are the identifiers of machines, the strongest first.
var kinds = []string{"nodeId", "serial", "hostname", "ip", "mac"}

// identifier is a field that names the machine of a record.
type identifier struct {
	*shape.Field
	kind  string
	score float64
	split bool // one text holds several
	ends  bool // it is what a longer text ends in
}

// identifiersOf finds in a record the fields that name its machine, the best of each kind first.
func identifiersOf(t *shape.Tree, record *shape.Shape) []identifier {
	fields := t.FieldsOf(record, true)
	var found []identifier
	for _, f := range fields {
		if f.Path == "" || f.Column.Filled == 0 {
			continue
		}
		found = append(found, namedBy(f, record)...)
	}
	found = gathered(found)
	found = append(found, generic(t, record, fields, found)...)
	slices.SortStableFunc(found, func(a, b identifier) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.kind), slices.Index(kinds, b.kind)), cmp.Compare(b.score, a.score))
	})
	return found
}

// gathered makes one of the identifiers of a kind that are all the fields of an object: the addresses by the names of interfaces.
func gathered(found []identifier) []identifier {
	type group struct {
		parent *shape.Shape
		kind   string
	}
	sizes, done := map[group]int{}, map[group]bool{}
	for _, id := range found {
		if p := id.Parent; !id.Nested && !p.Any && !p.IsPairs() && naming.Fit(naming.Tokens(p.Name), naming.Words().Lists["interfaces"]) > naming.Unfit {
			sizes[group{p, id.kind}]++
		}
	}
	var kept []identifier
	for _, id := range found {
		of := group{id.Parent, id.kind}
		switch n := sizes[of]; {
		case n < 3 || n*10 < len(id.Parent.Children)*8:
			kept = append(kept, id)
		case !done[of]:
			done[of] = true
			kept = append(kept, id.ofAll())
		}
	}
	return kept
}

// ofAll makes of an identifier one of all fields beside it.
func (id identifier) ofAll() identifier {
	all := shape.New("*", id.Parent)
	for _, c := range id.Parent.Children {
		for _, v := range c.Column.Values {
			all.Column.Add(v)
		}
		all.Column.Filled = max(all.Column.Filled, c.Column.Filled)
	}
	one := *id.Field
	one.Shape, one.Path, one.Title = all, strings.TrimSuffix(id.Path, shape.PlainName(id.Name))+"*", id.Parent.Name
	id.Field = &one
	return id
}

// namedBy recognises what a field names, by its name and by what its strings look like.
func namedBy(f *shape.Field, record *shape.Shape) []identifier {
	w := naming.Words().Identify
	c := &f.Column
	other := f.Fit(w["other"])
	one := func(kind string, score float64, split bool) []identifier {
		return []identifier{{Field: f, kind: kind, score: score, split: split}}
	}
	switch {
	case c.Share(content.IsNodeID) >= 0.5:
		return one("nodeId", 6, false)
	case c.Share(content.IsNodeID) == 0 && isOfPart(f, record):
		return nil
	case c.Share(content.EndsInNodeID) >= 0.5:
		return []identifier{{Field: f, kind: "nodeId", score: 5.5, ends: true}}
	case c.Share(content.IsMAC) >= 0.4 && naming.Fit(f.Tokens, []string{"bssid", "ssid"}) == naming.Unfit,
		f.Fit(w["mac"]) > naming.Unfit && c.Share(content.IsBareMAC) > 0.8:
		return append(addresses(f, other), one("mac", 3, false)...)
	case c.Share(content.Several(content.IsMAC)) >= 0.8:
		return one("mac", 3, true)
	case c.Share(content.Several(content.IsAddress)) >= 0.4:
		return addresses(f, other)
	case f.Nested && (!f.Parent.Many || naming.Fit(naming.Tokens(f.Parent.Name), w["hostname"]) < naming.Same):
		return nil // the names of parts: it is no list of the machine's names
	case f.Fit(w["serial"]) >= naming.EndsWith && c.Share(content.IsSerial) >= 0.7:
		return one("serial", 4, false)
	}
	if score := hostScore(f, other); score > 0 {
		return one("hostname", score, false)
	}
	return nil
}

// isOfPart reports whether a field is in an object that is a part of the machine, or something around it.
func isOfPart(f *shape.Field, record *shape.Shape) bool {
	return f.Parent.UpTo(record, func(s *shape.Shape) bool {
		return !strings.HasPrefix(s.Name, "_") && naming.Fit(naming.Tokens(s.Name), naming.Words().Lists["parts"]) == naming.Same
	})
}

// addresses reports whether a field holds the machine's own addresses.
func addresses(f *shape.Field, other int) []identifier {
	c := &f.Column
	w := naming.Words().Identify
	named := f.Fit(w["ip"]) > naming.Unfit || f.Fit(w["hostname"]) > naming.Unfit || f.Fit(w["machine"]) > naming.Unfit
	if naming.Fit(f.Tokens, []string{"dns"}) >= naming.EndsWith || other > naming.Unfit && f.Fit(w["hostname"]) < naming.Same ||
		c.Share(content.Several(content.IsAddress)) < 0.4 && c.Share(content.IsAddress) < 0.3 {
		return nil
	}
	id := identifier{Field: f, kind: "ip", score: 2.5, split: !c.All(func(v string) bool { return content.IsAddress(v) || content.IsHost(v) || content.IsMAC(v) })}
	if named {
		id.score = 3.5
	}
	if f.Nested {
		id.score -= 0.4
	}
	if f.Fit(w["outside"]) > naming.Unfit {
		id.score -= 0.5
	}
	found := []identifier{id}
	if named && !f.Nested && c.Share(content.IsHost) >= 0.1 && c.Share(func(v string) bool { return content.IsHost(v) && !content.IsMAC(v) && !content.IsAddress(v) }) >= 0.1 {
		found = append(found, identifier{Field: f, kind: "hostname", score: 4})
	}
	return found
}

// hostScore returns how sure it is that a field has the machine's name; 0 for not at all.
func hostScore(f *shape.Field, other int) float64 {
	w := naming.Words().Identify
	if f.Column.Share(content.IsHost) < 0.7 {
		return 0
	}
	strong, medium := f.Fit(w["hostname"]), f.Fit(w["machine"])
	score := 0.0
	switch {
	case strong == naming.Same:
		return 5
	case medium == naming.Same && other < naming.Same:
		return 4
	case strong == naming.EndsWith:
		score = 4
	case medium == naming.EndsWith:
		score = 2.5
	case strong == naming.Inside && other < naming.EndsWith:
		score = 3
	}
	if other > naming.Unfit && strong < naming.EndsWith || other >= naming.EndsWith {
		return 0
	}
	if score == 0 && f.Column.Share(content.IsDomainName) >= 0.8 && naming.Fit(f.Tokens, w["other"]) == naming.Unfit {
		score = 2.5
	}
	return score
}

// generic takes the record's plain name for the machine's where nothing better names one, and the list or other identifiers show
// that the records are machines.
func generic(t *shape.Tree, record *shape.Shape, fields []*shape.Field, found []identifier) []identifier {
	score := 3.0
	switch different, always := hostnames(record, found); {
	case record.Named && record.Objects*2 > different*3: // others do not tell them apart
		return []identifier{{Field: fieldName(record), kind: "hostname", score: 5.5}}
	case always:
		return nil
	case different > 0:
		score = 4.5 // most records have another name
	}
	addressed := slices.ContainsFunc(found, func(id identifier) bool { return !id.Nested || !record.Any && interfaces(id.Shape, record) })
	machines := listsMachines(t, record, fields)
	versioned := slices.ContainsFunc(fields, func(f *shape.Field) bool { return naming.Joined(f.Tokens) == "version" && !f.Nested })
	if !machines && !addressed || versioned {
		return nil
	}
	f := plainlyNamed(record, fields, naming.Words().Identify["name"])
	if f == nil && (machines || record.HasParts()) {
		f = plainlyNamed(record, fields, []string{"id", "uid", "key"})
	}
	if f == nil && record.Any { // the name is the key under which the object stands
		f = fieldName(record)
	}
	if f == nil {
		return nil
	}
	return []identifier{{Field: f, kind: "hostname", score: score}}
}

// hostnames returns how many different names the field has that most likely holds the machine's, and whether one is in most records.
func hostnames(record *shape.Shape, found []identifier) (different int, most bool) {
	best := 0.0
	for _, id := range found {
		if id.kind != "hostname" || id.Nested {
			continue
		}
		if id.score > best {
			best, different = id.score, len(id.Column.Values)
		}
		most = most || id.Share(record) >= 0.5
	}
	return different, most
}

// fieldName is the name under which a record stands.
func fieldName(record *shape.Shape) *shape.Field {
	return &shape.Field{Shape: shape.New("", record), Path: "$name", Title: "the name of the field"}
}

// listsMachines recognises by the name of the list or, of rows, of the file, or by a field that only machines have, that the records are
// machines.
func listsMachines(t *shape.Tree, record *shape.Shape, fields []*shape.Field) bool {
	name := naming.Tokens(listName(record))
	if record == t.Rows {
		name = t.File
	}
	return naming.Fit(name, naming.Words().Lists["machines"]) > naming.Unfit || slices.ContainsFunc(fields, func(f *shape.Field) bool {
		asset := naming.Words().Types[assetType]
		return !f.Nested && f.Parent == record && (f.Fit(asset["OS"]) == naming.Same && naming.Joined(f.Tokens) != "platform" || f.Fit(asset["CPUs"]) == naming.Same || f.Fit(asset["MemoryMiB"]) == naming.Same)
	})
}

// plainlyNamed returns the record's own field of one of these names, if machines may be called so.
func plainlyNamed(record *shape.Shape, fields []*shape.Field, phrases []string) *shape.Field {
	for _, f := range fields {
		own := f.Parent == record || f.Shape == record
		if own && f.Path != "" && !f.Nested && f.Fit(phrases) == naming.Same && f.Column.Share(content.IsHost) >= 0.7 {
			return f
		}
	}
	return nil
}

// listName is what the list of a shape's objects is called.
func listName(s *shape.Shape) string {
	for ; s != nil; s = s.Parent {
		if !slices.Contains([]string{"", "item", "row", "entry", "record"}, strings.ToLower(s.Name)) {
			return s.Name
		}
	}
	return ""
}
