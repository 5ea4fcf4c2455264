package mapping

import (
	"regexp"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
)

// sourcePart is a literal of a source template, or a path.
type sourcePart struct {
	literal string
	path    dataPath
	isPath  bool
}

// sourceLiterals is what may stand between the paths of a source. What begins a segment is a letter, a digit or a path, so that no
// segment is made of dots.
var sourceLiterals = regexp.MustCompile(`^[A-Za-z0-9._:-]*(/[A-Za-z0-9][A-Za-z0-9._:-]*)*/?$`)

// sourceReader reads the template of who speaks: the mapping's name, a slash, and texts with paths in braces.
type sourceReader struct {
	*mappingParser
	at     place
	offset int // of what comes next, in bytes of the scalar
}

func (p *mappingParser) readSource(at place) {
	text, ok := at.scalar("source")
	if !ok {
		return
	}
	name := p.Name
	if _, inherited := p.root.file.origin[at.node]; inherited { // what a mapping takes over speaks in its name
		name, _, _ = strings.Cut(text, "/")
	}
	rest, own := strings.CutPrefix(text, name+"/")
	if !own || rest == "" {
		at.problem("a source begins with the mapping's name and a slash: %s/{path}", p.Name)
		return
	}
	r := sourceReader{mappingParser: p, at: at, offset: len(name) + 1}
	for more := true; rest != "" && more; {
		rest, more = r.part(rest)
	}
}

// part reads a literal and the path behind it; false where something is wrong.
func (r *sourceReader) part(rest string) (string, bool) {
	literal, after, open := strings.Cut(rest, "{")
	if literal != "" || len(r.source) > 0 {
		if !r.literal(literal, open) {
			return "", false
		}
	}
	r.offset += len(literal)
	if !open {
		return "", true
	}
	text, tail, closed := strings.Cut(after, "}")
	if !closed {
		r.at.offset(r.offset, "", "the brace is not closed")
		return "", false
	}
	path, ok := r.parsePath(r.at, text, r.offset+1)
	r.source = append(r.source, sourcePart{path: path, isPath: true})
	r.offset += len(text) + 2
	return tail, ok
}

// literal takes a text between paths. Two values with no slash between them would be one source as "a-b" and "c", and as "a" and "b-c".
func (r *sourceReader) literal(text string, before bool) bool {
	behind := len(r.source) > 0
	segments := text
	if !behind {
		segments = "/" + text
	}
	switch {
	case !sourceLiterals.MatchString(segments) || !before && strings.HasSuffix(text, "/"):
		r.at.offset(r.offset, "", "between the paths of a source stand letters, digits, and . _ : - inside of what slashes part")
		return false
	case behind && before && !strings.Contains(text, "/"):
		r.at.offset(r.offset, "", "a slash is missing between two paths of a source: their values could not be told apart")
		return false
	}
	r.source = append(r.source, sourcePart{literal: text})
	return true
}

// checkSource finds captures that no key pattern has: the source would always be the mapping itself.
func (p *mappingParser) checkSource() {
	for _, part := range p.source {
		name, isCapture := strings.CutPrefix(part.path.File(), "key.")
		if part.path.Root() != path.RootFile || !isCapture || len(p.Matches) == 0 {
			continue
		}
		if !slices.ContainsFunc(p.Matches, func(m Match) bool { return slices.Contains(m.captures, name) }) {
			p.root.word("source").problem("no key pattern of match captures {%s}", name)
		}
	}
}
