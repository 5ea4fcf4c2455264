package inventory

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// weakness is a type whose entries are united: Id is the key, Title and Port are not united.
func weakness() *Type {
	return &Type{
		Name: "Custom:Weakness", SchemaVersion: "1.0",
		Attributes: []string{"CVE", "Id", "LastSeen", "Port", "Score", "Severity", "SeverityRank", "Solution", "Title"},
		Volatile:   []bool{false, false, true, false, false, false, false, false, false},
		Key:        []int{1}, Sort: []int{6, 1},
		Unite: []Unite{UniteList, UniteNot, UniteNewest, UniteNot, UniteHighest, UniteHighest, UniteNot, UniteFirst, UniteNot},
		Uniting: []Uniting{
			{Of: -1, Max: 40}, {Of: -1}, {Of: -1}, {Of: -1}, {Of: -1, Words: []string{"true", "false"}}, {Of: -1}, {Of: 5}, {Of: -1}, {Of: -1},
		},
	}
}

func weak(cve, seen, score, severity, solution, title string) Entry {
	rank := map[string]string{"CRITICAL": "0", "HIGH": "1", "LOW": "3", "UNKNOWN": "5"}[severity]
	return Entry{cve, "1", seen, "443", score, severity, rank, solution, title}
}

func TestEntriesThatDifferInUnitedAttributesAreUnited(t *testing.T) {
	tests := map[string]struct {
		rows                  []Entry
		want                  Entry
		duplicates, displaced int
		cuts                  int
	}{
		"one CVE a row": {
			rows: []Entry{weak("CVE-3", "", "", "LOW", "", "t"), weak("CVE-1", "", "", "LOW", "", "t"), weak("CVE-2", "", "", "LOW", "", "t")},
			want: weak("CVE-1,CVE-2,CVE-3", "", "", "LOW", "", "t"),
		},
		"lists are taken apart": {
			rows: []Entry{weak("CVE-2, CVE-1", "", "", "LOW", "", "t"), weak("CVE-3,CVE-2", "", "", "LOW", "", "t"), weak("", "", "", "LOW", "", "t")},
			want: weak("CVE-1,CVE-2,CVE-3", "", "", "LOW", "", "t"),
		},
		"what is too long is left out whole": {
			rows: []Entry{weak("CVE-2025-10001,CVE-2025-10002", "", "", "LOW", "", "t"), weak("CVE-2025-10003", "", "", "LOW", "", "t")},
			want: weak("CVE-2025-10001,CVE-2025-10002", "", "", "LOW", "", "t"), cuts: 1,
		},
		"the highest number, not the longest text": {
			rows: []Entry{weak("", "", "9.8", "LOW", "", "t"), weak("", "", "10.0", "LOW", "", "t"), weak("", "", "n/a", "LOW", "", "t")},
			want: weak("", "", "10.0", "LOW", "", "t"),
		},
		"the first of the words": {
			rows: []Entry{weak("", "", "false", "LOW", "", "t"), weak("", "", "true", "LOW", "", "t"), weak("", "", "a", "LOW", "", "t"), weak("", "", "", "LOW", "", "t")},
			want: weak("", "", "true", "LOW", "", "t"),
		},
		"a word that is none of them": {
			rows: []Entry{weak("", "", "a", "LOW", "", "t"), weak("", "", "false", "LOW", "", "t"), weak("", "", "", "LOW", "", "t")},
			want: weak("", "", "false", "LOW", "", "t"),
		},
		"the best rank, and its word": {
			rows: []Entry{weak("", "", "", "UNKNOWN", "", "t"), weak("", "", "", "CRITICAL", "", "t"), weak("", "", "", "HIGH", "", "t")},
			want: weak("", "", "", "CRITICAL", "", "t"),
		},
		"the first that there is": {
			rows: []Entry{weak("", "", "", "LOW", "b", "t"), weak("", "", "", "LOW", "", "t"), weak("", "", "", "LOW", "a", "t")},
			want: weak("", "", "", "LOW", "a", "t"),
		},
		"the newest date of duplicates": {
			rows: []Entry{
				weak("", "2026-01-05T00:00:00Z", "", "LOW", "", "t"), weak("", "2025-12-01T00:00:00Z", "", "LOW", "", "t"), weak("", "", "", "LOW", "", "t"),
			},
			want: weak("", "2026-01-05T00:00:00Z", "", "LOW", "", "t"), duplicates: 2,
		},
		"another title": {
			rows: []Entry{weak("CVE-1", "", "", "LOW", "", "t"), weak("CVE-2", "", "", "LOW", "", "u"), weak("CVE-3", "", "", "LOW", "", "t")},
			want: weak("CVE-1,CVE-3", "", "", "LOW", "", "t"), displaced: 1,
		},
		"equal among those that are united": {
			rows: []Entry{weak("CVE-1", "", "", "LOW", "", "t"), weak("CVE-2", "", "", "LOW", "", "t"), weak("CVE-2", "", "", "LOW", "", "t")},
			want: weak("CVE-1,CVE-2", "", "", "LOW", "", "t"), duplicates: 1,
		},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			for range 20 {
				rand.Shuffle(len(c.rows), func(i, j int) { c.rows[i], c.rows[j] = c.rows[j], c.rows[i] })
				got := weakness().Arrange(c.rows)
				if diff := cmp.Diff([]Entry{c.want}, got.Rows); diff != "" {
					t.Fatal(diff)
				}
				united := 0
				for _, u := range got.United {
					united += len(u.Others)
				}
				if got.Cuts != c.cuts {
					t.Fatalf("%d lists were cut, want %d", got.Cuts, c.cuts)
				}
				if len(got.Duplicates) != c.duplicates || len(got.Displaced) != c.displaced || 1+united+c.duplicates+c.displaced != len(c.rows) {
					t.Fatalf("%d united, %d duplicates, %d displaced of %d", united, len(got.Duplicates), len(got.Displaced), len(c.rows))
				}
			}
		})
	}
}

