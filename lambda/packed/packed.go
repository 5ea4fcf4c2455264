// Package packed knows how numbers and strings stand one behind the other in the bytes of temporary files: numbers as varints, strings behind
// their length. It does not know what they mean, and checks nothing but that they are there.
package packed

import "encoding/binary"

// AppendInts appends signed numbers.
func AppendInts(b []byte, ints ...int64) []byte {
	for _, i := range ints {
		b = binary.AppendVarint(b, i)
	}
	return b
}

// AppendUint appends a number that is not negative.
func AppendUint(b []byte, n uint64) []byte { return binary.AppendUvarint(b, n) }

// AppendText appends a string.
func AppendText[T string | []byte](b []byte, text T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// AppendTexts appends a list of strings.
func AppendTexts(b []byte, list []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, text := range list {
		b = AppendText(b, text)
	}
	return b
}

// AppendBools appends a byte for each.
func AppendBools(b []byte, bools ...bool) []byte {
	for _, v := range bools {
		if v {
			b = append(b, 1)
		} else {
			b = append(b, 0)
		}
	}
	return b
}

// Decoder reads what was appended. After something was wrong, everything else is zero.
type Decoder struct {
	rest []byte
	bad  bool
}

// NewDecoder returns a decoder of the bytes, which it does not copy.
func NewDecoder(b []byte) Decoder { return Decoder{rest: b} }

// Bad reports whether something was wrong.
func (d *Decoder) Bad() bool { return d.bad }

// Fail takes what was read last for wrong.
func (d *Decoder) Fail() { d.bad, d.rest = true, nil }

// More reports whether something follows.
func (d *Decoder) More() bool { return len(d.rest) > 0 }

// Int reads a signed number.
func (d *Decoder) Int() int64 {
	v, n := binary.Varint(d.rest)
	d.skip(n)
	return v
}

// Uint reads a number that is not negative.
func (d *Decoder) Uint() uint64 {
	if len(d.rest) > 0 && d.rest[0] < 0x80 { // nearly all
		v := d.rest[0]
		d.rest = d.rest[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(d.rest)
	d.skip(n)
	return v
}

func (d *Decoder) skip(n int) {
	if n <= 0 || n > len(d.rest) {
		d.Fail()
		return
	}
	d.rest = d.rest[n:]
}

// Byte reads a byte.
func (d *Decoder) Byte() byte {
	if len(d.rest) == 0 {
		d.bad = true
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

// Bool reads a byte of AppendBools.
func (d *Decoder) Bool() bool { return d.Byte() == 1 }

// Bytes reads a string without a copy.
func (d *Decoder) Bytes() []byte {
	n := d.Uint()
	if n > uint64(len(d.rest)) {
		d.Fail()
		return nil
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

// Rest returns what follows.
func (d *Decoder) Rest() string { return string(d.rest) }

// Text reads a string.
func (d *Decoder) Text() string { return string(d.Bytes()) }

// Count reads the length of a list, each element of which takes at least a byte.
func (d *Decoder) Count() int {
	n := d.Uint()
	if n > uint64(len(d.rest)) {
		d.Fail()
		return 0
	}
	return int(n) //nolint:gosec // as many bytes follow
}

// TextsTo reads as many strings as a list has room for. They are parts of a text of which what follows is the end.
func (d *Decoder) TextsTo(list []string, whole string) {
	for i := range list {
		if n := len(d.rest); n > 0 && d.rest[0] < 0x80 && int(d.rest[0]) < n { // nearly all
			begin, size := len(whole)-n+1, int(d.rest[0])
			list[i], d.rest = whole[begin:begin+size], d.rest[1+size:]
			continue
		}
		size := len(d.Bytes())
		end := len(whole) - len(d.rest)
		list[i] = whole[end-size : end]
	}
}

// Texts reads a list of strings; nil where there is none. They are parts of one string, which costs one allocation for all.
func (d *Decoder) Texts() []string {
	n := d.Count()
	if n == 0 {
		return nil
	}
	begin, list := d.rest, make([]string, n)
	var room [32][2]int
	spans := room[:0] // of each: where it begins and ends
	for range n {
		size, end := len(d.Bytes()), len(begin)-len(d.rest)
		spans = append(spans, [2]int{end - size, end})
	}
	if d.bad {
		return list
	}
	whole := string(begin[:len(begin)-len(d.rest)])
	for i, s := range spans {
		list[i] = whole[s[0]:s[1]]
	}
	return list
}
