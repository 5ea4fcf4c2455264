package draft

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/content"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/page"
)

func (p *plan) mappingFile() []byte {
	w := &page.Writer{}
	w.Line(fmt.Sprintf("# Drafted from %s: %s, %s read. Names and shapes were guessed: read it, mend it, then try it with", page.OneLine(p.Name), p.kind(), page.Counted(len(p.records), "record")), "")
	w.Line("#   invbridge mapping check --sample FILE DIR, and invbridge records --mappings DIR FILE", "")
	w.Line("version: 1", "")
	w.Line("mapping: "+p.name, "")
	w.Line("about: drafted from a sample", "")
	w.Line("detect:", "how such documents are recognised")
	w.Line("  - "+p.detect(), "")
	w.Line("match:", "where such files are put")
	key := p.name + "/**"
	if len(p.ids) == 0 {
		key = p.name + "/{nodeId}/**"
	}
	w.Line(fmt.Sprintf("  - s3: {key: %q}", key), "")
	if empty := p.empties(); len(empty) > 0 {
		w.Line("empty: "+page.List(empty), "strings that are no value")
	}
	if p.isLocal() {
		w.Line("zone: UTC", "of times that name none: where is the source's clock? Europe/Berlin, for one")
	}
	p.block(w)
	for _, f := range p.fills {
		f.write(w)
	}
	p.notes(w)
	return []byte(w.String())
}

// block writes where the records are, and whose.
func (p *plan) block(w *page.Writer) {
	if p.place.path != "" {
		w.Line("each: "+page.Text(p.place.path), page.Counted(p.place.objects, "record")+p.otherLists())
	}
	if len(p.ids) == 0 {
		w.Line("# identify: no field names a machine in a way that was recognised. A file is about the machine in its key, or", "")
		w.Line("# the one that --as names. If a field does name it: identify: {hostname: FIELD}, and match without {nodeId}", "")
		return
	}
	if p.place.host != nil {
		if path, ok := p.tree.pathFrom(p.place.shape, p.place.host); ok {
			w.Line("host: "+page.Text(path), "the machines that a record is about")
		}
	}
	if len(p.machines) < len(p.records) {
		w.Line("key: "+p.key(), "records of one machine")
	}
	w.Line("identify:", "")
	for _, kind := range kinds {
		p.identifier(w, kind)
	}
	p.where(w, "account", content.IsAccount)
	p.where(w, "region", content.IsRegion)
}

// where writes the field that says in which account or region the machine is.
func (p *plan) where(w *page.Writer, word string, is func(string) bool) {
	for _, f := range p.tree.fieldsOf(p.place.shape, true) {
		if !f.nested && f.fit(naming.Words().Identify[word]) >= naming.EndsWith && f.column.Share(is) >= 0.9 {
			w.Line("  "+word+": "+page.Text(f.path), "")
			return
		}
	}
}

