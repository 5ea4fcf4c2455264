// Package path knows how paths are written, and where each leads in a tree: fields and lists, conditions, repetitions, and what a path asks
// of the document, the host, enclosing objects and tables. It does not know what of a document is read, nor how.
package path

import "github.com/inventory-bridge/inventory-bridge/lambda/format/tree"

// Path is where values stand in a tree, from a starting value: steps with dots, conditions and repetitions, as in
// section 2 of the mapping language. Nobody changes it; the zero Path is the starting value itself.
type Path struct {
	Root  string   // from where it leads: one of the constants
	Table string   // of RootTable: the table's name, without its $
	Keys  []Path   // of RootTable: where the key stands, from the value that the whole path starts at; the first that leads to a row counts
	In    *Path    // of RootTable: the row of another table in which the row stands; nil: it stands anywhere
	InAny bool     // with In: where that leads to no row, the row may stand anywhere
	File  string   // of RootFile: the fact of the document's origin, "name" or "key.app"
	Steps []Step   // without a fact at its end
	End   StepKind // FieldName, Index or Text where the path ends in one; else Field

	text  string
	plain bool // nothing but names without * from the starting value …
	only  bool // … and one name alone
}

// Roots of paths. A path of a table has RootTable, whatever the table is called.
const (
	RootHere  = ""
	RootDoc   = "$doc"
	RootHost  = "$host"
	RootUp    = "$up"
	RootRows  = "$rows"
	RootFile  = "$file"
	RootTable = "$table"
)

// Step is one step of a path: a field, a group of steps, or a fact of the value itself.
type Step struct {
	Kind   StepKind
	Name   tree.Pattern // Field
	Tests  []Test       // Field, in their written order
	Group  []Step       // Group
	Repeat Repeat
}

// StepKind is what a step is.
type StepKind uint8

// Those from FieldName on are facts of the value that the path leads to; Self is of no other step.
const (
	Field StepKind = iota
	Group
	FieldName // $name
	Index     // $index
	Text      // $text
	Self      // conditions on the starting value: $rows(plugin)
)

// Repeat is how often a step is taken.
type Repeat uint8

// A group or a repeated field may be taken more than once.
const (
	Once       Repeat = iota
	AnyTimes          // ( )*
	OnceOrMore        // ( )+, name+
	AtMostOnce        // ( )?
)

// Test is what stands in parentheses behind a name.
type Test struct {
	Index  int // (n); -1 for a condition
	Path   Path
	Negate bool     // !=
	Values []string // patterns; none: the field must be there

	exact bool // no pattern has a *
}

// String is the path as it was written.
func (p Path) String() string { return p.text }

// Fact reports whether the path leads to a text that stands in no value: $name, $index or one of $file.
func (p Path) Fact() bool {
	return p.Root == RootFile || p.End == FieldName || p.End == Index
}

// EachTable visits the paths into tables that the path is made of: itself, that to the row in which its row stands, and those of its keys.
func (p *Path) EachTable(visit func(*Path)) {
	if p.Root != RootTable {
		return
	}
	visit(p)
	for i := range p.Keys {
		p.Keys[i].EachTable(visit)
	}
	if p.In != nil {
		p.In.EachTable(visit)
	}
}

// Repeats reports whether the step stands for several in a row.
func (s *Step) Repeats() bool { return s.Repeat == AnyTimes || s.Repeat == OnceOrMore }

// AnyStep reports whether one of the steps, or of those inside their groups, is such.
func AnyStep(steps []Step, such func(*Step) bool) bool {
	for i := range steps {
		if such(&steps[i]) || AnyStep(steps[i].Group, such) {
			return true
		}
	}
	return false
}

// MayBeEmpty reports whether the steps may lead nowhere else than to the value where they begin.
func MayBeEmpty(steps []Step) bool {
	for i := range steps {
		s := &steps[i]
		if s.Kind != Group || s.Repeat != AnyTimes && s.Repeat != AtMostOnce && !MayBeEmpty(s.Group) {
			return false
		}
	}
	return true
}

// Plain reports whether the path is nothing but names without * from the starting value.
func (p *Path) Plain() bool { return p.plain }

// isPlain reports whether the path is nothing but names.
func (p *Path) isPlain() bool {
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Kind != Field || s.Repeat != Once || len(s.Tests) > 0 || s.Name.Wild() {
			return false
		}
	}
	return p.Root == RootHere && p.End == Field
}

// Inner is the path's steps as a path of their own.
func (p *Path) Inner() *Path { return &Path{text: p.text, Steps: p.Steps, End: p.End} }

// Document is the path to the whole document.
func Document() *Path { return &Path{text: RootDoc, Root: RootDoc} }
