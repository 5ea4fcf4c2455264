package record_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// records gives what a reading must give, each record as one text, sorted; failed tells that alternatives collide.
func (o *oracle) records() (out []string, failed bool) {
	o.makeTables()
	for i := range o.plan.Blocks {
		b := &o.plan.Blocks[i]
		alt, found, ok := o.choose(b)
		if !ok {
			return nil, true
		}
		for _, t := range found {
			out = append(out, o.record(i, alt, b, t))
		}
	}
	slices.Sort(out)
	return out, false
}

// makeTables finds the rows of all tables, by alternative.
func (o *oracle) makeTables() {
	o.tables = map[string][][]tableRow{}
	order := map[*whole]int{}
	ends(o.doc, order)
	for _, table := range o.plan.Tables {
		alternatives := make([][]tableRow, len(table.Each))
		for i, each := range table.Each {
			o.places = true
			rows := o.from(each, o.doc, true)
			o.places = false
			slices.SortFunc(rows, func(a, b *whole) int { return order[a] - order[b] }) // of equal keys the row that ends first counts
			for _, row := range rows {
				r := tableRow{value: row, owners: ownersOf(row, each)}
				for _, key := range o.firstTexts(table.Key, row) {
					r.keys = append(r.keys, strings.ToLower(key))
				}
				alternatives[i] = append(alternatives[i], r)
			}
		}
		o.tables[table.Name] = alternatives
	}
}

// ends numbers the values of a document in the order in which they end.
func ends(t *whole, numbers map[*whole]int) {
	for _, f := range t.fields {
		ends(f, numbers)
	}
	numbers[t] = len(numbers)
}

// ownersOf gives the objects to which a row belongs: those around it, as far as its path is nothing but names.
func ownersOf(row *whole, each path.Path) []*whole {
	var around []*whole
	for up := row.parent; up != nil; up = up.parent {
		if up.kind == tree.Object {
			around = append(around, up)
		}
	}
	slices.Reverse(around)
	plain := 0
	steps := each.Steps
	if len(steps) > 0 && steps[0].Kind == path.Self {
		steps = steps[1:]
	}
	for i, s := range steps {
		if path.MayBeEmpty(steps[i:]) {
			break
		}
		plain++
		if s.Kind != path.Field || s.Repeat != path.Once {
			break
		}
	}
	return around[:min(plain, len(around))]
}

// lookUp finds the row of a key in the nearest object around a place that has rows of the table; alone, in that object and nowhere else.
func (o *oracle) lookUp(table, key string, at *whole, alone bool) *whole {
	parts := ""
	for _, t := range o.plan.Tables {
		if t.Name == table {
			parts = t.Parts
		}
	}
	for n := at; n != nil; n = n.parent {
		for _, rows := range o.tables[table] {
			rows = slices.DeleteFunc(slices.Clone(rows), func(r tableRow) bool { return !slices.Contains(r.owners, n) })
			if len(rows) > 0 {
				return firstRow(rows, key, parts)
			}
		}
		if alone && n.kind == tree.Object {
			return nil
		}
	}
	for _, rows := range o.tables[table] {
		if len(rows) > 0 {
			return firstRow(rows, key, parts)
		}
	}
	return nil
}

func firstRow(rows []tableRow, key, parts string) *whole {
	key = strings.ToLower(key)
	for {
		for _, r := range rows {
			if slices.Contains(r.keys, key) {
				return r.value
			}
		}
		at := strings.LastIndex(key, parts)
		if parts == "" || at <= 0 {
			return nil
		}
		key = key[:at]
	}
}

func (o *oracle) firstTexts(paths []path.Path, t *whole) []string {
	for _, p := range paths {
		if texts := o.texts(p, t); len(texts) > 0 {
			return texts
		}
	}
	return nil
}

// choose takes the alternative of a block, going through the rows of the document in order.
func (o *oracle) choose(b *plan.Block) (alt int, records []*whole, ok bool) {
	if len(b.Each) == 0 {
		return 0, []*whole{o.doc}, true
	}
	if len(b.Each) == 1 {
		return 0, distinct(o.from(b.Each[0], o.doc, false)), true
	}
	rows := flat(o.doc)
	if o.doc.kind == tree.Object {
		rows = []*whole{o.doc}
	}
	chosen := -1
	for _, row := range rows {
		for pass := range 2 { // the rows themselves come after what stands in them
			for i, p := range b.Each {
				weak := len(p.Steps) == 0 || p.Steps[0].Kind == path.Self
				if weak != (pass == 1) {
					continue
				}
				if weak && chosen >= 0 && slices.ContainsFunc(b.Each, func(q path.Path) bool { return q.String() == b.Each[chosen].String() }) && chosen != i {
					continue
				}
				at := row
				if weak && o.doc.kind == tree.Object {
					continue
				}
				found := o.each(p, at, true)
				if len(found) == 0 {
					continue
				}
				if chosen >= 0 && chosen != i {
					return 0, nil, false
				}
				chosen = i
				records = append(records, found...)
			}
		}
	}
	records = slices.DeleteFunc(distinct(records), func(t *whole) bool { return t.kind != tree.Object })
	return max(chosen, 0), records, true
}

// each gives what is at a place for records; of several places, no texts, but empty lists count.
func (o *oracle) each(p path.Path, row *whole, many bool) []*whole {
	o.places = true
	found := o.along(p.Steps, row, many)
	o.places = false
	if many {
		found = slices.DeleteFunc(found, func(t *whole) bool { return t.kind == tree.Text })
	}
	return found
}