func (p *plan) otherLists() string {
	var names []string
	for _, o := range p.others {
		if o.path != "" && o.path != "$rows" && o.shape != p.place.shape && !o.within(p.place.shape) && len(names) < 4 {
			names = append(names, fmt.Sprintf("%s (%d)", o.path, o.objects))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "; other lists: " + strings.Join(names, ", ")
}

// key decides which records are one machine's: by one identifier where that is enough.
func (p *plan) key() string {
	var paths []string
	for _, id := range p.ids {
		seen := map[string]bool{}
		for _, r := range p.records {
			seen[textOfID(r, id)] = true
		}
		if p.identified(id) == p.place.objects && len(seen) == len(p.machines) {
			return page.Text(id.path)
		}
		if !id.nested {
			paths = append(paths, id.path)
		}
	}
	if len(paths) == 0 {
		paths = []string{p.ids[0].path}
	}
	return "{all: " + page.List(paths) + "}"
}

func (p *plan) identifier(w *page.Writer, kind string) {
	var values []string
	filled := 0
	for _, id := range p.ids {
		if id.kind != kind {
			continue
		}
		value := page.Text(id.path)
		switch {
		case id.ends:
			value = fmt.Sprintf("{path: %s, match: '%s'}", value, content.NodeIDAtEnd)
		case id.split:
			value = fmt.Sprintf("{path: %s, split: '[,;|\\s]+'}", value)
		}
		values = append(values, value)
		filled = max(filled, p.identified(id))
	}
	if len(values) == 0 {
		return
	}
	value := values[0]
	if len(values) > 1 {
		value = "[" + strings.Join(values, ", ") + "]"
	}
	w.Line("  "+kind+": "+value, fmt.Sprintf("in %d of %d records", filled, p.place.objects))
}

// identified counts the records with an identifier.
func (p *plan) identified(id identifier) int {
	if id.path == "$name" {
		return p.place.objects
	}
	return min(id.column.Filled, p.place.objects)
}

// empties are the placeholders of the fields that are used.
func (p *plan) empties() []string {
	var texts []string
	p.place.walk(func(s *shape) bool {
		for _, text := range slices.Sorted(maps.Keys(s.column.Empties)) {
			if !slices.ContainsFunc(texts, func(known string) bool { return strings.EqualFold(known, text) }) {
				texts = append(texts, text)
			}
		}
		return true
	})
	return texts
}

// detect is what such documents look like: the fields that the mapping needs and that stand in nearly every record.
func (p *plan) detect() string {
	prefix := ""
	if p.place.path != "" && p.place.path != "$rows" && p.sheet == nil {
		prefix = p.place.path + "."
	}
	var paths []string
	for _, always := range []bool{true, false} {
		for _, f := range p.needed() {
			path := prefix + p.fromRecord(f)
			usual := f.share(p.place.shape) >= 0.9 && !strings.Contains(path, "(")
			if (usual || p.tree.format == syntax.CSV) == always && len(paths) < 6 && (always || len(paths) == 0) && !slices.Contains(paths, path) {
				paths = append(paths, path)
			}
		}
	}
	if len(paths) == 0 {
		paths = p.lastResort(prefix)
	}
	switch {
	case p.sheet != nil && p.sheet.first:
		return "xlsx: " + page.List(paths)
	case p.sheet != nil:
		return "xlsx: " + page.List(append([]string{"sheet " + p.sheet.name}, paths...))
	case p.tree.format == syntax.CSV:
		return "csv: " + page.List(paths)
	case p.tree.format == syntax.KeyValue:
		return "keyvalue: " + page.List(paths)
	case p.tree.format == syntax.XML:
		return "xml: " + page.List(append([]string{p.tree.name}, paths...))
	default:
		return "json: " + page.List(paths)
	}
}

// fromRecord returns a field's path from the record; identifiers have theirs from the host.
func (p *plan) fromRecord(f *field) string {
	if p.place.host != nil && f.within(p.place.host) {
		if path, ok := p.tree.pathFrom(p.place.shape, f.shape); ok {
			return path
		}
	}
	return f.path
}

// needed are the fields of the records that the mapping reads, identifiers first.
func (p *plan) needed() []*field {
	var fields []*field
	for _, id := range p.ids {
		fields = append(fields, id.field)
	}
	for _, f := range p.fills {
		for _, a := range f.attributes {
			if f.each == "" {
				fields = append(fields, a.field)
			}
		}
	}
	return slices.DeleteFunc(fields, func(f *field) bool { return f.path == "" || strings.Contains(f.path, "$") || !p.inHeader(f) })
}

// lastResort are the lists themselves.
func (p *plan) lastResort(prefix string) []string {
	var paths []string
	if prefix != "" {
		paths = append(paths, strings.TrimSuffix(prefix, "."))
	}
	for _, f := range p.fills {
		if f.each != "" && len(paths) < 6 {
			paths = append(paths, prefix+f.each)
		}
	}
	return paths
}
