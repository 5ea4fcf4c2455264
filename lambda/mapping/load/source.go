package load

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// sourceLiterals is what may stand between the paths of a source. What begins a segment is a letter, a digit or a path, so that no
// segment is made of dots.
var sourceLiterals = regular.Expression(`^[A-Za-z0-9._:-]*(/[A-Za-z0-9][A-Za-z0-9._:-]*)*/?$`)

// sourceReader reads a template: the mapping's name, a slash, and strings with paths in braces.
type sourceReader struct {
	*mappingParser
	at     yamlfile.Value
	offset int // of what comes next, in bytes of the scalar
}

// readSource reads who states: a template, or `{name, part}`, a template and the value that stands behind it.
func (p *mappingParser) readSource(at yamlfile.Value) {
	if !at.IsMapping() {
		p.sourceTemplate(at, false)
		return
	}
	var part *mapping.Value
	readWords(at, "source",
		word{"name", func(at yamlfile.Value) { p.sourceTemplate(at, true) }},
		word{"part", func(at yamlfile.Value) { part = p.value(at) }})
	switch last := len(p.Source) - 1; {
	case !at.Has("part") && !at.HasProblem():
		at.Problem("part is missing: the value that stands behind the name and a slash")
	case last >= 0 && p.Source[last].Optional:
		at.Field("name").Problem("a source has one part that may have no value: {/path} in its name, or part")
	case part != nil:
		p.Source = append(p.Source, mapping.SourcePart{Value: part, Optional: true, Sum: at.Field("part").Hash("")[:sumDigits]})
	}
}

// sumDigits are those of a sum that tells the values of two versions of a mapping apart.
const sumDigits = 16

// sourceTemplate reads the template; the mapping's name alone is one where a part stands behind it.
func (p *mappingParser) sourceTemplate(at yamlfile.Value, alone bool) {
	text, ok := at.Scalar("source")
	if !ok {
		return
	}
	name := p.Name
	if at.Inherited() { // what a mapping takes over states in its name
		name = text[:strings.IndexAny(text+"/", "/{")]
	}
	rest, own := strings.CutPrefix(text, name)
	if alone && own && rest == "" {
		return
	}
	behind, slash := strings.CutPrefix(rest, "/")
	if !own || behind == "" || !slash && !strings.HasPrefix(rest, "{/") {
		at.Problem("a source must begin with the mapping's name and a slash: %s/{path}", p.Name)
		return
	}
	r := sourceReader{mappingParser: p, at: at, offset: len(text) - len(behind)}
	rest = behind
	for more := true; rest != "" && more; {
		rest, more = r.part(rest)
	}
}

// part reads a literal and the path behind it; false where something is wrong.
func (r *sourceReader) part(rest string) (string, bool) {
	literal, after, open := strings.Cut(rest, "{")
	optional := strings.HasPrefix(after, "/")
	if literal != "" || len(r.Source) > 0 && !optional {
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
		r.at.ProblemAt(r.offset, "", "the brace is not closed")
		return "", false
	}
	if optional && (tail != "" || strings.HasSuffix(literal, "/")) {
		r.at.ProblemAt(r.offset, "", "a part of a source that may have no value stands at its end: {/path}, without a slash before it")
		return "", false
	}
	part := mapping.SourcePart{IsPath: true, Optional: optional}
	at := r.offset + 1
	if optional {
		text, part.Category = strings.CutSuffix(text[1:], "/")
		at++
	}
	var ok bool
	part.Path, ok = r.parsePath(r.at, text, at)
	r.Source = append(r.Source, part)
	r.offset += len(text) + 2
	return tail, ok
}

// literal takes a string between paths. Two values with no slash between them would be one source as "a-b" and "c", and as "a" and "b-c".
func (r *sourceReader) literal(text string, before bool) bool {
	behind := len(r.Source) > 0
	segments := text
	if !behind {
		segments = "/" + text
	}
	switch {
	case !sourceLiterals().MatchString(segments) || !before && strings.HasSuffix(text, "/"):
		r.at.ProblemAt(r.offset, "", "between the paths of a source only letters, digits, . _ : - and slashes before a letter, a digit or a path are allowed")
		return false
	case behind && before && !strings.Contains(text, "/"):
		r.at.ProblemAt(r.offset, "", "a slash is missing between two paths of a source: their values could not be distinguished")
		return false
	}
	r.Source = append(r.Source, mapping.SourcePart{Literal: text})
	return true
}

// checkSource finds captures that no key pattern has: the source would always be the mapping itself.
func (p *mappingParser) checkSource() {
	for i := range p.Source {
		for _, one := range p.Source[i].Paths() {
			name, isCapture := strings.CutPrefix(one.File, "key.")
			if one.Root != path.RootFile || !isCapture || len(p.Matches) == 0 {
				continue
			}
			if !slices.ContainsFunc(p.Matches, func(m *choose.Match) bool { return m.Captures(name) }) {
				p.root.Field("source").Problem("no key pattern of match captures {%s}", name)
			}
		}
	}
}
