package choose

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/head"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// maxFurther is how many bytes of a document are looked at, at the most.
const maxFurther = 1 << 30

// ChooseFurther chooses as Choose does, where the first bytes are not all and none of the mappings recognised them: it reads on as long as
// one still may, since what identifies a document may stand behind all that it has. text returns the whole, from the first byte on; it
// is called where there is a reason to read, and the error may be its reader's.
func (all *Candidates) ChooseFurther(o Origin, begin []byte, text func() io.Reader) (Choice, error) {
	c := newChooser(all, o)
	c.head = head.Read(begin, false, c.conditions)
	if open := c.possible(); len(open) > 0 {
		err := c.head.ReadOn(io.LimitReader(text(), maxFurther), func() bool { return !c.anyHolds(open) })
		if err != nil {
			return Choice{}, fmt.Errorf("mapping: %w", err)
		}
	}
	return c.choose()
}

// possible returns the alternatives that the rest of the document may fit.
func (c *chooser) possible() []*Alternative {
	var open []*Alternative
	for _, m := range c.candidates() {
		for _, a := range m.Detect {
			if a.isOf(c.head) && len(a.conditions()) > 0 {
				open = append(open, a)
			}
		}
	}
	return open
}

// isOf reports whether a document is XML or JSON of the alternative's kind.
func (a *Alternative) isOf(h *head.Head) bool {
	switch a.Kind {
	case "xml":
		return h.Format() == syntax.XML && slices.Contains(a.asks().roots, h.Root())
	case "json":
		return h.Format() == syntax.JSON
	}
	return false
}

// anyHolds asks for all conditions of all alternatives, since what was there is forgotten after each look but for the answers.
func (c *chooser) anyHolds(open []*Alternative) bool {
	holds := false
	for _, a := range open {
		missing := 0
		for _, k := range a.conditions() {
			if !k.holds(c.head) {
				missing++
			}
		}
		holds = holds || missing == 0
	}
	return holds
}

// conditions returns a program of those of the mappings among which the content may have to decide: what is not asked for is not read.
func (c *chooser) conditions(of syntax.Format) *plan.Program {
	kind := "json"
	if of == syntax.XML {
		kind = "xml"
	}
	candidates := c.candidates()
	names := make([]string, len(candidates))
	for i, m := range candidates {
		names[i] = m.Name
	}
	return c.all.program(kind, strings.Join(names, "\n"), candidates)
}

// candidates are the mappings among which the content may have to decide.
func (c *chooser) candidates() []*Candidate {
	if c.origin.Declared != "" {
		if m := c.all.named(c.origin.Declared); m != nil {
			return []*Candidate{m}
		}
		return nil
	}
	if len(c.matched) == 0 && c.origin.Local {
		return c.all.all
	}
	candidates := make([]*Candidate, len(c.matched))
	for i, m := range c.matched {
		candidates[i] = m.Candidate
	}
	return candidates
}

// program returns a program of the conditions of some mappings on one kind of documents, by the mappings' names. It is compiled once: which of them an origin leads to is
// nearly always the same.
func (all *Candidates) program(kind, names string, some []*Candidate) *plan.Program {
	all.mu.Lock()
	defer all.mu.Unlock()
	key := kind + "\n" + names
	if made, ok := all.programs[key]; ok {
		return made
	}
	var paths []path.Path
	asked := map[string]bool{"": true} // many ask for the same
	for _, m := range some {
		for _, a := range m.Detect {
			if a.Kind != kind {
				continue
			}
			for _, k := range a.conditions() {
				if text := k.path.String(); !asked[text] {
					asked[text] = true
					paths = append(paths, k.path)
				}
			}
		}
	}
	if len(all.programs) >= maxPrograms {
		clear(all.programs)
	}
	made := plan.Conditions(paths)
	all.programs[key] = made
	return made
}

// maxPrograms bounds what is kept of programs.
const maxPrograms = 256
