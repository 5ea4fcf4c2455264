package bridge

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

const flawType = "Custom:Flaw"

// flawMappings read one kind of entry from documents of several kinds.
var flawMappings = map[string]string{
	"types.yaml": "version: 1\ntypes:\n  Custom:Flaw:\n    schemaVersion: \"1.0\"\n    key: [Id]\n    sort: [Id]\n    required: [Id]\n" +
		"    attributes:\n      Id: {}\n      Note: {}\n      Port: {}\n      Site: {}\n",
	"rows.yaml": "version: 1\nmapping: flaw-rows\ndetect:\n  - csv: [Server, Flaw]\nmatch:\n  - s3: {key: \"flaw-rows/**\"}\n" +
		"each: $rows\nidentify: {hostname: Server}\nCustom:Flaw:\n  Id: Flaw\n  Note: Note\n  Site: error\n",
	"tree.yaml": "version: 1\nmapping: flaw-tree\ndetect:\n  - json: [report.hosts.name]\n  - xml: report\nmatch:\n  - s3: {key: \"flaw-tree/**\"}\n" +
		"tables: {rules: {each: [report.rules.rule, rules.rule], key: id}}\neach: [report.hosts, hosts.host]\nidentify: {hostname: name}\n" +
		"capturedAt: [at, $doc.report.made, $doc.made]\nremove: r.gone == \"yes\"\n" +
		"Custom:Flaw:\n  each: flaws\n  Id: id\n  Note: note\n  Port: $rules(rule).port\n  Site: $up.site\n",
	"lines.yaml": "version: 1\nmapping: flaw-lines\ndetect:\n  - json: [machine, flaw]\nmatch:\n  - s3: {key: \"flaw-lines/**\"}\n" +
		"each: $rows\nkey: machine\nidentify: {hostname: name}\nCustom:Flaw:\n  Id: flaw\n  Note: note\n  Site: error\n",
	"bill.yaml": "version: 1\nmapping: flaw-bill\ndetect:\n  - json: [parts.name]\n  - xml: [bill, part]\nmatch:\n  - s3: {key: \"flaw-bill/{nodeId}/{site}/**\"}\n" +
		"source: flaw-bill/{$file.key.site}\ncapturedAt: $doc.made\nCustom:Flaw:\n  each: [(part)+, (parts)+]\n  Id: name\n  Note: $text\n  Site: $doc.site\n",
}

// flawRig is a rig with these mappings; web-5 and web-6 have one name, twin.
func flawRig(t *testing.T) *rig {
	t.Helper()
	dir := t.TempDir()
	for name, body := range flawMappings {
		if err := os.WriteFile(dir+"/"+name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, err := load.Options{}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	nodes := fleet(6)
	nodes[4].ComputerName, nodes[5].ComputerName = "twin", "twin"
	r := newRig(t, nodes)
	r.config.Mappings = set
	return r
}

// tooLong is an ID that is over a hard limit, and can be told from all other text.
func tooLong(n int) string { return strings.Repeat("z", 5000) + fmt.Sprint("-", n, ".") }

// mend puts an ID in its place.
func mend(text string, n int) string {
	return strings.ReplaceAll(text, tooLong(n), fmt.Sprint("mended-", n))
}

// under is a document put under a key of the uploads.
func under(key, body string, after time.Duration) intake.Document {
	return intake.Document{
		Source:   document.Inline("s3://uploads/"+key, []byte(body), start.Add(after)),
		Delivery: choose.Origin{Bucket: "uploads", Key: key},
	}
}

// file reads the file with the rejected records of an import.
func (r *rig) file(got receipt.Receipt) string {
	r.t.Helper()
	if got.RejectedFile == "" {
		r.t.Fatalf("no rejected records came back: %+v", got)
	}
	body, _, err := r.config.Ledger.Store().Get(r.t.Context(), got.RejectedFile)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(body)
}

// flaws is what all nodes hold.
func (r *rig) flaws() []string {
	var all []string
	for i := range 6 {
		for _, e := range r.entries(nodeID(i+1), flawType) {
			all = append(all, fmt.Sprint(i+1, e["Id"], e["Note"], e["Port"], e["Site"]))
		}
	}
	slices.Sort(all)
	return all
}

func utf16le(text string) string {
	b := []byte{0xff, 0xfe}
	for _, c := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, c)
	}
	return string(b)
}

