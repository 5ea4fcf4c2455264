package ledger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/written"
)

// fill fills a value with anything: each field may be set, so that a new one is tried too.
func fill(r *rand.Rand, v reflect.Value) {
	if r.IntN(5) == 0 {
		return
	}
	texts := []string{"", "plain", "a \"quoted\" \\ <&>", "é\u2028\n\xff", "x=1"}
	switch v.Kind() {
	case reflect.String:
		v.SetString(texts[r.IntN(len(texts))])
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(int64(r.IntN(1000)) - 10)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(r, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.IntN(3), 3))
		for i := range v.Len() {
			fill(r, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range r.IntN(4) {
			value := reflect.New(v.Type().Elem()).Elem()
			fill(r, value)
			v.SetMapIndex(reflect.ValueOf(texts[r.IntN(len(texts))]), value)
		}
	case reflect.Struct:
		if at, ok := v.Addr().Interface().(*time.Time); ok {
			*at = time.Unix(int64(r.IntN(1<<31)), int64(r.IntN(3)*500)).In(time.FixedZone("", r.IntN(3)*3600))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(r, v.Field(i))
			}
		}
	}
}

func TestWhatIsStoredIsWrittenAsPackageJSONWritesIt(t *testing.T) {
	w, rows := written.For[Head](), written.For[rowsHeader]()
	for seed := range uint64(2000) {
		h := &Head{}
		fill(rand.New(rand.NewPCG(seed, 1)), reflect.ValueOf(h).Elem())
		got, err := w.Append(nil, h)
		want, slow := json.Marshal(h)
		if fmt.Sprint(err) != fmt.Sprint(slow) || !bytes.Equal(got, want) {
			t.Fatalf("%v: %s\n%v: %s", err, got, slow, want)
		}
		header := rowsHeader{}
		fill(rand.New(rand.NewPCG(seed, 2)), reflect.ValueOf(&header).Elem())
		got, err = rows.Append(nil, &header)
		want, slow = json.Marshal(header)
		if err != nil || slow != nil || !bytes.Equal(got, want) {
			t.Fatalf("%v: %s\n%v: %s", err, got, slow, want)
		}
	}
	if _, err := w.Append(nil, &Head{Nodes: map[string]*NodeState{"i-1": {Gone: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}}}); err == nil {
		t.Error("a time that JSON has no room for was written")
	}
}

func BenchmarkWriteHead(b *testing.B) {
	h := &Head{Nodes: map[string]*NodeState{}}
	for i := range 100 {
		h.Nodes[fmt.Sprintf("i-%017d", i)] = full()
	}
	w := written.For[Head]()
	b.Run("written", func(b *testing.B) {
		b.ReportAllocs()
		var data []byte
		for b.Loop() {
			var err error
			if data, err = w.Append(data[:0], h); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(h); err != nil {
				b.Fatal(err)
			}
		}
	})
}
