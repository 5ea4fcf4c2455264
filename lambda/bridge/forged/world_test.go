package forged

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"io"
	"iter"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

const (
	shared, own, other = "Custom:Shared", "Custom:Own", "Custom:Other"
	partitions         = 2
)

var now = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// files are three mappings with different rights.
var files = map[string]string{
	"types.yaml": "version: 1\ntypes:\n" + typeYAML(shared) + typeYAML(own) + typeYAML(other),
	"wide.yaml":  mappingYAML("wide", "absent: {clear: true, maxCleared: 25%}\n", shared, own),
	"narrow.yaml": mappingYAML("narrow", fmt.Sprintf("absent: {clear: true, maxCleared: 100%%}\nallow: {nodes: [%s, %s, %s]}\n", id(1), id(2), id(3)),
		shared, other),
	"keep.yaml": mappingYAML("keep", "", shared),
}

func typeYAML(name string) string {
	return "  " + name + ":\n    schemaVersion: \"1.0\"\n    key: [Id]\n    sort: [Id]\n    required: [Id]\n    attributes: {Id: {}, Note: {}}\n"
}

func mappingYAML(name, rules string, types ...string) string {
	text := "version: 1\nmapping: " + name + "\ndetect:\n  - csv: [Server, " + name + "]\nmatch:\n  - s3: {key: \"" + name + "/**\"}\n" +
		"each: $rows\nsource: " + name + "/{site}\nidentify: {hostname: Server}\n" + rules
	for _, t := range types {
		text += t + ":\n  Id: Id\n  Note: Note\n"
	}
	return text
}

func id(i int) string { return fmt.Sprintf("i-%017x", 0xa0000+i) }