func TestMendedFilesAreMerged(t *testing.T) {
	for _, c := range []struct{ name, key, body, back string }{
		{"CSV", "flaw-rows/a.csv", "Server,Flaw,Note\nweb-1,A,x\nweb-1,BAD,y\nweb-2,C,\n", "Server,Flaw,Note,error\nweb-1,BAD,y,WHY\n"},
		{
			"CSV with semicolons, a preamble and several lines in a cell", "flaw-rows/a.csv",
			"a report;\n;\nServer;Flaw;;Note\r\nweb-1;BAD;1;\"two\r\nlines; \"\"quoted\"\"\"\r\nweb-2;C\r\n",
			"Server;Flaw;;Note;error\nweb-1;BAD;1;\"two\nlines; \"\"quoted\"\"\";WHY\n",
		},
		{"CSV with an error of its own", "flaw-rows/a.csv", "error\tServer\tFlaw\ns\tweb-1\tBAD\nu\tweb-2\tB\n", "error\tServer\tFlaw\t$error\ns\tweb-1\tBAD\tWHY\n"},
		{"UTF-16", "flaw-rows/a.csv", utf16le("Server\tFlaw\tNote\nweb-1\tBAD\tü\n"), "Server\tFlaw\tNote\terror\nweb-1\tBAD\tü\tWHY\n"},
		{
			"a nested list of JSON", "flaw-tree/a.json",
			`{"report":{"site":"s","made":"2026-03-01T00:00:00Z","hosts":[{"name":"web-1","n":1,"flaws":[{"id":"A","rule":"r1"}]},{"name":"web-2","flaws":[{"id":"BAD","rule":"r2"},{"id":"B"}]}],` +
				`"rules":{"rule":[{"id":"r1","port":"1"},{"id":"r2","port":"2"}]}}}`,
			`{"error":"WHY","report":{"hosts":[{"name":"web-2","flaws":[{"id":"BAD","rule":"r2"},{"id":"B"}]}],"site":"s","made":"2026-03-01T00:00:00Z","rules":{"rule":{"id":"r2","port":"2"}}}}` + "\n",
		},
		{
			"two hosts of XML", "flaw-tree/a.xml",
			`<report made="2026-03-01" site="s"><hosts><host name="web-1"><flaws id="A" rule="R1">t</flaws></host><host name="web-2" at="2026-03-02"><flaws id="BAD"><note>n</note></flaws><flaws id="B"/></host></hosts>` +
				`<rules><rule id="r1" port="1"/></rules></report>`,
			`{"error":"WHY","hosts":{"host":{"name":"web-2","at":"2026-03-02","flaws":[{"id":"BAD","note":"n"},{"id":"B"}]}},"made":"2026-03-01","site":"s"}` + "\n",
		},
		{
			"lines, whose machine another line names", "flaw-lines/a.ndjson",
			`{"machine":"m","name":"web-1","flaw":"A"}` + "\n" + `{"machine":"m","flaw":"BAD","error":"e"}` + "\n" + `{"machine":"n","name":"web-2","flaw":"B"}`,
			`{"error":"not rejected: it names the machine of another record","machine":"m","name":"web-1","flaw":"A"}` + "\n" + `{"$error":"WHY","machine":"m","flaw":"BAD","error":"e"}` + "\n",
		},
		{
			"a document that names no machine", "flaw-bill/" + nodeID(3) + "/north/a.json",
			`{"made":"2026-03-01","site":"s","parts":[{"name":"A","parts":[{"name":"BAD"}]},{"name":"B"}]}`,
			`{"error":"WHY","made":"2026-03-01","site":"s","parts":[{"name":"A","parts":[{"name":"BAD"}]},{"name":"B"}]}` + "\n",
		},
		{
			"one of XML", "flaw-bill/" + nodeID(3) + "/north/a.xml", `<bill made="2026-03-01" site="s"><part name="BAD"> own &amp; text </part></bill>`,
			`{"error":"WHY","made":"2026-03-01","site":"s","part":{"name":"BAD","$text":"own & text"}}` + "\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			fixed := flawRig(t)
			fixed.put(under(c.key, bad(c.body, "mended-1"), 0))
			r := flawRig(t)
			got := r.put(under(c.key, bad(c.body, tooLong(1)), 0))
			back := r.file(got)
			want := strings.ReplaceAll(c.back, "WHY", `value of \"Id\" over 4096 bytes`)
			if strings.HasSuffix(got.RejectedFile, ".csv") {
				want = strings.ReplaceAll(c.back, "WHY", `"value of ""Id"" over 4096 bytes"`)
			}
			if diff := cmp.Diff(strings.ReplaceAll(want, "BAD", "#"), strings.ReplaceAll(back, tooLong(1), "#")); diff != "" {
				t.Errorf("what came back: %s", diff)
			}
			again := r.put(under(path.Dir(c.key)+"/"+strings.Replace(path.Base(got.RejectedFile), ".", " (1).", 1), mend(back, 1), time.Minute))
			if again.Into != got.Import || again.RejectedFile != "" || again.Mapping != got.Mapping {
				t.Errorf("the mended file: %+v", again)
			}
			if diff := cmp.Diff(fixed.flaws(), r.flaws()); diff != "" || len(r.flaws()) == 0 {
				t.Errorf("(-whole +mended) %s", diff)
			}
		})
	}
}

