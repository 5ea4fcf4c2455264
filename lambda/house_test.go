package main_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	module  = "github.com/inventory-bridge/inventory-bridge/"
	command = "lambda/cmd/invbridge"
)

// layers are the packages of the house from the bottom up. A package may import what stands in a layer below its own and what is
// of its own family (a package and those in its folder), and knows nothing of its siblings.
var layers = [][]string{
	{"lambda/regular"},
	{
		"events", "testevents", "lambda/actions", "lambda/config", "lambda/fault", "lambda/limit", "lambda/metric", "lambda/mapping/date", "lambda/mapping/problem",
		"lambda/mapping/bundle", "lambda/memo", "lambda/nodefile", "lambda/packed", "lambda/testfiles",
	},
	{
		"lambda/document", "lambda/signal", "lambda/format", "lambda/inventory", "lambda/receipt", "lambda/sandbox", "lambda/probe",
		"lambda/mapping/expression", "lambda/mapping/yamlfile", // siblings of lambda/format, of which they know nothing
	},
	{"lambda/mapping/choose", "lambda/target"},
	{"lambda/mapping", "lambda/node", "lambda/ledger"}, // the ledger's statements carry outcomes
	{"lambda/mapping/load", "lambda/mapping/read"},
	{"lambda/intake", "lambda/delivery", "lambda/mapping/draft", "lambda/mapping/typepage"},
	{"lambda/bridge"}, // the handler, which a main package cannot share
	{command + "/output", command + "/session", command + "/holding"},
	{command + "/trial", command + "/demo", command + "/whole"},
	{"lambda", command},
	{"infra"},
}

// rooms are the packages inside a family from the bottom up: each imports what stands below it, and none of its siblings.
var rooms = map[string][][]string{
	"lambda/format": {
		{"lambda/format/scan", "lambda/format/tree"},
		{"lambda/format/scan/csv", "lambda/format/scan/json", "lambda/format/scan/keyvalue", "lambda/format/scan/xml"},
		{"lambda/format/scan/workbook", "lambda/format/path"},
		{"lambda/format/syntax", "lambda/format/plan"},
		{"lambda/format/record"},
		{"lambda/format/head", "lambda/format/returned"},
	},
	"lambda/node": {
		{"lambda/node/spelled"},
		{"lambda/node/identifier", "lambda/node/held"},
		{"lambda/node/listing", "lambda/node/subject"},
		{"lambda/node"},
	},
}

// goPackage is what these tests read of `go list -json`.
type goPackage struct {
	ImportPath, Name, Doc, Dir string
	Standard                   bool
	GoFiles, Imports, Deps     []string
}

// path is the package's path inside the module.
func (p goPackage) path() string { return strings.TrimPrefix(p.ImportPath, module) }

// list has every package of the program and all that they need, by import path. It reads broken ones, too: that a package does not
// compile is for the compiler to say.
var list = sync.OnceValues(func() (map[string]goPackage, error) {
	cmd := exec.Command("go", "list", "-e", "-deps", "-json=ImportPath,Name,Doc,Dir,Standard,GoFiles,Imports,Deps",
		module+"events/...", module+"lambda/...", module+"infra/...")
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	all := map[string]goPackage{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		switch err := dec.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		all[p.ImportPath] = p
	}
})

