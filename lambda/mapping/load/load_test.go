package load

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// prepared returns the error of making a mapping ready for reading, as its first reading does.
func prepared(t *testing.T, m *mapping.Mapping) error {
	t.Helper()
	choice := mapping.Choice{Mapping: m, Choice: choose.Choice{Format: syntax.JSON}}
	for _, err := range read.Document(t.Context(), read.Input{Reader: strings.NewReader("{}")}, choice, read.Facts{}).Records() {
		return err
	}
	return nil
}

// unrecognised are the mappings that take no document by its content alone, and why.
var unrecognised = map[string]string{
	"salt-packages":       "its documents have nothing peculiar",
	"ssm-inventory-moved": "its documents are those of ssm-inventory: who drops them says that they are to be moved",
}

func TestBuiltinLoads(t *testing.T) {
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	all, err := set.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if err := prepared(t, m); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
		if len(m.Matches) == 0 || len(m.Detect) == 0 && unrecognised[m.Name] == "" || m.About == "" || len(m.Hash) != 64 {
			t.Errorf("%s lacks match, detect, about or hash", m.Name)
		}
	}
}

func TestUsersFilesLoad(t *testing.T) {
	type usersFiles struct {
		mapping string
		files   []string
	}
	tests := []usersFiles{
		{"scanner", []string{testfiles.Mapping(t, "scanner.yaml"), testfiles.Mapping(t, "scanner-types.yaml")}},
		{"our-servicenow", []string{testfiles.Mapping(t, "our-servicenow.yaml")}},
	}
	if shared, ok := testfiles.Shared(t); ok {
		tests = append(tests,
			usersFiles{"scanner", []string{filepath.Join(shared, "tools", "scanner.yaml"), filepath.Join(shared, "tools", "scanner-types.yaml")}},
			usersFiles{"our-servicenow", []string{filepath.Join(shared, "mappings", "own", "our-servicenow.yaml")}})
	}
	for _, test := range tests {
		set, err := Options{}.Load(test.files...)
		if err != nil {
			t.Errorf("%s: %v", test.mapping, err)
			continue
		}
		m, err := set.Mapping(test.mapping)
		if err != nil || m.Builtin || !m.NamesMachine() {
			t.Errorf("%s is not there as it should be", test.mapping)
		}
	}
}

// write makes a directory of files.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// problems loads files and gives the problems without the directory's name.
func problems(t testing.TB, files map[string]string) []string {
	t.Helper()
	dir := write(t, files)
	_, err := Options{}.Load(dir)
	if err == nil {
		return nil
	}
	lines := strings.Split(err.Error(), "\n")
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], filepath.ToSlash(dir)+"/", "")
	}
	return lines
}

