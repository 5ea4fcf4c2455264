package hostile

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// machine is one machine of a made document: a name that no other has, and further fields with one or many values.
type machine struct {
	name   string
	fields []field
}

type field struct {
	key    string
	values []string
}

// made is a document before it is written.
type made struct {
	machines []machine
	depth    int  // how deep a value that no mapping reads is nested, of the first machine
	asText   bool // XML: the fields are elements; else attributes, where they have one value
	escaped  bool // control characters are written as escapes, where the syntax has any
}

// secret stands in all values: no error may hold it.
const secret = "zyxwv"

// name returns the name of the n-th machine. All are equally long, so that none is the beginning of another one.
func name(n int) string { return fmt.Sprintf("m%07d-%s-%02d", n, secret, n*37%97) }

// plain makes a document of so many machines.
func plain(n int) *made {
	d := &made{asText: true}
	for i := range n {
		d.machines = append(d.machines, machine{name(i), []field{
			{"ip", []string{address(i)}}, {"note", []string{secret + " of a machine"}},
		}})
	}
	return d
}

func address(n int) string { return fmt.Sprintf("10.%d.%d.%d", n>>16&0xff, n>>8&0xff, n&0xff) }

// last is the machine that a shape makes strange: where it stands, much was read before.
func (d *made) last() *machine { return &d.machines[len(d.machines)-1] }

func (m *machine) add(key string, values ...string) { m.fields = append(m.fields, field{key, values}) }

// shape is a way in which a document is strange as it is written. Its size is about the number of bytes.
type shape struct {
	name string
	make func(r *rand.Rand, size int) *made
	late bool // the document need not be read to its end
}

// times returns how many pieces of so many bytes are a size.
func times(size, piece int) int { return max(1, size/piece) }

func shapes() []shape {
	return []shape{
		{"many tiny records", func(_ *rand.Rand, size int) *made { return plain(times(size, 70)) }, false},
		{"deep nesting", func(_ *rand.Rand, size int) *made {
			d := plain(3)
			d.depth = times(size, 16)
			return d
		}, true},
		{"long names of fields", func(_ *rand.Rand, size int) *made {
			d := plain(3)
			for i := range times(size, 4000) {
				d.last().add(fmt.Sprintf("f%d", i)+strings.Repeat("x", 3900), secret)
			}
			return d
		}, true},
		{"one name of a field that is too long", func(_ *rand.Rand, size int) *made {
			d := plain(3)
			d.last().add(strings.Repeat("x", size), secret)
			return d
		}, true},
		{"many fields", func(r *rand.Rand, size int) *made {
			d := plain(2)
			d.asText = r.IntN(2) == 0
			for i := range times(size, 20) {
				d.last().add(fmt.Sprintf("f%d", i), secret)
			}
			return d
		}, true},
		{"one huge value that is read", func(_ *rand.Rand, size int) *made {
			d := plain(2)
			d.last().add("extra", strings.Repeat(secret+" ", times(size, 6)))
			return d
		}, true},
		{"one huge value that is passed over", func(_ *rand.Rand, size int) *made {
			d := plain(2)
			d.last().add("unread", strings.Repeat(secret+" ", times(size, 6)))
			return d
		}, true},
		{"references in an attribute", func(r *rand.Rand, size int) *made {
			d := plain(2)
			d.asText = r.IntN(2) == 0
			d.last().add("extra", strings.Repeat("<&\"", times(size, 12)))
			return d
		}, true},
		{"many identifiers of one machine", func(_ *rand.Rand, size int) *made {
			d := plain(2)
			var all []string
			for i := range times(size, 16) {
				all = append(all, address(i))
			}
			d.last().fields[0].values = all
			return d
		}, true},
		{"many records of one machine", func(_ *rand.Rand, size int) *made {
			d := plain(1)
			for i := range times(size, 70) {
				d.machines = append(d.machines, machine{name(0), []field{{"ip", []string{address(i)}}}})
			}
			return d
		}, false},
		{"a long list in one record", func(_ *rand.Rand, size int) *made {
			d := plain(2)
			var all []string
			for i := range times(size, 12) {
				all = append(all, fmt.Sprint("n", i))
			}
			d.last().add("extra", all...)
			return d
		}, true},
		{"the same field again and again", func(_ *rand.Rand, size int) *made {
			d := plain(2)
			for range times(size, 20) {
				d.last().add("note", secret)
			}
			return d
		}, true},
		{"control characters", func(r *rand.Rand, size int) *made {
			d := plain(times(size, 70))
			d.escaped = r.IntN(2) == 0
			for range 1 + r.IntN(3) {
				m := &d.machines[r.IntN(len(d.machines))]
				m.fields[1].values[0] = secret + control(r) + secret
				if r.IntN(2) == 0 {
					m.fields[1].values[0] = control(r)
				}
			}
			return d
		}, false},
		{"control characters in names", func(r *rand.Rand, size int) *made {
			d := plain(times(size, 70))
			d.escaped = r.IntN(2) == 0
			m := &d.machines[r.IntN(len(d.machines))]
			m.name = m.name[:3] + control(r) + m.name[3:]
			return d
		}, false},
		{"mixed encodings", func(r *rand.Rand, size int) *made {
			d := plain(times(size, 70))
			for range 3 {
				m := &d.machines[r.IntN(len(d.machines))]
				m.fields[1].values[0] = secret + []string{"\xe9", "é", "\xff\xfe", "\xed\xa0\x80", "漢", "\xc3"}[r.IntN(6)] + secret
			}
			return d
		}, false},
		{"empty values", func(_ *rand.Rand, size int) *made {
			d := plain(times(size, 50))
			for i := range d.machines {
				d.machines[i].fields[1].values[0] = ""
			}
			return d
		}, false},
	}
}

// control is a control character that no text has. Tabs and line ends are none of them; a NUL byte is no text at all.
func control(r *rand.Rand) string {
	all := "\x01\x02\x07\x08\x0b\x0e\x1a\x1b\x1f"
	return string(all[r.IntN(len(all))])
}

// stripped is a text without its control characters. Those of another line or page are blanks.
func stripped(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\v' || c == '\f':
			return ' '
		case c < ' ':
			return -1
		}
		return c
	}, text)
}
