package draft

import (
	"cmp"
	"slices"
	"strings"
)

// kinds are the identifiers of machines, the strongest first.
var kinds = []string{"nodeId", "serial", "hostname", "ip", "mac"}

// identifier is a field that names the machine of a record.
type identifier struct {
	*field
	kind  string
	score float64
	split bool // one text holds several
}

// identifiers finds in a record the fields that name its machine, the best of each kind first.
func (t *tree) identifiers(record *shape) []identifier {
	fields := t.fieldsOf(record, true)
	var found []identifier
	for _, f := range fields {
		if f.path == "" || f.column.filled == 0 {
			continue
		}
		found = append(found, f.identifier(record)...)
	}
	found = append(found, t.generic(record, fields, found)...)
	slices.SortStableFunc(found, func(a, b identifier) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.kind), slices.Index(kinds, b.kind)), cmp.Compare(b.score, a.score))
	})
	return found
}

// identifier recognises what the field names, by its name and by what its strings look like.
func (f *field) identifier(record *shape) []identifier {
	w := words().Identify
	c := &f.column
	other := f.fit(w["other"])
	one := func(kind string, score float64, split bool) []identifier {
		return []identifier{{field: f, kind: kind, score: score, split: split}}
	}
	switch {
	case c.share(isNodeID) >= 0.5:
		return one("nodeId", 6, false)
	case c.share(isNodeID) == 0 && f.ofPart(record):
		return nil
	case c.share(isMAC) >= 0.4 && fit(f.tokens, []string{"bssid", "ssid"}) == unfit || f.fit(w["mac"]) > unfit && c.share(isBareMAC) > 0.8:
		return append(f.addresses(other), one("mac", 3, false)...)
	case c.share(areMACs) >= 0.8:
		return one("mac", 3, true)
	case c.share(areAddresses) >= 0.4:
		return f.addresses(other)
	case f.nested && !hostnameList(f):
		return nil // the names of parts
	case f.fit(w["serial"]) >= endsWith && c.share(isSerial) >= 0.7:
		return one("serial", 4, false)
	}
	if score := f.hostScore(other); score > 0 {
		return one("hostname", score, false)
	}
	return nil
}

// hostnameList recognises a list of the machine's names.
func hostnameList(f *field) bool {
	return f.parent.many && fit(tokens(f.parent.name), words().Identify["hostname"]) == same
}

// ofPart reports whether the field is in an object that is a part of the machine, or something around it.
func (f *field) ofPart(record *shape) bool {
	for s := f.parent; s != nil && s != record; s = s.parent {
		if !strings.HasPrefix(s.name, "_") && fit(tokens(s.name), words().Lists["parts"]) == same {
			return true
		}
	}
	return false
}

// addresses reports whether the field holds the machine's own addresses.
func (f *field) addresses(other int) []identifier {
	c := &f.column
	named := f.fit(words().Identify["ip"]) > unfit || f.fit(words().Identify["hostname"]) > unfit || f.fit(words().Identify["machine"]) > unfit
	if fit(f.tokens, []string{"dns"}) >= endsWith || other > unfit && f.fit(words().Identify["hostname"]) < same || c.share(areAddresses) < 0.4 && c.share(isAddress) < 0.3 {
		return nil
	}
	id := identifier{field: f, kind: "ip", score: 2.5, split: !c.all(func(v string) bool { return isAddress(v) || isHost(v) || isMAC(v) })}
	if named {
		id.score = 3.5
	}
	if f.nested {
		id.score -= 0.5
	}
	found := []identifier{id}
	if named && !f.nested && c.share(isHost) >= 0.1 && c.share(func(v string) bool { return isHost(v) && !isMAC(v) && !isAddress(v) }) >= 0.1 {
		found = append(found, identifier{field: f, kind: "hostname", score: 4})
	}
	return found
}

// hostScore returns how sure it is that the field has the machine's name; 0 for not at all.
func (f *field) hostScore(other int) float64 {
	w := words().Identify
	if f.column.share(isHost) < 0.7 {
		return 0
	}
	strong, medium := f.fit(w["hostname"]), f.fit(w["machine"])
	score := 0.0
	switch {
	case strong == same:
		return 5
	case medium == same && other < same:
		return 4
	case strong == endsWith:
		score = 4
	case medium == endsWith:
		score = 2.5
	case strong == inside && other < endsWith:
		score = 3
	}
	if other > unfit && strong < endsWith || other == endsWith {
		return 0
	}
	if score == 0 && f.column.share(isDomainName) >= 0.8 && fit(f.tokens, w["other"]) == unfit {
		score = 2.5
	}
	return score
}

// generic takes the record's plain name for the machine's where nothing better names one, and the list or other identifiers say
// that the records are machines.
func (t *tree) generic(record *shape, fields []*field, found []identifier) []identifier {
	if slices.ContainsFunc(found, func(id identifier) bool { return id.kind == "hostname" && !id.nested }) {
		return nil
	}
	addressed := slices.ContainsFunc(found, func(id identifier) bool { return !id.nested })
	machines := t.listsMachines(record, fields)
	versioned := slices.ContainsFunc(fields, func(f *field) bool { return joined(f.tokens) == "version" && !f.nested })
	if !machines && !addressed || versioned {
		return nil
	}
	f := plainlyNamed(record, fields, words().Identify["name"])
	if f == nil && machines {
		f = plainlyNamed(record, fields, []string{"id", "uid", "key"})
	}
	if f == nil && record.any { // the name is the key under which the object stands
		f = &field{shape: newShape("", record), path: "$name", title: "the name of the field"}
	}
	if f == nil {
		return nil
	}
	return []identifier{{field: f, kind: "hostname", score: 3}}
}

// listsMachines recognises by the name of the list or, of rows, of the file, or by a field that only machines have, that the records are
// machines.
func (t *tree) listsMachines(record *shape, fields []*field) bool {
	name := tokens(listName(record))
	if record == t.rows {
		name = t.file
	}
	return fit(name, words().Lists["machines"]) > unfit || slices.ContainsFunc(fields, func(f *field) bool {
		asset := words().Types[assetType]
		return !f.nested && f.parent == record && (f.fit(asset["OS"]) == same && joined(f.tokens) != "platform" || f.fit(asset["CPUs"]) == same || f.fit(asset["MemoryMiB"]) == same)
	})
}

// plainlyNamed returns the record's own field of one of these names, if machines may be called so.
func plainlyNamed(record *shape, fields []*field, phrases []string) *field {
	for _, f := range fields {
		own := f.parent == record || f.shape == record
		if own && f.path != "" && !f.nested && f.fit(phrases) == same && f.column.share(isHost) >= 0.7 {
			return f
		}
	}
	return nil
}

// listName is what the list of a shape's objects is called.
func listName(s *shape) string {
	for ; s != nil; s = s.parent {
		if s.name != "" && !strings.EqualFold(s.name, "item") && !strings.EqualFold(s.name, "row") && !strings.EqualFold(s.name, "entry") && !strings.EqualFold(s.name, "record") {
			return s.name
		}
	}
	return ""
}
