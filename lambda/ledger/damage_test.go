package ledger

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/installed"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// whole is a state with an object of each kind.
func whole(t *testing.T) *memory {
	t.Helper()
	s := &memory{}
	l := open(t, s, Options{Partitions: 4})
	for p := range 2 {
		h := load(t, l, p)
		stateRows(t, l, h, fmt.Sprint("i-", p), "1")
		save(t, l, h)
	}
	for _, of := range []target.Key{{}, {Account: "111122223333", Region: "eu-central-1"}} {
		k, err := l.KnownTypes(t.Context(), of)
		if err != nil {
			t.Fatal(err)
		}
		k.Know(finding("Id"), true, time.Unix(1, 0))
		if err := l.SaveKnownTypes(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	p := &Parking{Import: "im", Records: 1, etag: Absent}
	if err := l.SetParking(t.Context(), "a", p); err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.SweepRows(t.Context(), time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	var named NamedIdentifiers
	named.Add("hostname=web-1")
	if err := l.WriteNamedIdentifiers(t.Context(), "im", &named); err != nil {
		t.Fatal(err)
	}
	return s
}

// objects are what is read of a state, by what it is called in a test, and what that is as text.
var objects = map[string]struct {
	key  string
	read func(*testing.T, *Ledger) (string, error)
}{
	"head": {"heads/0001.json", func(t *testing.T, l *Ledger) (string, error) {
		h, err := l.Load(t.Context(), 1)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%d %s %v", len(h.Nodes), h.Nodes["i-1"].Types["Custom:Finding"].Shares["a"].Rows, h.Packs), nil
	}},
	"numbers": {"heads/0001.json", func(t *testing.T, l *Ledger) (string, error) {
		n, err := l.Numbers(t.Context(), 1)
		return fmt.Sprint(n), err
	}},
	"types": {"types.json", func(t *testing.T, l *Ledger) (string, error) {
		k, err := l.KnownTypes(t.Context(), target.Key{})
		return fmt.Sprint(k.Types), err
	}},
	"types of a target": {"types/111122223333-eu-central-1.json", func(t *testing.T, l *Ledger) (string, error) {
		k, err := l.KnownTypes(t.Context(), target.Key{Account: "111122223333", Region: "eu-central-1"})
		return fmt.Sprint(k.Types), err
	}},
	"parking": {"parked/a/index.json", func(t *testing.T, l *Ledger) (string, error) {
		p, err := l.Parking(t.Context(), "a")
		return fmt.Sprint(p.Import, p.Records), err
	}},
	"named identifiers": {"staging/im/named", func(t *testing.T, l *Ledger) (string, error) {
		n, err := l.ReadNamedIdentifiers(t.Context(), "im")
		if err != nil {
			return "", err
		}
		return fmt.Sprint(n.Has("hostname=web-1"), string(n.Encode())), nil
	}},
}

// TestEveryFlippedBitIsNoticed flips each bit of each object of a state, and cuts each off everywhere: that is an error, and never read as something
// else.
func TestEveryFlippedBitIsNoticed(t *testing.T) {
	s := whole(t)
	l := open(t, s, Options{})
	for name, o := range objects {
		sound := s.objects[o.key]
		if _, err := o.read(t, l); err != nil || sound == "" {
			t.Fatalf("%s: %v", name, err)
		}
		damaged := func(what, data string) {
			t.Helper()
			s.objects[o.key] = data
			if got, err := o.read(t, l); err == nil {
				t.Fatalf("%s, %s: %s", name, what, got)
			}
		}
		for bit := range 8 * len(sound) {
			data := []byte(sound)
			data[bit/8] ^= 1 << (bit % 8)
			damaged(fmt.Sprint("bit ", bit), string(data))
		}
		for n := range sound {
			damaged(fmt.Sprint("cut off at ", n), sound[:n])
		}
		s.objects[o.key] = sound
	}
}

func TestEveryFlippedBitOfTheInstallationIsNoticed(t *testing.T) {
	s := whole(t)
	sound := s.objects[installed.Key]
	for bit := range 8 * len(sound) {
		data := []byte(sound)
		data[bit/8] ^= 1 << (bit % 8)
		s.objects[installed.Key] = string(data)
		var refused *StateError
		if _, err := Open(t.Context(), s, Options{}); !errors.As(err, &refused) {
			t.Fatalf("bit %d: %v", bit, err)
		}
	}
}

// TestUnreferencedIsMadeAnew: nothing is deleted before its time where the note is damaged of what waits for it.
func TestUnreferencedIsMadeAnew(t *testing.T) {
	s := whole(t)
	l := open(t, s, Options{})
	h := load(t, l, 0)
	delete(h.Nodes, "i-0")
	save(t, l, h)
	if _, _, err := l.SweepRows(t.Context(), time.Unix(1, 0).Add(25*time.Hour)); err != nil {
		t.Fatal(err)
	}
	sound := s.objects[unreferencedKey]
	if !strings.Contains(sound, packPrefix) {
		t.Fatal("no pack waits to be deleted")
	}
	late := time.Unix(1, 0).Add(40 * 24 * time.Hour)
	for bit := range 8 * len(sound) {
		data := []byte(sound)
		data[bit/8] ^= 1 << (bit % 8)
		s.objects[unreferencedKey] = string(data)
		if n, looked, err := l.SweepRows(t.Context(), late); n != 0 || !looked || err != nil {
			t.Fatalf("bit %d: %d deleted, %v", bit, n, err)
		}
	}
}

// TestParkedObjectsThatAreDamaged: whichever bit is another, what is parked is read as it was, or it is damaged.
func TestParkedObjectsThatAreDamaged(t *testing.T) {
	s := &memory{}
	l := open(t, s, Options{})
	if err := l.WriteParked(t.Context(), "a", header(), false, list(statements())); err != nil {
		t.Fatal(err)
	}
	known, err := l.Parked(t.Context(), "a")
	if err != nil || len(known) != 1 {
		t.Fatal(known, err)
	}
	sound := s.objects[known[0].Object]
	wrong := 0
	for bit := range 8 * len(sound) {
		data := []byte(sound)
		data[bit/8] ^= 1 << (bit % 8)
		s.objects[known[0].Object] = string(data)
		h, got, err := collected(l.ReadParked(t.Context(), known[0]))
		if err != nil {
			wrong++
			continue
		}
		if diff := cmp.Diff(header(), h); diff != "" {
			t.Fatalf("bit %d: it was read as something else: %s", bit, diff)
		}
		if diff := cmp.Diff(statements(), got); diff != "" {
			t.Fatalf("bit %d: it was read as something else: %s", bit, diff)
		}
	}
	if wrong < 7*len(sound) {
		t.Errorf("%d of %d bits were noticed", wrong, 8*len(sound))
	}
}

// TestAHeadThatIsGone is an error for whoever knows that it was written, or can know.
func TestAHeadThatIsGone(t *testing.T) {
	s := whole(t)
	delete(s.objects, "heads/0001.json")
	l := open(t, s, Options{})
	for p, want := range []string{"", "ledger: heads/0001.json is gone, which holds what the nodes of its partition have: " +
		"restore it from the store's history, or see invbridge state repair; until then nothing is put to these nodes", "", ""} {
		got := ""
		if _, err := l.Load(t.Context(), p); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("partition %d: %s", p, got)
		}
	}
}

// TestAHeadThatSomebodyElseMade and that is gone since is noticed by a process that was started before.
func TestAHeadThatSomebodyElseMade(t *testing.T) {
	s, now := &memory{}, time.Unix(1, 0)
	early, other := open(t, s, Options{Partitions: 4, Now: func() time.Time { return now }}), open(t, s, Options{})
	now = now.Add(time.Minute)
	h := load(t, other, 2)
	stateRows(t, other, h, "i-1", "1")
	save(t, other, h)
	delete(s.objects, "heads/0002.json")
	if _, err := early.Load(t.Context(), 2); err == nil {
		t.Error("it counts as never written")
	}
}

// TestMarksOfManyPartitions: two processes that make the heads of many partitions write few marks, and each is there in the end.
func TestMarksOfManyPartitions(t *testing.T) {
	s := &failing{memory: &memory{}}
	open(t, s, Options{Partitions: 1024})
	writers := []*Ledger{open(t, s, Options{}), open(t, s, Options{})}
	for p := range 1024 {
		l := writers[p%2]
		h := load(t, l, p)
		h.Nodes["i"] = &NodeState{}
		save(t, l, h)
		if p%97 == 0 && p > 0 {
			delete(s.objects, headKey(p)) // lost at once
			if _, err := l.Load(t.Context(), p); err == nil {
				t.Fatalf("head %d was lost, and its own process does not notice", p)
			}
			s.objects[headKey(p)] = "{}"
		}
	}
	if marks := s.calls - 1 - 1024; marks > 60 {
		t.Errorf("%d writes of marks", marks)
	}
	for _, l := range writers {
		if err := l.MarkHeads(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for p := range 1024 {
		delete(s.objects, headKey(p))
	}
	l := open(t, s, Options{})
	for p := range 1024 {
		if _, err := l.Load(t.Context(), p); err == nil {
			t.Fatalf("partition %d has no mark", p)
		}
	}
}

// TestTheStateIsRaisedBeforeItsHeads: a program of before refuses a state before it meets a head that it cannot read, and a state of before is
// raised once.
func TestTheStateIsRaisedBeforeItsHeads(t *testing.T) {
	s := &memory{objects: map[string]string{
		installed.Key: `{"version":1,"partitions":4}`, "heads/0001.json": `{"version":2,"partition":1,"nodes":{}}`,
	}}
	l := open(t, s, Options{})
	load(t, l, 1)
	if !strings.HasPrefix(s.objects[installed.Key], `{"version":1`) {
		t.Error("reading raises it")
	}
	f := &failing{memory: s, at: 2}
	l = open(t, f, Options{})
	if err := l.Save(t.Context(), load(t, l, 1)); !errors.Is(err, errLost) {
		t.Fatal(err)
	}
	if seal.Version([]byte(s.objects[installed.Key])) != 3 || seal.Version([]byte(s.objects["heads/0001.json"])) != 2 {
		t.Errorf("%s %s", s.objects[installed.Key], s.objects["heads/0001.json"])
	}
	// The rule of the programs before: a version that is not theirs is newer.
	for key, known := range map[string]int{installed.Key: 1, "heads/0001.json": 2} {
		save(t, l, load(t, l, 1))
		if seal.Version([]byte(s.objects[key])) <= known {
			t.Errorf("%s: %s", key, s.objects[key])
		}
	}
}

// TestHeadsOfOthers: a head of another installation, and one of another partition, is no head here.
func TestHeadsOfOthers(t *testing.T) {
	s, other := whole(t), whole(t)
	own := s.objects["heads/0001.json"]
	for what, data := range map[string]string{"another installation": other.objects["heads/0001.json"], "another partition": s.objects["heads/0000.json"], "nothing": ""} {
		s.objects["heads/0001.json"] = data
		if _, err := open(t, s, Options{}).Load(t.Context(), 1); err == nil || !strings.Contains(err.Error(), "heads/0001.json") {
			t.Errorf("%s: %v", what, err)
		}
	}
	s.objects["heads/0001.json"] = own
	load(t, open(t, s, Options{}), 1)
}

// TestTwoRaiseAState of version 1 at once: it gets one ID.
func TestTwoRaiseAState(t *testing.T) {
	s := &memory{objects: map[string]string{installed.Key: `{"version":1,"partitions":4}`}}
	a, b := open(t, s, Options{}), open(t, s, Options{})
	save(t, a, load(t, a, 0))
	load(t, b, 0)
	save(t, b, load(t, b, 1))
	load(t, a, 1)
	load(t, open(t, s, Options{}), 0)
	load(t, open(t, s, Options{}), 1)
}
