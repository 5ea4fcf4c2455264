package record_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// oneRecord is a document of a single record with very many entries, each inside an object of its own.
func oneRecord(entries int) io.Reader {
	next, stop := iter.Pull(func(yield func(string) bool) {
		if !yield(`{"l":[`) {
			return
		}
		for i := range entries {
			comma := ","
			if i == 0 {
				comma = ""
			}
			if !yield(fmt.Sprintf(`%s{"e":[{"i":%d,"t":"%s"}],"late":"u%d"}`, comma, i, strings.Repeat("t", 100), i)) {
				return
			}
		}
		yield(`],"n":"end"}`)
	})
	return &pulled{next: next, stop: stop}
}

type pulled struct {
	next func() (string, bool)
	stop func()
	rest []byte
}

func (p *pulled) Read(b []byte) (int, error) {
	for len(p.rest) < 16<<10 {
		s, ok := p.next()
		if !ok {
			break
		}
		p.rest = append(p.rest, s...)
	}
	if len(p.rest) == 0 {
		p.stop()
		return 0, io.EOF
	}
	n := copy(b, p.rest)
	p.rest = append(p.rest[:0], p.rest[n:]...)
	return n, nil
}

func entriesPlan() plan.Plan {
	return plan.Plan{Blocks: []plan.Block{{Types: []plan.Entries{{Each: mustPaths("l.e"), Reads: mustPaths("i", "t", "$up.late", "$host.n")}}}}}
}

func TestOneRecordOfAnySizeTakesBoundedMemory(t *testing.T) {
	program, err := plan.Compile(entriesPlan())
	if err != nil {
		t.Fatal(err)
	}
	const entries = 200_000
	r := record.Read(t.Context(), program, record.Input{Reader: oneRecord(entries), Format: syntax.JSON, Budget: 1 << 20, TempDir: t.TempDir()})
	most := 0
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		s, n := rec.Scope(), 0
		reads := mustPaths("i", "$up.late", "$host.n")
		for found, err := range rec.Entries() {
			if err != nil {
				t.Fatal(err)
			}
			want := fmt.Sprintf("%d; u%d; end", n, n)
			if got := joined(reads, &s, found.Value); got != want {
				t.Fatalf("entry %d: %s, want %s", n, got, want)
			}
			most = max(most, r.Held())
			n++
		}
		if n != entries {
			t.Errorf("%d entries, want %d", n, entries)
		}
	}
	if most > 2<<20 {
		t.Errorf("%d bytes were held", most)
	}
}

func TestMemoryDoesNotGrowWithRecords(t *testing.T) {
	program, err := plan.Compile(rowsPlan())
	if err != nil {
		t.Fatal(err)
	}
	doc := rowsDocument(5000)
	r := record.Read(t.Context(), program, record.Input{Reader: io.MultiReader(bytes.NewReader(doc), bytes.NewReader(doc), bytes.NewReader(doc)), Format: syntax.JSON})
	var first int
	var before, after runtime.MemStats
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		switch rec.Number {
		case 1000:
			first = r.Held()
			runtime.GC()
			runtime.ReadMemStats(&before)
		case 14000:
			runtime.GC()
			runtime.ReadMemStats(&after)
			if r.Held() > first*2 || after.HeapAlloc > before.HeapAlloc+1<<20 {
				t.Errorf("held: %d bytes at first, %d later; heap %d, %d", first, r.Held(), before.HeapAlloc, after.HeapAlloc)
			}
		}
	}
}

func TestNothingIsLeftInTheTemporaryFolder(t *testing.T) {
	doc, err := io.ReadAll(oneRecord(100))
	if err != nil {
		t.Fatal(err)
	}
	program, err := plan.Compile(entriesPlan())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		doc  []byte
		stop bool
	}{{"to the end", doc, false}, {"broken off", doc, true}, {"cut off", doc[:len(doc)-5], false}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			r := record.Read(t.Context(), program, record.Input{Reader: bytes.NewReader(tt.doc), Format: syntax.JSON, Budget: 1, TempDir: dir})
			for range r.Records() {
				if tt.stop {
					break
				}
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) > 0 {
				t.Errorf("%v left, %v", left, err)
			}
			if r.Spool() == nil {
				t.Error("the spool was not used")
			}
			if _, err := r.Spool().Write(nil); !errors.Is(err, os.ErrClosed) {
				t.Errorf("the spool is open: %v", err)
			}
		})
	}
}

func TestErrorsOfReading(t *testing.T) {
	rows := plan.Plan{Blocks: []plan.Block{{Each: mustPaths("$rows"), Reads: mustPaths("a")}}}
	table := plan.Plan{Tables: []plan.Table{{Name: "t", Each: mustPaths("a"), Key: mustPaths("k")}}, Blocks: []plan.Block{{Each: mustPaths("h"), Reads: mustPaths("$t(k).x")}}}
	places := plan.Plan{Blocks: []plan.Block{{Each: mustPaths("a", "b"), Reads: mustPaths("x")}}}
	var large strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&large, `,{"k":"%d","x":"%s"}`, i, strings.Repeat("x", 100))
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	var malformed *scan.SyntaxError
	var alternative *record.AlternativeError
	var held *record.HeldError
	tests := []struct {
		name string
		plan plan.Plan
		in   record.Input
		ctx  context.Context
		is   func(error) bool
	}{
		{"cut off", rows, record.Input{Reader: strings.NewReader("{\"a\":1}\n{\"a\":"), Format: syntax.JSON}, t.Context(), func(err error) bool { return errors.As(err, &malformed) }},
		{
			"a table over the limit", table,
			record.Input{Reader: strings.NewReader(`{"a":[{}` + large.String() + `]}`), Format: syntax.JSON, Limits: scan.Limits{Held: 100_000}},
			t.Context(),
			func(err error) bool { return errors.As(err, &held) },
		},
		{
			"two places", places,
			record.Input{Reader: strings.NewReader(`{"a":[{"x":1}],"b":[]}`), Format: syntax.JSON},
			t.Context(),
			func(err error) bool {
				return errors.As(err, &alternative) && alternative.Taken == "a" && alternative.Other == "b"
			},
		},
		{"no format", rows, record.Input{Reader: strings.NewReader("x")}, t.Context(), func(err error) bool { return errors.Is(err, syntax.ErrUnknown) }},
		{"cancelled", rows, record.Input{Reader: strings.NewReader("{}"), Format: syntax.JSON}, cancelled, func(err error) bool { return errors.Is(err, context.Canceled) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			program, err := plan.Compile(tt.plan)
			if err != nil {
				t.Fatal(err)
			}
			tt.in.TempDir = t.TempDir()
			var last error
			for _, err := range record.Read(tt.ctx, program, tt.in).Records() {
				last = err
			}
			if !tt.is(last) {
				t.Errorf("error %v", last)
			}
		})
	}
}
