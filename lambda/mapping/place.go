package mapping

// Place is where something stands in a file of mappings or types.
type Place struct {
	File         string
	Line, Column int    // from 1, in characters; 0: the whole file
	Pointer      string // JSON pointer of the place
}

// place tells where something stands.
func (p place) place() Place {
	s := Place{File: p.file.name, Pointer: p.pointer}
	if p.node == nil {
		return s
	}
	if from, ok := p.file.origin[p.node]; ok {
		s.File = from
	}
	s.Line, s.Column = p.node.Line, p.node.Column
	return s
}