// bad puts an ID into a document, in the document's encoding.
func bad(body, id string) string {
	if strings.HasPrefix(body, "\xff\xfe") {
		return strings.ReplaceAll(body, utf16le("BAD")[2:], utf16le(id)[2:])
	}
	return strings.ReplaceAll(body, "BAD", id)
}

func TestARecordOfNoOneMachineComesBack(t *testing.T) {
	r := flawRig(t)
	got := r.put(text("a.csv", "Server,Flaw\nweb-1,A\ntwin,B\n", 0))
	back := r.file(got)
	if got.Counts.Of(receipt.Rejected) != 1 || strings.Count(back, "\n") != 2 || !strings.Contains(back, "\ntwin,B,") {
		t.Fatalf("%+v: %q", got.Counts, back)
	}
	r.put(text("mended/"+path.Base(got.RejectedFile), strings.Replace(back, "twin", "web-1", 1), time.Minute))
	if values := r.values(nodeID(1), flawType, "Id"); values != "A B" {
		t.Errorf("the node holds %q", values)
	}
}

func TestMendedFilesThatAreNotTakenIn(t *testing.T) {
	r := flawRig(t)
	rows := r.put(under("flaw-rows/a.csv", "Server,Flaw\nweb-1,A\nweb-1,\n", 0))
	bill := r.put(under("flaw-bill/"+nodeID(3)+"/north/a.json", `{"parts":[{"name":"A"},{"name":"","x":"1"}]}`, 0))
	clean := r.put(under("flaw-rows/b.csv", "Server,Flaw\nweb-1,A\n", time.Second))
	body := r.file(rows)
	for _, c := range []struct {
		name, key, body, want string
	}{
		{"another mapping's key", "nessus/" + path.Base(rows.RejectedFile), body, "no match of that takes documents from here"},
		{"no mapping's key", "other/" + path.Base(rows.RejectedFile), body, "no match of that takes documents from here"},
		{"another machine's key", "flaw-bill/" + nodeID(4) + "/north/" + path.Base(bill.RejectedFile), r.file(bill), "another nodeId"},
		{"no such import", "flaw-rows/rejected-0123456789abcdef01234567.csv", body, "has no such import"},
		{"an import that rejected nothing", "flaw-rows/rejected-" + clean.Import + ".csv", body, "returned none"},
		{"another format", "flaw-rows/" + path.Base(rows.RejectedFile), "<a/>", "leave them so"},
	} {
		_, err := r.bridge().Import(t.Context(), under(c.key, c.body, time.Minute), Options{})
		if err == nil || ClassOf(err) != Reject || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	note := r.put(under("flaw-rows/"+path.Base(rows.RejectedFile), "Server,Flaw\n", time.Minute))
	if len(note.Notes) != 1 || !strings.Contains(note.Notes[0].Text, "has no record") {
		t.Errorf("a mended file of nothing: %+v", note.Notes)
	}
}

func TestManyRejectedRecordsComeBackInSeveralFiles(t *testing.T) {
	r := flawRig(t)
	var b strings.Builder
	b.WriteString("Server,Flaw,Note\n")
	for range 40 {
		b.WriteString("web-1,," + strings.Repeat("n", 1<<19) + "\n")
	}
	got := r.put(text("a.csv", b.String(), 0))
	var keys []string
	rows := 0
	for key, err := range r.config.Ledger.Store().List(t.Context(), "rejected/"+got.Import+"/") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
		rows += strings.Count(r.file(receipt.Receipt{RejectedFile: key}), "web-1,")
	}
	if len(keys) != 3 || rows != 40 || !slices.Contains(keys, got.RejectedFile) || len(got.Notes) != 1 {
		t.Errorf("%d records in %v, notes %+v", rows, keys, got.Notes)
	}
}

