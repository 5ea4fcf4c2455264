package record

import (
	"io"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

const (
	probeStep  = 1 << 20 // bytes of text between two looks
	probeHeld  = 4 << 20 // bytes that may be held from one look to the next
	probeTexts = 64      // fields of an open value that stay where more would be held
)

// Probe reads a document of any length, for paths from the document that lead to anything. After each MiB and at the end, look is called
// with what such paths are evaluated in; it returns false where enough was read. Where too much would be held, a later look sees only what
// was read since, what is still open, and the texts that stand in that. Errors of the document's syntax end the reading as its end does;
// the error that Probe returns is the reader's.
func Probe(g *plan.Program, text io.Reader, format syntax.Format, look func(*path.Scope) bool) error {
	p := &probe{r: newReader(g), text: text, look: look, step: probeStep, held: probeHeld}
	return p.read(format)
}

// read reads the document to its end, or until a look has enough.
func (p *probe) read(format syntax.Format) error {
	p.left = p.step
	p.r.held.budget = p.r.limit
	if err := p.r.begin(format.Shape()); err != nil {
		return err
	}
	_ = format.Read(syntax.Source{Reader: p}, p.r.visitor(format))
	if !p.enough && p.err == nil {
		p.check()
	}
	return p.err
}

// probe hands the text to the tokeniser, and looks at what came of it whenever that asks for more.
type probe struct {
	r      *reader
	text   io.Reader
	look   func(*path.Scope) bool
	step   int // bytes between two looks
	left   int // bytes until the next one
	held   int // bytes
	enough bool
	err    error // the text's own, but for its end
}

// Read reads up to the next look.
func (p *probe) Read(b []byte) (int, error) {
	if p.left == 0 {
		p.left = p.step
		p.check()
	}
	if p.enough {
		return 0, io.EOF
	}
	n, err := p.text.Read(b[:min(len(b), p.left)])
	p.left -= n
	if err != nil && err != io.EOF {
		p.err = err
	}
	return n, err
}

// check lets the look see the open values as if they ended here, and lets go of closed ones where too much is held.
func (p *probe) check() {
	attached := p.attach()
	p.enough = !p.look(&p.r.scope)
	for _, up := range attached {
		up.Pop()
	}
	if p.r.pool.Held() <= p.held {
		return
	}
	for i := range p.r.frames {
		p.prune(p.r.frames[i].value)
	}
}

// attach puts each open value into what encloses it, where that reads it, and returns what encloses one.
func (p *probe) attach() []*tree.Value {
	var attached []*tree.Value
	below := false // something of the document is in the value inside
	for i := len(p.r.frames) - 1; i > 0; i-- {
		f := &p.r.frames[i]
		if f.value.Kind == tree.Null {
			continue
		}
		kept, doc := f.state.Keeps(&p.r.scope, f.value, f.hasDoc || below)
		below = doc
		if kept {
			up := p.r.frames[i-1].value
			up.Append(f.value)
			attached = append(attached, up)
		}
	}
	return attached
}

// prune keeps the first texts of an object, on which conditions about what follows may depend.
func (p *probe) prune(v *tree.Value) {
	kept := 0
	p.r.pool.Prune(v, func(child *tree.Value) bool {
		if v.Kind == tree.Object && child.Kind == tree.Text && kept < probeTexts {
			kept++
			return true
		}
		return false
	})
}
