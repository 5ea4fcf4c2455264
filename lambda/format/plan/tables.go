package plan

import (
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

func (c *compiler) table(number int) error {
	t := &c.g.Plan.Tables[number]
	for i := range t.Each {
		each := &t.Each[i]
		if err := placeOf(each, "table", true); err != nil {
			return err
		}
		if !testsOnlyLast(each.Steps) {
			return &Error{each.String(), "the condition of a table's path can only stand at its end"}
		}
		a := &Accept{kind: acceptRow, Table: number, Alternative: i, Path: each, tests: lastTests(each.Steps), Number: c.g.TablePaths}
		c.g.TablePaths++
		if a.Number >= maxAlternatives {
			return &Error{each.String(), fmt.Sprintf("tables have more than %d paths to rows", maxAlternatives)}
		}
		end := c.accepting(c.owned(c.begin(each), each.Steps, a.Number), a, fragment{})
		for k := range t.Key {
			if t.Key[k].Root != path.RootHere {
				return &Error{t.Key[k].String(), "a table's key stands inside its row"}
			}
			c.g.UsesIndex = c.g.UsesIndex || usesIndex(&t.Key[k])
			c.read(end, &t.Key[k], fragment{})
		}
		if err := c.columns(end, t); err != nil {
			return err
		}
	}
	return nil
}

// owned adds the steps to a table's rows. They belong to the objects on the way, as far as that is nothing but fields: those inside each
// other by repetition are one table.
func (c *compiler) owned(at int32, steps []path.Step, number int) int32 {
	plain := true
	for i := range steps {
		s := &steps[i]
		if plain && s.Kind != path.Self && !path.MayBeEmpty(steps[i:]) {
			c.states[at].owns |= 1 << number
		}
		plain = plain && (s.Kind == path.Self || isField(s))
		at = c.step(at, s, fragment{})
	}
	return at
}

func isField(s *path.Step) bool { return s.Kind == path.Field && s.Repeat == path.Once }

// columns reads what the paths of all blocks want of a table's rows.
func (c *compiler) columns(row int32, table *Table) error {
	var wrong error
	wanted := func(paths []path.Path) {
		for i := range paths {
			paths[i].EachTable(func(p *path.Path) {
				if p.Table != table.Name {
					return
				}
				c.read(row, p.Inner(), fragment{})
				if p.In != nil && !c.standIn(table, p.In.Table) {
					wrong = &Error{p.String(), fmt.Sprintf("the rows of %s do not stand inside those of %s: the path to its rows must begin like theirs", p.Table, p.In.Table)}
				}
			})
		}
	}
	for i := range c.g.Plan.Blocks {
		b := &c.g.Plan.Blocks[i]
		wanted(slices.Concat(b.Reads, b.HostReads, b.CapturedAt))
		for k := range b.Types {
			wanted(b.Types[k].Reads)
		}
	}
	return wrong
}

// standIn reports whether rows of a table stand inside the rows of another one, wherever those stand.
func (c *compiler) standIn(inner *Table, name string) bool {
	at := slices.IndexFunc(c.g.Plan.Tables, func(t Table) bool { return t.Name == name })
	return at >= 0 && !slices.ContainsFunc(c.g.Plan.Tables[at].Each, func(outer path.Path) bool {
		return !slices.ContainsFunc(inner.Each, func(p path.Path) bool { return begins(&p, &outer) })
	})
}

// begins reports whether a path leads through all that another one leads to.
func begins(p, outer *path.Path) bool {
	if p.Root != outer.Root || len(p.Steps) <= len(outer.Steps) || path.MayBeEmpty(p.Steps[len(outer.Steps):]) {
		return false
	}
	for i := range outer.Steps {
		a, b := &p.Steps[i], &outer.Steps[i]
		fits := a.Name.String() == b.Name.String() || a.Name.Wild() && tree.Glob(a.Name.String(), b.Name.String())
		if !fits || !isField(a) || !isField(b) {
			return false
		}
	}
	return true
}
