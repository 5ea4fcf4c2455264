package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is the checkout, seen from this package.
const root = ".."

// files lists what is or would be tracked, below the checkout and with slashes.
func files(t *testing.T, patterns ...string) []string {
	t.Helper()
	out, err := exec.Command("git", append([]string{"-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"}, patterns...)...).Output()
	if err != nil {
		t.Skipf("not a Git checkout, so there is no list of its files: %v", err)
	}
	var there []string
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if info, err := os.Stat(filepath.Join(root, name)); err == nil && info.Mode().IsRegular() {
			there = append(there, name)
		}
	}
	return there
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// sources calls visit with each Go file that is not a test.
func sources(t *testing.T, visit func(name string, file *ast.File)) {
	t.Helper()
	for _, name := range files(t, "*.go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		visit(name, file)
	}
}

// calls tells whether a method of that name is called.
func calls(file *ast.File, method string) bool {
	found := false
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			selector, ok := call.Fun.(*ast.SelectorExpr)
			found = found || ok && selector.Sel.Name == method
		}
		return !found
	})
	return found
}

func TestOnlyDeliveryPuts(t *testing.T) {
	sources(t, func(name string, file *ast.File) {
		puts := strings.HasPrefix(name, "lambda/delivery/put/") || name == "lambda/probe/call.go" || name == "lambda/testfiles/sent.go" // which calls nobody
		if !puts && calls(file, "PutInventory") {
			t.Errorf("%s calls PutInventory", name)
		}
		if calls(file, "DeleteInventory") {
			t.Errorf("%s calls DeleteInventory, which takes a type from every node", name)
		}
	})
}

func TestNoInit(t *testing.T) {
	sources(t, func(name string, file *ast.File) {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init function", name)
			}
		}
	})
}

// vendors beyond those that the built-in mappings are named for.
const vendors = `tenable|qualys|grype|syft|openvas|nexpose|rapid7|snipe|netbox|rvtools|glpi|osquery|wazuh|defender`

// everyday are mappings' names that are words of their own, too, or what all this is for.
var everyday = map[string]bool{"fleet": true, "ssm-inventory": true, "xray": true}

var mappingName = regexp.MustCompile(`(?m)^mapping: *"?([a-z0-9-]+)`)

// mappings gives the names of the built-in mappings; files of types have none.
func mappings(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, name := range files(t, "lambda/mapping/builtin/*.yaml") {
		if found := mappingName.FindStringSubmatch(read(t, name)); found != nil {
			names = append(names, found[1])
		}
	}
	return names
}

func TestNoVendorInGo(t *testing.T) {
	words := []string{vendors}
	for _, name := range mappings(t) {
		if !everyday[name] {
			words = append(words, strings.ReplaceAll(name, "-", "[- ]?"))
		}
	}
	vendor := regexp.MustCompile(`(?i)\b(` + strings.Join(words, "|") + `)\b`)
	seams := regexp.MustCompile(`([a-z0-9])([A-Z])|_`)
	sources(t, func(name string, _ *ast.File) {
		for i, line := range strings.Split(read(t, name), "\n") {
			if word := vendor.FindString(seams.ReplaceAllString(line, "$1 $2")); word != "" {
				t.Errorf("%s:%d: %s is a vendor's or product's name: it belongs into a mapping", name, i+1, word)
			}
		}
	})
}

func TestTopLevel(t *testing.T) {
	allowed := regexp.MustCompile(`^(lambda|infra|events|testevents)/|^findings/[^/]+\.sh$|^(go\.mod|go\.sum|Makefile|cdk\.json|README\.md|LICENSE)$|^\.`)
	for _, name := range files(t) {
		if !allowed.MatchString(name) {
			t.Errorf("%s does not belong at the top level", name)
		}
	}
}

func TestNoPathsOfAMachine(t *testing.T) {
	machine := regexp.MustCompile(`(^|[^A-Za-z0-9_.-])/(work|farm|root|home|Users)/[A-Za-z]`)
	data := regexp.MustCompile(`(^|/)(testdata|documents)/|\.(json|xml|csv|sum)$`)
	for _, name := range files(t) {
		if data.MatchString(name) {
			continue
		}
		for i, line := range strings.Split(read(t, name), "\n") {
			if machine.MatchString(line) {
				t.Errorf("%s:%d has a path of one machine", name, i+1)
			}
		}
	}
}

func TestEveryTestEventHasItsGolden(t *testing.T) {
	for _, name := range files(t, ":(glob)testevents/*.json") {
		base := strings.TrimSuffix(filepath.Base(name), ".json")
		mustMatch(t, name, "events/testdata/"+base+".golden.json")
	}
}

func TestEveryMappingHasItsGolden(t *testing.T) {
	for _, name := range mappings(t) {
		mustMatch(t, name, "lambda/mapping/read/testdata/*"+name+"-*.golden*")
		mustMatch(t, name, "testevents/documents/uploads/"+name+"/*")
	}
}

// TestIncomingTakesEveryMapping keeps what the README promises: under incoming/ the content decides among all built-in mappings, but for those
// that no content leads to, since they have no `detect`.
func TestIncomingTakesEveryMapping(t *testing.T) {
	for _, name := range files(t, "lambda/mapping/builtin/*.yaml") {
		if text := read(t, name); mappingName.MatchString(text) && strings.Contains(text, "\ndetect:") && !strings.Contains(text, `key: "incoming/`) {
			t.Errorf("%s: no match takes incoming/**", name)
		}
	}
}

func mustMatch(t *testing.T, name, pattern string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Errorf("%s: there is no %s", name, pattern)
	}
}
