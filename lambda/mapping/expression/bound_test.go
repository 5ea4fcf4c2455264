package expression

import (
	"strings"
	"testing"
	"time"
)

// many has lists and texts that a document could have.
type many struct{}

func (many) Text(int) string { return strings.Repeat("x", 1<<20) }
func (many) List(_ int, to []string) []string {
	for range 50_000 {
		to = append(to, "text")
	}
	return to
}
func (many) Has(int) bool { return true }
func (many) Records() int { return 1 }

// TestBounds: whatever an expression asks for, it ends soon, and its error names the limit.
func TestBounds(t *testing.T) {
	for _, text := range []string{
		`repeat(repeat("x", 1000000), 1000000)`,
		`repeat(r.a, 1000000)`,
		`replace(r.a, "", r.a)`,
		`replace(r.a, "x", r.a)`,
		`join(split(r.a, ""), r.a)`,
		`split(r.a, "")`,
		`let a = r.a + r.a; let b = a + a; let c = b + b; let d = c + c; let e = d + d; e + e`,
		`let a = [r.a, r.a, r.a, r.a]; let b = join(a); let c = [b, b, b, b]; join(c)`,
		`reduce(1..1000, #acc + #acc, "xx")`,
		`reduce(1..100000, #acc + "x", "")`,
		`join(map(1..100000, r.a))`,
		`map(1..1000000, map(1..1000000, "x"))`,
		`string(count(1..100000, any(1..100000, # < 0)))`,
		`string(any(texts("a"), # in texts("b") and # == ""))`,
		`string(any(texts("a"), upper(r.a) == ""))`,
		`string(any(texts("a"), r.a contains "y"))`,
		`let big = r.a + "y"; string(any(texts("a"), big contains "z"))`,
		`string(any(texts("a"), all(texts("b"), # == "text") and # == "x"))`,
		`reduce(texts("a"), concat(#acc, [#]), [])`,
		`string(len(1..2000000))`,
	} {
		code, err := Compile(text, false)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var r Runner
		start := time.Now()
		got, err := r.AppendTexts(code, many{}, nil)
		if err == nil || !strings.Contains(err.Error(), "the limit expression, by default 10000000") {
			t.Errorf("%s: %d texts, %v", text, len(got), err)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s: it took %v", text, took)
		}
	}
}

// TestWithinBounds: what mappings do with what documents have is not refused.
func TestWithinBounds(t *testing.T) {
	for text, want := range map[string]string{
		`string(any(texts("a"), # == "text"))`:                        "true",
		`string(len(uniq(texts("a"))))`:                               "1",
		`string(len(filter(texts("a"), # startsWith "t")))`:           "50000",
		`string(len(join(texts("a"), ", ")))`:                         "299998",
		`string(len(map(texts("a"), # + "s")))`:                       "50000",
		`let a = upper(r.a); string(len(a))`:                          "1048576",
		`string(len(split(replace(repeat("a,", 3), ",", ";"), ";")))`: "4",
		`join(split("a,b,c", ",", 2), "|")`:                           "a|b,c",
		`replace("aaa", "a", "b", 2)`:                                 "bba",
		`string(len(uniq([1, 2, "a", "a", 1])))`:                      "3",
		`join(["a", "b"])`:                                            "ab",
		`r.a | split("y") | join("z") | len() | string()`:             "1048576",
	} {
		code, err := Compile(text, false)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var r Runner
		got, err := r.AppendTexts(code, many{}, nil)
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %.40q, %v", text, got, err)
		}
	}
}
