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
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
)

func (p *plan) mappingFile() []byte {
	w := &page.Writer{}
	w.Line(fmt.Sprintf("# Drafted from %s: %s, %s read. Names and shapes were guessed: read it, mend it, then try it with", page.OneLine(p.Name), p.Kind(), page.Counted(len(p.records), "record")), "")
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
		w.Line("each: "+page.Text(p.place.path), page.Counted(p.place.Objects, "record")+p.otherLists())
	}
	if len(p.ids) == 0 {
		w.Line("# identify: no field names a machine in a way that was recognised. A file is about the machine in its key, or", "")
		w.Line("# the one that --as names. If a field does name it: identify: {hostname: FIELD}, and match without {nodeId}", "")
		return
	}
	if p.place.host != nil {
		if path, ok := p.tree.PathFrom(p.place.Shape, p.place.host); ok {
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
	for _, f := range p.tree.FieldsOf(p.place.Shape, true) {
		if !f.Nested && f.Fit(naming.Words().Identify[word]) >= naming.EndsWith && f.Column.Share(is) >= 0.9 {
			w.Line("  "+word+": "+page.Text(f.Path), "")
			return
		}
	}
}

func (p *plan) otherLists() string {
	var names []string
	for _, o := range p.others {
		if o.path != "" && o.path != "$rows" && o.Shape != p.place.Shape && !o.Within(p.place.Shape) && len(names) < 4 {
			names = append(names, fmt.Sprintf("%s (%d)", o.path, o.Objects))
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
		if p.identified(id) == p.place.Objects && len(seen) == len(p.machines) {
			return page.Text(id.Path)
		}
		if !id.Nested {
			paths = append(paths, id.Path)
		}
	}
	if len(paths) == 0 {
		paths = []string{p.ids[0].Path}
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
		value := page.Text(id.Path)
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
	w.Line("  "+kind+": "+value, fmt.Sprintf("in %d of %d records", filled, p.place.Objects))
}

// identified counts the records with an identifier.
func (p *plan) identified(id identifier) int {
	if id.Path == "$name" {
		return p.place.Objects
	}
	return min(id.Column.Filled, p.place.Objects)
}

// empties are the placeholders of the fields that are used.
func (p *plan) empties() []string {
	var texts []string
	p.place.Walk(func(s *shape.Shape) bool {
		for _, text := range slices.Sorted(maps.Keys(s.Column.Empties)) {
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
	if p.place.path != "" && p.place.path != "$rows" && p.Sheet == nil {
		prefix = p.place.path + "."
	}
	var paths []string
	for _, always := range []bool{true, false} {
		for _, f := range p.needed() {
			path := prefix + p.fromRecord(f)
			usual := f.Share(p.place.Shape) >= 0.9 && !strings.Contains(path, "(")
			if (usual || p.tree.Format == syntax.CSV) == always && len(paths) < 6 && (always || len(paths) == 0) && !slices.Contains(paths, path) {
				paths = append(paths, path)
			}
		}
	}
	if len(paths) == 0 {
		paths = p.lastResort(prefix)
	}
	switch {
	case p.Sheet != nil && p.Sheet.First:
		return "xlsx: " + page.List(paths)
	case p.Sheet != nil:
		return "xlsx: " + page.List(append([]string{"sheet " + p.Sheet.Name}, paths...))
	case p.tree.Format == syntax.CSV:
		return "csv: " + page.List(paths)
	case p.tree.Format == syntax.KeyValue:
		return "keyvalue: " + page.List(paths)
	case p.tree.Format == syntax.XML:
		return "xml: " + page.List(append([]string{p.tree.Name}, paths...))
	default:
		return "json: " + page.List(paths)
	}
}

// fromRecord returns a field's path from the record; identifiers have theirs from the host.
func (p *plan) fromRecord(f *shape.Field) string {
	if p.place.host != nil && f.Within(p.place.host) {
		if path, ok := p.tree.PathFrom(p.place.Shape, f.Shape); ok {
			return path
		}
	}
	return f.Path
}

// needed are the fields of the records that the mapping reads, identifiers first.
func (p *plan) needed() []*shape.Field {
	var fields []*shape.Field
	for _, id := range p.ids {
		fields = append(fields, id.Field)
	}
	for _, f := range p.fills {
		for _, a := range f.attributes {
			if f.each == "" {
				fields = append(fields, a.Field)
			}
		}
	}
	return slices.DeleteFunc(fields, func(f *shape.Field) bool { return f.Path == "" || strings.Contains(f.Path, "$") || !p.inHeader(f) })
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