func TestTwelveMistakesAtOnce(t *testing.T) {
	got := problems(t, map[string]string{"a.yaml": `version: 2
mapping: mine
detekt:
  - xml: root
detect:
  - jsn: [a]
  - json: [a..b]
dates: [dd/MM/yyyy, MM/dd/yyyy]
each: rows
where: r.status == "x" and any(texts("a"), # == "y")
identify: {hostnam: name}
capturedAt: {path: at, match: '\d+'}
Custom:Vulnerability:
  Id: id
  Id: other
  Titel: title
  Severity: {path: sev, mapp: {a: b}}
  Package: $tabel(x).y
  Version: {path: v, split: '('}
`})
	want := []string{
		`a.yaml:1:10: /version: this program reads version 1`,
		`a.yaml:3:1: /detekt: unknown word detekt (did you mean detect?)`,
		`a.yaml:6:5: /detect/0/jsn: unknown kind jsn: it is one of csv, json, xml, zip, xlsx, keyvalue (did you mean json?)`,
		`a.yaml:7:14: /detect/1/json/0: path a..b: a name is missing`,
		`a.yaml:8:21: /dates/1: dd/MM/yyyy and MM/dd/yyyy read one string as two different dates: use date: at the attributes`,
		`a.yaml:10:42: /where: the expression ends at the #, which YAML takes for a comment: put it in quotes (unexpected token EOF)`,
		`a.yaml:11:12: /identify/hostnam: unknown identifier hostnam: they are nodeId, tag, serial, hostname, reverse, ip, mac, account, region (did you mean hostname?)`,
		`a.yaml:12:31: /capturedAt/match: match has 0 groups and must have one, which is what is taken: (?:…) groups without taking`,
		`a.yaml:15:3: /Custom:Vulnerability/Id: Id is given twice, first in line 14`,
		`a.yaml:16:3: /Custom:Vulnerability/Titel: Custom:Vulnerability has no attribute Titel (did you mean Title?)`,
		`a.yaml:17:25: /Custom:Vulnerability/Severity/mapp: unknown word mapp of a value (did you mean map?)`,
		`a.yaml:18:12: /Custom:Vulnerability/Package: there is no table $tabel: declare it under tables`,
		"a.yaml:19:29: /Custom:Vulnerability/Version/split: split is not a regular expression: missing closing ): `(`",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAWSTypesWhereAllowed(t *testing.T) {
	dir := write(t, map[string]string{
		"t.yaml": "version: 1\ntypes:\n  AWS:ComplianceItem:\n    schemaVersion: \"1.0\"\n    key: [Id]\n    context: [ComplianceType]\n    attributes: {Id: {}, Status: {}, ComplianceType: {default: \"Custom:Mine\"}}\n",
		"m.yaml": mapped("AWS:ComplianceItem:\n  Id: id\n"),
	})
	if _, err := (Options{}).Load(dir); err == nil {
		t.Error("the agent's type is taken without being allowed")
	}
	set, err := Options{AWSTypes: []string{"AWS:ComplianceItem"}}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	typ, ok := set.Type("AWS:ComplianceItem")
	if d := cmp.Diff([]int{0}, typ.Inventory.Context); !ok || d != "" {
		t.Error(d)
	}
}

func TestRollups(t *testing.T) {
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	typ, _ := set.Type("Custom:Vulnerability")
	rollup := typ.Inventory.Rollup
	if d := cmp.Diff([]string{"INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL", "UNKNOWN"}, rollup.Words); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"CRITICAL", "Cut", "HIGH", "INFORMATIONAL", "LOW", "MEDIUM", "Source", "Total", "UNKNOWN"}, rollup.Type.Attributes); d != "" {
		t.Error(d)
	}
	if summary, ok := set.Type("Custom:VulnerabilitySummary"); !ok || summary.RollupOf != "Custom:Vulnerability" || rollup.Type.Attributes[rollup.Type.Key[0]] != "Source" {
		t.Error("the roll-up is not among the types, or has another key than Source")
	}
}

func TestHashOfMappings(t *testing.T) {
	load := func(file string) *mapping.Mapping {
		set, err := Options{}.Load(write(t, map[string]string{"a.yaml": file}))
		if err != nil {
			t.Fatal(err)
		}
		m, _ := set.Mapping("mine")
		return m
	}
	base := load(mapped("each: a\n" + rightFill))
	for name, test := range map[string]struct {
		file string
		same bool
	}{
		"comments and order": {"# a comment\nmapping: mine\nversion: 1\neach: a\nmatch:\n  - s3: {key: \"mine/**\"}\n" + rightFill + "detect:\n  - json: [a]\n", true},
		"another path":       {mapped("each: b\n" + rightFill), false},
	} {
		if m := load(test.file); (m.Hash == base.Hash) != test.same {
			t.Errorf("%s: same hash is %t", name, m.Hash == base.Hash)
		}
	}
}

// TestMappingAndTypesInOneFile is what `mapping new` writes to standard output.
func TestMappingAndTypesInOneFile(t *testing.T) {
	file := "version: 1\nmapping: racks\ndetect:\n  - json: [row]\nCustom:Rack:\n  Row: row\n---\nversion: 1\ntypes:\n  Custom:Rack: {schemaVersion: \"1.0\", attributes: {Row: {}}}\n---\n"
	if got := problems(t, map[string]string{"a.yaml": file}); len(got) > 0 {
		t.Error(got)
	}
}
