package read

import (
	"hash/maphash"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// entryMaker makes entries of a fill's type of nodes. It is used again and again.
type entryMaker struct {
	*evaluator
	texts   []string
	partial bool // attributes without a value of their own are not spoken of
}

// make fills the values of an entry. values has a place for each attribute of the type.
func (m *entryMaker) make(f *compiledFill, from *tree.Value, values []string) Entry {
	entry := Entry{Type: f.Index, Values: values}
	if m.partial {
		copy(values, f.partial)
	} else {
		copy(values, f.defaults)
	}
	for i := range f.attributes {
		a := &f.attributes[i]
		m.at.Word = a.of.Name
		text := m.attribute(a, from)
		m.trace.Value(a.value, text != "")
		if text != "" {
			values[a.index] = text
		}
	}
	for _, i := range f.derived {
		a := &f.Type.Attributes[i]
		if m.partial && values[a.OfIndex] == "" {
			continue
		}
		if text := a.Map.Lookup(values[a.OfIndex]); text != "" {
			values[i] = text
		}
	}
	for _, i := range f.fits {
		if values[i] != "" || f.Type.Attributes[i].Required {
			m.fit(f.Type, i, &values[i], &entry)
		}
	}
	return entry
}

// attribute returns the text of an attribute, "" for no value. Of a list of alternatives it is the first that has one in the type's own words: not
// one that stands for none there, such as 0001-01-01 of a date.
func (m *entryMaker) attribute(a *compiledAttribute, from *tree.Value) string {
	if !a.choice {
		return m.textOf(a, a.value, from)
	}
	for _, inner := range m.alternatives(a.value) {
		if text := m.textOf(a, inner, from); text != "" {
			return text
		}
	}
	return ""
}

// textOf returns the text that an attribute has of a value, "" for none.
func (m *entryMaker) textOf(a *compiledAttribute, v *mapping.Value, from *tree.Value) string {
	if v.Plain() {
		text, known := v.Path.Only(&m.scope, from)
		switch {
		case known && text == "":
			return ""
		case known:
			return m.normal(a, text)
		}
	}
	return m.oneText(a, m.evaluator.texts(v, from, m.texts[:0]))
}

// oneText makes one text of an attribute's.
func (m *entryMaker) oneText(a *compiledAttribute, texts []string) string {
	m.texts = texts
	n := 0
	for _, text := range texts {
		text = m.normal(a, text)
		if text != "" {
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
	other, closed := a.of.Map.Other()
	if len(texts) > 1 && closed { // one of a closed list of words is wanted
		m.note("several words where one is wanted")
		return other
	}
	return strings.Join(texts, a.join)
}

// normal makes one string fit its attribute.
func (m *entryMaker) normal(a *compiledAttribute, text string) string {
	if !a.of.Map.Empty() {
		text = a.of.Map.Lookup(text)
	}
	if a.dates != nil && text != "" {
		text = m.date(a.dates, text)
	}
	switch a.of.Case {
	case "lower":
		text = strings.ToLower(text)
	case "upper":
		text = strings.ToUpper(text)
	}
	return text
}

// fit keeps a value within the limits, or rejects the entry.
func (m *entryMaker) fit(t *mapping.Type, i int, value *string, entry *Entry) {
	a := &t.Attributes[i]
	text := m.clean(*value)
	switch {
	case a.Max > 0 && len(text) > a.Max:
		if t.Inventory.InKey(i) {
			entry.CutKey = m.cutKey(entry.CutKey, i, text)
		}
		text = cut(text, a.Max)
		entry.Cuts++
		m.trace.Cut(a)
	case len(text) > inventory.MaxValueBytes && entry.Reject == "":
		entry.Reject = "value of " + strconv.Quote(a.Name) + " over " + strconv.Itoa(inventory.MaxValueBytes) + " bytes"
	case text == "" && a.Required && entry.Reject == "":
		entry.Reject = "missing required attribute " + strconv.Quote(a.Name)
	}
	*value = text
}

// cutKey adds a value of a key that is cut to a hash of those before it; the hash is never 0.
func (m *entryMaker) cutKey(before uint64, attribute int, text string) uint64 {
	var h maphash.Hash
	h.SetSeed(m.seed)
	maphash.WriteComparable(&h, before)
	maphash.WriteComparable(&h, attribute)
	_, _ = h.WriteString(text) // it never fails
	return h.Sum64() | 1
}
