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

// appender appends a value. One that can be addressed costs fewer copies.
type appender func(b []byte, v reflect.Value) ([]byte, error)

// For returns a writer for a type, which does not contain itself.
func For[T any]() *Writer[T] { return &Writer[T]{appenderOf(reflect.TypeFor[T]())} }

// Append appends a value as JSON.
func (w *Writer[T]) Append(b []byte, value *T) ([]byte, error) {
	b, err := w.write(b, reflect.ValueOf(value).Elem())
	if err != nil {
		return nil, fmt.Errorf("written: %w", err)
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
		return func(b []byte, v reflect.Value) ([]byte, error) { return appendString(b, v.String()) }
	case reflect.Bool:
		return func(b []byte, v reflect.Value) ([]byte, error) { return appendBool(b, v.Bool()), nil }
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
			return object(t, appenderOf(t.Elem()))
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
	case reflect.PointerTo(t).Implements(reflect.TypeFor[zeroer]()):
		return func(v reflect.Value) bool {
			z, ok := addressed(v).Interface().(zeroer)
			return ok && z.IsZero()
		}
	}
	return reflect.Value.IsZero
}

type zeroer interface{ IsZero() bool }

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
