package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/planned"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// register is a register of two servers, and what it is a month later: one has changed, one is gone, one is new.
const (
	register = exportHead + "a,cmdb_ci_server,web-1,,,Linux\nb,cmdb_ci_server,web-2,,,Linux\nc,cmdb_ci_server,web-3,,,Linux\n"
	later    = exportHead + "a,cmdb_ci_server,web-1,,,\"Windows\u202e Server\"\nb,cmdb_ci_server,web-2,,,Linux\nd,cmdb_ci_server,web-4,,,Linux\n"
)

type planRig struct {
	t     *testing.T
	box   *sandbox.Sandbox
	env   map[string]string
	dir   string
	shown strings.Builder // the session
}

func newPlanRig(t *testing.T) *planRig {
	t.Helper()
	r := &planRig{t: t, dir: t.TempDir()}
	r.box, r.env = against(t, webNode(1, "web-1"), webNode(2, "web-2"), webNode(3, "web-3"), webNode(4, "web-4"))
	r.env["INVBRIDGE_STATE"] = filepath.Join(r.dir, "state")
	return r
}

// run runs a line, and adds it to the session that is shown.
func (r *planRig) run(want int, args ...string) string {
	r.t.Helper()
	code, out, errs := runLine(r.t, r.env, "", args...)
	if code != want {
		r.t.Fatalf("%v: exit code %d, want %d: %s%s", args, code, want, out, errs)
	}
	shown := strings.NewReplacer(r.dir+string(filepath.Separator), "").Replace("$ invbridge " + strings.Join(args, " ") + "\n" + out + errs)
	r.shown.WriteString(shown + "\n")
	return out + errs
}

func (r *planRig) file(name, body string) string {
	when := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	if body != register {
		when = when.AddDate(0, 1, 0)
	}
	return r.fileOf(name, body, when)
}

// fileOf writes a file that was last written at a time.
func (r *planRig) fileOf(name, body string, when time.Time) string {
	r.t.Helper()
	path := write(r.t, r.dir, name, body)
	if err := os.Chtimes(path, when, when); err != nil {
		r.t.Fatal(err)
	}
	return path
}

// TestPlanIsShownRowByRow is a session: what would come, go and change, and a put that does exactly that.
func TestPlanIsShownRowByRow(t *testing.T) {
	r := newPlanRig(t)
	runLine(t, r.env, "", "put", "--rate", "0", r.file("register.csv", register))
	file, plan := r.file("register.csv", later), filepath.Join(r.dir, "plan.bin")
	before := r.box.Counts().Calls["PutInventory"]
	r.run(exitDone, "plan", file, "--out", plan)
	r.run(exitDone, "plan", file, "--node", "WEB-4", "--type", "asset")
	if calls := r.box.Counts().Calls["PutInventory"]; calls != before {
		t.Fatalf("a plan made %d calls of PutInventory", calls-before)
	}
	r.run(exitDone, "source", "remove", "servicenow", "--plan")
	r.run(exitDone, "plan", file, "--all", "--type", "Asset", "--node", webNode(2, "").InstanceID)
	out := r.run(exitDone, "put", "--rate", "0", plan)
	if !strings.Contains(out, "took 2 calls") {
		t.Errorf("the put of the plan: %s", out)
	}
	r.run(exitDone, "plan", file)
	shown := r.shown.String()
	for _, id := range []string{"import ", "receipt "} { // IDs are made from the file's path, too
		shown = hideWord(shown, id)
	}
	for line := range strings.SplitSeq(shown, "\n") {
		if len([]rune(line)) > 200 {
			t.Errorf("a line of %d characters", len([]rune(line)))
		}
	}
	testfiles.Golden(t, filepath.Join("testdata", "plan.golden.txt"), []byte(shown))
}

// TestPlanOfAnOlderFile shows that a node of which something newer was stated counts as none that would change.
func TestPlanOfAnOlderFile(t *testing.T) {
	r := newPlanRig(t)
	r.run(exitDone, "put", "--rate", "0", r.file("register.csv", later))
	older := r.file("register.csv", register)
	if out := r.run(exitDone, "plan", older); !strings.Contains(out, "1 node would change, 0 unchanged, 2 stale: something newer was stated (--all shows them)") {
		t.Error(out)
	}
	if out := r.run(exitDone, "plan", "--all", older); !strings.Contains(out, "web-2 (i-") {
		t.Error(out)
	}
}

