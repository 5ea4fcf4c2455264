package draft

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/content"
)

// writer writes YAML with comments behind it.
type writer struct{ strings.Builder }

// line writes a line, and behind it what a reader should know.
func (w *writer) line(text, comment string) {
	if comment != "" {
		text = fmt.Sprintf("%-46s # %s", text, comment)
	}
	w.WriteString(text + "\n")
}

var plainYAML = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\pL\pN_$*][\pL\pN_ .()*$/=-]*$`) })

// yamlText writes a string as YAML, in quotes where it needs them.
func yamlText(text string) string {
	if plainYAML().MatchString(text) && text[0] != '*' && strings.TrimSpace(text) == text && !strings.EqualFold(text, "null") {
		return text
	}
	return strconv.Quote(text)
}

// yamlList writes strings as a list in one line.
func yamlList(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = yamlText(text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// oneLine makes a name of the document's fit into a comment.
func oneLine(text string) string {
	printable := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	return fmt.Sprintf("%.80s", strings.Join(strings.Fields(printable), " "))
}

func (p *plan) mappingFile() []byte {
	w := &writer{}
	w.line(fmt.Sprintf("# Drafted from %s: %s, %s read. Names and shapes were guessed: read it, mend it, then try it with", oneLine(p.Name), p.kind(), counted(len(p.records), "record")), "")
	w.line("#   invbridge mapping check --sample FILE DIR, and invbridge records --mappings DIR FILE", "")
	w.line("version: 1", "")
	w.line("mapping: "+p.name, "")
	w.line("about: drafted from a sample", "")
	w.line("detect:", "how such documents are recognised")
	w.line("  - "+p.detect(), "")
	w.line("match:", "where such files are put")
	key := p.name + "/**"
	if len(p.ids) == 0 {
		key = p.name + "/{nodeId}/**"
	}
	w.line(fmt.Sprintf("  - s3: {key: %q}", key), "")
	if empty := p.empties(); len(empty) > 0 {
		w.line("empty: "+yamlList(empty), "strings that are no value")
	}
	if p.isLocal() {
		w.line("zone: UTC", "of times that name none: where is the source's clock? Europe/Berlin, for one")
	}
	p.block(w)
	for _, f := range p.fills {
		f.write(w)
	}
	p.notes(w)
	return []byte(w.String())
}

func counted(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// block writes where the records are, and whose.
func (p *plan) block(w *writer) {
	if p.place.path != "" {
		w.line("each: "+yamlText(p.place.path), counted(p.place.objects, "record")+p.otherLists())
	}
	if len(p.ids) == 0 {
		w.line("# identify: no field names a machine in a way that was recognised. A file is about the machine in its key, or", "")
		w.line("# the one that --as names. If a field does name it: identify: {hostname: FIELD}, and match without {nodeId}", "")
		return
	}
	if p.place.host != nil {
		if path, ok := p.tree.pathFrom(p.place.shape, p.place.host); ok {
			w.line("host: "+yamlText(path), "the machines that a record is about")
		}
	}
	if len(p.machines) < len(p.records) {
		w.line("key: "+p.key(), "records of one machine")
	}
	w.line("identify:", "")
	for _, kind := range kinds {
		p.identifier(w, kind)
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
			return yamlText(id.path)
		}
		if !id.nested {
			paths = append(paths, id.path)
		}
	}
	if len(paths) == 0 {
		paths = []string{p.ids[0].path}
	}
	return "{all: " + yamlList(paths) + "}"
}

func (p *plan) identifier(w *writer, kind string) {
	var values []string
	filled := 0
	for _, id := range p.ids {
		if id.kind != kind {
			continue
		}
		value := yamlText(id.path)
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
	w.line("  "+kind+": "+value, fmt.Sprintf("in %d of %d records", filled, p.place.objects))
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
		return "xlsx: " + yamlList(paths)
	case p.sheet != nil:
		return "xlsx: " + yamlList(append([]string{"sheet " + p.sheet.name}, paths...))
	case p.tree.format == syntax.CSV:
		return "csv: " + yamlList(paths)
	case p.tree.format == syntax.KeyValue:
		return "keyvalue: " + yamlList(paths)
	case p.tree.format == syntax.XML:
		return "xml: " + yamlList(append([]string{p.tree.name}, paths...))
	default:
		return "json: " + yamlList(paths)
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