// breakage is a random document in which some values are broken, each in a way of its own.
type breakage struct {
	*rand.Rand
	broken []string // how each is written in the document
	good   []string // and how it is written where it is right
}

func (b *breakage) id() string {
	n := len(b.broken)
	if b.IntN(3) > 0 {
		return fmt.Sprint("F", b.IntN(50))
	}
	b.broken, b.good = append(b.broken, tooLong(n)), append(b.good, fmt.Sprint("mended-", n))
	return tooLong(n)
}

// host names a machine, at times so that two have the name: the right name is another one.
func (b *breakage) host() string {
	name := fmt.Sprint("web-", 1+b.IntN(4))
	if b.IntN(6) > 0 {
		return name
	}
	twin := fmt.Sprintf("twin.d%d.example", len(b.broken))
	b.broken, b.good = append(b.broken, twin), append(b.good, name)
	return twin
}

func (b *breakage) document() (key, body string) {
	var rows []string
	switch b.IntN(3) {
	case 0:
		for range b.IntN(8) {
			rows = append(rows, fmt.Sprintf("%s,%s,\"n\"\"%d\"", b.host(), b.id(), b.IntN(3)))
		}
		return "flaw-rows/a.csv", "Server,Flaw,Note\n" + strings.Join(rows, "\n") + "\n"
	case 1:
		for range b.IntN(4) {
			var flaws []string
			for range b.IntN(4) {
				flaws = append(flaws, fmt.Sprintf(`{"id":"%s","rule":"r%d"}`, b.id(), b.IntN(3)))
			}
			rows = append(rows, fmt.Sprintf(`{"name":"%s","flaws":[%s]}`, b.host(), strings.Join(flaws, ",")))
		}
		return "flaw-tree/a.json", `{"report":{"rules":{"rule":[{"id":"r1","port":1}]},"hosts":[` + strings.Join(rows, ",") + `],"site":"s"}}`
	default:
		for range b.IntN(4) {
			var flaws strings.Builder
			for range b.IntN(4) {
				fmt.Fprintf(&flaws, `<flaws rule="r%d"><id>%s</id></flaws>`, b.IntN(3), b.id())
			}
			rows = append(rows, fmt.Sprintf(`<host><name>%s</name>%s</host>`, b.host(), flaws.String()))
		}
		return "flaw-tree/a.xml", `<report site="s"><hosts>` + strings.Join(rows, "") + `</hosts><rules><rule id="r1" port="1"/></rules></report>`
	}
}

// TestMendingIsAsGoodAsADocumentThatWasRight imports random broken documents, mends what comes back in two steps, and compares with
// the import of the same document where nothing is broken.
func TestMendingIsAsGoodAsADocumentThatWasRight(t *testing.T) {
	for seed := range uint64(60) {
		b := &breakage{Rand: rand.New(rand.NewPCG(seed, 7))}
		key, body := b.document()
		right := body
		for i := range b.broken {
			right = strings.ReplaceAll(right, b.broken[i], b.good[i])
		}
		fixed, r := flawRig(t), flawRig(t)
		fixed.put(under(key, right, 0))
		got := r.put(under(key, body, 0))
		for step := 1; got.RejectedFile != ""; step++ {
			back := r.file(got)
			for i := range b.broken {
				if i%2 == 0 || step > 1 {
					back = strings.ReplaceAll(back, b.broken[i], b.good[i])
				}
			}
			if step > 3 {
				t.Fatalf("seed %d: still rejected: %+v", seed, got)
			}
			got = r.put(under(path.Dir(key)+"/"+path.Base(got.RejectedFile), back, time.Duration(step)*time.Minute))
		}
		if diff := cmp.Diff(fixed.flaws(), r.flaws()); diff != "" {
			t.Fatalf("seed %d: (-whole +mended) %s\n%s", seed, diff, body)
		}
	}
}

func TestRejectedFilesAreWrittenByTheRoleIntakeAndByNoPlan(t *testing.T) {
	r := flawRig(t)
	d := under("flaw-rows/a.csv", "Server,Flaw\nweb-1,A\nweb-1,\n", 0)
	plan, err := r.bridge().Import(t.Context(), d, Options{Plan: true})
	if err != nil || plan.RejectedFile != "" {
		t.Fatalf("a plan: %+v, %v", plan, err)
	}
	own, _, err := r.bridge().Stage(t.Context(), d)
	if err != nil || own.RejectedFile == "" || own.Origin == nil {
		t.Fatalf("%+v, %v", own, err)
	}
}