// world is an installation: its mappings, and its state in memory.
type world struct {
	t        *testing.T
	mappings *mapping.Set
	nodes    *node.Directory
	shelf    shelf
	base     shelf             // before anything was forged
	intake   *testfiles.Grants // what its role may do
	refused  map[string]bool   // keys that it may not write
	puts     []*ssm.PutInventoryInput
	now      time.Time
	bridge   *bridge.Bridge
	ledger   *ledger.Ledger
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(dir+"/"+name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, err := load.Options{}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	var nodes []node.Node
	for i := range 10 {
		nodes = append(nodes, node.Node{ID: id(i), ComputerName: fmt.Sprint("web-", i)})
	}
	w := &world{t: t, mappings: set, nodes: node.New(nodes), now: now, intake: testfiles.Rights(t, "intake"), refused: map[string]bool{}}
	w.open(shelf{})
	return w
}

// open begins anew with a state.
func (w *world) open(s shelf) {
	w.t.Helper()
	w.shelf, w.puts = s, nil
	var err error
	w.ledger, err = ledger.Open(w.t.Context(), s, ledger.Options{Partitions: partitions, Now: func() time.Time { return w.now }})
	if err != nil {
		w.t.Fatal(err)
	}
	w.bridge = bridge.New(bridge.Config{
		Mappings: w.mappings, Ledger: w.ledger, Place: bridge.Place{Bucket: "state"}, Role: bridge.RoleDelivery, Nodes: w.nodes,
		SSM: service{world: w}, Objects: objects{world: w}, Now: func() time.Time { return w.now }, Writer: "delivery",
	})
}

// handle hands an event to the role delivery, and returns what became of it.
func (w *world) handle(event string) bridge.MessageAnswer {
	w.t.Helper()
	answer, err := w.bridge.Handle(w.t.Context(), json.RawMessage(event))
	if err != nil {
		return bridge.MessageAnswer{Error: err.Error(), Class: bridge.Retry}
	}
	return answer.(bridge.Answer).Messages[0]
}

// delivery is what a staged or parked object has.
type delivery struct {
	Header     ledger.Header
	Statements []ledger.Statement
}

func (d *delivery) list() iter.Seq2[*ledger.Statement, error] {
	return func(yield func(*ledger.Statement, error) bool) {
		for i := range d.Statements {
			if !yield(&d.Statements[i], nil) {
				return
			}
		}
	}
}

// stage writes a delivery as intake does, and returns its key.
func (w *world) stage(d *delivery) (string, error) {
	var b bytes.Buffer
	if err := ledger.WriteDelivery(&b, d.Header, d.list()); err != nil {
		return "", err
	}
	key := fmt.Sprintf("staging/%s/%d", d.Header.Import, d.Header.Partition)
	w.shelf[key] = b.String()
	return key, nil
}

func event(key string) string {
	body, _ := json.Marshal(map[string]any{"delivery": map[string]string{"bucket": "state", "key": key}}) //nolint:errchkjson // of strings
	return string(body)
}

// shapes are the types of a delivery.
func (w *world) shapes(names ...string) []ledger.TypeShape {
	var list []ledger.TypeShape
	for _, name := range names {
		t, ok := w.mappings.Type(name)
		if !ok {
			w.t.Fatal(name)
		}
		list = append(list, ledger.Shape(t.Inventory))
	}
	return list
}

// states is a statement with an entry of each type.
func states(node, source string, at time.Time, types ...string) ledger.Statement {
	s := ledger.Statement{
		Node: node, Source: source, Captured: at, Records: []ledger.RecordResult{{Number: 1, Line: 2}},
		Subject: []string{"hostname=web", "tie:" + mappingOf(source) + "=" + node},
	}
	for _, t := range types {
		s.Types = append(s.Types, ledger.TypeStatement{Type: t, Rows: []ledger.Row{{Values: inventory.Entry{source, node}}, {Values: inventory.Entry{t, "x"}}}})
	}
	return s
}

func mappingOf(source string) string {
	name, _, _ := strings.Cut(source, "/")
	return name
}

// importID is that of the i-th import.
func importID(i int) string { return fmt.Sprintf("%024x", i) }

// honest are deliveries as intake makes them: snapshots, merges, a part, a page, a scope, and one that says which nodes are absent.
func (w *world) honest() []*delivery {
	var all []*delivery
	add := func(i int, mapping, source string, nodes []int, change func(*delivery), types ...string) {
		for p := range partitions {
			at := now.Add(time.Duration(i-100) * time.Minute)
			d := &delivery{Header: ledger.Header{
				Import: importID(i), Partition: p, Mapping: mapping, Form: "site", MappingHash: "h", Document: "s3://uploads/" + mapping, Written: at,
				Received: at.Add(time.Minute), Types: w.shapes(types...),
			}}
			for _, n := range nodes {
				if w.ledger.Partition(id(n)) == p {
					d.Statements = append(d.Statements, states(id(n), source, at, types...))
				}
			}
			if change != nil {
				change(d)
			}
			all = append(all, d)
		}
	}
	merge := func(d *delivery) {
		for i := range d.Statements {
			d.Statements[i].Merge, d.Statements[i].Part = true, true
		}
	}
	add(1, "wide", "wide/a", []int{0, 1, 2, 3, 4, 5, 6, 7}, nil, shared, own)
	add(2, "wide", "wide/b", []int{4, 5, 6, 7, 8, 9}, nil, shared)
	add(3, "narrow", "narrow", []int{1, 2, 3}, nil, shared, other)
	add(4, "keep", "keep/x", []int{0, 2, 4, 6, 8}, nil, shared)
	add(5, "keep", "keep/y", []int{1, 2, 3}, merge, shared)
	for page := 1; page <= 2; page++ {
		add(5+page, "wide", "wide/list", []int{1, 2, 3, 4}, func(d *delivery) {
			merge(d)
			d.Header.Page = &ledger.Page{Number: page, Of: 3, Sources: []string{"wide/list"}}
		}, own)
	}
	add(8, "keep", "keep/x", []int{2, 4}, func(d *delivery) {
		for i := range d.Statements {
			d.Statements[i].Types[0].Scope = &inventory.Scope{Clauses: []inventory.Clause{{{Attribute: "Id", Values: []string{"1-9", "x"}}}}}
		}
	}, shared)
	add(9, "wide", "wide/a", []int{0, 1, 2, 3, 4, 5, 6}, func(d *delivery) {
		at := ledger.Stamp{Captured: d.Header.Written, Written: d.Header.Written}
		d.Header.Absence = &ledger.Absence{Stamp: at, Sources: []string{"wide/a"}}
	}, shared, own)
	return all
}

// receiptOf is intake's part of the receipt of an import that has these deliveries.
func receiptOf(all ...*delivery) receipt.Import {
	d, records, touched := all[0], 0, []int(nil)
	for _, one := range all {
		touched = append(touched, one.Header.Partition)
		for _, s := range one.Statements {
			records += len(s.Records)
		}
	}
	in := receipt.Import{
		Part: receipt.Part{Import: d.Header.Import}, Mapping: d.Header.Mapping, Received: d.Header.Received, Written: d.Header.Written, Document: d.Header.Document,
		Key: d.Header.Mapping + "/a.csv", Partitions: touched, Read: records,
	}
	if d.Header.Absence != nil {
		in.Clears = &receipt.Clears{Sources: d.Header.Absence.Sources, MaxCleared: 1}
	}
	return in
}

func (w *world) putReceipt(key string, in receipt.Import) {
	w.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		w.t.Fatal(err)
	}
	w.shelf["receipts/"+key+"/intake.json"] = string(body)
}

