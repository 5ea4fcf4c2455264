package draft

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/page"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
)

// totals notes the rows of a table that are no records, and a last one that looks as if it were none.
func (p *plan) totals(asides map[string]int) string {
	w := &page.Writer{}
	for _, why := range slices.Sorted(maps.Keys(asides)) {
		w.Line(fmt.Sprintf("# %s of the sample left out: %s", page.Counted(asides[why], "row"), why), "")
	}
	if field := p.lacking(); field != nil {
		leaveOut(w, "The last record has few of the fields that all others have. If it is a total, ", field)
	}
	if field := p.units(); field != nil {
		leaveOut(w, "The first record names no machine. If it has units or other remarks about the columns, ", field)
	}
	return w.String()
}

// leaveOut writes how records without a field are left out.
func leaveOut(w *page.Writer, which string, f *shape.Field) {
	w.Line("# "+which+"leave such rows out (beside each):", "")
	w.Line("#   where: r["+strconv.Quote(f.Path)+"] != \"\"", "")
}

// units returns the field that names the machine of all records of a table but the first.
func (p *plan) units() *shape.Field {
	if p.tree.Format != syntax.CSV || len(p.records) < 3 || len(p.ids) == 0 || slices.ContainsFunc(p.ids, func(id identifier) bool { return textOfID(p.records[0], id) != "" }) {
		return nil
	}
	for _, id := range p.ids {
		if !slices.ContainsFunc(p.records[1:], func(r shape.Record) bool { return textOfID(r, id) == "" }) {
			return id.Field
		}
	}
	return nil
}

// lacking returns a field that all records of a table have but the last one, where that has less than half of such fields.
func (p *plan) lacking() *shape.Field {
	if p.tree.Format != syntax.CSV || len(p.records) < 3 {
		return nil
	}
	others, last := p.records[:len(p.records)-1], p.records[len(p.records)-1]
	always, found := 0, (*shape.Field)(nil)
	has := 0
	for _, f := range p.tree.FieldsOf(p.place.Shape, false) {
		if f.Path == "" || slices.ContainsFunc(others, func(r shape.Record) bool { return r.Values[f.Shape] == "" }) {
			continue
		}
		always++
		switch {
		case last.Values[f.Shape] != "":
			has++
		case found == nil && !strings.ContainsAny(f.Path, "()"):
			found = f
		}
	}
	if always < 3 || 2*has > always {
		return nil
	}
	return found
}
