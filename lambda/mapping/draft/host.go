package draft

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
)

// findHost sees whether the machines stand in a list inside what is stated of them: a finding with the resources that it was found on.
// Then the finding is the record, and the list names whose it is.
func (p *plan) findHost() {
	host := p.place.Shape
	if len(p.ids) == 0 || !host.Many {
		return
	}
	for i, up := range p.others {
		if host.Within(up.Shape) && up.path != "" && (up.Many || up.path == "$rows" && up.Objects > 1) && p.statesMore(up.Shape, host) {
			p.others = slices.Insert(slices.Delete(slices.Clone(p.others), i, i+1), 0, p.place)
			p.place = up
			p.place.host = host
			return
		}
	}
}

// statesMore distinguishes a statement about machines from a group of them: it is a weakness, or has more fields of its own than each machine,
// and about as many of them as there are machines.
func (p *plan) statesMore(statement, machine *shape.Shape) bool {
	fields, _ := usable(p.tree.FieldsOf(statement, false))
	if vulnerability(statement, fields) != nil {
		return true
	}
	own := p.tree.FieldsOf(machine, false)
	return statement.Objects*2 >= machine.Objects && len(fields) >= 4 && len(fields) > len(own)
}