// packages are the program's own, in order of their paths.
func packages(t *testing.T) []goPackage {
	t.Helper()
	var own []goPackage
	for path, p := range all(t) {
		if strings.HasPrefix(path, module) && len(p.GoFiles) > 0 {
			own = append(own, p)
		}
	}
	slices.SortFunc(own, func(a, b goPackage) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	return own
}

func all(t *testing.T) map[string]goPackage {
	t.Helper()
	got, err := list()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return got
}

// family is the house's package that a path belongs to, and its layer; -1 where it belongs to none.
func family(path string) (string, int) { return within(layers, path) }

// within is the innermost package of the layers that a path belongs to, and its layer; -1 where it belongs to none.
func within(layers [][]string, path string) (string, int) {
	best, layer := "", -1
	for i, names := range layers {
		for _, name := range names {
			inside := path == name || name != "lambda" && strings.HasPrefix(path, name+"/")
			if inside && len(name) > len(best) {
				best, layer = name, i
			}
		}
	}
	return best, layer
}

func TestEveryPackageOfTheHouseIsThere(t *testing.T) {
	there := map[string]bool{}
	for _, p := range packages(t) {
		there[p.path()] = true
	}
	for _, name := range slices.Concat(layers...) {
		inside := slices.Concat(rooms[name]...)
		for _, room := range inside {
			if !there[room] {
				t.Errorf("%s is missing", room)
			}
		}
		if !there[name] && len(inside) == 0 {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestImportsPointDownwards(t *testing.T) {
	for _, p := range packages(t) {
		from, layer := family(p.path())
		if _, room := within(rooms[from], p.path()); layer < 0 || rooms[from] != nil && room < 0 {
			t.Errorf("%s is of no package of the house", p.path())
			continue
		}
		for _, path := range p.Imports {
			if to, own := strings.CutPrefix(path, module); own && !mayImport(p.path(), to) {
				t.Errorf("%s imports %s, which does not stand below it", p.path(), to)
			}
		}
	}
}

// mayImport reports whether a package may know another: it stands below, or is of the same family, which has no rooms.
func mayImport(path, other string) bool {
	from, layer := family(path)
	to, below := family(other)
	if from == to {
		_, layer = within(rooms[from], path)
		_, below = within(rooms[to], other)
		return rooms[from] == nil || below < layer
	}
	return below < layer
}

func TestSandboxIsForCommandAndTests(t *testing.T) {
	for _, p := range packages(t) {
		from, _ := family(p.path())
		if from != "lambda/sandbox" && !strings.HasPrefix(from, command) && slices.Contains(p.Imports, module+"lambda/sandbox") {
			t.Errorf("%s imports the sandbox outside its tests", p.path())
		}
	}
}

func TestTestfilesAreForTests(t *testing.T) {
	for _, p := range packages(t) {
		if slices.Contains(p.Imports, module+"lambda/testfiles") {
			t.Errorf("%s imports lambda/testfiles outside its tests", p.path())
		}
	}
}

// TestForTheCommandAlone: what helps people to write mappings, or asks their account, makes the command larger, and never the function.
func TestForTheCommandAlone(t *testing.T) {
	known := all(t)
	for _, name := range []string{"lambda/mapping/draft", "lambda/mapping/typepage", "lambda/probe"} {
		if _, there := known[module+name]; !there {
			t.Errorf("%s is missing", name)
		}
		for _, p := range packages(t) {
			if from := p.path(); from != command && !strings.HasPrefix(from, command+"/") && slices.Contains(p.Deps, module+name) {
				t.Errorf("%s needs %s, which is for the command line", from, name)
			}
		}
	}
}

func TestWhatPackagesKnow(t *testing.T) {
	aws := []string{"github.com/aws/"}
	cdk := []string{"github.com/aws/aws-cdk-go/", "github.com/aws/jsii-runtime-go", "github.com/aws/constructs-go/"}
	yaml, expr := "go.yaml.in/", "github.com/expr-lang/"
	for _, p := range packages(t) {
		switch from, _ := family(p.path()); from {
		case "events", "lambda/config", "lambda/metric", "lambda/mapping/bundle", "lambda/mapping/date", "lambda/mapping/problem", "lambda/packed":
			needsOnlyStandard(t, p)
		case "infra":
			if p.path() == "infra/adopt" || p.path() == "infra/check" { // they ask the account, before a deployment
				needsNone(t, p, cdk)
				continue
			}
			needsNone(t, p, []string{"github.com/aws/aws-sdk-go-v2", "github.com/aws/aws-lambda-go"})
		case "lambda/mapping/expression":
			needsNone(t, p, append(aws, yaml))
		case "lambda/mapping/choose":
			needsNone(t, p, append(aws, yaml, expr))
		case "lambda/mapping", "lambda/mapping/read":
			needsNone(t, p, append(aws, yaml))
		case "lambda/format", "lambda/mapping/load", "lambda/mapping/yamlfile", "lambda/inventory":
			needsNone(t, p, aws)
		case "lambda/testfiles":
			needsNone(t, p, []string{module})
		default:
			needsNone(t, p, cdk)
		}
		if p.path() != "lambda/mapping/yamlfile" && slices.ContainsFunc(p.Imports, func(path string) bool { return strings.HasPrefix(path, yaml) }) {
			t.Errorf("%s imports a YAML library: lambda/mapping/yamlfile does", p.path())
		}
	}
}

// TestWhatInfraKnows keeps the deployment from knowing how the program works: it knows its settings, and loads the mappings as it does.
func TestWhatInfraKnows(t *testing.T) {
	allowed := []string{
		module + "lambda/config", module + "lambda/mapping", module + "lambda/mapping/load", module + "events",
		module + "lambda/mapping/problem", module + "lambda/mapping/yamlfile", // what is wrong in the file of settings is said as in a mapping
		module + "lambda/limit",  // which limits there are
		module + "lambda/target", // which accounts and regions are served
		module + "lambda/ledger", // whether a bucket holds a state, and whose
	}
	for _, p := range packages(t) {
		if from, _ := family(p.path()); from != "infra" {
			continue
		}
		for _, path := range p.Imports {
			if own, _ := family(strings.TrimPrefix(path, module)); own != "infra" && strings.HasPrefix(path, module) && !slices.Contains(allowed, path) {
				t.Errorf("%s imports %s", p.path(), path)
			}
		}
	}
}

func needsNone(t *testing.T, p goPackage, prefixes []string) {
	t.Helper()
	for _, dep := range p.Deps {
		if slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(dep, prefix) }) {
			t.Errorf("%s needs %s", p.path(), dep)
			return
		}
	}
}

func needsOnlyStandard(t *testing.T, p goPackage) {
	t.Helper()
	known := all(t)
	for _, dep := range p.Deps {
		if !known[dep].Standard && !strings.HasPrefix(dep, p.ImportPath+"/") {
			t.Errorf("%s needs %s, which is not of the standard library", p.path(), dep)
		}
	}
}

func TestEveryPackageHasItsSentence(t *testing.T) {
	for _, p := range packages(t) {
		if !strings.HasPrefix(p.Doc, "Package "+p.Name+" ") && !strings.HasPrefix(p.Doc, "Command ") {
			t.Errorf("%s has no package comment that begins with %q", p.path(), "Package "+p.Name)
		}
	}
}
