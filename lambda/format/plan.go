package format

// Plan is all that is read of a document. Paths inside Reads may have any root: what they need of the host, of enclosing
// objects, of the document or of tables is found out by Compile. Keys and conditions of paths need not be listed apart.
type Plan struct {
	Blocks []Block
	Tables []Table
	Unwrap []string          // fields that stand for an object where a text is wanted
	Empty  func(string) bool // texts that are no value, given trimmed; nil: none
}

// Block is one kind of record.
type Block struct {
	Each       []Path    // alternatives: roots RootHere, RootRows and RootDoc; none: the whole document is the one record
	Host       []Path    // inside the record; the first that leads anywhere; none: the record is its own host
	Reads      []Path    // relative to the record: where, remove
	HostReads  []Path    // relative to the host: identify, key
	CapturedAt []Path    // relative to the record. $doc in these alone does not make the records wait: see Record.DocComplete
	Types      []Entries // what a record is made of
}

// Entries is one kind of entry inside the records of a block.
type Entries struct {
	Each  []Path // alternatives, inside the record (RootHere); none: the record is the one entry
	Reads []Path // relative to the entry
}

// Table is a set of rows that are found by a key, without case; of equal keys the first row counts.
type Table struct {
	Name string // without $
	Each []Path // alternatives, from the document
	Key  []Path // relative to the row; the first that has a value
}

// Program is a compiled Plan. It is immutable: several readings may use it at once.
type Program struct {
	plan      Plan
	nfa       nfa
	blocks    []*blockProgram
	unwrap    *Unwrap
	usesIndex bool // positions among fields of one name matter
	padded    bool // see CompileReturned: in the document that is given back, too
}

// blockProgram is what reading a block asks for.
type blockProgram struct {
	late    bool // its records wait for the document's end
	needsUp bool // what encloses entries and records must be held with them

	deepEntries bool // which of the places for entries exists turns out when the record closes
}
