package draft

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// attribute is an attribute of a type with the field that it is taken from.
type attribute struct {
	*field
	name     string
	volatile bool
	dating   *dating
	verbs    string // further words of its value, as they are written
	note     string // what a reader of the draft should look at
}

// newAttribute looks at a field's strings.
func newAttribute(f *field, name string) *attribute {
	w := words().Columns
	a := &attribute{field: f, name: name, volatile: f.fit(w["volatile"]) >= endsWith || fit(f.tokens, w["volatile"]) >= inside && f.fit(w["date"]) >= endsWith}
	a.dating = layoutOf(&f.column, f.fit(w["date"]) > unfit || a.volatile)
	if a.dating != nil && a.dating.other != "" {
		a.note = fmt.Sprintf("read as %s; every date of the sample is one in %s, too: choose which is meant", a.dating.layout, a.dating.other)
	}
	return a
}

// long recognises free text.
func (a *attribute) long() bool { return a.column.longest > 256 }

// always reports whether every entry has it.
func (a *attribute) always(machines map[string][]row) bool {
	for _, rows := range machines {
		for _, r := range rows {
			if r[a.shape] == "" {
				return false
			}
		}
	}
	return true
}

// bound is the limit of an attribute: with room for more than was seen.
func (a *attribute) bound() int {
	for _, bound := range []int{64, 256, 1024} {
		if a.column.longest*2 <= bound {
			return bound
		}
	}
	return 4096
}

// attributesOf names the attributes of fields; no two names may be alike but for case.
func attributesOf(fields []*field) []*attribute {
	taken := map[string]bool{}
	var list []*attribute
	for i, f := range fields {
		name := attributeName(f, i)
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%.60s%d", strings.TrimRight(attributeName(f, i), "0123456789"), n)
		}
		taken[strings.ToLower(name)] = true
		list = append(list, newAttribute(f, name))
	}
	return list
}

// attributeName makes a name of the field's: a capital letter, then letters and digits, at most 64. Names in other scripts cannot
// be written in it, so they become numbers.
func attributeName(f *field, position int) string {
	own := f.name
	if generic := []string{"name", "id", "value", "text", "type", "key"}; f.parent != nil && f.parent.name != "" && slices.Contains(generic, strings.ToLower(own)) && strings.Contains(f.title, ".") {
		own = f.parent.name + " " + own
	}
	name := pascal(own)
	if name == "" {
		name = pascal(f.title)
	}
	if len(name) < 2 && loose(own) != "" && !isASCII(loose(own)) || name == "" {
		name = fmt.Sprintf("Column%d", position+1)
		for _, known := range []string{assetType, softwareType, vulnerabilityType} {
			if said := wordFor(f, known); said != "" {
				return said
			}
		}
	}
	return fmt.Sprintf("%.60s", name)
}

// wordFor returns the attribute of a shared type that the field's name means in another language.
func wordFor(f *field, typeName string) string {
	for _, attribute := range slices.Sorted(maps.Keys(words().Types[typeName])) {
		if f.fit(words().Types[typeName][attribute]) == same {
			return attribute
		}
	}
	return ""
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "ø", "oe", "Ø", "Oe", "å", "a", "Å", "A", "ł", "l", "Ł", "L", "đ", "d", "æ", "ae", "Æ", "Ae")

// pascal writes words as one, each with a capital letter. Abbreviations stay as they are.
func pascal(text string) string {
	if text == strings.ToUpper(text) && strings.ContainsAny(text, " _-") && len(text) > 5 { // LAST_SCAN
		text = strings.ToLower(text)
	}
	var b strings.Builder
	start := true
	for _, r := range withoutMarks(umlauts.Replace(text)) {
		switch {
		case r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			if start {
				r = unicode.ToUpper(r)
			}
			b.WriteRune(r)
			start = false
		default:
			start = true
		}
	}
	name := strings.TrimLeft(b.String(), "0123456789")
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}
