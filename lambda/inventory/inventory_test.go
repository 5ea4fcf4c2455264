package inventory

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// finding is a type with everything that a type can have.
func finding() *Type {
	return &Type{
		Name: "Custom:Finding", SchemaVersion: "1.0",
		Attributes: []string{"Id", "LastSeen", "Rank", "Severity", "Source"},
		Volatile:   []bool{false, true, false, false, false},
		Key:        []int{4, 0}, Sort: []int{2, 0}, Limit: Limit{Entries: 4},
		Rollup: &Rollup{
			Type: &Type{
				Name: "Custom:FindingSummary", SchemaVersion: "1.0",
				Attributes: []string{"Cut", "HIGH", "LOW", "Source", "Total"}, Key: []int{3}, Sort: []int{3},
			},
			Count: 3, Words: []string{"HIGH", "LOW"},
		},
	}
}

func row(source, id, severity, seen string) Entry {
	return Entry{id, seen, map[string]string{"HIGH": "1", "LOW": "2"}[severity], severity, source}
}

func ids(rows []Entry) string {
	var s []string
	for _, r := range rows {
		s = append(s, r[4]+r[0])
	}
	return strings.Join(s, " ")
}

func TestArrangeSortsAndKeepsEachKeyOnce(t *testing.T) {
	rows := []Entry{row("a", "2", "LOW", "x"), row("a", "1", "LOW", "x"), row("a", "2", "HIGH", "x"), row("a", "3", "HIGH", "x")}
	got := finding().Arrange(rows)
	if diff := cmp.Diff("a2 a3 a1", ids(got.Rows)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int32{2, 3, 1}, got.From); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int32{0}, got.Displaced); diff != "" {
		t.Error(diff)
	}
}

func TestVolatileAttributesComeLastInTheOrder(t *testing.T) {
	ty := finding()
	ty.Sort = []int{1, 2}
	a := ty.Arrange([]Entry{row("a", "1", "LOW", "2026"), row("a", "2", "HIGH", "2025")})
	b := ty.Arrange([]Entry{row("a", "1", "LOW", "2025"), row("a", "2", "HIGH", "2026")})
	if ids(a.Rows) != ids(b.Rows) {
		t.Errorf("what is volatile changed the order: %s, %s", ids(a.Rows), ids(b.Rows))
	}
}

func TestATypeWithoutKey(t *testing.T) {
	ty := finding()
	ty.Key = nil
	got := ty.Arrange([]Entry{row("a", "1", "LOW", "2026"), row("a", "1", "LOW", "2025"), row("a", "1", "HIGH", "2025")})
	if diff := cmp.Diff([]Entry{row("a", "1", "HIGH", "2025"), row("a", "1", "LOW", "2025")}, got.Rows); diff != "" {
		t.Error(diff)
	}
}

