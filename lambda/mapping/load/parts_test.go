package load

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

// TestProblemsOfParts: what `whole` and `scope` take, and what is wrong with the rest.
func TestProblemsOfParts(t *testing.T) {
	const service = "Custom:NetworkService:\n  Port: port\n  Protocol: p\n"
	for _, test := range []struct{ lines, want string }{
		{"whole: int(r.total) <= $records\n" + service, ""},
		{"whole: 'int($doc.total) <= int($records) and !has(\"next\")'\n" + service, ""},
		{"whole: {expr: r.next == \"\", page: {expr: 'int(r.page) + 1'}, pages: page.totalPages}\n" + service, ""},
		{"whole: {page: page, pages: [pages, totalPages]}\n" + service, ""},
		{"whole: {pages: pages}\n" + service, ""},
		{"whole: true\n" + service, ""},
		{"whole: r.total\n" + service, "a.yaml:7:8: /whole: expression: expected bool, but got string"},
		{"whole: r.total <= recods\n" + service, "a.yaml:7:19: /whole: expression: unknown name recods: fields of the entry are r.recods"},
		{"whole: [r.total]\n" + service, "a.yaml:7:8: /whole: an expression must be a string"},
		{"whole: {}\n" + service, "a.yaml:7:8: /whole: whole is empty: expected an expression, or expr, page and pages"},
		{"whole: {page: page}\n" + service, "a.yaml:7:8: /whole: pages is missing: which page a document is counts together with how many there are"},
		{"whole: {expresion: 'true'}\n" + service, "a.yaml:7:9: /whole/expresion: unknown word expresion of whole"},
		{"whole: {expr: 'true', page: page, pagse: pages}\n" + service, "a.yaml:7:35: /whole/pagse: unknown word pagse of whole (did you mean page?)"},
		{"whole: {pages: r.page.totalPages}\n" + service, "a.yaml:7:16: /whole/pages: path r.page.totalPages: r stands in expressions only, and a path begins at the document; a field r of it is $doc.r.page.totalPages (did you mean page.totalPages?)"},
		{"whole: {pages: $up.pages}\n" + service, "a.yaml:7:16: /whole/pages: path $up.pages: whole is about the document, so a path begins there, at $doc, $rows or $file"},
		{"whole: $host.x == \"\"\n" + service, "a.yaml:7:8: /whole: path $host.x: whole is about the document, so a path begins there, at $doc, $rows or $file"},
		{"where: $records > 1\n" + service, "a.yaml:7:8: /where: expression: $records is known at the end of the document alone: it stands in whole"},
		{"records:\n  - whole: r.a == \"\"\n    Custom:NetworkService: {Port: port, Protocol: p}\n", "a.yaml:8:5: /records/0/whole: whole belongs at the top of the file, not in a block"},

		{"scope: r.complete == \"true\"\n" + service, ""},
		{"scope: {where: 'true'}\n" + service, "a.yaml:7:8: /scope: an expression must be a string"},
		{"records:\n  - scope: r.complete == \"true\"\n    Custom:NetworkService: {Port: port, Protocol: p}\n", ""},
		{service + "  scope: r.timedout != \"true\"\n", ""},
		{service + "  scope: {where: r.timedout != \"true\", each: $doc.scaninfo, Protocol: protocol, Port: {path: services, split: ','}}\n", ""},
		{service + "  scope: {each: [$up.scan, scans.scan], Port: {all: [ports, $doc.ports, $host.ports, $file.name]}}\n", ""},
		{service + "  scope: {Port: {value: 1-1024}}\n", ""},
		{service + "  scope: {}\n", "a.yaml:10:10: /Custom:NetworkService/scope: scope is empty: expected an expression, or where, each and attributes of Custom:NetworkService"},
		{service + "  scope: [a]\n", "a.yaml:10:10: /Custom:NetworkService/scope: an expression must be a string"},
		{service + "  scope: {Ports: ports}\n", "a.yaml:10:11: /Custom:NetworkService/scope/Ports: Custom:NetworkService has no attribute Ports (did you mean Port?)"},
		{service + "  scope: {eahc: scans, Port: ports}\n", "a.yaml:10:11: /Custom:NetworkService/scope/eahc: Custom:NetworkService has no attribute eahc (did you mean each?)"},
		{service + "  scope: {Source: name}\n", "a.yaml:10:11: /Custom:NetworkService/scope/Source: Source is always the mapping's name: a scope is within what its own source states"},
		{service + "  scope: {each: scans, Port: $up.ports}\n", "a.yaml:10:10: /Custom:NetworkService/scope: path $up.ports: beside each, a path begins there, at $doc, $host or $file"},
		{service + "  scope: {each: scans.$text, Port: ports}\n", "a.yaml:10:17: /Custom:NetworkService/scope/each: the path to a clause leads to a text"},
		{service + "  scope: {where: r.a == b}\n", "a.yaml:10:25: /Custom:NetworkService/scope/where: expression: unknown name b: fields of the entry are r.b"},
		{"Custom:Vulnerability:\n  Id: id\n  scope: {SeverityRank: rank}\n", "a.yaml:9:11: /Custom:Vulnerability/scope/SeverityRank: SeverityRank is made from Severity: bound that one"},
	} {
		t.Run(test.lines, func(t *testing.T) {
			got := strings.Join(problems(t, map[string]string{"a.yaml": mapped(test.lines)}), "\n")
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestProblemsOfUnite: which attributes may say how their values become one.
func TestProblemsOfUnite(t *testing.T) {
	const words = "map: {a: A, \"*\": OTHER}"
	for _, test := range []struct{ key, attributes, want string }{
		{"key: [Id], ", "Id: {}, Cve: {unite: list}, Score: {unite: highest}, Seen: {date: true, unite: newest}, Title: {unite: first}", ""},
		{"key: [Id], ", "Id: {}, Word: {" + words + ", unite: highest}, Rank: {of: Word, map: {A: 1}}", ""},
		{"key: [Id], ", "Id: {unite: first}", "t.yaml:3:75: /types/Custom:Rack/attributes/Id/unite: Id is part of the key, and so the same in entries that become one"},
		{"key: [Id], ", "Id: {}, Cve: {unite: all}", `t.yaml:3:84: /types/Custom:Rack/attributes/Cve/unite: unite must be first or list or highest or newest, not "all"`},
		{"key: [Id], ", "Id: {}, Cve: {unit: list}", "t.yaml:3:77: /types/Custom:Rack/attributes/Cve/unit: unknown word unit of an attribute (did you mean unite?)"},
		{"key: [Id], ", "Id: {}, Seen: {unite: newest}", "t.yaml:3:85: /types/Custom:Rack/attributes/Seen/unite: newest needs date: true"},
		{"key: [Id], ", "Id: {}, Word: {" + words + ", unite: list}", "t.yaml:3:110: /types/Custom:Rack/attributes/Word/unite: Word takes one of a closed list of words, so it cannot be several of them"},
		{"key: [Id], ", "Id: {}, Word: {}, Rank: {of: Word, unite: first}", "t.yaml:3:105: /types/Custom:Rack/attributes/Rank/unite: Rank is made from Word, and follows it"},
		{"", "Id: {}, Cve: {unite: list}", "t.yaml:3:73: /types/Custom:Rack/attributes/Cve/unite: Custom:Rack has no key: entries that differ are never one"},
	} {
		t.Run(test.key+test.attributes, func(t *testing.T) {
			file := "version: 1\ntypes:\n  Custom:Rack: {schemaVersion: \"1.0\", " + test.key + "attributes: {" + test.attributes + "}}\n"
			got := strings.Join(problems(t, map[string]string{"t.yaml": file}), "\n")
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestUniteIsTaken(t *testing.T) {
	types := func(unite string) string {
		return "version: 1\ntypes:\n  Custom:Rack: {schemaVersion: \"1.0\", key: [Id], attributes: {Id: {}, Cve: {" + unite + "}, Zone: {}}}\n"
	}
	definition := make(map[string]string)
	for unite, want := range map[string][]inventory.Unite{
		"":            nil,
		"unite: list": {inventory.UniteList, inventory.UniteNot, inventory.UniteNot},
	} {
		set, err := Options{}.Load(write(t, map[string]string{"t.yaml": types(unite)}))
		if err != nil {
			t.Fatal(err)
		}
		rack, _ := set.Type("Custom:Rack")
		if d := cmp.Diff(want, rack.Inventory.Unite); d != "" {
			t.Error(d)
		}
		definition[rack.Inventory.Definition()] = unite
	}
	if len(definition) != 2 {
		t.Error("a type whose values are united is defined as one whose values are not")
	}
}

func TestPartsAreTaken(t *testing.T) {
	m := loadOne(t, mapped(`whole: {expr: 'int(r.total) <= $records', page: page, pages: {path: pages}}
scope: r.done == "true"
Custom:NetworkService:
  Port: port
  Protocol: p
  scope: {where: r.up == "true", each: $doc.scan, Port: {path: ports, split: ','}}
`))
	if m.Whole == nil || m.Whole.Holds == nil || !m.Whole.Holds.Records || m.Whole.Page == nil || m.Whole.Pages == nil {
		t.Errorf("whole: %+v", m.Whole)
	}
	b := m.Blocks[0]
	s := b.Fills[0].Scope
	if b.Scope == nil || s == nil || s.Where == nil || len(s.Each) != 1 || len(s.Bounds) != 1 || b.Fills[0].Type.Attributes[s.Bounds[0].Attribute].Name != "Port" {
		t.Errorf("scope: %+v", s)
	}
	if m := loadOne(t, mapped("Custom:NetworkService:\n  Port: port\n  Protocol: p\n  scope: r.up == \"true\"\n")); m.Blocks[0].Fills[0].Scope.Where == nil || m.Whole != nil || m.Blocks[0].Scope != nil {
		t.Error("a scope that is an expression alone is not read")
	}
}

// TestPartsAreExtended: words of the base are merged where both are mappings, and replaced else.
func TestPartsAreExtended(t *testing.T) {
	base := "version: 1\nmapping: base\ndetect:\n  - json: [b]\nwhole: {expr: r.next == \"\", pages: pages}\n" +
		"Custom:NetworkService:\n  Port: port\n  Protocol: p\n  scope: {each: scans, Port: ports}\n"
	own := "version: 1\nmapping: mine\nextends: base\nwhole: {page: page}\nCustom:NetworkService:\n  scope: {Protocol: protocol}\n"
	replaced := "version: 1\nmapping: other\nextends: base\nwhole: r.more == \"\"\nCustom:NetworkService:\n  scope: r.up == \"true\"\n"
	set, err := Options{}.Load(write(t, map[string]string{"a.yaml": base, "b.yaml": own, "c.yaml": replaced}))
	if err != nil {
		t.Fatal(err)
	}
	mine, _ := set.Mapping("mine")
	other, _ := set.Mapping("other")
	extended, _ := set.Mapping("base")
	if w := mine.Whole; w.Holds == nil || w.Page == nil || w.Pages == nil {
		t.Errorf("merged whole: %+v", w)
	}
	if s := mine.Blocks[0].Fills[0].Scope; len(s.Each) != 1 || len(s.Bounds) != 2 {
		t.Errorf("merged scope: %+v", s)
	}
	if w := other.Whole; w.Pages != nil || w.Holds.Text != `r.more == ""` {
		t.Errorf("replaced whole: %+v", w)
	}
	if s := other.Blocks[0].Fills[0].Scope; s.Where == nil || len(s.Each)+len(s.Bounds) != 0 {
		t.Errorf("replaced scope: %+v", s)
	}
	if mine.Hash == extended.Hash || other.Hash == mine.Hash {
		t.Error("the hash of a mapping does not depend on whole and scope")
	}
}
