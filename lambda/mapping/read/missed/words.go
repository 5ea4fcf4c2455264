package missed

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// Mapped notes which strings a map has a word for.
func (t *Trace) Mapped(v *mapping.Value, texts []string) {
	if t == nil {
		return
	}
	for _, text := range texts {
		t.maps = count(t.maps, v, v.Map.Has(text))
	}
}

// unmapped adds a finding for each map in a value of which no word occurs.
func (t *Trace) unmapped(found []Finding, v *mapping.Value, at Finding) []Finding {
	if v == nil {
		return found
	}
	if u := t.maps[v]; u.of > 0 && u.used == 0 && v.Map.HasWords() {
		at.Kind, at.At, at.Count, at.Of = Unmapped, v.At, u.of, u.of
		found = append(found, at)
	}
	for _, inner := range slices.Concat(v.First, v.All) {
		found = t.unmapped(found, inner, at)
	}
	return found
}

// meant finds a field of the records whose name has parentheses, as a path that leads nowhere has: in a path they are no part of a name.
func (t *Trace) meant(v *mapping.Value) string {
	for _, p := range v.Paths() {
		text := p.String()
		if !strings.Contains(text, "(") {
			continue
		}
		i := slices.IndexFunc(t.order, func(field string) bool { return strings.Contains(field, "(") && lettersOf(field) == lettersOf(text) })
		if i >= 0 {
			plain := strings.Join(strings.Fields(strings.NewReplacer("(", " ", ")", " ").Replace(t.order[i])), " ")
			return fmt.Sprintf("parentheses in a path are a condition: write the field %.200q as %.200s", t.order[i], plain)
		}
	}
	return ""
}

func lettersOf(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}
