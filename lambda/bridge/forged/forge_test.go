// Package forged lets intake be taken over: it stages, parks and writes receipts of whatever it likes, and no more comes of it than the
// mapping that it names may state.
package forged

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// forger writes other values into fields. It finds them by reflection: a field that it cannot write fails the test.
type forger struct {
	*rand.Rand
	t       *testing.T
	written map[string]bool // fields that it has written at least once
	all     map[string]bool // fields that there are
}

// place is a value that can be written, and the field in which it stands.
type place struct {
	value reflect.Value
	field string
}

// places returns all values inside a value, itself last.
func (f *forger) places(v reflect.Value, field string) []place {
	switch v.Type() {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[receipt.Counts](), reflect.TypeFor[ledger.NamedIdentifiers]():
		return f.note(nil, v, field)
	}
	var list []place
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Name() + "." + v.Type().Field(i).Name
			if f.isWritten(name, v.Type().Field(i)) {
				list = append(list, f.places(v.Field(i), name)...)
			}
		}
		return list
	case reflect.Pointer:
		f.note(nil, v, field)
		if !v.IsNil() {
			list = f.places(v.Elem(), field)
		}
	case reflect.Slice:
		for i := range v.Len() {
			list = append(list, f.places(v.Index(i), field)...)
		}
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int32, reflect.Int64, reflect.Float64, reflect.Map:
	default:
		f.t.Fatalf("the field %s is a %s: let the forger know what may be written there", field, v.Kind())
	}
	return f.note(list, v, field)
}

// isWritten reports whether a field stands in what is stored. One of which nobody knows how it is written fails the test.
func (f *forger) isWritten(name string, field reflect.StructField) bool {
	switch name {
	case "Parking.etag": // of the object, and not in it
		return false
	case "Absence.Named": // staged as an object of its own, see others
		return field.Type != reflect.TypeFor[*ledger.NamedIdentifiers]()
	}
	if !field.IsExported() {
		f.t.Fatalf("the field %s cannot be written: let the forger know its type", name)
	}
	return true
}

func (f *forger) note(list []place, v reflect.Value, field string) []place {
	f.all[field] = true
	return append(list, place{v, field})
}

// forge writes into some fields of a value.
func (f *forger) forge(v any) {
	for range 1 + f.IntN(4) {
		list := f.places(reflect.ValueOf(v).Elem(), "")
		byField := map[string][]place{}
		for _, p := range list {
			byField[p.field] = append(byField[p.field], p)
		}
		fields := slices.Sorted(maps.Keys(byField))
		field := fields[f.IntN(len(fields))] // each field as often as any other, however many values it has
		at := byField[field]
		f.write(at[f.IntN(len(at))])
	}
}

func (f *forger) write(p place) {
	if p.field != "" {
		f.written[p.field] = true
	}
	p.value.Set(f.any(p.value, 0))
}

// any is another value of the type.
func (f *forger) any(old reflect.Value, depth int) reflect.Value {
	t := old.Type()
	out := reflect.New(t).Elem()
	switch t {
	case reflect.TypeFor[time.Time]():
		return reflect.ValueOf(f.time())
	case reflect.TypeFor[receipt.Counts]():
		var c receipt.Counts
		c.Add(pick(f, receipt.Outcomes()), f.IntN(1000))
		return reflect.ValueOf(c)
	case reflect.TypeFor[ledger.NamedIdentifiers]():
		return f.named()
	case reflect.TypeFor[receipt.Outcome]():
		return reflect.ValueOf(pick(f, append(receipt.Outcomes(), "")))
	}
	switch t.Kind() {
	case reflect.String:
		out.SetString(f.text())
	case reflect.Bool:
		out.SetBool(f.IntN(2) == 0)
	case reflect.Int, reflect.Int32, reflect.Int64:
		out.SetInt(pick(f, []int64{0, 1, 2, 3, 4, -1, 1000, 1 << 30}))
	case reflect.Float64:
		out.SetFloat(pick(f, []float64{0, 1, 100, -1}))
	case reflect.Pointer:
		if f.IntN(4) > 0 || depth > 6 {
			out.Set(reflect.New(t.Elem()))
			out.Elem().Set(f.any(out.Elem(), depth+1))
		}
	case reflect.Struct:
		for i := range t.NumField() {
			if name := t.Name() + "." + t.Field(i).Name; f.isWritten(name, t.Field(i)) {
				out.Field(i).Set(f.any(out.Field(i), depth+1))
				f.written[name] = true
			}
		}
	case reflect.Map:
		out.Set(reflect.MakeMap(t))
		for range f.IntN(3) {
			out.SetMapIndex(f.any(reflect.New(t.Key()).Elem(), depth+1), f.any(reflect.New(t.Elem()).Elem(), depth+1))
		}
	case reflect.Slice:
		f.slice(old, out, depth)
	default:
		f.t.Fatalf("a %s: let the forger know what may be written there", t)
	}
	return out
}