// names stages the identifiers that a document names.
func (w *world) names(id string, list ...string) {
	w.t.Helper()
	var n ledger.NamedIdentifiers
	for _, one := range list {
		n.Add(one)
	}
	if err := w.ledger.WriteNamedIdentifiers(w.t.Context(), id, &n); err != nil {
		w.t.Fatal(err)
	}
}

// begin delivers all that is honest but the last, in which nodes are absent, and parks what has no node.
func (w *world) begin() []*delivery {
	w.t.Helper()
	all := w.honest()
	for i, d := range all[:len(all)-2*partitions] {
		w.putReceipt(d.Header.Import, receiptOf(all[i/partitions*partitions:][:partitions]...))
		key, err := w.stage(d)
		if err != nil {
			w.t.Fatal(err)
		}
		if got := w.handle(event(key)); got.Error != "" {
			w.t.Fatal(got.Error)
		}
	}
	for _, source := range []string{"wide/a", "narrow", "keep/x"} {
		w.park(source, importID(20), parked(source, importID(20)))
		w.park(source, importID(21), parked(source, importID(21)))
	}
	return all
}

// parked is a statement about a machine that no node is found for.
func parked(source, id string) *delivery {
	s := states("", source, now.Add(-time.Hour), shared)
	s.Subject = []string{"hostname=nowhere"}
	shape := ledger.TypeShape{Name: shared, Attributes: []string{"Id", "Note"}}
	return &delivery{
		ledger.Header{Import: id, Mapping: mappingOf(source), Written: now.Add(-time.Hour), Received: now.Add(-time.Hour), Types: []ledger.TypeShape{shape}},
		[]ledger.Statement{s},
	}
}

func (w *world) park(source, id string, d *delivery) {
	w.t.Helper()
	h := d.Header
	body := func(yield func(*ledger.Statement, error) bool) { d.list()(yield) }
	key := ledger.ParkedKey{Source: source, Import: id}
	if err := w.ledger.WriteParked(w.t.Context(), key.Source, h, false, body); err != nil {
		w.t.Fatal(err)
	}
}

// view is all of the state that a mapping may not change, as text by what it is about; of no mapping: all of it.
func (w *world) view(name string) map[string]string {
	w.t.Helper()
	m, _ := w.mappings.Head(name)
	all := map[string]string{}
	put := func(value any, of ...string) {
		body, err := json.Marshal(value)
		if err != nil {
			w.t.Fatal(err)
		}
		all[strings.Join(of, " ")] = string(body)
	}
	for p := range partitions {
		h, err := w.ledger.Load(w.t.Context(), p)
		if err != nil {
			w.t.Fatal(err)
		}
		for list, pages := range h.Pages {
			if !allowed.Owns(name, strings.Split(list, "\n")[0]) { // one of a mapping that is not loaded may note its own pages, of which nothing comes
				put(pages, "pages", list)
			}
		}
		for id, n := range h.Nodes {
			w.viewNode(m, id, n, put)
			for name, t := range n.Types {
				for source, share := range t.Shares {
					if !owns(m, source) && share.Rows != "" {
						w.viewRows(h, name, share, put, id, name, source)
					}
				}
			}
		}
	}
	keys, err := w.ledger.Parked(w.t.Context(), "")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, k := range keys {
		if w.base[k.Object] != "" && !owns(m, k.Source) {
			put(len(w.shelf[k.Object]), "parked", k.Object)
		}
	}
	sources, err := w.bridge.Sources(w.t.Context())
	if sources == nil { // with an error that names what is damaged of what waits, the list has the rest
		w.t.Fatal(err)
	}
	for _, s := range sources {
		if !owns(m, s.Source) {
			put(s, "summary", s.Source)
		}
	}
	return all
}

// heads are the heads as they are stored.
func (w *world) heads() (all [partitions]string) {
	for p := range partitions {
		all[p] = w.shelf[fmt.Sprintf("heads/%04d.json", p)]
		if all[p] == "" {
			w.t.Fatal("a head is gone")
		}
	}
	return all
}

func (w *world) viewRows(h *ledger.Head, name string, share *ledger.Share, put func(any, ...string), of ...string) {
	w.t.Helper()
	t, ok := w.mappings.Type(name)
	if !ok {
		w.t.Fatalf("the head has rows of the type %q", name)
	}
	rows, err := w.ledger.ReadRows(w.t.Context(), h, t.Inventory, share.Rows)
	if err != nil {
		w.t.Fatal(err)
	}
	put(rows, append([]string{"rows"}, of...)...)
}