// TestSourceListSaysWhatTheLastImportStated shows an export that has half of the machines.
func TestSourceListSaysWhatTheLastImportStated(t *testing.T) {
	r := newPlanRig(t)
	r.run(exitDone, "put", "--rate", "0", r.file("register.csv", register))
	if out := r.run(exitDone, "source", "list"); strings.Contains(out, "by an import of") {
		t.Error(out)
	}
	r.run(exitDone, "put", "--rate", "0", r.fileOf("register.csv", exportHead+"a,cmdb_ci_server,web-1,,,Linux\n", time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)))
	if out := r.run(exitDone, "source", "list"); !strings.Contains(out, ", by an import of 1 node\n") {
		t.Error(out)
	}
}

// TestSourceIsRemovedFromANodeByItsName: a name that no node has is an error.
func TestSourceIsRemovedFromANodeByItsName(t *testing.T) {
	r := newPlanRig(t)
	r.run(exitDone, "put", "--rate", "0", r.file("register.csv", register))
	r.run(exitFailed, "source", "remove", "--rate", "0", "servicenow", "--node", "nobody")
	if out := r.run(exitDone, "source", "remove", "servicenow", "--node", "web-1", "--plan"); !strings.Contains(out, "1 node would change") {
		t.Error(out)
	}
	r.run(exitDone, "source", "remove", "--rate", "0", "servicenow", "--node", "WEB-1")
	if out := r.run(exitDone, "source", "list"); !strings.Contains(out, " 2 nodes ") {
		t.Error(out)
	}
}

// hideWord replaces the word after a word.
func hideWord(text, after string) string {
	parts := strings.Split(text, after)
	for i := 1; i < len(parts); i++ {
		if end := strings.IndexAny(parts[i], " )\n"); end == 24 {
			parts[i] = "ID" + parts[i][end:]
		}
	}
	return strings.Join(parts, after)
}

// TestPlanThatMovedIsRefused shows that nothing is put where the document, the state or the plan itself is another.
func TestPlanThatMovedIsRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		move func(*planRig, string)
		args []string
		want string
	}{
		{"a node", func(r *planRig, _ string) {
			runLine(r.t, r.env, "", "source", "remove", "servicenow", "--node", webNode(1, "").InstanceID, "--rate", "0")
		}, nil, "1 node moved since the plan was made, and nothing was put: " + webNode(1, "").InstanceID},
		{"a node more", func(r *planRig, _ string) {
			runLine(r.t, r.env, "", "source", "remove", "servicenow", "--node", webNode(2, "").InstanceID, "--rate", "0")
		}, nil, "nothing was put: " + webNode(2, "").InstanceID},
		{"the document", func(r *planRig, _ string) { r.file("register.csv", register+"z,cmdb_ci_server,web-4,,,AIX\n") }, nil, "another than when the plan was made"},
		{"the document is gone", func(r *planRig, _ string) { _ = os.Remove(filepath.Join(r.dir, "register.csv")) }, nil, "no such file"},
		{"the state", func(*planRig, string) {}, []string{"--state", "elsewhere"}, "name that one with --state"},
		{"a bit of the plan", func(r *planRig, plan string) { flip(r.t, plan) }, nil, "the plan is damaged"},
		{"a newer plan", func(r *planRig, plan string) { rewrite(r.t, plan, "invbridge-plan 1", "invbridge-plan 2") }, nil, "has version 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newPlanRig(t)
			t.Chdir(r.dir)
			runLine(t, r.env, "", "put", "--rate", "0", r.file("register.csv", register))
			file, plan := r.file("register.csv", later), filepath.Join(r.dir, "plan.bin")
			r.run(exitDone, "plan", file, "--out", plan)
			c.move(r, plan)
			before := r.box.Counts().Calls["PutInventory"]
			code, out, err := runLine(t, r.env, "", append([]string{"put", "--rate", "0", plan}, c.args...)...)
			if code != exitFailed || !strings.Contains(err, c.want) {
				t.Errorf("exit code %d, want %q in %s%s", code, c.want, out, err)
			}
			if calls := r.box.Counts().Calls["PutInventory"]; calls != before {
				t.Errorf("%d calls of PutInventory were made", calls-before)
			}
		})
	}
}

func flip(t *testing.T, path string) {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	body[len(body)/2] ^= 1
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
}