// slice is one with an element less, an element twice, another element, or none.
func (f *forger) slice(old, out reflect.Value, depth int) {
	switch n := old.Len(); {
	case n > 0 && f.IntN(4) == 0:
		i := f.IntN(n)
		out.Set(reflect.AppendSlice(old.Slice3(0, i, i), old.Slice(i+1, n)))
	case n > 0 && f.IntN(3) == 0:
		out.Set(reflect.Append(old.Slice3(0, n, n), old.Index(f.IntN(n))))
	case f.IntN(6) > 0:
		out.Set(reflect.Append(old.Slice3(0, n, n), f.any(reflect.New(out.Type().Elem()).Elem(), depth+1)))
	}
}

func pick[T any](f *forger, list []T) T { return list[f.IntN(len(list))] }

func (f *forger) time() time.Time {
	return pick(f, []time.Time{
		{},
		now, now.Add(-30 * time.Hour), now.Add(-10 * time.Minute), now.Add(time.Minute), now.Add(time.Hour), now.Add(90000 * time.Hour),
		time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), time.Unix(0, 0).UTC(),
	})
}

// text is a word that means something somewhere.
func (f *forger) text() string {
	switch f.IntN(8) {
	case 0, 1:
		return pick(f, []string{"wide", "narrow", "keep", "nobody", ""})
	case 2, 3:
		return pick(f, []string{"wide/a", "wide/b", "wide/list", "narrow", "keep/x", "keep/y", "wide/", "wideness", "Wide/a", "keep/x\n" + id(2), "keep/../wide/a"})
	case 4:
		return id(f.IntN(12))
	case 5:
		return importID(f.IntN(24))
	case 6:
		return pick(f, []string{shared, own, other, "Custom:Nothing", "Id", "Note", "AWS:Application", "1-9"})
	default:
		family := pick(f, []string{"wide", "narrow", "keep", "", "new"})
		return pick(f, []string{
			receipt.FoundKey(f.IntN(3), id(f.IntN(10)), "keep/x"),
			"tie:" + family + "=" + id(f.IntN(10)), "number:" + family + "=7", "nodeId=" + id(f.IntN(10)), "hostname=web-3", "hostname=nowhere", "../heads/0000", "staging/x",
			strings.Repeat("x", 5000), "\x00", "receipts/latest",
		})
	}
}

// forged is what a taken-over intake writes for one event.
type forged struct {
	staged  *delivery
	key     string
	receipt receipt.Import
}

// together puts statements of one node together, and those of other partitions away: else all of the delivery is refused for that alone.
func (f *forger) together(d *delivery) {
	if f.IntN(10) > 0 {
		slices.SortStableFunc(d.Statements, func(a, b ledger.Statement) int { return strings.Compare(a.Node, b.Node) })
	}
}

// named are identifiers that a document names.
func (f *forger) named() reflect.Value {
	var n ledger.NamedIdentifiers
	for range f.IntN(4) {
		n.Add(f.text())
	}
	return reflect.ValueOf(n)
}

// copyOf is a deep copy.
func copyOf(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(copyOf(v.Elem()))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(copyOf(v.Index(i)))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if out.Field(i).CanSet() {
				out.Field(i).Set(copyOf(v.Field(i)))
			}
		}
	}
	return out
}

func deep[T any](v T) T { return copyOf(reflect.ValueOf(v)).Interface().(T) }

// describe is a forged delivery, for a failure's message.
func (g *forged) describe() string {
	return fmt.Sprintf("header %+v\npage %+v, absence %+v\nstatements %+v\nreceipt %+v", g.staged.Header, g.staged.Header.Page, g.staged.Header.Absence, g.staged.Statements, g.receipt)
}
