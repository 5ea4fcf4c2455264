package load

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// mapped is a mapping file that is right, with some lines in place of what it says of values.
func mapped(lines string) string {
	return "version: 1\nmapping: mine\ndetect:\n  - json: [a]\nmatch:\n  - s3: {key: \"mine/**\"}\n" + lines
}

const rightFill = "Custom:Vulnerability:\n  Id: id\n"

// detected is a mapping with one alternative.
func detected(alternative string) string {
	return "version: 1\nmapping: mine\ndetect:\n  - " + alternative + "\n" + rightFill
}

func TestProblemsOfMappings(t *testing.T) {
	for _, test := range []struct{ name, file, want string }{
		{"right", mapped("identify: {nodeId: a}\n" + rightFill), ""},
		{"no YAML", "version: 1\nmapping: [mine\n", "a.yaml:2:1: not YAML: did not find expected ',' or ']'"},
		{"empty", "", "a.yaml: the file is empty"},
		{"neither", "version: 1\n", "a.yaml:1:1: expected a mapping file (mapping: name), a types file (types:) or a file of shared identifiers (sharedIdentifiers:)"},
		{"a list", "- a\n", "a.yaml:1:1: expected a mapping at the top of the file: version, then mapping or types"},
		{"two documents", mapped(rightFill) + "---\na: b\n", "a.yaml:10:1: expected a mapping file (mapping: name), a types file (types:) or a file of shared identifiers (sharedIdentifiers:)"},
		{"built-in name", "version: 1\nmapping: nessus\ndetect:\n  - xml: a\n", "a.yaml:2:10: /mapping: nessus is built in: give this mapping a name of its own, and `extends: nessus` to take that one over"},
		{"name", "version: 1\nmapping: My_Map\ndetect:\n  - xml: a\n", "a.yaml:2:10: /mapping: a mapping's name must be lower-case letters, digits and -, at most 63, and begin with a letter or digit"},
		{"extends unknown", "version: 1\nmapping: mine\nextends: servicenov\n", "a.yaml:3:10: /extends: no mapping is called servicenov (did you mean servicenow?)"},
		{"lower-case type", mapped("custom:thing:\n  A: a\n" + rightFill), "a.yaml:7:1: /custom:thing: type custom:thing is not declared: declare it in a types file"},
		{"lower-case type 2", mapped("Custom:vulnerability:\n  Id: a\n"), "a.yaml:7:1: /Custom:vulnerability: a type's name must begin with a capital letter after Custom: (did you mean Custom:Vulnerability?)"},
		{"undeclared type", mapped("Custom:Vulnerabilities:\n  Id: a\n"), "a.yaml:7:1: /Custom:Vulnerabilities: type Custom:Vulnerabilities is not declared: declare it in a types file (did you mean Custom:Vulnerability?)"},
		{"roll-up", mapped("Custom:VulnerabilitySummary:\n  Total: a\n" + rightFill), "a.yaml:7:1: /Custom:VulnerabilitySummary: Custom:VulnerabilitySummary is computed from Custom:Vulnerability and cannot be filled"},
		{"required", mapped("Custom:Vulnerability:\n  Title: a\n"), "a.yaml:7:1: /Custom:Vulnerability: Id is required in Custom:Vulnerability and not filled"},
		{"derived", mapped("Custom:Vulnerability:\n  Id: id\n  SeverityRank: a\n"), "a.yaml:9:3: /Custom:Vulnerability/SeverityRank: SeverityRank is made from Severity: fill that one"},
		{"records beside", mapped("each: a\nrecords:\n  - each: b\n    Custom:Vulnerability: {Id: id}\n"), "a.yaml:8:1: /records: records stands beside words of a block: put them under records"},
		{"key missing", mapped("records:\n  - each: a\n    identify: {nodeId: x}\n    key: x\n    Custom:Vulnerability: {Id: id}\n  - each: b\n    identify: {nodeId: x}\n"), "a.yaml:13:5: /records/1/identify: key is missing: where several blocks identify machines, it decides which records are one machine"},
		{"path", mapped("each: a(b\n" + rightFill), "a.yaml:7:8: /each: path a(b: a closing parenthesis is missing"},
		{"quoted path", mapped("each: 'a..b'\n" + rightFill), "a.yaml:7:10: /each: path a..b: a name is missing"},
		{"expression", mapped("where: r.a == foo\n" + rightFill), "a.yaml:7:15: /where: expression: unknown name foo: fields of the entry are r.foo"},
		{"not a condition", mapped("where: r.a\n" + rightFill), "a.yaml:7:8: /where: expression: expected bool, but got string"},
		{"unquoted #", mapped("where: any(texts(\"a\"),{#!=\"\"})\n" + rightFill), "a.yaml:7:24: /where: an expression with # must be in quotes: after a space YAML takes # for a comment"},
		{"quoted #", mapped("where: 'any(texts(\"a\"), # == \"x\")'\n" + rightFill), ""},
		{"comment", mapped("where: r.a == \"x\" # why\n" + rightFill), ""},
		{"table", mapped("tables:\n  rules: {each: b, key: id}\nCustom:Vulnerability:\n  Id: $rule(id).x\n"), "a.yaml:10:7: /Custom:Vulnerability/Id: there is no table $rule: declare it under tables (did you mean $rules?)"},
		{"two sources", mapped("Custom:Vulnerability:\n  Id: {path: a, value: b}\n"), "a.yaml:8:17: /Custom:Vulnerability/Id/value: a value must have one source: path, all, value or expr"},
		{"no source", mapped("Custom:Vulnerability:\n  Id: {match: '(a)'}\n"), "a.yaml:8:7: /Custom:Vulnerability/Id: a value must have a source: path, all, value or expr"},
		{"table in a table", mapped("tables:\n  rules: {each: b.c, key: $index, parts: /}\n  packs: {each: b, key: id}\nCustom:Vulnerability:\n  Id: $packs(p|$up.p)?.$rules(k).x\n"), ""},
		{"no table in a table", mapped("tables:\n  rules: {each: b, key: id}\nCustom:Vulnerability:\n  Id: $pack(p)?.$rules(k).x\n"), "a.yaml:10:7: /Custom:Vulnerability/Id: there is no table $pack: declare it under tables"},
		{"no table in a key", mapped("tables:\n  rules: {each: b, key: id}\nCustom:Vulnerability:\n  Id: $rules(k|$rule(k).x).x\n"), "a.yaml:10:7: /Custom:Vulnerability/Id: there is no table $rule: declare it under tables (did you mean $rules?)"},
		{"a table's word", mapped("tables:\n  rules: {each: b, key: id, part: /}\n" + rightFill), "a.yaml:8:29: /tables/rules/part: unknown word part of a table (did you mean parts?)"},
		{"two groups", mapped("Custom:Vulnerability:\n  Id: {path: a, match: '(a)(b)'}\n"), "a.yaml:8:24: /Custom:Vulnerability/Id/match: match has 2 groups and must have one, which is what is taken: (?:…) groups without taking"},
		{"layout", mapped("dates: [d/M/yyyy]\n" + rightFill), "a.yaml:7:9: /dates/0: unknown letter of date layouts: d (they are yyyy yy MM MMM dd NN EEE HH hh mm ss SSS a z; others in single quotes)"},
		{"unescape", mapped("unescape: xml\n" + rightFill), "a.yaml:7:11: /unescape: unescape must be html, not \"xml\""},
		{"unescape html", mapped("unescape: html\n" + rightFill), ""},
		{"zone", mapped("zone: Berlin\n" + rightFill), "a.yaml:7:7: /zone: no time zone is called Berlin: UTC, Europe/Berlin"},
		{"duration", mapped("every: daily\n" + rightFill), "a.yaml:7:8: /every: a duration must be a number with a unit: 30m, 24h, 90d, 2w"},
		{"source", mapped("source: other/{$file.key.app}\n" + rightFill), "a.yaml:7:9: /source: a source must begin with the mapping's name and a slash: mine/{path}"},
		{"source without its last part", mapped("source: mine/{a}{/b}\n" + rightFill), ""},
		{"source with a category", mapped("source: mine{/a/}\n" + rightFill), ""},
		{"source with an optional part before others", mapped("source: mine/{a}{/b}/{c}\n" + rightFill), "a.yaml:7:17: /source: a part of a source that may have no value stands at its end: {/path}, without a slash before it"},
		{"source with a slash before an optional part", mapped("source: mine/{a}/{/b}\n" + rightFill), "a.yaml:7:18: /source: a part of a source that may have no value stands at its end: {/path}, without a slash before it"},
		{"source with a wrong path in an optional part", mapped("source: mine/{a}{/b(}\n" + rightFill), "a.yaml:7:20: /source: path b(: a closing parenthesis is missing"},
		{"absent", mapped("absent: {clear: true, maxCleared: 500%}\nidentify: {nodeId: a}\n" + rightFill), "a.yaml:7:35: /absent/maxCleared: maxCleared must be a percentage of nodes: 5%, or 0.05"},
		{"update", mapped("update: merged\n" + rightFill), `a.yaml:7:9: /update: update must be replace or merge or newest, not "merged" (did you mean merge?)`},
		{"no type", mapped("each: a\n"), "a.yaml:1:1: the mapping fills no type: Custom:…"},
		{"nothing reads it", "version: 1\nmapping: mine\n" + rightFill, "a.yaml:1:1: there is neither detect nor match: nothing would ever be read with this mapping"},
		{"word", mapped("identity: {nodeId: a}\n" + rightFill), "a.yaml:7:1: /identity: unknown word identity (did you mean identify?)"},
		{"reserved", mapped("parts: 3\n" + rightFill), "a.yaml:7:1: /parts: parts is reserved for a later version"},
		{"key pattern", "version: 1\nmapping: mine\nmatch:\n  - s3: {key: \"x/{node id}/**\"}\n" + rightFill, "a.yaml:4:15: /match/0/s3/key: a capture in a key pattern is a name in braces: {nodeId}"},
		{"some columns", detected("csv: {all: [Name], of: [Class, Serial number, Asset tag], least: 2}"), ""},
		{"some columns of a sheet", detected("xlsx: {all: [sheet Servers, Name], of: [Class, Serial number], least: 1}"), ""},
		{"some of no table", detected("json: {of: [a], least: 1}"), "a.yaml:4:11: /detect/0/json: detect json expects a list of conditions; all, of and least are words of csv and xlsx"},
		{"how many columns", detected("csv: {of: [A, B]}"), "a.yaml:4:10: /detect/0/csv: detect csv must have of, a list of columns, and least, how many of them must be there"},
		{"too many columns", detected("csv: {of: [A, B], least: 3}"), "a.yaml:4:30: /detect/0/csv/least: least is 3, and of has 2 columns"},
		{"no column", detected("csv: {of: [A, B], least: 0}"), "a.yaml:4:30: /detect/0/csv/least: least must be a whole number from 1 to 100"},
		{"a column twice", detected("csv: {all: [Asset tag], of: [A, asset_tag], least: 1}"), "a.yaml:4:37: /detect/0/csv/of/1: asset_tag is the same column as Asset tag, which stands before it: names are compared by their letters and digits"},
		{"a word of columns", detected("csv: {any: [A], of: [B], least: 1}"), "a.yaml:4:11: /detect/0/csv/any: unknown word any of detect csv"},
		{"source attribute", mapped("Custom:Vulnerability:\n  Id: id\n  Source: x\n"), "a.yaml:9:3: /Custom:Vulnerability/Source: Source is always the mapping's name"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Join(problems(t, map[string]string{"a.yaml": test.file}), "\n")
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestProblemsOfTypes(t *testing.T) {
	types := func(text string) string { return "version: 1\ntypes:\n" + text }
	many := "  Custom:Wide:\n    schemaVersion: \"1.0\"\n    attributes:\n"
	for i := range 51 {
		many += fmt.Sprintf("      A%d: {}\n", i)
	}
	fleet := ""
	for i := range 13 {
		fleet += fmt.Sprintf("  Custom:T%d: {schemaVersion: \"1.0\", attributes: {A: {}}}\n", i)
	}
	for _, test := range []struct{ name, file, want string }{
		{"right", types("  Custom:Rack: {schemaVersion: \"1.0\", attributes: {Row: {max: 10}}}\n"), ""},
		{"lower case", types("  Custom:rack: {schemaVersion: \"1.0\", attributes: {Row: {}}}\n"), "t.yaml:3:3: /types/Custom:rack: a type's name must begin with a capital letter after Custom: (did you mean Custom:Rack?)"},
		{"prefix", types("  custom:Rack: {schemaVersion: \"1.0\", attributes: {Row: {}}}\n"), "t.yaml:3:3: /types/custom:Rack: a type's name must begin with Custom: (did you mean Custom:Rack?)"},
		{"the agent's", types("  AWS:Application: {schemaVersion: \"1.1\", attributes: {Name: {}}}\n"), "t.yaml:3:3: /types/AWS:Application: AWS:Application belongs to the agent and is not written unless the installation allows it: declare a Custom: type"},
		{"51 attributes", types(many), "t.yaml:6:7: /types/Custom:Wide/attributes: Custom:Wide has 51 attributes: a type has at most 50"},
		{"built in", types("  Custom:Asset: {schemaVersion: \"1.0\", attributes: {Row: {}}}\n"), "t.yaml:3:3: /types/Custom:Asset: Custom:Asset is declared twice, also in builtin/types.yaml"},
		{"case", types("  Custom:ASSET: {schemaVersion: \"1.0\", attributes: {Row: {}}}\n"), "t.yaml:3:3: /types/Custom:ASSET: Custom:ASSET and Custom:Asset differ only in case: the service takes them for one"},
		{"attributes' case", types("  Custom:Rack: {schemaVersion: \"1.0\", attributes: {Row: {}, ROW: {}}}\n"), "t.yaml:3:61: /types/Custom:Rack/attributes/ROW: ROW and Row differ only in case: the service takes them for one"},
		{"attribute", types("  Custom:Rack: {schemaVersion: \"1.0\", attributes: {row: {}}}\n"), "t.yaml:3:52: /types/Custom:Rack/attributes/row: an attribute's name must be a capital letter, then letters, digits and _, 1 to 64 characters in all (did you mean Row?)"},
		{"version", types("  Custom:Rack: {schemaVersion: 1, attributes: {Row: {}}}\n"), "t.yaml:3:32: /types/Custom:Rack/schemaVersion: schemaVersion must be two numbers with a dot: \"1.0\""},
		{"key", types("  Custom:Rack: {schemaVersion: \"1.0\", key: [Rwo], attributes: {Row: {}}}\n"), "t.yaml:3:45: /types/Custom:Rack/key/0: Custom:Rack has no attribute Rwo (did you mean Row?)"},
		{"roll-up", types("  Custom:Rack: {schemaVersion: \"1.0\", rollup: {type: Custom:RackSummary, count: Row}, attributes: {Row: {}}}\n"), "t.yaml:3:81: /types/Custom:Rack/rollup/count: Row has no map with \"*\", so it is not known which words to count"},
		{"too many types", types(fleet), "t.yaml:15:3: /types/Custom:T12: this is custom type 21 (roll-ups count too): an account has 20"},
		{"of", types("  Custom:Rack: {schemaVersion: \"1.0\", attributes: {Row: {of: Rwo}}}\n"), "t.yaml:3:57: /types/Custom:Rack/attributes/Row: Custom:Rack has no attribute Rwo (did you mean Row?)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Join(problems(t, map[string]string{"t.yaml": test.file}), "\n")
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestMergeNeedsKey(t *testing.T) {
	got := problems(t, map[string]string{
		"t.yaml": "version: 1\ntypes:\n  Custom:Rack: {schemaVersion: \"1.0\", attributes: {Row: {}}}\n",
		"a.yaml": mapped("update: merge\nCustom:Rack:\n  Row: a\n"),
	})
	want := []string{"a.yaml:8:1: /Custom:Rack: Custom:Rack has no key, so its entries cannot be merged or removed singly"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestProblemsBetweenFiles(t *testing.T) {
	named := func(name, more string) string {
		return "version: 1\nmapping: " + name + "\n" + more
	}
	for _, test := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"one name", map[string]string{
			"a.yaml": named("mine", "detect:\n  - json: [a]\n"+rightFill),
			"b.yaml": named("mine", "detect:\n  - json: [b]\n"+rightFill),
		}, "b.yaml:2:10: /mapping: two mappings are called mine, the other one in a.yaml"},
		{"a cycle", map[string]string{
			"a.yaml": named("one", "extends: two\n"),
			"b.yaml": named("two", "extends: one\n"),
		}, "a.yaml:3:10: /extends: two cannot be extended: it has problems of its own\nb.yaml:3:10: /extends: two extends itself"},
		{"a tie", map[string]string{
			"a.yaml": named("one", "match:\n  - s3: {key: \"x/**\"}\ndetect:\n  - json: [a, b]\n"+rightFill),
			"b.yaml": named("two", "match:\n  - s3: {key: \"x/**\"}\ndetect:\n  - json: [a]\n"+rightFill),
		}, "b.yaml:2:10: /mapping: two and one match the same origins (s3 key \"x/**\") and the same documents: make a pattern or detect of one more specific"},
		{"no tie", map[string]string{
			"a.yaml": named("one", "match:\n  - s3: {key: \"x/**\"}\ndetect:\n  - json: [a]\n"+rightFill),
			"b.yaml": named("two", "match:\n  - s3: {key: \"x/**\"}\ndetect:\n  - json: [b]\n"+rightFill),
		}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Join(problems(t, test.files), "\n")
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	for _, name := range []string{"nessus", "asff", "types", "servicenow"} {
		content, err := mapping.Builtin.ReadFile("builtin/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add([]byte(mapped(rightFill)))
	f.Add([]byte("a: &a [*a, *a]\nmapping: *a\n"))
	f.Add([]byte(mapped("whole: {expr: 'int(r.total) <= $records', page: {expr: int(r.page) + 1}, pages: $doc.pages}\nscope: r.a == \"b\"\n" + rightFill +
		"  scope: {where: r.a, each: [$doc.scan, b(c=d)], Port: {path: ports, split: ','}, Protocol: [p, $file.name]}\n")))
	f.Add([]byte(mapped("whole: '!has(\"next\")'\n" + rightFill + "  scope: $doc.done == \"true\"\n")))
	f.Add([]byte("version: 1\ntypes:\n  Custom:A: {schemaVersion: \"1.0\", key: [I], attributes: {I: {}, L: {unite: list}, H: {unite: highest}, N: {date: true, unite: newest}, F: {unite: first}}}\n"))
	f.Add([]byte("version: 1\nmapping: x\nextends: nessus\nCustom:Vulnerability: {<<: {Id: {expr: r.a}}}\n"))
	builtin := map[string][]byte{} // enough to fill and to extend; all of them take too long each time
	for _, name := range []string{"builtin/types.yaml", "builtin/nessus.yaml"} {
		text, err := mapping.Builtin.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		builtin[name] = text
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		l := &loader{}
		for name, text := range builtin {
			l.parse(name, true, text)
		}
		l.parse("fuzz.yaml", false, content)
		set, err := l.set()
		if err != nil {
			for _, p := range err.(problem.List) { //nolint:errorlint // set promises it
				if p.Message == "" || p.File == "" {
					t.Errorf("a problem without a message or file: %+v", p)
				}
			}
			return
		}
		all, err := set.All()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			if m.Builtin {
				continue
			}
			if err := prepared(t, m); err != nil {
				t.Errorf("%s loads and does not compile: %v", m.Name, err)
			}
		}
	})
}

// TestTwelveMistakes: all that is wrong is said at once, each thing at its place and once.
func TestTwelveMistakes(t *testing.T) {
	file := `version: 1
mapping: Our_Backups
about: twelve mistakes, one a line
detect:
  - cvs: [Server, Policy]
match:
  - s3: {key: "backups/{node id}/**"}
dates: [d.M.yyyy]
zone: Berlin
every: daily
each: $rows
where: r.Server != serverr
identify: {hostName: Server}
update: merged
Custom:Vulnerability:
  Id: {path: Policy, match: '(a)(b)'}
  Titel: Policy
  Package: $rules(Policy).name
`
	want := []string{
		"a.yaml:2:10: /mapping: a mapping's name must be lower-case letters, digits and -, at most 63, and begin with a letter or digit",
		"a.yaml:5:5: /detect/0/cvs: unknown kind cvs: it is one of csv, json, xml, zip, xlsx, keyvalue (did you mean csv?)",
		"a.yaml:7:15: /match/0/s3/key: a capture in a key pattern is a name in braces: {nodeId}",
		"a.yaml:8:9: /dates/0: unknown letter of date layouts: d (they are yyyy yy MM MMM dd NN EEE HH hh mm ss SSS a z; others in single quotes)",
		"a.yaml:9:7: /zone: no time zone is called Berlin: UTC, Europe/Berlin",
		"a.yaml:10:8: /every: a duration must be a number with a unit: 30m, 24h, 90d, 2w",
		"a.yaml:12:20: /where: expression: unknown name serverr: fields of the entry are r.serverr",
		"a.yaml:13:12: /identify/hostName: unknown identifier hostName: they are nodeId, tag, serial, hostname, reverse, ip, mac, account, region (did you mean hostname?)",
		`a.yaml:14:9: /update: update must be replace or merge or newest, not "merged" (did you mean merge?)`,
		"a.yaml:16:29: /Custom:Vulnerability/Id/match: match has 2 groups and must have one, which is what is taken: (?:…) groups without taking",
		"a.yaml:17:3: /Custom:Vulnerability/Titel: Custom:Vulnerability has no attribute Titel (did you mean Title?)",
		"a.yaml:18:12: /Custom:Vulnerability/Package: there is no table $rules: declare it under tables",
	}
	if d := cmp.Diff(want, problems(t, map[string]string{"a.yaml": file})); d != "" {
		t.Error(d)
	}
}

// TestTwelveOtherMistakes are in what a first mapping of one's own has beside: types, tests, blocks, words twice.
func TestTwelveOtherMistakes(t *testing.T) {
	files := map[string]string{"a.yaml": `version: 1
mapping: racks
abuot: something
match:
  - s3: {key: "racks/**"}
each: rack(unit=
identify:
  hostname: {path: name, mach: '(.*)'}
  ip: address
  ip: addr
absent: {clear: maybe}
onAmbiguous: offline
Custom:Rack:
  Row: {value: a, path: b}
  Unit: {map: {a: b}}
Custom:Shelf:
  Row: row
tests:
  - samples: a.json
  - {sample: b.json, records: many, entries: [{type: Custom:Rack, Uint: 3}]}
`, "b.yaml": `version: 1
types:
  Custom:Rack:
    schemaVersion: "1.0"
    key: [Rwo]
    attributes: {Row: {}, Unit: {max: 9000}}
`}
	want := []string{
		"a.yaml:3:1: /abuot: unknown word abuot (did you mean about?)",
		"a.yaml:6:11: /each: path rack(unit=: a closing parenthesis is missing",
		"a.yaml:8:26: /identify/hostname/mach: unknown word mach of a value (did you mean match?)",
		"a.yaml:10:3: /identify/ip: ip is given twice, first in line 9",
		`a.yaml:11:17: /absent/clear: clear must be true or false, not "maybe"`,
		`a.yaml:12:14: /onAmbiguous: onAmbiguous must be reject or online, not "offline" (did you mean online?)`,
		"a.yaml:14:19: /Custom:Rack/Row/path: a value must have one source: path, all, value or expr",
		"a.yaml:15:9: /Custom:Rack/Unit: a value must have a source: path, all, value or expr",
		"a.yaml:16:1: /Custom:Shelf: type Custom:Shelf is not declared: declare it in a types file (did you mean Custom:Asset?)",
		"a.yaml:19:5: /tests/0/samples: unknown word samples of a test (did you mean sample?)",
		"a.yaml:20:31: /tests/1/records: a count must be a whole number from 0 to 1073741824",
		"a.yaml:20:67: /tests/1/entries/0/Uint: Custom:Rack has no attribute Uint (did you mean Unit?)",
		"b.yaml:5:11: /types/Custom:Rack/key/0: Custom:Rack has no attribute Rwo (did you mean Row?)",
		"b.yaml:6:39: /types/Custom:Rack/attributes/Unit/max: max must be a whole number from 1 to 4096",
	}
	if d := cmp.Diff(want, problems(t, files)); d != "" {
		t.Error(d)
	}
}