func TestAUnitedRowIsPutInOrder(t *testing.T) {
	ty := weakness()
	ty.Sort = []int{4} // by the score, which uniting changes
	a, b := weak("CVE-1", "", "1", "LOW", "", "t"), weak("CVE-2", "", "8", "LOW", "", "t")
	other := weak("CVE-9", "", "5", "LOW", "", "t")
	other[1] = "2"
	got := ty.Arrange([]Entry{b, other, a})
	want := []Entry{other, {"CVE-1,CVE-2", "1", "", "443", "8", "LOW", "3", "", "t"}}
	if diff := cmp.Diff(want, got.Rows); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int32{1, 2}, got.From); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]United{{Row: 1, Others: []int32{0}}}, got.United); diff != "" {
		t.Error(diff)
	}
	if a[0] != "CVE-1" || b[4] != "8" {
		t.Error("what was given is changed")
	}
}

func TestWithoutUniteNothingIsUnited(t *testing.T) {
	ty := weakness()
	ty.Unite, ty.Uniting = nil, nil
	got := ty.Arrange([]Entry{weak("CVE-2", "x", "", "LOW", "", "t"), weak("CVE-1", "", "", "LOW", "", "t"), weak("CVE-1", "y", "", "LOW", "", "t")})
	if diff := cmp.Diff([]Entry{weak("CVE-1", "", "", "LOW", "", "t")}, got.Rows); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int32{2}, got.Duplicates); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int32{0}, got.Displaced); diff != "" {
		t.Error(diff)
	}
}

func TestEmptyKey(t *testing.T) {
	ty := finding()
	for _, c := range []struct {
		row  Entry
		want []string
	}{
		{row("a", "", "LOW", ""), []string{"Id"}},
		{row("", "", "LOW", ""), []string{"Id"}},
		{row("a", "1", "LOW", ""), nil},
	} {
		if diff := cmp.Diff(c.want, ty.EmptyKey(c.row)); diff != "" {
			t.Error(diff)
		}
	}
	ty.Key = nil
	if got := ty.EmptyKey(row("a", "", "LOW", "")); got != nil {
		t.Error(got)
	}
}

func TestTogether(t *testing.T) {
	ty := weakness()
	a, b := weak("CVE-2", "2026-01-01T00:00:00Z", "5", "LOW", "", "t"), weak("CVE-1", "2026-01-02T00:00:00Z", "9.8", "CRITICAL", "do", "t")
	want := weak("CVE-1,CVE-2", "2026-01-02T00:00:00Z", "9.8", "CRITICAL", "do", "t")
	for _, pair := range [][2]Entry{{a, b}, {b, a}, {want, a}, {b, want}, {want, want}} {
		got, _, ok := ty.Together(pair[0], pair[1])
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Error(ok, diff)
		}
	}
	if _, _, ok := ty.Together(a, weak("CVE-2", "", "5", "LOW", "", "u")); ok {
		t.Error("entries of other titles are united")
	}
}