func TestCompose(t *testing.T) {
	old, recent := time.Unix(1000, 0), time.Unix(2000, 0)
	shared := func(source, severity string) Entry { // the same key from every source
		e := row("x", "s", severity, source)
		return e
	}
	for _, c := range []struct {
		name             string
		shares           []Share
		rows, rollup     string
		cut, displaced   int
		severityOfShared string
		wantOfShare0     []RowOutcome
	}{
		{name: "nothing"},
		{
			name:   "one source",
			shares: []Share{{Source: "a", Rows: []Entry{row("a", "1", "HIGH", ""), row("a", "2", "LOW", "")}}},
			rows:   "a1 a2", rollup: "0 1 1 a 2", wantOfShare0: []RowOutcome{Kept, Kept},
		},
		{
			name: "rounds: the one who says little is not displaced",
			shares: []Share{
				{Source: "b", Rows: []Entry{row("b", "1", "HIGH", ""), row("b", "2", "HIGH", ""), row("b", "3", "HIGH", ""), row("b", "4", "HIGH", ""), row("b", "5", "LOW", "")}},
				{Source: "a", Rows: []Entry{row("a", "9", "LOW", "")}},
			},
			rows: "b1 b2 b3 a9", rollup: "0 0 1 a 1|2 4 1 b 5", cut: 2,
			wantOfShare0: []RowOutcome{Kept, Kept, Kept, Truncated, Truncated},
		},
		{
			name: "the newer of equal keys",
			shares: []Share{
				{Source: "a", Rows: []Entry{shared("a", "HIGH")}, Captured: old},
				{Source: "b", Rows: []Entry{shared("b", "LOW")}, Captured: recent},
			},
			rows: "xs", rollup: "0 0 1 b 1", displaced: 1, severityOfShared: "LOW", wantOfShare0: []RowOutcome{Duplicate},
		},
		{
			name: "at equal times the first in the type's order",
			shares: []Share{
				{Source: "a", Rows: []Entry{shared("a", "LOW")}, Captured: old},
				{Source: "b", Rows: []Entry{shared("b", "HIGH")}, Captured: old},
			},
			rows: "xs", rollup: "0 1 0 b 1", displaced: 1, severityOfShared: "HIGH", wantOfShare0: []RowOutcome{Duplicate},
		},
		{
			name: "a row's own time",
			shares: []Share{
				{Source: "a", Rows: []Entry{shared("a", "HIGH")}, Captured: recent, Times: []time.Time{old}},
				{Source: "b", Rows: []Entry{shared("b", "LOW")}, Captured: old.Add(1)},
			},
			rows: "xs", rollup: "0 0 1 b 1", displaced: 1, severityOfShared: "LOW", wantOfShare0: []RowOutcome{Duplicate},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Compose(finding(), c.shares)
			var rollup []string
			for _, r := range got.Rollup {
				rollup = append(rollup, strings.Join(r, " "))
			}
			if diff := cmp.Diff([]string{c.rows, c.rollup}, []string{ids(got.Rows), strings.Join(rollup, "|")}); diff != "" {
				t.Error(diff)
			}
			if got.Truncated != c.cut || got.Duplicates != c.displaced {
				t.Errorf("cut %d, displaced %d", got.Truncated, got.Duplicates)
			}
			if c.severityOfShared != "" && got.Rows[0][3] != c.severityOfShared {
				t.Errorf("the row of %s is there", got.Rows[0][1])
			}
			if len(c.shares) > 0 {
				if diff := cmp.Diff(c.wantOfShare0, got.Outcomes[c.shares[0].Source]); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestAnItemIsCutByBytes(t *testing.T) {
	ty := finding()
	ty.Limit.Entries = 0
	var rows []Entry
	for i := range 400 {
		rows = append(rows, row("a", fmt.Sprintf("%04d", i), "HIGH", strings.Repeat("\"", MaxValueBytes)))
	}
	got := Compose(ty, []Share{{Source: "a", Rows: rows}, {Source: "b", Rows: []Entry{row("b", "1", "LOW", "")}}})
	if got.Bytes > PlannedItemBytes || got.Bytes < PlannedItemBytes-2*MaxValueBytes-200 {
		t.Errorf("%d bytes", got.Bytes)
	}
	if len(got.Rows)+got.Truncated != 401 || got.Rows[len(got.Rows)-1][4] != "b" {
		t.Errorf("%d rows, %d cut", len(got.Rows), got.Truncated)
	}
}

func TestContentBytesAreThoseOfTheJSON(t *testing.T) {
	ty := finding()
	rows := []Entry{row("a", "1", "HIGH", ""), {"ü\u2028\u2029", "a\"b\\c", "\n\r\t\x01\x1f", "😀", "\x7f'"}}
	for n := range len(rows) + 1 {
		content := make([]map[string]string, n)
		for i := range content {
			content[i] = map[string]string{}
			for j, name := range ty.Attributes {
				content[i][name] = rows[i][j]
			}
		}
		want, err := json.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		if got := ty.ContentBytes(rows[:n]); got != len(want) {
			t.Errorf("%d rows: %d, want %d", n, got, len(want))
		}
	}
}

func TestRefuses(t *testing.T) {
	ty := finding()
	for _, c := range []struct {
		e    Entry
		want string
	}{
		{row("a", "1", "LOW", ""), ""},
		{row("a", "1", "LOW", strings.Repeat("x", MaxValueBytes)), ""},
		{row("a", "1", "LOW", strings.Repeat("ü", MaxValueBytes/2+1)), `value of "LastSeen" is over 4096 bytes`},
		{row("a", "\xff", "LOW", ""), `value of "Id" is not UTF-8`},
		{Entry{"1"}, "1 values for 5 attributes of Custom:Finding"},
	} {
		if got := ty.Refuses(c.e); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	many := make([]string, 51)
	for i := range many {
		many[i] = fmt.Sprintf("A%02d", i)
	}
	for _, c := range []struct {
		change func(*Type)
		ok     bool
	}{
		{func(*Type) {}, true},
		{func(t *Type) { t.Name = "Custom:finding" }, false},
		{func(t *Type) { t.Name = "Other:Finding" }, false},
		{func(t *Type) { t.SchemaVersion = "1" }, false},
		{func(t *Type) { t.Attributes = many }, false},
		{func(t *Type) { t.Attributes = many[:50] }, true},
		{func(t *Type) { t.Attributes = []string{"B", "A"} }, false},
		{func(t *Type) { t.Attributes = []string{strings.Repeat("a", 65)} }, false},
	} {
		ty := finding()
		c.change(ty)
		if err := ty.Check(); (err == nil) != c.ok {
			t.Error(err)
		}
	}
}

func TestCaptureTime(t *testing.T) {
	for in, want := range map[time.Time]string{
		time.Date(2026, 2, 3, 4, 5, 6, 999, time.FixedZone("", 3600)): "2026-02-03T03:05:06Z",
		{}: "2000-01-01T00:00:00Z",
	} {
		if got := CaptureTime(in); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestTheOrderOfWhatIsGivenHasNoSay also shows that what is volatile has none.
func TestTheOrderOfWhatIsGivenHasNoSay(t *testing.T) {
	ty, r := finding(), rand.New(rand.NewPCG(1, 2))
	for range 300 {
		shares := random(r)
		want := Compose(ty, arranged(ty, shares))
		for i := range shares {
			r.Shuffle(len(shares[i].Rows), func(a, b int) { s := shares[i].Rows; s[a], s[b] = s[b], s[a] })
		}
		r.Shuffle(len(shares), func(a, b int) { shares[a], shares[b] = shares[b], shares[a] })
		got := Compose(ty, arranged(ty, shares))
		if diff := cmp.Diff(want.Rows, got.Rows); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(want.Rollup, got.Rollup); diff != "" {
			t.Fatal(diff)
		}
		if got.Bytes != ty.ContentBytes(got.Rows) {
			t.Fatalf("%d bytes, want %d", got.Bytes, ty.ContentBytes(got.Rows))
		}
		if ty.Sum(want.Rows) != ty.Sum(got.Rows) {
			t.Fatal("the hash changed")
		}
		total := 0
		for _, s := range arranged(ty, shares) {
			total += len(s.Rows)
		}
		if total != len(got.Rows)+got.Truncated+got.Duplicates {
			t.Fatalf("%d rows became %d, %d cut, %d displaced", total, len(got.Rows), got.Truncated, got.Duplicates)
		}
	}
}

func TestHashesChangeWithValues(t *testing.T) {
	ty, r := finding(), rand.New(rand.NewPCG(3, 4))
	for range 300 {
		shares := random(r)
		rows := ty.Arrange(shares[0].Rows).Rows
		if len(rows) == 0 {
			continue
		}
		before := ty.Sum(rows)
		i, a := r.IntN(len(rows)), r.IntN(len(ty.Attributes))
		changed := slices.Clone(rows)
		changed[i] = slices.Clone(rows[i])
		changed[i][a] += "'"
		after := ty.Sum(changed)
		if before.Content == after.Content {
			t.Fatal("another content has the same ContentHash")
		}
		if (before.Compare == after.Compare) != ty.IsVolatile(a) {
			t.Fatalf("attribute %s: the comparison is wrong", ty.Attributes[a])
		}
		if after.Compare != ty.CompareSum(changed) {
			t.Fatal("CompareSum differs from Sum")
		}
	}
}

func TestTheCanonicalFormStays(t *testing.T) {
	got := finding().Sum([]Entry{row("a", "1", "HIGH", "2026"), row("a", "2", "LOW", "")})
	want := Sums{Content: "19b04485f9c61122a99ca6317f7637e7", Compare: "f59eabb740e93f36b1262f66046fe7fdb582681afda79e578b6cb8adcd0a21e5"}
	if got != want {
		t.Errorf("users have this in their state: got %+v", got)
	}
}

func random(r *rand.Rand) []Share {
	shares := make([]Share, 1+r.IntN(3))
	for i := range shares {
		s := Share{Source: string(rune('a' + i)), Captured: time.Unix(int64(r.IntN(2)), 0)}
		for range r.IntN(6) {
			s.Rows = append(s.Rows, row([]string{s.Source, "x"}[r.IntN(2)], fmt.Sprint(r.IntN(5)), []string{"HIGH", "LOW"}[r.IntN(2)], fmt.Sprint(r.IntN(3))))
		}
		shares[i] = s
	}
	return shares
}

func arranged(t *Type, shares []Share) []Share {
	out := slices.Clone(shares)
	for i := range out {
		out[i].Rows = t.Arrange(out[i].Rows).Rows
	}
	return out
}

func BenchmarkComposeAndSum(b *testing.B) {
	ty := &Type{Name: "Custom:Wide", SchemaVersion: "1.0", Key: []int{0}, Sort: []int{3, 0}}
	for i := range 20 {
		ty.Attributes = append(ty.Attributes, fmt.Sprintf("Attribute%02d", i))
	}
	rows := make([]Entry, 10_000)
	for i := range rows {
		for a := range 20 {
			rows[i] = append(rows[i], fmt.Sprintf("v%d", i*7919%10007+a))
		}
	}
	arranged := ty.Arrange(rows).Rows
	b.ReportAllocs()
	for b.Loop() {
		c := Compose(ty, []Share{{Source: "a", Rows: arranged}})
		ty.Sum(c.Rows)
	}
}

func TestNodeID(t *testing.T) {
	for id, want := range map[string]bool{
		"i-01234567": true, "i-0123456789abcdef0": true, "mi-0123456789abcdef0": true, "mi-01234567": false, "i-012345678": false,
		"": false, "i-": false, "x-01234567": false, "i-0123456/": false, "i-0123456789abcdef0\n": false, "mi-i-0123456789abcde": false,
	} {
		if NodeID(id) != want {
			t.Errorf("%q", id)
		}
	}
}
