package path

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// Tables holds the rows of tables, found by key without case. A row belongs to the objects that enclose it: one is looked up in the nearest
// object around the place of the lookup to which rows of the table belong.
type Tables struct {
	Owners Owners
	Tables map[string]*Table // by name
	Found  func(Found)       // called with each row that a path finds; nil: nobody asks
}

// Found is a row that was found in a table, and by which of the table's paths that stands there.
type Found struct {
	Table       string
	Alternative int
	Row         *tree.Value
	In          *tree.Value // the row of another table in which it was looked up; nil: anywhere
}

// Table is the rows of a table.
type Table struct {
	Parts        string  // what separates the parts of a key, of which the last are left out until there is a row; "": keys have no parts
	Alternatives []*Rows // by the table's paths; nil: nothing stands there
}

// place is where a lookup happens: at the number of an owner and, with row, inside that row of another table and nowhere else.
type place struct {
	owner int32
	row   *tree.Value
}

func (t *Tables) find(name, key string, at place) *tree.Value {
	table := t.Tables[name]
	if table == nil {
		return nil
	}
	for owner := at.owner; ; owner = t.Owners.parent[owner] {
		for i, rows := range table.Alternatives {
			if rows != nil && rows.holds(&t.Owners, owner) {
				return t.found(Found{Table: name, Alternative: i, Row: rows.find(&t.Owners, owner, table.keys(key)), In: at.row})
			}
		}
		if owner == 0 || at.row != nil {
			return nil
		}
	}
}

func (t *Tables) found(f Found) *tree.Value {
	if f.Row != nil && t.Found != nil {
		t.Found(f)
	}
	return f.Row
}

// keys returns the keys that stand for a key, the longest first.
func (t *Table) keys(key string) []string {
	key = strings.ToLower(key)
	keys := []string{key}
	for t.Parts != "" {
		at := strings.LastIndex(key, t.Parts)
		if at <= 0 {
			break
		}
		key = key[:at]
		keys = append(keys, key)
	}
	return keys
}

// Owners is the objects to which rows of tables may belong, numbered in the order in which they begin. Those inside an object follow it.
// 0 is the document, to which all belong.
type Owners struct {
	parent, last []int32  // by number: the object that encloses it, and the last one inside it
	of           []uint64 // by number: the paths of tables whose rows may belong to it
}

// Begin numbers an object inside another one, and returns its number.
func (o *Owners) Begin(in int32, of uint64) int32 {
	if o.parent == nil {
		o.parent, o.last, o.of = []int32{0}, []int32{0}, []uint64{0}
	}
	n := int32(len(o.parent)) //nolint:gosec // memory ends before
	o.parent, o.last, o.of = append(o.parent, in), append(o.last, n), append(o.of, of)
	return n
}

// OwnerBytes is the memory that an owner takes.
const OwnerBytes = 16

// End ends an object: those that begin from now on are not inside it.
func (o *Owners) End(number int32) { o.last[number] = int32(len(o.last)) - 1 } //nolint:gosec // as above

// Count is how many objects were numbered.
func (o *Owners) Count() int { return max(len(o.parent)-1, 0) }

// Of is the nearest object, one or one around it, to which the rows of a path may belong.
func (o *Owners) Of(number int32, path int) int32 {
	for number != 0 && o.of[number]&(1<<path) == 0 {
		number = o.parent[number]
	}
	return number
}

// Rows is the rows of a table that stand at one of its paths.
type Rows struct {
	Path  int                      // its number among the paths of all tables
	first map[string]*tree.Value   // by lower-case key
	more  map[string][]*tree.Value // those of keys that have a first row elsewhere: in the order of their owners, of each the first
	in    []int32                  // owners that have rows, also none: an empty list
}

// Stand notes that rows may stand in an object, also where none does.
func (r *Rows) Stand(owner int32) {
	if len(r.in) == 0 || r.in[len(r.in)-1] != owner {
		r.in = append(r.in, owner)
	}
}

// Add takes a row of an object, unless one of the key is known there, and reports whether it did.
func (r *Rows) Add(owner int32, key string, row *tree.Value) bool {
	first := r.first[key]
	if first == nil {
		if r.first == nil {
			r.first = map[string]*tree.Value{}
		}
		r.first[strings.Clone(key)] = row
		return true
	}
	others := r.more[key]
	if len(others) > 0 {
		first = others[len(others)-1]
	}
	if first.Scope >= owner {
		return false // all that began behind the owner is inside it, since it is not closed
	}
	if r.more == nil {
		r.more = map[string][]*tree.Value{}
	}
	r.more[strings.Clone(key)] = append(others, row)
	return true
}

// holds reports whether rows stand in an object.
func (r *Rows) holds(o *Owners, owner int32) bool {
	if owner == 0 {
		return true
	}
	i, _ := slices.BinarySearch(r.in, owner)
	return i < len(r.in) && r.in[i] <= o.last[owner] && o.of[owner]&(1<<r.Path) != 0
}

// find returns the first row in an object that has one of the keys.
func (r *Rows) find(o *Owners, owner int32, keys []string) *tree.Value {
	for _, key := range keys {
		row := r.first[key]
		if row == nil {
			continue
		}
		if owner == 0 || row.Scope >= owner && row.Scope <= o.last[owner] {
			return row
		}
		others := r.more[key]
		i, _ := slices.BinarySearchFunc(others, owner, func(v *tree.Value, owner int32) int { return int(v.Scope) - int(owner) })
		if i < len(others) && others[i].Scope <= o.last[owner] {
			return others[i]
		}
	}
	return nil
}

// Each visits all rows, with the memory that their keys take.
func (r *Rows) Each(visit func(key string, row *tree.Value)) {
	for key, row := range r.first {
		visit(key, row)
	}
	for key, rows := range r.more {
		for _, row := range rows {
			visit(key, row)
		}
	}
}
