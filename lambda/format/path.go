package format

import "github.com/inventory-bridge/inventory-bridge/lambda/format/tree"

// Path says where values stand in a tree, from a starting node: steps with dots, conditions and repetitions, as in
// section 2 of the mapping language. It is immutable; the zero Path is the starting node itself.
type Path struct {
	text  string
	root  string // "", "$doc", "$host", "$up", "$rows", "$file", "$table"
	table string // $table: its name
	key   *Path  // $table: where the key stands
	file  string // $file: the rest of the path
	steps []step
	plain bool     // nothing but names without * from the starting node
	fact  stepKind // stepName, stepIndex or stepText where the path ends in one; else stepField
}

// Roots of paths, as Root tells them. A path of a table has RootTable, whatever the table is called.
const (
	RootHere  = ""
	RootDoc   = "$doc"
	RootHost  = "$host"
	RootUp    = "$up"
	RootRows  = "$rows"
	RootFile  = "$file"
	RootTable = "$table"
)

// step is one step of a path: a field, a group of steps, or a fact of the node itself.
type step struct {
	kind   stepKind
	name   tree.Pattern // stepField
	tests  []test       // stepField, in their written order
	group  []step       // stepGroup
	repeat repeat
}

type stepKind uint8

const (
	stepField stepKind = iota
	stepGroup
	stepName  // $name
	stepIndex // $index
	stepText  // $text
	stepSelf  // conditions on the starting node: $rows(plugin)
)

type repeat uint8

const (
	once      repeat = iota
	anyTimes         // ( )*
	onceMore         // ( )+, name+
	atMostOne        // ( )?
)

// test is what stands in parentheses behind a name.
type test struct {
	index  int // (n); -1 for a condition
	path   Path
	negate bool     // !=
	values []string // patterns; none: the field must be there
}

// String gives the path as it was written.
func (p Path) String() string { return p.text }

// Root tells from where the path leads: one of the constants.
func (p Path) Root() string { return p.root }

// Table is the name of the table that the path looks into, without its $; "" for all other paths.
func (p Path) Table() string { return p.table }

// Key is where the table's key stands, relative to the value that the whole path starts at; nil for all other paths.
func (p *Path) Key() *Path { return p.key }

// File is the name of the delivery's fact: "name", "key.app". "" for all other paths.
func (p Path) File() string { return p.file }

// Fact tells that the path leads to a text that stands in no node: $name, $index or one of $file.
func (p Path) Fact() bool {
	return p.root == RootFile || p.fact == stepName || p.fact == stepIndex
}

// repeats tells that the step stands for several in a row.
func (s *step) repeats() bool { return s.repeat == anyTimes || s.repeat == onceMore }

// isPlain tells whether the path is nothing but names.
func (p *Path) isPlain() bool {
	for i := range p.steps {
		if s := &p.steps[i]; s.kind != stepField || s.repeat != once || len(s.tests) > 0 || s.name.Wild() {
			return false
		}
	}
	return p.root == RootHere && p.fact == stepField
}

// Steps are the path's steps, without a fact at its end.
func (p *Path) Steps() []step { return p.steps }

// End is the fact that the path ends in ($name, $index or $text), or a field.
func (p *Path) End() stepKind { return p.fact }

// inner is the path's steps as a path of their own.
func (p *Path) inner() *Path { return &Path{text: p.text, steps: p.steps, fact: p.fact} }

// Document is the path to the whole document.
func Document() *Path { return &Path{text: RootDoc, root: RootDoc} }
