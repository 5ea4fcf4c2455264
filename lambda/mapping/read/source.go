package read

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// maxSource bounds the name of a source, in bytes.
const maxSource = 256

// sourceName fills the template of the source. Without a value for one of its paths, unless that is optional, it is the mapping itself.
// What a document has chooses among the sources of its mapping and can do nothing else: see sourceValue.
func (r *reader) sourceName() string {
	if len(r.Source) == 0 {
		return r.Name
	}
	var b strings.Builder
	b.WriteString(r.Name)
	if !r.Source[0].Optional {
		b.WriteByte('/')
	}
	for i := range r.Source {
		part := &r.Source[i]
		if part.Value == nil && !part.IsPath {
			b.WriteString(part.Literal)
			continue
		}
		text := r.sourceText(part)
		if part.Category {
			text = strings.TrimSpace(text[:max(strings.LastIndexByte(text, '/'), 0)])
		}
		switch {
		case text == "" && part.Optional:
			continue
		case text == "":
			return r.Name
		case part.Optional:
			b.WriteByte('/')
		}
		sourceValue(&b, text)
	}
	return r.kept.one(boundSource(b.String()))
}

// sourceText is what a path or a value of the template leads to: several are joined as everywhere.
func (r *reader) sourceText(part *mapping.SourcePart) string {
	e := r.word("source")
	if part.Value != nil {
		return strings.TrimSpace(strings.Join(once(e.texts(part.Value, r.found.Value, nil)), ","))
	}
	return strings.TrimSpace(e.joined(&part.Path, r.found.Value))
}

// sourceValue writes a value so that different values stay different and none looks like another part of the template: slashes,
// what cannot be printed, and the characters that stand for that are written as %2F, and so are the dots of "." and "..".
func sourceValue(b *strings.Builder, text string) {
	dots := strings.Trim(text, ".") == ""
	for rest := text; rest != ""; {
		r, n := utf8.DecodeRuneInString(rest)
		if r == utf8.RuneError && n == 1 || !unicode.IsPrint(r) || strings.ContainsRune(`/\%~`, r) || r == '.' && dots {
			for _, c := range []byte(rest[:n]) {
				b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{c})))
			}
		} else {
			b.WriteString(rest[:n])
		}
		rest = rest[n:]
	}
}

// boundSource shortens a long name. What is cut off goes on as a sum behind a ~, which no value has.
func boundSource(name string) string {
	if len(name) <= maxSource {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	tail := "~" + hex.EncodeToString(sum[:8])
	return cut(name, maxSource-len(tail)) + tail
}