func distinct(trees []*whole) []*whole {
	var out []*whole
	for _, t := range trees {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func (o *oracle) record(block, alt int, b *plan.Block, t *whole) string {
	hosts := []*whole{t}
	if len(b.Host) > 0 {
		hosts = nil
		for _, p := range b.Host {
			if hosts = o.along(p.Steps, t, false); len(hosts) > 0 {
				break
			}
		}
	}
	var w strings.Builder
	fmt.Fprintf(&w, "block %d %d", block, alt)
	o.host = &whole{}
	if len(hosts) > 0 {
		o.host = hosts[0]
	}
	o.write(&w, "reads", b.Reads, t)
	o.write(&w, "captured", b.CapturedAt, t)
	for _, h := range hosts {
		o.write(&w, "host", b.HostReads, h)
	}
	for i := range b.Types {
		o.entries(&w, i, &b.Types[i], t)
	}
	return w.String()
}

func (o *oracle) entries(w *strings.Builder, number int, e *plan.Entries, t *whole) {
	found, present := []*whole{t}, len(e.Each) == 0
	for _, p := range e.Each {
		o.places, o.listed = true, true
		present = present || len(o.along(untested(p.Steps), t, true)) > 0
		o.places, o.listed = false, false
	}
	if len(e.Each) > 0 {
		found = nil
		for _, p := range e.Each {
			o.places = true
			all := o.along(p.Steps, t, true)
			o.places = false
			if len(all) > 0 {
				found = distinct(all)
				break
			}
		}
	}
	var lines []string
	for _, n := range found {
		if n.kind == tree.List && len(e.Each) > 0 {
			continue
		}
		var line strings.Builder
		o.write(&line, "entry", e.Reads, n)
		lines = append(lines, line.String())
	}
	slices.Sort(lines)
	fmt.Fprintf(w, "\n type %d %v%s", number, present, strings.Join(lines, ""))
}

// untested is the same way without what is asked of what stands there.
func untested(steps []path.Step) []path.Step {
	steps = slices.Clone(steps)
	for i := range steps {
		steps[i].Tests, steps[i].Group = nil, untested(steps[i].Group)
	}
	return steps
}

func (o *oracle) write(w *strings.Builder, what string, paths []path.Path, t *whole) {
	fmt.Fprintf(w, "\n  %s", what)
	for _, p := range paths {
		fmt.Fprintf(w, " %q %v", o.texts(p, t), o.has(p, t))
	}
}

// engineRecords returns the same of a reading.
func engineRecords(thePlan *plan.Plan, r *record.Reading) (out []string, err error) {
	var late []func() string
	for rec, err := range r.Records() {
		if err != nil {
			return nil, err
		}
		text, captured, err := engineRecord(thePlan, rec)
		if err != nil {
			return nil, err
		}
		if captured != nil {
			late = append(late, func() string { return strings.Replace(text, "@captured", captured(r), 1) })
			continue
		}
		out = append(out, text)
	}
	for _, l := range late {
		out = append(out, l())
	}
	slices.Sort(out)
	return out, nil
}

func engineRecord(thePlan *plan.Plan, rec *record.Record) (string, func(*record.Reading) string, error) {
	b := &thePlan.Blocks[rec.Block]
	var w strings.Builder
	fmt.Fprintf(&w, "block %d %d", rec.Block, rec.Alternative)
	s := rec.Scope()
	if len(rec.Hosts) == 0 {
		s.Host = &tree.Value{}
	}
	engineWrite(&w, "reads", b.Reads, &s, rec.Value)
	var captured func(*record.Reading) string
	if rec.DocComplete {
		engineWrite(&w, "captured", b.CapturedAt, &s, rec.Value)
	} else {
		w.WriteString("@captured")
		now := make([]string, len(b.CapturedAt))
		for i := range b.CapturedAt {
			now[i] = engineValue(&b.CapturedAt[i], &s, rec.Value)
		}
		captured = func(r *record.Reading) string {
			s := r.Scope()
			var w strings.Builder
			w.WriteString("\n  captured")
			for i := range b.CapturedAt {
				if root := b.CapturedAt[i].Root; root == path.RootDoc || root == path.RootRows {
					now[i] = engineValue(&b.CapturedAt[i], &s, r.Doc())
				}
				w.WriteString(now[i])
			}
			return w.String()
		}
	}
	for _, h := range rec.Hosts {
		engineWrite(&w, "host", b.HostReads, &s, h)
	}
	lines := make([][]string, len(b.Types))
	for found, err := range rec.Entries() {
		if err != nil {
			return "", nil, err
		}
		var line strings.Builder
		engineWrite(&line, "entry", b.Types[found.Type].Reads, &s, found.Value)
		lines[found.Type] = append(lines[found.Type], line.String())
	}
	for i := range lines {
		slices.Sort(lines[i])
		fmt.Fprintf(&w, "\n type %d %v%s", i, rec.Present[i], strings.Join(lines[i], ""))
	}
	return w.String(), captured, nil
}

func engineWrite(w *strings.Builder, what string, paths []path.Path, s *path.Scope, n *tree.Value) {
	fmt.Fprintf(w, "\n  %s", what)
	for i := range paths {
		w.WriteString(engineValue(&paths[i], s, n))
	}
}

func engineValue(p *path.Path, s *path.Scope, n *tree.Value) string {
	return fmt.Sprintf(" %q %v", p.Texts(s, n, nil), p.Has(s, n))
}
