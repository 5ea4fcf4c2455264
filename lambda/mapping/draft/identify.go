package draft

import (
	"cmp"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/content"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
)

// kinds are the identifiers of machines, the strongest first.
var kinds = []string{"nodeId", "serial", "hostname", "ip", "mac"}

// identifier is a field that names the machine of a record.
type identifier struct {
	*field
	kind  string
	score float64
	split bool // one text holds several
	ends  bool // it is what a longer text ends in
}

// identifiers finds in a record the fields that name its machine, the best of each kind first.
func (t *tree) identifiers(record *shape) []identifier {
	fields := t.fieldsOf(record, true)
	var found []identifier
	for _, f := range fields {
		if f.path == "" || f.column.Filled == 0 {
			continue
		}
		found = append(found, f.identifier(record)...)
	}
	found = t.gathered(found)
	found = append(found, t.generic(record, fields, found)...)
	slices.SortStableFunc(found, func(a, b identifier) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.kind), slices.Index(kinds, b.kind)), cmp.Compare(b.score, a.score))
	})
	return found
}

// gathered makes one of the identifiers of a kind that are all the fields of an object: the addresses by the names of interfaces.
func (t *tree) gathered(found []identifier) []identifier {
	type group struct {
		parent *shape
		kind   string
	}
	sizes, done := map[group]int{}, map[group]bool{}
	for _, id := range found {
		if p := id.parent; !id.nested && !p.any && p.pairs == nil && naming.Fit(naming.Tokens(p.name), naming.Words().Lists["interfaces"]) > naming.Unfit {
			sizes[group{p, id.kind}]++
		}
	}
	var kept []identifier
	for _, id := range found {
		of := group{id.parent, id.kind}
		switch n := sizes[of]; {
		case n < 3 || n*10 < len(id.parent.children)*8:
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
	all := newShape("*", id.parent)
	for _, c := range id.parent.children {
		for _, v := range c.column.Values {
			all.column.Add(v)
		}
		all.column.Filled = max(all.column.Filled, c.column.Filled)
	}
	one := *id.field
	one.shape, one.path, one.title = all, strings.TrimSuffix(id.path, plainName(id.name))+"*", id.parent.name
	id.field = &one
	return id
}

// identifier recognises what the field names, by its name and by what its strings look like.
func (f *field) identifier(record *shape) []identifier {
	w := naming.Words().Identify
	c := &f.column
	other := f.fit(w["other"])
	one := func(kind string, score float64, split bool) []identifier {
		return []identifier{{field: f, kind: kind, score: score, split: split}}
	}
	switch {
	case c.Share(content.IsNodeID) >= 0.5:
		return one("nodeId", 6, false)
	case c.Share(content.IsNodeID) == 0 && f.ofPart(record):
		return nil
	case c.Share(content.EndsInNodeID) >= 0.5:
		return []identifier{{field: f, kind: "nodeId", score: 5.5, ends: true}}
	case c.Share(content.IsMAC) >= 0.4 && naming.Fit(f.tokens, []string{"bssid", "ssid"}) == naming.Unfit,
		f.fit(w["mac"]) > naming.Unfit && c.Share(content.IsBareMAC) > 0.8:
		return append(f.addresses(other), one("mac", 3, false)...)
	case c.Share(content.Several(content.IsMAC)) >= 0.8:
		return one("mac", 3, true)
	case c.Share(content.Several(content.IsAddress)) >= 0.4:
		return f.addresses(other)
	case f.nested && (!f.parent.many || naming.Fit(naming.Tokens(f.parent.name), w["hostname"]) < naming.Same):
		return nil // the names of parts: it is no list of the machine's names
	case f.fit(w["serial"]) >= naming.EndsWith && c.Share(content.IsSerial) >= 0.7:
		return one("serial", 4, false)
	}
	if score := f.hostScore(other); score > 0 {
		return one("hostname", score, false)
	}
	return nil
}

// ofPart reports whether the field is in an object that is a part of the machine, or something around it.
func (f *field) ofPart(record *shape) bool {
	return f.parent.upTo(record, func(s *shape) bool {
		return !strings.HasPrefix(s.name, "_") && naming.Fit(naming.Tokens(s.name), naming.Words().Lists["parts"]) == naming.Same
	})
}

// addresses reports whether the field holds the machine's own addresses.
func (f *field) addresses(other int) []identifier {
	c := &f.column
	w := naming.Words().Identify
	named := f.fit(w["ip"]) > naming.Unfit || f.fit(w["hostname"]) > naming.Unfit || f.fit(w["machine"]) > naming.Unfit
	if naming.Fit(f.tokens, []string{"dns"}) >= naming.EndsWith || other > naming.Unfit && f.fit(w["hostname"]) < naming.Same ||
		c.Share(content.Several(content.IsAddress)) < 0.4 && c.Share(content.IsAddress) < 0.3 {
		return nil
	}
	id := identifier{field: f, kind: "ip", score: 2.5, split: !c.All(func(v string) bool { return content.IsAddress(v) || content.IsHost(v) || content.IsMAC(v) })}
	if named {
		id.score = 3.5
	}
	if f.nested {
		id.score -= 0.4
	}
	if f.fit(w["outside"]) > naming.Unfit {
		id.score -= 0.5
	}
	found := []identifier{id}
	if named && !f.nested && c.Share(content.IsHost) >= 0.1 && c.Share(func(v string) bool { return content.IsHost(v) && !content.IsMAC(v) && !content.IsAddress(v) }) >= 0.1 {
		found = append(found, identifier{field: f, kind: "hostname", score: 4})
	}
	return found
}

// hostScore returns how sure it is that the field has the machine's name; 0 for not at all.
func (f *field) hostScore(other int) float64 {
	w := naming.Words().Identify
	if f.column.Share(content.IsHost) < 0.7 {
		return 0
	}
	strong, medium := f.fit(w["hostname"]), f.fit(w["machine"])
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
	if score == 0 && f.column.Share(content.IsDomainName) >= 0.8 && naming.Fit(f.tokens, w["other"]) == naming.Unfit {
		score = 2.5
	}
	return score
}

// generic takes the record's plain name for the machine's where nothing better names one, and the list or other identifiers show
// that the records are machines.
func (t *tree) generic(record *shape, fields []*field, found []identifier) []identifier {
	score := 3.0
	switch different, always := hostnames(record, found); {
	case record.named && record.objects*2 > different*3: // others do not tell them apart
		return []identifier{{field: fieldName(record), kind: "hostname", score: 5.5}}
	case always:
		return nil
	case different > 0:
		score = 4.5 // most records have another name
	}
	addressed := slices.ContainsFunc(found, func(id identifier) bool { return !id.nested || !record.any && interfaces(id.shape, record) })
	machines := t.listsMachines(record, fields)
	versioned := slices.ContainsFunc(fields, func(f *field) bool { return naming.Joined(f.tokens) == "version" && !f.nested })
	if !machines && !addressed || versioned {
		return nil
	}
	f := plainlyNamed(record, fields, naming.Words().Identify["name"])
	if f == nil && (machines || record.hasParts()) {
		f = plainlyNamed(record, fields, []string{"id", "uid", "key"})
	}
	if f == nil && record.any { // the name is the key under which the object stands
		f = fieldName(record)
	}
	if f == nil {
		return nil
	}
	return []identifier{{field: f, kind: "hostname", score: score}}
}

// hostnames returns how many different names the field has that most likely holds the machine's, and whether one is in most records.
func hostnames(record *shape, found []identifier) (different int, most bool) {
	best := 0.0
	for _, id := range found {
		if id.kind != "hostname" || id.nested {
			continue
		}
		if id.score > best {
			best, different = id.score, len(id.column.Values)
		}
		most = most || id.share(record) >= 0.5
	}
	return different, most
}

// fieldName is the name under which a record stands.
func fieldName(record *shape) *field {
	return &field{shape: newShape("", record), path: "$name", title: "the name of the field"}
}

// listsMachines recognises by the name of the list or, of rows, of the file, or by a field that only machines have, that the records are
// machines.
func (t *tree) listsMachines(record *shape, fields []*field) bool {
	name := naming.Tokens(listName(record))
	if record == t.rows {
		name = t.file
	}
	return naming.Fit(name, naming.Words().Lists["machines"]) > naming.Unfit || slices.ContainsFunc(fields, func(f *field) bool {
		asset := naming.Words().Types[assetType]
		return !f.nested && f.parent == record && (f.fit(asset["OS"]) == naming.Same && naming.Joined(f.tokens) != "platform" || f.fit(asset["CPUs"]) == naming.Same || f.fit(asset["MemoryMiB"]) == naming.Same)
	})
}

// plainlyNamed returns the record's own field of one of these names, if machines may be called so.
func plainlyNamed(record *shape, fields []*field, phrases []string) *field {
	for _, f := range fields {
		own := f.parent == record || f.shape == record
		if own && f.path != "" && !f.nested && f.fit(phrases) == naming.Same && f.column.Share(content.IsHost) >= 0.7 {
			return f
		}
	}
	return nil
}

// listName is what the list of a shape's objects is called.
func listName(s *shape) string {
	for ; s != nil; s = s.parent {
		if !slices.Contains([]string{"", "item", "row", "entry", "record"}, strings.ToLower(s.name)) {
			return s.name
		}
	}
	return ""
}
