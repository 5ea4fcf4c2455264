package mapping

import (
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// entryMaker makes entries of a fill's type of nodes. It is used again and again.
type entryMaker struct {
	*evaluator
	texts []string
}

// make fills the values of an entry. values has a place for each attribute of the type.
func (m *entryMaker) make(f *compiledFill, from *tree.Value, values []string) Entry {
	entry := Entry{Type: f.index, Values: values}
	copy(values, f.defaults)
	for i := range f.attributes {
		a := &f.attributes[i]
		m.at.Word = f.typ.Attributes[a.index].Name
		text := m.attribute(a, &f.typ.Attributes[a.index], from)
		m.trace.value(a.value, text != "")
		if text != "" {
			values[a.index] = text
		}
	}
	for _, i := range f.derived {
		a := &f.typ.Attributes[i]
		if text := a.words.lookup(values[a.of]); text != "" {
			values[i] = text
		}
	}
	for i := range f.typ.Attributes {
		m.fit(&f.typ.Attributes[i], &values[i], &entry)
	}
	return entry
}

// attribute gives the text of an attribute, "" for no value.
func (m *entryMaker) attribute(a *compiledAttribute, of *Attribute, from *tree.Value) string {
	texts := m.texts[:0]
	if a.plain {
		texts = m.along(&a.value.path, from, texts)
	} else {
		texts = m.evaluator.texts(a.value, from, texts)
	}
	m.texts = texts
	n := 0
	for _, text := range texts {
		if text = m.normal(a, of, text); text != "" {
			texts[n] = text
			n++
		}
	}
	switch n {
	case 0:
		return ""
	case 1:
		return texts[0]
	}
	texts = once(texts[:n])
	if len(texts) > 1 && of.words.hasOther { // a word of a closed list, and several of them are said
		m.note("several words where one is wanted")
		return of.words.other
	}
	return strings.Join(texts, a.join)
}

// normal makes one text fit its attribute.
func (m *entryMaker) normal(a *compiledAttribute, of *Attribute, text string) string {
	if !of.words.empty() {
		text = of.words.lookup(text)
	}
	if a.dates != nil && text != "" {
		text = m.date(a.dates, text)
	}
	switch of.Case {
	case "lower":
		text = strings.ToLower(text)
	case "upper":
		text = strings.ToUpper(text)
	}
	return text
}

// fit keeps a value within the limits, or rejects the entry.
func (m *entryMaker) fit(a *Attribute, value *string, entry *Entry) {
	text := clean(*value)
	switch {
	case a.Max > 0 && len(text) > a.Max:
		text = cut(text, a.Max)
		entry.Cuts++
		m.trace.cut(a)
	case len(text) > maxValueBytes && entry.Reject == "":
		entry.Reject = "value of " + strconv.Quote(a.Name) + " over " + strconv.Itoa(maxValueBytes) + " bytes"
	case text == "" && a.Required && entry.Reject == "":
		entry.Reject = "missing required attribute " + strconv.Quote(a.Name)
	}
	*value = text
}