func (w *world) viewNode(m *mapping.Head, id string, n *ledger.NodeState, put func(any, ...string)) {
	may := m != nil && (len(m.Allow.Nodes) == 0 || slices.Contains(m.Allow.Nodes, id))
	for source, known := range n.Sources {
		if !may || !owns(m, source) {
			put(known, id, "source", source)
		}
	}
	for family, numbers := range n.Numbers {
		if !may || family != m.Family {
			put(numbers, id, "numbers", family)
		}
	}
	for name, t := range n.Types {
		fills := may && slices.ContainsFunc(m.Types(), func(t *mapping.Type) bool { return t.Name() == name })
		if !fills && t.Accepted != nil {
			put(t.Accepted, id, name, "accepted")
		}
		for source, share := range t.Shares {
			if !fills || !owns(m, source) {
				put(share, id, name, source)
			}
		}
		if n.Intent != nil && n.Intent.Types[name] != nil && !fills {
			put(n.Intent.Types[name], id, name, "intent")
		}
	}
}

func owns(m *mapping.Head, source string) bool {
	return m != nil && (source == m.Name || strings.HasPrefix(source, m.Name+"/"))
}

// cleared counts the nodes on which a source was cleared, and those about which it has stated anything.
func (w *world) cleared() (cleared, nodes map[string]int) {
	w.t.Helper()
	cleared, nodes = map[string]int{}, map[string]int{}
	for p := range partitions {
		h, err := w.ledger.Load(w.t.Context(), p)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, n := range h.Nodes {
			for source, known := range n.Sources {
				nodes[source]++
				if !known.Cleared.IsZero() {
					cleared[source]++
				}
			}
		}
	}
	return cleared, nodes
}

// checkCleared checks that no more nodes were cleared than the mappings allow.
func (w *world) checkCleared() error {
	cleared, nodes := w.cleared()
	for source, n := range cleared {
		m, ok := w.mappings.Head(mappingOf(source))
		if !ok || !m.Absent.Clear {
			return fmt.Errorf("%d nodes of %s were cleared, and its mapping clears none", n, source)
		}
		if most := max(1, int(math.Floor(m.Absent.MaxCleared*float64(nodes[source])))); n > most {
			return fmt.Errorf("%d of %d nodes of %s were cleared, and at most %d may be", n, nodes[source], source, most)
		}
	}
	return nil
}

// service is Systems Manager: it takes all that is put.
type service struct {
	bridge.SSM
	world *world
}

func (s service) PutInventory(_ context.Context, in *ssm.PutInventoryInput, _ ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error) {
	s.world.puts = append(s.world.puts, in)
	return &ssm.PutInventoryOutput{}, nil
}

func (service) GetInventorySchema(context.Context, *ssm.GetInventorySchemaInput, ...func(*ssm.Options)) (*ssm.GetInventorySchemaOutput, error) {
	return &ssm.GetInventorySchemaOutput{}, nil
}

func (service) ListInventoryEntries(context.Context, *ssm.ListInventoryEntriesInput, ...func(*ssm.Options)) (*ssm.ListInventoryEntriesOutput, error) {
	return &ssm.ListInventoryEntriesOutput{}, nil
}

// objects reads the state as S3 does.
type objects struct{ world *world }

func (o objects) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	body, ok := o.world.shelf[*in.Key]
	if !ok || *in.Bucket != "state" {
		return nil, ledger.ErrNotFound
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader(body))}, nil
}

// shelf is a store in memory.
type shelf map[string]string

var seed = maphash.MakeSeed()

func tag(data string) string { return strconv.FormatUint(maphash.String(seed, data), 16) }

func (s shelf) Get(_ context.Context, key string) ([]byte, string, error) {
	data, ok := s[key]
	if !ok {
		return nil, "", ledger.ErrNotFound
	}
	return []byte(data), tag(data), nil
}

func (s shelf) Put(_ context.Context, key string, data []byte, condition string) (string, error) {
	old, ok := s[key]
	if condition == ledger.Absent && ok || condition != ledger.Absent && condition != ledger.Any && (!ok || tag(old) != condition) {
		return "", ledger.ErrConflict
	}
	s[key] = string(data)
	return tag(string(data)), nil
}

func (s shelf) Delete(_ context.Context, key string) error {
	delete(s, key)
	return nil
}

func (s shelf) List(_ context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, key := range slices.Sorted(maps.Keys(s)) {
			if strings.HasPrefix(key, prefix) && !yield(key, nil) {
				return
			}
		}
	}
}
