package receipt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// memory is a Store in memory.
type memory map[string]string

func (m memory) Get(_ context.Context, key string) ([]byte, string, error) {
	data, ok := m[key]
	if !ok {
		return nil, "", fs.ErrNotExist
	}
	return []byte(data), "", nil
}

func (m memory) Put(_ context.Context, key string, data []byte, _ string) (string, error) {
	m[key] = string(data)
	return "", nil
}

func (m memory) List(_ context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if strings.HasPrefix(key, prefix) && !yield(key, nil) {
				return
			}
		}
	}
}

func TestWorst(t *testing.T) {
	order := []Outcome{Failed, Pending, Rejected, Parked, Truncated, Stale, Put, Unchanged, Duplicate, Skipped, ""}
	for i, worse := range order {
		for _, better := range order[i:] {
			if Worst(worse, better) != worse || Worst(better, worse) != worse {
				t.Errorf("%q and %q", worse, better)
			}
		}
		if worse.Valid() != (worse != "") {
			t.Errorf("%q", worse)
		}
	}
}

func TestCountsListAllTen(t *testing.T) {
	var c Counts
	c.Add(Put, 3)
	c.Add(Failed, 1)
	c.Add("nonsense", 7)
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"put":3,"unchanged":0,"stale":0,"parked":0,"rejected":0,"truncated":0,"duplicate":0,"displaced":0,"skipped":0,"pending":0,"failed":1}`
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Error(diff)
	}
	var again Counts
	if err := json.Unmarshal(data, &again); err != nil || again != c || again.Sum() != 4 {
		t.Errorf("%v, %+v", err, again)
	}
	if err := json.Unmarshal([]byte(`{"other":1}`), &again); err == nil {
		t.Error("an unknown outcome was read")
	}
}

func TestDetailsAreBounded(t *testing.T) {
	var p Part
	for i := range MaxDetails + 5 {
		p.Record(Detail{Number: i + 1, Outcome: Rejected})
		p.Record(Detail{Number: i + 1, Outcome: Put})
		p.Note(fmt.Sprint(i % 150))
	}
	if len(p.Details) != MaxDetails || p.DetailsTotal != MaxDetails+5 || p.Records != 2*(MaxDetails+5) || len(p.Notes) != MaxNotes {
		t.Errorf("%d of %d details, %d records, %d notes", len(p.Details), p.DetailsTotal, p.Records, len(p.Notes))
	}
	if err := p.Check(); err != nil {
		t.Error(err)
	}
}

func part(partition int, outcomes ...Outcome) Part {
	p := Part{Import: "im-1", Partition: partition, Nodes: 1, Calls: 2, Bytes: 3, Ended: time.Unix(int64(partition), 0).UTC()}
	for i, o := range outcomes {
		p.Record(Detail{Number: i + 1, Outcome: o})
	}
	p.Note("a note")
	return p
}

func imported(read int, partitions ...int) Import {
	return Import{
		Part: part(Intake, Parked), Mapping: "m", Document: "d", Key: "in/a b.csv",
		Written: time.Unix(100, 0).UTC(), Read: read, Partitions: partitions,
	}
}

// writePart writes a part, and returns the receipt as it stands then.
func writePart(t *testing.T, b *Book, p Part) (Receipt, error) {
	t.Helper()
	if err := b.PutPart(t.Context(), p); err != nil {
		return Receipt{}, err
	}
	return b.Complete(t.Context(), p.Import)
}

func TestTheLastPartCompletesTheReceipt(t *testing.T) {
	parts := []Part{part(7, Put, Unchanged), part(3, Rejected)}
	for _, intakeAt := range []int{0, 1, 2} {
		t.Run(fmt.Sprint("intake at ", intakeAt), func(t *testing.T) {
			s := memory{}
			b := NewBook(s)
			var last Receipt
			for i := range 3 {
				var err error
				switch {
				case i == intakeAt:
					last, err = b.WriteIntake(t.Context(), imported(4, 7, 3))
				case i < intakeAt:
					last, err = writePart(t, b, parts[i])
				default:
					last, err = writePart(t, b, parts[i-1])
				}
				if err != nil {
					t.Fatal(err)
				}
				if last.Complete != (i == 2) {
					t.Fatalf("complete after %d parts: %t", i+1, last.Complete)
				}
				partial, err := b.Read(t.Context(), "im-1")
				if err != nil || partial.Complete != last.Complete {
					t.Errorf("%v, %t", err, partial.Complete)
				}
			}
			want := Receipt{
				Import: "im-1", Complete: true, Mapping: "m", Document: "d", Key: "in/a b.csv", Written: time.Unix(100, 0).UTC(),
				Ended: time.Unix(7, 0).UTC(), Records: 4, Expected: 2, There: 2, Nodes: 3, Calls: 6, Bytes: 9,
				Details:      []Detail{{Number: 1, Outcome: Parked}, {Number: 1, Outcome: Rejected}},
				DetailsTotal: 2, Notes: []Note{{Text: "a note", Count: 3}},
			}
			for _, o := range []Outcome{Put, Unchanged, Rejected, Parked} {
				want.Counts.Add(o, 1)
			}
			for name, read := range map[string]func() (Receipt, error){
				"written": func() (Receipt, error) { return last, nil },
				"read":    func() (Receipt, error) { return b.Read(t.Context(), "im-1") },
				"latest":  func() (Receipt, error) { return b.Latest(t.Context(), "in/a b.csv") },
			} {
				got, err := read()
				if diff := cmp.Diff(want, got, cmp.AllowUnexported(Counts{})); diff != "" || err != nil {
					t.Errorf("%s: %v %s", name, err, diff)
				}
			}
			if s["receipts/im-1/receipt.json"] == "" || s["receipts/im-1/0003.json"] == "" || s["receipts/im-1/intake.json"] == "" {
				t.Error("an object is missing")
			}
		})
	}
}

func TestAPartThatIsWrittenAgainCountsOnce(t *testing.T) {
	b := NewBook(memory{})
	if _, err := b.WriteIntake(t.Context(), imported(2, 3)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r, err := writePart(t, b, part(3, Pending))
		if err != nil || !r.Complete || r.Counts.Of(Pending) != 1 {
			t.Errorf("%v, %+v", err, r)
		}
	}
	r, err := writePart(t, b, part(3, Put))
	if err != nil || r.Counts.Of(Pending) != 0 || r.Counts.Of(Put) != 1 {
		t.Errorf("%v, %+v", err, r)
	}
}

func TestOutcomesThatDoNotSumUp(t *testing.T) {
	b := NewBook(memory{})
	p := part(1, Put)
	p.Records++
	if _, err := writePart(t, b, p); err == nil {
		t.Error("the part was written")
	}
	if _, err := b.WriteIntake(t.Context(), imported(9, 1)); err != nil {
		t.Fatal(err)
	}
	if r, err := writePart(t, b, part(1, Put)); err == nil {
		t.Errorf("%+v", r)
	}
}

func TestTheLatestReceiptIsThatOfTheLatestDocument(t *testing.T) {
	b := NewBook(memory{})
	for i, c := range []struct {
		written int64
		want    string
	}{{100, "im-0"}, {50, "im-0"}, {100, "im-2"}, {200, "im-3"}} {
		in := imported(1)
		in.Import, in.Written, in.Received = fmt.Sprint("im-", i), time.Unix(c.written, 0), time.Unix(int64(1000+i), 0)
		if _, err := b.WriteIntake(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		if r, err := b.Latest(t.Context(), in.Key); err != nil || r.Import != c.want {
			t.Errorf("%v, %s", err, r.Import)
		}
	}
}

func TestImportsThatAreNotThere(t *testing.T) {
	b := NewBook(memory{})
	for _, id := range []string{"im-1", "", "../x", "latest", "a/b"} {
		if _, err := b.Read(t.Context(), id); !errors.Is(err, ErrUnknownImport) {
			t.Errorf("%q: %v", id, err)
		}
	}
	p := part(1, Put)
	p.Import = "../x"
	if _, err := writePart(t, b, p); err == nil {
		t.Error("it was written")
	}
}

func TestLatestKeys(t *testing.T) {
	for key, want := range map[string]string{
		"in/a b.csv":              "receipts/latest/in/a b.csv.json",
		"in/a.json/b":             "receipts/latest/in/a%2Ejson/b.json",
		"50%":                     "receipts/latest/50%25.json",
		strings.Repeat("x", 1024): "receipts/latest/long/",
	} {
		got := latestKey(key)
		if len(key) > 1000 {
			got = got[:len(want)]
		}
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestPartsOfAnEarlierRun: a document that is taken in again may find other nodes; what was delivered the first time counts no longer.
func TestPartsOfAnEarlierRun(t *testing.T) {
	b := NewBook(memory{})
	first, again := time.Unix(1000, 0), time.Unix(2000, 0)
	part := Part{Import: "im", Partition: 3, Received: first}
	part.Record(Detail{Number: 1, Outcome: Put})
	in := Import{Part: Part{Import: "im"}, Read: 1, Received: first, Partitions: []int{3}}
	if _, err := b.WriteIntake(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if r, err := writePart(t, b, part); err != nil || !r.Complete {
		t.Fatalf("%+v, %v", r, err)
	}
	in = Import{Part: Part{Import: "im"}, Read: 1, Received: again}
	in.Record(Detail{Number: 1, Outcome: Parked, Reason: "no such node"})
	r, err := b.WriteIntake(t.Context(), in)
	if err != nil || !r.Complete || r.Counts.Of(Parked) != 1 || r.Counts.Sum() != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestAnImportIsThatOfItsKey, whatever stands in what intake wrote of it.
func TestAnImportIsThatOfItsKey(t *testing.T) {
	m := memory{}
	b := NewBook(m)
	if _, err := b.WriteIntake(t.Context(), imported(1)); err != nil {
		t.Fatal(err)
	}
	key := importKey("im-1", intakeName)
	m[key] = strings.ReplaceAll(m[key], "im-1", "other")
	for name, read := range map[string]func(context.Context, string) (Receipt, error){"complete": b.Complete, "read": b.Read} {
		if r, err := read(t.Context(), "im-1"); err != nil || r.Import != "im-1" {
			t.Errorf("%s: import %q, %v", name, r.Import, err)
		}
	}
}

func TestARecordThatWasFoundIsOfItsSource(t *testing.T) {
	f := Found{Outcomes: map[string]Outcome{FoundKey(1, "i-1", "a"): Put, "2@i-1": Put}}
	for _, c := range []struct {
		number int
		source string
		want   bool
	}{{1, "a", true}, {1, "b", false}, {2, "b", true}, {3, "a", false}} { // the second as earlier programs wrote it
		if got := f.Has(c.number, "i-1", c.source); got != c.want {
			t.Errorf("%d of %s: %v", c.number, c.source, got)
		}
	}
}

// TestObjectsOfAnotherImport: what lies among an import's objects and is another's is damaged, and nothing is decided by it.
func TestObjectsOfAnotherImport(t *testing.T) {
	m := memory{}
	b := NewBook(m)
	b.Conflict = errors.New("none")
	for _, id := range []string{"mine", "other"} {
		in := imported(2, 0)
		in.Import = id
		if _, err := b.WriteIntake(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		p := part(0, Parked)
		p.Import, p.Writes = id, 7
		if _, err := writePart(t, b, p); err != nil {
			t.Fatal(err)
		}
		if err := b.Decide(t.Context(), id, Absence{Cleared: true, ByHand: id == "other"}); err != nil {
			t.Fatal(err)
		}
		if err := b.AddFound(t.Context(), id, map[string]Outcome{FoundKey(1, "i-1", "s"): Put}); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(m["receipts/mine/receipt.json"], `"absence":{"import"`) {
		t.Error("the receipt of an import says twice which it is")
	}
	sound := maps.Clone(m)
	for name, check := range map[string]func() error{
		"intake": func() error { _, err := b.Import(t.Context(), "mine"); return err },
		"found":  func() error { _, err := b.Found(t.Context(), "mine"); return err },
		"absence": func() error {
			_, err := b.Absence(t.Context(), "mine")
			return err
		},
		"0000": func() error {
			n, err := b.Writes(t.Context(), "mine", 0)
			if err == nil && n == 0 { // it is not known
				err = ErrDamaged
			}
			return err
		},
	} {
		if err := check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		key := "receipts/mine/" + name + ".json"
		m[key] = sound["receipts/other/"+name+".json"]
		if err := check(); !errors.Is(err, ErrDamaged) {
			t.Errorf("another's %s: %v", name, err)
		}
		r, err := b.Read(t.Context(), "mine")
		if err != nil || !slices.ContainsFunc(r.Notes, func(n Note) bool { return strings.Contains(n.Text, key) }) {
			t.Errorf("another's %s: %+v, %v", name, r.Notes, err)
		}
		maps.Copy(m, sound)
	}
}

// TestWhatIsLeftOfADamagedReceipt: the receipt as it was when it was completed says what intake's part said of the document.
func TestWhatIsLeftOfADamagedReceipt(t *testing.T) {
	store := memory{}
	b := NewBook(store)
	in := imported(3, 3)
	in.Document, in.Key, in.Received = "hosts.csv", "hosts.csv", time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)
	if _, err := b.WriteIntake(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	p := part(3, Put, Put)
	p.Received = in.Received
	if r, err := writePart(t, b, p); err != nil || !r.Complete {
		t.Fatal(r, err)
	}
	store[importKey(in.Import, intakeName)] = "{"
	r, err := b.Read(t.Context(), in.Import)
	if err != nil || r.Complete || !r.IsDamaged() || r.Document != in.Document || !r.Received.Equal(in.Received) || r.Records != 3 || r.Counts.Of(Put) != 2 {
		t.Errorf("%+v %v", r, err)
	}
	store[importKey(in.Import, receiptName)] = "{"
	r, err = b.Read(t.Context(), in.Import)
	if err != nil || !r.IsDamaged() || r.Document != "" || r.Counts.Of(Put) != 2 {
		t.Errorf("%+v %v", r, err)
	}
}

// TestAFoundRecordThatFails is listed at its node, and no longer as one that waits for a node.
func TestAFoundRecordThatFails(t *testing.T) {
	b := NewBook(memory{})
	in := imported(1)
	if _, err := b.WriteIntake(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if err := b.AddFound(t.Context(), in.Import, map[string]Outcome{FoundKey(1, "i-1", "s"): Failed}); err != nil {
		t.Fatal(err)
	}
	r, err := b.Read(t.Context(), in.Import)
	if err != nil || len(r.Details) != 1 || r.Details[0].Outcome != Failed || r.Details[0].Node != "i-1" || r.DetailsTotal != 1 {
		t.Errorf("%+v %v", r.Details, err)
	}
}

// TestStaleAsAWhole: what intake has parked and what would be delivered becomes stale, what it rejected and skipped stays.
func TestStaleAsAWhole(t *testing.T) {
	in := imported(7, 1, 2)
	for i, o := range []Outcome{Parked, Rejected, Skipped, Parked} {
		in.Record(Detail{Number: i + 1, Outcome: o})
	}
	if n := in.Stale(); n != 5 {
		t.Error(n)
	}
	if err := in.Check(); err != nil || in.Counts.Of(Stale) != 5 || in.Counts.Of(Rejected) != 1 || in.Counts.Of(Skipped) != 1 || len(in.Partitions) != 0 {
		t.Errorf("%+v %v", in, err)
	}
	if len(in.Details) != 1 || in.DetailsTotal != 1 || in.Details[0].Outcome != Rejected {
		t.Errorf("%+v", in.Details)
	}
}
