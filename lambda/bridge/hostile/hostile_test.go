package hostile

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
)

// Bounds of one document.
const (
	mostTime   = 2 * time.Second
	mostMemory = 128 << 20
)

// TestHostile reads INVBRIDGE_HOSTILE documents, or 1,000: each syntax, strange in one way, damaged in another, packed in a third. A document is
// made of its number alone.
func TestHostile(t *testing.T) {
	count, sizes := 1000, []int{500, 5000, 50_000, 300_000}
	if text := os.Getenv("INVBRIDGE_HOSTILE"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal("INVBRIDGE_HOSTILE must be a number of documents")
		}
		count, sizes = n, append(sizes, 2_000_000)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(50)) // as in the function
	in := newReader(t)
	all := tally{}
	for number := range count {
		c := newCase(t, number, sizes)
		all.add(in.check(t, c))
		if t.Failed() && number > 0 && len(all.failed) > 20 {
			break
		}
	}
	t.Log(&all)
}

// tally counts what became of the documents.
type tally struct {
	read, machines, refused int
	slowest, largest        string
	time                    time.Duration
	memory                  uint64
	failed                  []string
}

func (a *tally) String() string {
	return fmt.Sprintf("%d read, with %d machines; %d refused. Most CPU: %v (%s); most memory: %d MiB (%s)",
		a.read, a.machines, a.refused, a.time, a.slowest, a.memory>>20, a.largest)
}

type result struct {
	name         string
	read, failed bool
	machines     int
	time         time.Duration
	memory       uint64
}

func (a *tally) add(r result) {
	if r.read {
		a.read++
	} else {
		a.refused++
	}
	a.machines += r.machines
	if r.time > a.time {
		a.time, a.slowest = r.time, r.name
	}
	if r.memory > a.memory {
		a.memory, a.largest = r.memory, r.name
	}
	if r.failed {
		a.failed = append(a.failed, r.name)
	}
}

// hostileCase is one document, and what is known of it.
type hostileCase struct {
	name   string
	syntax syntax
	shape  shape
	text   string // as it is damaged, before it is packed
	packed string
	names  map[string]bool
	whole  bool // it says what it said before
	merge  bool
}

func newCase(t *testing.T, number int, sizes []int) hostileCase {
	t.Helper()
	r := rand.New(rand.NewPCG(16, uint64(number)))
	all, ways, damages, packings := syntaxes(), shapes(), damages(), packings()
	s, way, size := all[number%len(all)], ways[number/len(all)%len(ways)], sizes[r.IntN(len(sizes))]
	hurt, pack := damages[0], packings[0]
	if r.IntN(4) > 0 {
		hurt = damages[r.IntN(len(damages))]
	}
	if r.IntN(3) == 0 {
		pack = packings[r.IntN(len(packings))]
	}
	d := way.make(r, size)
	c := hostileCase{
		name: fmt.Sprintf("%d: %s, %s, %d bytes, %s, %s", number, s.name, way.name, size, hurt.name, pack.name), syntax: s, shape: way,
		names: map[string]bool{}, whole: hurt.whole && pack.whole && !way.late, merge: hurt.merge,
	}
	for _, m := range d.machines {
		c.names[stripped(m.name)] = true
	}
	c.text = hurt.do(r, s, s.write(t, d))
	c.packed = pack.do(t, r, c.text)
	if isZip(c.text) && pack.name != "plain" { // an archive in an archive, which is its only member, or a workbook that cannot be opened so
		c.whole = false
	}
	return c
}

func (in *reader) check(t *testing.T, c hostileCase) result {
	t.Helper()
	got := result{name: c.name}
	fail := func(format string, args ...any) {
		t.Errorf("%s: %s", c.name, fmt.Sprintf(format, args...))
		got.failed = true
	}
	before := heap()
	start := cpuTime()
	var machines [][]string
	err := in.read(t, c.syntax.name, c.packed, func(int64) {
		now := heap()
		got.memory = max(got.memory, now-min(before, now))
	}, func(m intake.Machine) { machines = append(machines, m.Subject.Hostname) })
	got.time, got.read, got.machines = cpuTime()-start, err == nil, len(machines)
	if got.time > mostTime {
		fail("it took %v", got.time)
	}
	if got.memory > mostMemory {
		fail("it took %d MiB", got.memory>>20)
	}
	if err != nil {
		if problem := badError(err); problem != "" {
			fail("%s: %v", problem, err)
		}
		if c.whole {
			fail("it is whole, and was refused: %v", err)
		}
		return got
	}
	if c.whole && len(machines) != len(c.names) {
		fail("it names %d machines, and %d were read", len(c.names), len(machines))
	}
	for i, names := range machines {
		if len(names) == 0 && i == len(machines)-1 && c.endsInNoName() {
			continue
		}
		if !c.merge && !slices.ContainsFunc(names, c.has) {
			fail("a machine that is not in it: %q", names)
			break
		}
	}
	return got
}

// has reports whether a machine of the name is in the document. Lines of keys and values have no end of their own: where they are cut off in the
// last value, they say that.
func (c *hostileCase) has(name string) bool {
	return c.names[name] || c.syntax.name == "keyvalue" && !c.whole && strings.HasSuffix(c.text, "name: "+name)
}

// endsInNoName reports whether the document was cut off behind the key of its last machine's name. Lines of keys and values have no
// end of their own: that machine has no name.
func (c *hostileCase) endsInNoName() bool {
	line := c.text[strings.LastIndexByte(c.text, '\n')+1:]
	return c.syntax.name == "keyvalue" && !c.whole && (line == "name:" || line == "name: ")
}

var place = regexp.MustCompile(`line \d+|byte \d+|row \d+|column|record|bytes of it|member|the header|limit`)

// badError returns what is wrong with an error: it must be final, say where, and hold no value.
func badError(err error) string {
	switch {
	case strings.Contains(err.Error(), secret):
		return "an error with a value"
	case bridge.ClassOf(err) != bridge.Reject:
		return "an error for which the document would come again"
	case !place.MatchString(err.Error()) && !wholeDocument(err):
		return "an error without a place"
	}
	return ""
}

// wholeDocument reports whether an error is about a document as a whole: what it is cannot be told.
func wholeDocument(err error) bool {
	_, isOther := errors.AsType[*choose.NotReportError](err)
	return isOther || errors.Is(err, choose.ErrUnknownFormat) || errors.Is(err, choose.ErrEmpty) || errors.Is(err, document.ErrNoMembers)
}

// heap is how many bytes are in use.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
