package written

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

func appendBool(_ *state, b []byte, v reflect.Value) []byte { return strconv.AppendBool(b, v.Bool()) }

func appendInt(_ *state, b []byte, v reflect.Value) []byte { return strconv.AppendInt(b, v.Int(), 10) }

func appendOther(s *state, b []byte, v reflect.Value) []byte {
	return s.marshal(b, addressed(v).Interface())
}

// marshal appends a value by way of package json.
func (s *state) marshal(b []byte, v any) []byte {
	data, err := json.Marshal(v)
	s.err = cmp.Or(s.err, err)
	return append(b, data...)
}

func appendTime(s *state, b []byte, v reflect.Value) []byte {
	at, ok := reflect.TypeAssert[time.Time](v)
	if !ok {
		return appendOther(s, b, v)
	}
	last := &s.times[uint64(at.UnixNano())*0x9e3779b97f4a7c15>>60]
	if last.end > 0 && last.at == at { //nolint:staticcheck // the same moment may be written otherwise
		return append(b, b[last.first:last.end]...)
	}
	data, err := at.AppendText(append(b, '"'))
	if err != nil {
		s.err = cmp.Or(s.err, err)
		return b
	}
	data = append(data, '"')
	*last = writtenTime{at, len(b), len(data)}
	return data
}

// special has a 1 for each byte below 128 that package json does not write as it is.
const special = "" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01\x00" +
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00" +
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"

// appendString appends a string; one with more than plain characters by way of package json.
func (s *state) appendString(b []byte, text string) []byte {
	found := byte(0)
	for i := range len(text) {
		found |= special[text[i]&0x7f] | text[i]&0x80
	}
	if found != 0 {
		return s.marshal(b, text)
	}
	return append(append(append(b, '"'), text...), '"')
}

func pointer(write appender) appender {
	return func(s *state, b []byte, v reflect.Value) []byte {
		if v.IsNil() {
			return append(b, "null"...)
		}
		return write(s, b, v.Elem())
	}
}

func list(write appender) appender {
	return func(s *state, b []byte, v reflect.Value) []byte {
		if v.IsNil() {
			return append(b, "null"...)
		}
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			b = write(s, b, v.Index(i))
		}
		return append(b, ']')
	}
}

// object writes maps, in the order of their keys.
func object(write appender) appender {
	return func(s *state, b []byte, v reflect.Value) []byte {
		if v.IsNil() {
			return append(b, "null"...)
		}
		first := len(s.pairs)
		s.entries.Reset(v)
		for s.entries.Next() {
			s.key.SetIterKey(&s.entries)
			s.pairs = append(s.pairs, pair{s.key.String(), s.entries.Value()})
		}
		pairs := s.pairs[first:] // maps within this one have theirs behind
		slices.SortFunc(pairs, func(x, y pair) int { return strings.Compare(x.key, y.key) })
		b = append(b, '{')
		for i := range pairs {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(s.appendString(b, pairs[i].key), ':')
			b = write(s, b, pairs[i].value)
		}
		s.pairs = s.pairs[:first]
		return append(b, '}')
	}
}

func structure(fields []field) appender {
	return func(s *state, b []byte, v reflect.Value) []byte {
		b = append(b, '{')
		first := len(b)
		for i := range fields {
			f := &fields[i]
			value := f.of(v)
			if f.omits != nil && f.omits(value) {
				continue
			}
			if len(b) > first {
				b = append(b, ',')
			}
			b = f.write(s, append(b, f.name...), value)
		}
		return append(b, '}')
	}
}
