// Package written writes structures as JSON, byte for byte as package json does, and faster: what is to be done with each field is found out
// once. A head is written twice a delivery, and most of it are maps and times. It does not know what the structures mean.
package written

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Writer writes values of one type. It is safe for use by several goroutines.
type Writer[T any] struct{ write appender }

// state is what is kept while one value is written.
type state struct {
	err     error // the first one
	pairs   []pair
	entries reflect.MapIter // of one map after the other
	key     reflect.Value   // a string: of an entry
	times   [16]writtenTime // by hash: most times of a head are those of a few documents
}

// pair is a key of a map with its value.
type pair struct {
	key   string
	value reflect.Value
}

// writtenTime is where a time stands in what is written.
type writtenTime struct {
	at         time.Time
	first, end int // 0, 0: nowhere
}

// appender appends a value. One that can be addressed costs fewer copies.
type appender func(s *state, b []byte, v reflect.Value) []byte

// For returns a writer for a type, which does not contain itself.
func For[T any]() *Writer[T] { return &Writer[T]{appenderOf(reflect.TypeFor[T]())} }

// Append appends a value as JSON.
func (w *Writer[T]) Append(b []byte, value *T) ([]byte, error) {
	s := state{key: reflect.New(reflect.TypeFor[string]()).Elem()}
	b = w.write(&s, b, reflect.ValueOf(value).Elem())
	if s.err != nil {
		return nil, fmt.Errorf("written: %w", s.err)
	}
	return b, nil
}

// appenderOf returns how values of a type are appended. What is not known here is left to package json.
func appenderOf(t reflect.Type) appender {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return appendTime
	case t.Kind() != reflect.Pointer && marshals(reflect.PointerTo(t)):
		return appendOther
	}
	switch t.Kind() {
	case reflect.String:
		return func(s *state, b []byte, v reflect.Value) []byte { return s.appendString(b, v.String()) }
	case reflect.Bool:
		return appendBool
	case reflect.Int, reflect.Int64, reflect.Int32:
		return appendInt
	case reflect.Pointer:
		return pointer(appenderOf(t.Elem()))
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 {
			return list(appenderOf(t.Elem()))
		}
	case reflect.Map:
		if t.Key() == reflect.TypeFor[string]() {
			return object(appenderOf(t.Elem()))
		}
	case reflect.Struct:
		return structure(fieldsOf(t, nil))
	}
	return appendOther
}

// marshals reports whether a type writes itself.
func marshals(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[json.Marshaler]()) || t.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// field is one of a structure, or of one that is embedded in it.
type field struct {
	name  string // with quotes and colon
	index []int
	write appender
	omits func(reflect.Value) bool // nil: it is always written
}

func (f *field) of(v reflect.Value) reflect.Value {
	for _, i := range f.index {
		v = v.Field(i)
	}
	return v
}

func fieldsOf(t reflect.Type, at []int) []field {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int{}, at...), i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			fields = append(fields, fieldsOf(f.Type, index)...)
		case f.IsExported() && (name != "-" || options != ""):
			if name == "" {
				name = f.Name
			}
			fields = append(fields, field{`"` + name + `":`, index, appenderOf(f.Type), omits(f.Type, options)})
		}
	}
	return fields
}

// omits returns when a field is left out by the options of its tag.
func omits(t reflect.Type, options string) func(reflect.Value) bool {
	switch {
	case strings.Contains(options, "omitempty"):
		return isEmpty
	case !strings.Contains(options, "omitzero"):
		return nil
	case t == reflect.TypeFor[time.Time]():
		return func(v reflect.Value) bool {
			at, ok := reflect.TypeAssert[time.Time](v)
			return ok && at.IsZero()
		}
	case reflect.PointerTo(t).Implements(reflect.TypeFor[zeroer]()):
		return omitsZeroer(t)
	}
	return reflect.Value.IsZero
}

type zeroer interface{ IsZero() bool }

// omitsZeroer is omits for a type that says itself what is zero. Most values are the type's zero value, of which it is asked once.
func omitsZeroer(t reflect.Type) func(reflect.Value) bool {
	isZero := func(v reflect.Value) bool {
		z, ok := addressed(v).Interface().(zeroer)
		return ok && z.IsZero()
	}
	none := t.Kind() == reflect.Struct && isZero(reflect.Zero(t))
	return func(v reflect.Value) bool { return none && v.IsZero() || isZero(v) }
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice, reflect.String, reflect.Array:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// addressed returns a pointer to a value, or to a copy of it.
func addressed(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v.Addr()
	}
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return p
}