func rewrite(t *testing.T, path, old, with string) {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(body), old, with, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestPlanAsJSON shows rows in JSON, and that a node which the document no longer names is one that changes.
func TestPlanAsJSON(t *testing.T) {
	r := newPlanRig(t)
	mine := filepath.Join(r.dir, "mine")
	for name, body := range note("note", "") {
		write(t, mine, name, strings.Replace(body, "each: $rows", "absent: clear\neach: $rows", 1))
	}
	const head = "NoteId,Server,Text\n"
	first, second := head+"1,web-1,a\n2,web-2,b\n3,web-3,c\n", head+"1,web-1,A\n2,web-2,b\n4,web-4,d\n"
	line := []string{"--mappings", mine, "--rate", "0"}
	if code, _, err := runLine(t, r.env, "", append(line, "put", r.file("notes.csv", first))...); code != exitDone {
		t.Fatal(err)
	}
	file, plan := r.file("notes.csv", second), filepath.Join(r.dir, "plan.bin")
	_, out, _ := runLine(t, r.env, "", append(line, "plan", "--json", "--out", plan, file)...)
	rows := map[string]int{}
	for line := range strings.SplitSeq(strings.TrimSpace(out), "\n") {
		var n planned.Node
		if strings.HasPrefix(line, `{"summary"`) {
			continue
		}
		if err := json.Unmarshal([]byte(line), &n); err != nil {
			t.Fatal(err)
		}
		for _, source := range n.Absent {
			rows["absent "+n.Name+" "+source]++
		}
		for _, i := range n.Items {
			for _, row := range i.Rows {
				rows[row.Change+" "+n.Name]++
			}
		}
	}
	want := map[string]int{differ.RowChanged + " web-1": 1, differ.RowAdded + " web-4": 1, "absent web-3 note": 1}
	if !maps.Equal(rows, want) {
		t.Errorf("rows %v, want %v", rows, want)
	}
	if _, out, _ := runLine(t, r.env, "", append(line, "put", plan)...); !strings.Contains(out, "1 node that the document no longer names, cleared") {
		t.Errorf("the put of the plan: %s", out)
	}
}

func TestPlanNamesParkedMachines(t *testing.T) {
	r := newPlanRig(t)
	file := r.file("new.csv", exportHead+"a,cmdb_ci_server,web-1,,,Linux\nb,cmdb_ci_server,nobody-7,,,Linux\n")
	for _, verb := range []string{"plan", "put"} {
		if out := r.run(3, verb, "--mapping", "servicenow", file); !strings.Contains(out, "record 2 (line 3) nobody-7: parked: no-such-node") {
			t.Errorf("%s does not name the machine:\n%s", verb, out)
		}
	}
}

// TestHalfAnExport: a document that was cut off at the end of a row looks whole. Where less than half of the rows are left, plan says so before anything
// is put, and put says what undoes it.
func TestHalfAnExport(t *testing.T) {
	r := newPlanRig(t)
	mappings := filepath.Join(r.dir, "mappings")
	write(t, mappings, "scan.yaml", "version: 1\nmapping: scan\ndetect:\n  - csv: [Host, Finding]\neach: $rows\nidentify: {hostname: Host}\nCustom:Vulnerability:\n  Id: Finding\n")
	r.env["INVBRIDGE_MAPPINGS"] = mappings
	export := func(name string, rows int, at time.Time) string {
		body := "Host,Finding\n"
		for i := range rows {
			body += "web-" + strconv.Itoa(1+i%3) + ",F" + strconv.Itoa(i) + "\n"
		}
		return r.fileOf(name, body, at)
	}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	first := r.run(exitDone, "put", "--rate", "0", export("one.csv", 60, at))
	more := r.run(exitDone, "put", "--rate", "0", export("two.csv", 40, at.AddDate(0, 0, 1)))
	if strings.Contains(first+more, "fewer rows") {
		t.Errorf("it is said though enough are left: %s%s", first, more)
	}
	half := export("three.csv", 18, at.AddDate(0, 0, 2))
	if out := r.run(exitDone, "plan", half); !strings.Contains(out, "  fewer rows: the items of these nodes would have 21 of 43 rows: make sure that the document is whole before it is put\n") {
		t.Errorf("plan: %s", out)
	}
	if out := r.run(exitDone, "plan", "--json", half); !strings.Contains(out, `"shrinks":{"before":43,"after":21}`) {
		t.Errorf("plan as JSON: %s", out)
	}
	out := r.run(exitDone, "put", "--rate", "0", half)
	_, undo, ok := strings.Cut(out, "  fewer rows: the items of these nodes have 21 of 43 rows: if the document was not whole, invbridge ")
	undo, _, _ = strings.Cut(undo, " undoes it\n")
	if !ok {
		t.Fatalf("put: %s", out)
	}
	r.run(exitDone, append(strings.Fields(undo), "--rate", "0")...)
	if out := r.run(exitDone, "plan", "--as-of", "now", export("four.csv", 40, at.AddDate(0, 0, 3))); !strings.Contains(out, "0 nodes would change") {
		t.Errorf("it is not undone: %s", out)
	}
}
