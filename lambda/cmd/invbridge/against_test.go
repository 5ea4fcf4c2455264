package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// against starts a sandbox with some nodes and points the AWS settings of the test at it.
func against(t *testing.T, nodes ...sandbox.ManagedNode) (*sandbox.Sandbox, map[string]string) {
	t.Helper()
	return againstBox(t, sandbox.Config{Nodes: nodes})
}

func againstBox(t *testing.T, c sandbox.Config) (*sandbox.Sandbox, map[string]string) {
	t.Helper()
	box, err := sandbox.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return box, serve(t, box)
}

// serve points the AWS settings of the test at a sandbox.
func serve(t *testing.T, box http.Handler) map[string]string {
	t.Helper()
	server := httptest.NewServer(box)
	t.Cleanup(server.Close)
	env := map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
	}
	for k, v := range env {
		t.Setenv(k, v)
	}
	return env
}

func webNode(i int, name string) sandbox.ManagedNode {
	return sandbox.ManagedNode{
		InstanceID: fmt.Sprintf("i-%017x", 0xb0000+i), ComputerName: name, IPAddress: fmt.Sprintf("10.1.0.%d", i),
		PingStatus: "Online", ResourceType: "EC2Instance", PlatformType: "Linux",
	}
}

func write(t *testing.T, dir, name, body string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// summaryOf reads the last line of a command's JSON output.
func summaryOf[T any](t *testing.T, out string) T {
	t.Helper()
	all := strings.Split(strings.TrimSpace(out), "\n")
	var last struct {
		Summary *T `json:"summary"`
	}
	if err := json.Unmarshal([]byte(all[len(all)-1]), &last); err != nil || last.Summary == nil {
		t.Fatalf("the last line is no summary: %v: %s", err, all[len(all)-1])
	}
	return *last.Summary
}

const exportHead = "sys_id,sys_class_name,name,ip_address,object_id,os\n"

func TestPutTwice(t *testing.T) {
	box, env := against(t, webNode(1, "web-1"), webNode(2, "web-2"))
	dir := t.TempDir()
	file := write(t, dir, "export.csv", exportHead+"a,cmdb_ci_server,web-1,,,Linux\nb,cmdb_ci_server,web-2,,,Linux\n")
	state := filepath.Join(dir, "state")
	for i, want := range []int{2, 0} {
		code, out, errs := runLine(t, env, "", "put", file, "--state", state, "--json", "--rate", "0")
		sum := summaryOf[putSummary](t, out)
		if code != exitDone || sum.Calls != want || sum.Records != 2 || !sum.Complete || sum.Import == "" {
			t.Errorf("run %d: exit code %d, %+v, stderr %q; want %d calls", i+1, code, sum, errs, want)
		}
	}
	if calls := box.Counts().Calls["PutInventory"]; calls != 2 {
		t.Errorf("the service saw %d calls, want 2", calls)
	}
	code, out, _ := runLine(t, env, "", "plan", file, "--state", state, "--json")
	if sum := summaryOf[putSummary](t, out); code != exitDone || sum.Calls != 0 || sum.Import != "" {
		t.Errorf("plan after it: exit code %d, %+v", code, sum)
	}
	code, out, _ = runLine(t, env, "", "node", webNode(1, "").InstanceID, "--state", state)
	if code != exitDone || !strings.Contains(out, "Custom:Asset") || strings.Contains(out, "DIFFERS") {
		t.Errorf("node: exit code %d, %q", code, out)
	}
}

// badInput is a file that is wrong in some way, and what is said of it.
type badInput struct {
	name     string
	file     string // name
	body     string
	mappings map[string]string // files of a directory of mappings
	args     []string
	code     int
	want     string         // on stdout or stderr, in lower case
	outcomes map[string]int // those that are not zero; nil: nothing was delivered
}

func TestBadInput(t *testing.T) {
	for _, c := range badInputs() {
		t.Run(c.name, func(t *testing.T) {
			_, env := against(t, webNode(1, "web-1"), webNode(2, "web-2"), webNode(3, "twin"), webNode(4, "twin"))
			dir := t.TempDir()
			args := append([]string{"put", write(t, dir, c.file, c.body), "--state", filepath.Join(dir, "state"), "--json"}, c.args...)
			for name, body := range c.mappings {
				write(t, dir, "mappings/"+name, body)
			}
			if c.mappings != nil {
				args = append(args, "--mappings", filepath.Join(dir, "mappings"))
			}
			code, out, errs := runLine(t, env, "", args...)
			if code != c.code || !strings.Contains(strings.ToLower(out+errs), c.want) {
				t.Errorf("exit code %d, want %d; want %q in\n%s%s", code, c.code, c.want, out, errs)
			}
			if strings.Contains(errs, "SECRET") {
				t.Error("a value from the data is in an error")
			}
			if c.outcomes != nil {
				checkOutcomes(t, out, c.outcomes)
			}
		})
	}
}

func checkOutcomes(t *testing.T, out string, want map[string]int) {
	t.Helper()
	sum := summaryOf[struct {
		Outcomes map[string]int `json:"outcomes"`
		Records  int            `json:"records"`
	}](t, out)
	total := 0
	for o, n := range sum.Outcomes {
		total += n
		if n != want[o] {
			t.Errorf("%d records %s, want %d", n, o, want[o])
		}
	}
	if total != sum.Records || len(sum.Outcomes) != 11 {
		t.Errorf("%d outcomes of %d words for %d records", total, len(sum.Outcomes), sum.Records)
	}
}

// manyAttributes declares a type with n attributes.
func manyAttributes(n int) string {
	var b strings.Builder
	b.WriteString("version: 1\ntypes:\n  Custom:Wide:\n    schemaVersion: \"1.0\"\n    key: [A1]\n    sort: [A1]\n    attributes:\n")
	for i := range n {
		fmt.Fprintf(&b, "      A%d: {}\n", i+1)
	}
	return b.String()
}

// note is a mapping of a user's own with one type; the words are the type's.
func note(name, words string) map[string]string {
	return map[string]string{
		"types.yaml": "version: 1\ntypes:\n  Custom:Note:\n    schemaVersion: \"1.0\"\n    key: [Id]\n    sort: [Id]\n" + words +
			"    attributes:\n      Id: {}\n      Text: {}\n",
		name + ".yaml": "version: 1\nmapping: " + name + "\ndetect:\n  - csv: [NoteId, Server, Text]\neach: $rows\nkey: Server\nidentify: {hostname: Server}\nCustom:Note:\n  Id: NoteId\n  Text: Text\n",
	}
}

func badInputs() []badInput {
	ok := exportHead + "a,cmdb_ci_server,web-1,,,Linux\n"
	ambiguous := note("one", "")
	ambiguous["two.yaml"] = strings.Replace(ambiguous["one.yaml"], "mapping: one", "mapping: two", 1)
	return []badInput{
		{name: "an unknown format", file: "x.txt", body: "hello SECRET world\n", code: exitFailed, want: "unknown format"},
		{name: "an unknown XML", file: "x.xml", body: "<inventory><a>SECRET</a></inventory>", code: exitFailed, want: "unknown format"},
		{name: "an empty file", file: "x.csv", body: "", code: exitFailed, want: "empty"},
		{name: "white space only", file: "x.csv", body: " \n\n", code: exitFailed, want: "empty"},
		{name: "cut off", file: "x.nessus", body: `<NessusClientData_v2><Report><ReportHost name="web-1">SECRET`, code: exitFailed, want: "line 1"},
		{name: "cut off inside a quoted cell", file: "x.csv", body: ok + "b,cmdb_ci_server,web-2,,,\"SECRET", code: exitFailed, want: "line 3"},
		{name: "claims gzip by its name", file: "x.csv.gz", body: ok, code: exitDone, want: `"put":1`, outcomes: map[string]int{"put": 1}},
		{name: "claims gzip by its first bytes", file: "x.gz", body: "\x1f\x8b\x08SECRET", code: exitFailed, want: "gzip"},
		{name: "two mappings match equally", file: "x.csv", body: "NoteId,Server,Text\n1,web-1,x\n", mappings: ambiguous, code: exitFailed, want: "one and two fit"},
		{name: "a type name in lower case", file: "x.csv", body: ok, mappings: map[string]string{
			"t.yaml": "version: 1\ntypes:\n  Custom:note:\n    schemaVersion: \"1.0\"\n    attributes:\n      Id: {}\n",
		}, code: exitFailed, want: "t.yaml:3:3"},
		{name: "a type over 50 attributes", file: "x.csv", body: ok, mappings: map[string]string{"t.yaml": manyAttributes(51)}, code: exitFailed, want: "50"},
		{
			name: "a node that does not exist", file: "x.csv", body: ok + "b,cmdb_ci_server,,,i-0123456789abcdef0,Linux\n", code: exitPartial, want: "no-such-node",
			outcomes: map[string]int{"put": 1, "parked": 1},
		},
		{
			name: "two nodes with one name", file: "x.csv", body: ok + "b,cmdb_ci_server,twin,,,Linux\n", code: exitPartial, want: "ambiguous",
			outcomes: map[string]int{"put": 1, "rejected": 1},
		},
		{
			name: "a record without any identifier", file: "x.csv", body: ok + "b,cmdb_ci_server,,,,Linux\n", code: exitPartial, want: "unidentified",
			outcomes: map[string]int{"put": 1, "parked": 1},
		},
		{
			name: "a value over 4,096 bytes", file: "x.csv", body: "NoteId,Server,Text\n1,web-1,fine\n2,web-2," + strings.Repeat("SECRET", 700) + "\n", mappings: note("note", ""),
			code: exitPartial, want: `"rejected":1`, outcomes: map[string]int{"put": 1, "rejected": 1},
		},
		{
			name: "entries with the key of another", file: "x.csv", body: "NoteId,Server,Text\n1,web-1,a\n1,web-1,b\n2,web-1,c\n2,web-1,c\n", mappings: note("note", ""),
			code: exitPartial, want: `"displaced":1`, outcomes: map[string]int{"put": 2, "displaced": 1, "duplicate": 1},
		},
		{
			name: "an item over the limit, truncated", file: "x.csv", body: "NoteId,Server,Text\n1,web-1,a\n2,web-1,b\n3,web-1,c\n",
			mappings: note("note", "    limit: {entries: 2, over: truncate}\n"), code: exitPartial, want: `"truncated":1`, outcomes: map[string]int{"put": 2, "truncated": 1},
		},
		{
			name: "an item over the limit, rejected", file: "x.csv", body: "NoteId,Server,Text\n1,web-1,a\n2,web-1,b\n3,web-1,c\n4,web-2,d\n",
			mappings: note("note", "    limit: {entries: 2, over: reject}\n"), code: exitPartial, want: `"rejected":3`, outcomes: map[string]int{"put": 1, "rejected": 3},
		},
		{name: "an SBOM of nobody", file: "x.json", body: `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[]}`, code: exitFailed, want: "--as"},
		{name: "not the report that was declared", file: "x.csv", body: ok, args: []string{"--mapping", "nessus"}, code: exitFailed, want: "not a nessus report"},
		{name: "a mapping that there is not", file: "x.csv", body: ok, args: []string{"--mapping", "nesus"}, code: exitFailed, want: "did you mean nessus"},
	}
}
