package written

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

func appendBool(b []byte, v bool) []byte { return strconv.AppendBool(b, v) }

func appendInt(b []byte, v reflect.Value) ([]byte, error) {
	return strconv.AppendInt(b, v.Int(), 10), nil
}

func appendOther(b []byte, v reflect.Value) ([]byte, error) {
	data, err := json.Marshal(addressed(v).Interface())
	return append(b, data...), err
}

func appendTime(b []byte, v reflect.Value) ([]byte, error) {
	t, ok := addressed(v).Interface().(*time.Time)
	if !ok {
		return appendOther(b, v)
	}
	b, err := t.AppendText(append(b, '"'))
	return append(b, '"'), err
}

// appendString appends a string; one with more than plain characters by way of package json.
func appendString(b []byte, s string) ([]byte, error) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			data, err := json.Marshal(s)
			return append(b, data...), err
		}
	}
	return append(append(append(b, '"'), s...), '"'), nil
}

func pointer(write appender) appender {
	return func(b []byte, v reflect.Value) ([]byte, error) {
		if v.IsNil() {
			return append(b, "null"...), nil
		}
		return write(b, v.Elem())
	}
}

func list(write appender) appender {
	return func(b []byte, v reflect.Value) (_ []byte, err error) {
		if v.IsNil() {
			return append(b, "null"...), nil
		}
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = write(b, v.Index(i)); err != nil {
				return nil, err
			}
		}
		return append(b, ']'), nil
	}
}

// object writes maps, in the order of their keys.
func object(t reflect.Type, write appender) appender {
	type pair struct {
		key   string
		value reflect.Value
	}
	return func(b []byte, v reflect.Value) (_ []byte, err error) {
		if v.IsNil() {
			return append(b, "null"...), nil
		}
		pairs, key := make([]pair, 0, v.Len()), reflect.New(t.Key()).Elem()
		for i := v.MapRange(); i.Next(); {
			key.SetIterKey(i)
			pairs = append(pairs, pair{key.String(), i.Value()})
		}
		slices.SortFunc(pairs, func(x, y pair) int { return strings.Compare(x.key, y.key) })
		b = append(b, '{')
		for i, p := range pairs {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = appendString(b, p.key); err != nil {
				return nil, err
			}
			if b, err = write(append(b, ':'), p.value); err != nil {
				return nil, err
			}
		}
		return append(b, '}'), nil
	}
}

func structure(fields []field) appender {
	return func(b []byte, v reflect.Value) (_ []byte, err error) {
		b = append(b, '{')
		first := len(b)
		for i := range fields {
			f := &fields[i]
			value := v.FieldByIndex(f.index)
			if f.omits != nil && f.omits(value) {
				continue
			}
			if len(b) > first {
				b = append(b, ',')
			}
			if b, err = f.write(append(b, f.name...), value); err != nil {
				return nil, err
			}
		}
		return append(b, '}'), nil
	}
}
