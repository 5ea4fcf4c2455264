package read

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// thingTypes are types for tests of values.
const thingTypes = `version: 1
types:
  Custom:Thing:
    schemaVersion: "1.0"
    key: [Id]
    sort: [Id]
    required: [Id]
    rollup: {type: Custom:ThingSummary, count: Word}
    attributes:
      Id: {max: 16}
      Word: {default: UNSAID, map: {a: ALPHA, b: BETA, "*": OTHER}}
      Rank: {of: Word, map: {ALPHA: "0", BETA: "1"}}
      Lower: {case: lower}
      When: {date: true}
      Joined: {join: " AND "}
      Source: {default: "{mapping}"}
      Short: {max: 5}
      Plain:
`

// things loads a mapping of `things` with some lines and reads a JSON document with it.
func things(t *testing.T, lines, document string) outcome {
	t.Helper()
	return thingsWithin(t, lines, document, 0)
}

// thingsWithin does the same with a budget of memory.
func thingsWithin(t *testing.T, lines, document string, budget int) outcome {
	t.Helper()
	dir := write(t, map[string]string{"t.yaml": thingTypes, "m.yaml": "version: 1\nmapping: things\ndetect:\n  - json: [things]\n" + lines})
	set, err := load.Options{}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return readWithin(t, set, "", []byte(document), budget)
}

// brief gives the values of the entries that are not empty, one line each.
func brief(o outcome) []string {
	var lines []string
	for _, values := range o.values {
		line := values["Id"]
		for _, name := range []string{"Word", "Rank", "Lower", "When", "Joined", "Short", "Plain"} {
			if values[name] != "" {
				line += " " + name + "=" + values[name]
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func TestValues(t *testing.T) {
	for _, test := range []struct{ name, value, thing, want string }{
		{"path", "Plain: a", `{"a":" x "}`, "Plain=x"},
		{"number", "Plain: a", `{"a":1.10}`, "Plain=1.10"},
		{"loose name", "Plain: Some Name", `{"some_name":"x"}`, "Plain=x"},
		{"several are joined", "Plain: a", `{"a":["x","y","x"]}`, "Plain=x,y"},
		{"the type's join", "Joined: a", `{"a":["x","y"]}`, "Joined=x AND y"},
		{"join", "Joined: {path: a, join: /}", `{"a":["x","y"]}`, "Joined=x/y"},
		{"first of a list", "Plain: [b, a]", `{"a":"x","b":""}`, "Plain=x"},
		{"default by list", "Plain: [a, {value: none}]", `{}`, "Plain=none"},
		{"all", "Plain: {all: [a, b], join: /}", `{"a":"x","b":"y"}`, "Plain=x/y"},
		{"all, equal ones", "Plain: {all: [a, b], join: /}", `{"a":"1","b":"1"}`, "Plain=1/1"},
		{"all, equal ones of a part", "Plain: {all: [a, b], join: /}", `{"a":["x","y","x"],"b":"x"}`, "Plain=x/y/x"},
		{"all, equal ones without a join", "Joined: {all: [a, b]}", `{"a":"x","b":"x"}`, "Joined=x"},
		{"all of lists", "Plain: {all: [a, b], split: ';', join: /}", `{"a":"x;y;x","b":"y;z"}`, "Plain=x/y/z"},
		{"all with one", "Plain: {all: [a, b], join: /}", `{"b":"y"}`, "Plain=y"},
		{"split", `Plain: {path: a, split: '\s+', join: ;}`, `{"a":"x  y x"}`, "Plain=x;y"},
		{"match", `Plain: {path: a, match: '^(\d+)/'}`, `{"a":"443/tcp"}`, "Plain=443"},
		{"match drops", `Plain: {path: a, match: '^(\d+)/'}`, `{"a":["443/tcp","general"]}`, "Plain=443"},
		{"map", `Plain: {path: a, map: {x: y}}`, `{"a":"X"}`, "Plain=y"},
		{"map leaves", `Plain: {path: a, map: {x: y}}`, `{"a":"z"}`, "Plain=z"},
		{"map all others", `Plain: {path: a, map: {x: y, "*": o}}`, `{"a":"z"}`, "Plain=o"},
		{"map to none", `Plain: [{path: a, map: {x: ""}}, b]`, `{"a":"x","b":"q"}`, "Plain=q"},
		{"expr", `Plain: {expr: 'string(int(r.a) * 2)'}`, `{"a":"21"}`, "Plain=42"},
		{"expr without a number", `Plain: [{expr: 'string(int(r.a) * 2)'}, b]`, `{"b":"q"}`, "Plain=q"},
		{"expr lists", `Plain: {expr: 'filter(texts("a"), # != "x")'}`, `{"a":["x","y","z"]}`, "Plain=y,z"},
		{"expr on a number", `Plain: {expr: 'r.a == "7" and has("b") ? "yes" : "no"'}`, `{"a":7,"b":[]}`, "Plain=yes"},
		{"type's map", "Word: a", `{"a":"B"}`, "Word=BETA Rank=1"},
		{"type's others", "Word: a", `{"a":"q"}`, "Word=OTHER Rank=OTHER"},
		{"one word of several", "Word: a", `{"a":["a","A"]}`, "Word=ALPHA Rank=0"},
		{"several words", "Word: a", `{"a":["a","b"]}`, "Word=OTHER Rank=OTHER"},
		{"case", "Lower: a", `{"a":"TCP"}`, "Lower=tcp"},
		{"date", "When: a", `{"a":"2024-05-09T23:24:25+02:00"}`, "When=2024-05-09T21:24:25Z"},
		{"no date", "When: [a]", `{"a":"soon"}`, ""},
		{"date of Go", "When: a", `{"a":"2025-04-03 20:20:00.43042 +0000 UTC"}`, "When=2025-04-03T20:20:00Z"},
		{"date of mail", "When: a", `{"a":"Tue, 18 Apr 2023 19:26:02 +0000"}`, "When=2023-04-18T19:26:02Z"},
		{"what stands for no date", "When: a", `{"a":"0001-01-01T00:00:00Z"}`, ""},
		{"what stands for no date, and a date", "When: [a, b]", `{"a":"0001-01-01T00:00:00Z","b":"2024-05-09"}`, "When=2024-05-09T00:00:00Z"},
		{"no date, and a date", "When: [a, b, c]", `{"a":["soon","never"],"b":"","c":"2024-05-09"}`, "When=2024-05-09T00:00:00Z"},
		{"a date or what stands for none", "When: [{path: a, date: [unixms]}, b]", `{"a":"9999-12-31T23:59:59.9999999Z","b":"2024-05-09"}`, "When=2024-05-09T00:00:00Z"},
		{"a name with a dot", "Plain: some_part.own_name", `{"some.part":{"own.name":"x"},"some":{"part":"y"}}`, "Plain=x"},
		{"an expression's name with a dot", `Plain: {expr: 'r["some.part"]'}`, `{"some.part":"x"}`, "Plain=x"},
		{"the name of a field", "Plain: kinds.*($text=x).$name", `{"kinds":{"a.example/b":"x","c":"y"}}`, "Plain=a.example/b"},
		{"JSON in a text of JSON in a text", "Plain: a.b.c", `{"a":"{\"b\":\"[{\\\"c\\\":1},{\\\"c\\\":2}]\"}"}`, "Plain=1,2"},
		{"a list in one string", "Plain: {path: a, split: ',', join: ;}", `{"a":"x,y ,,z"}`, "Plain=x;y;z"},
		{"date verb", "When: {path: a, date: [unix]}", `{"a":1715297065}`, "When=2024-05-09T23:24:25Z"},
		{"cut", "Short: a", `{"a":"abcdüf"}`, "Short=abcd"},
		{"JSON in a text", "Plain: a.b", `{"a":"{\"b\":\"x\"}"}`, "Plain=x"},
		{"control characters", "Plain: a", `{"a":"x\u0000\ny"}`, "Plain=x y"},
		{"file", "Plain: $file.name", `{}`, "Plain=sample"},
		{"constant", "Plain: {value: 7}", `{}`, "Plain=7"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := things(t, "each: things\nCustom:Thing:\n  Id: {value: i}\n  "+test.value+"\n", `{"things":[`+test.thing+`]}`)
			if o.err != nil {
				t.Fatal(o.err)
			}
			want := strings.TrimSpace("i Word=UNSAID Rank=UNSAID " + test.want)
			if strings.Contains(test.want, "Word=") {
				want = "i " + test.want
			}
			if d := cmp.Diff([]string{want}, brief(o)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestAlternativesThatComeLater: which of a value's alternatives the document has may change with each record, also within a value of several.
func TestAlternativesThatComeLater(t *testing.T) {
	o := things(t, "each: things\nCustom:Thing:\n  Id: [e, d, c, {all: [[b, x], [y, a]]}]\n  Plain: [{path: [n, m], map: {z: \"\"}}, [l, k]]\n",
		`{"things":[{"a":1},{"b":2,"a":3,"k":4},{"c":5,"b":6,"l":7},{"a":8,"m":"z","k":9},{"d":10,"n":11,"m":12},{"e":13,"d":14,"y":15},{"y":16,"x":17}]}`)
	want := []string{"1", "2,3 Plain=4", "5 Plain=7", "8 Plain=9", "10 Plain=11", "13", "17,16"}
	for i, line := range want {
		id, rest, _ := strings.Cut(line, " ")
		want[i] = strings.TrimSpace(id + " Word=UNSAID Rank=UNSAID " + rest)
	}
	if d := cmp.Diff(want, brief(o)); o.err != nil || d != "" {
		t.Error(o.err, d)
	}
}

func TestRecords(t *testing.T) {
	const fill = "Custom:Thing:\n  each: parts\n  Id: id\n"
	for _, test := range []struct {
		name, lines, document string
		entries               []string
		skipped               map[string]int
		states                []int // of the first record
	}{
		{"where", "each: things\nwhere: r.on == \"1\"\n" + fill, `{"things":[{"on":1,"parts":[{"id":"a"}]},{"on":0,"parts":[{"id":"b"}]}]}`, []string{"a"}, map[string]int{skipWhere: 1}, []int{0}},
		{"no host", "each: things\nhost: machines\nidentify: {nodeId: id}\n" + fill, `{"things":[{"parts":[{"id":"a"}]}]}`, nil, map[string]int{skipHost: 1}, nil},
		{"two hosts", "each: things\nhost: machines\nkey: id\nidentify: {nodeId: id}\n" + fill, `{"things":[{"machines":[{"id":"m"},{"id":"n"}],"parts":[{"id":"a"}]}]}`, []string{"a", "a"}, map[string]int{}, []int{0}},
		{"missing clears", "each: things\n" + fill, `{"things":[{"x":1}]}`, nil, map[string]int{}, []int{0}},
		{"missing keeps", "each: things\n" + fill + "  missing: keep\n", `{"things":[{"x":1}]}`, nil, map[string]int{}, nil},
		{"an empty list is said", "each: things\n" + fill + "  missing: keep\n", `{"things":[{"parts":[]}]}`, nil, map[string]int{}, []int{0}},
		{"where on entries", "each: things\nCustom:Thing:\n  each: parts\n  where: r.id != \"b\"\n  Id: id\n", `{"things":[{"parts":[{"id":"a"},{"id":"b"}]},{"parts":[{"id":"b"}]}]}`, []string{"a"}, map[string]int{}, []int{0}},
		{"no type takes it", "each: things\nCustom:Thing:\n  where: r.kind == \"x\"\n  Id: id\n", `{"things":[{"kind":"x","id":"a"},{"kind":"y","id":"b"}]}`, []string{"a"}, map[string]int{skipTypes: 1}, []int{0}},
		{"no type takes it, by $up", "each: things\nCustom:Thing:\n  each: parts\n  where: $up.kind == \"x\"\n  Id: id\n", `{"things":[{"parts":[{"id":"a"}],"kind":"x"},{"parts":[{"id":"b"}],"kind":"y"}]}`, []string{"a"}, map[string]int{skipTypes: 1}, []int{0}},
		{"removed of a snapshot", "each: things\nremove: r.gone == \"true\"\n" + fill, `{"things":[{"gone":true,"parts":[{"id":"a"}]}]}`, nil, map[string]int{}, []int{0}},
		{"removed of a merge", "each: things\nupdate: merge\nremove: r.gone == \"true\"\n" + fill, `{"things":[{"gone":true,"parts":[{"id":"a"}]}]}`, []string{"a"}, map[string]int{}, []int{0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := things(t, test.lines, test.document)
			if o.err != nil {
				t.Fatal(o.err)
			}
			var ids []string
			for _, values := range o.values {
				ids = append(ids, values["Id"])
			}
			var states []int
			if len(o.records) > 0 {
				states = append(states, o.records[0].States...)
			}
			if d := cmp.Diff([]any{test.entries, test.skipped, test.states}, []any{ids, o.skipped, states}); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestRejectedEntries(t *testing.T) {
	long := strings.Repeat("x", 5000)
	o := things(t, "each: things\nCustom:Thing:\n  Id: id\n  Plain: p\n", fmt.Sprintf(`{"things":[{"p":"q"},{"id":"a","p":%q}]}`, long))
	if o.err != nil || o.rejected != 2 || len(o.values) != 0 {
		t.Errorf("rejected %d, entries %d, %v", o.rejected, len(o.values), o.err)
	}
}

func TestCaptureTimes(t *testing.T) {
	for _, test := range []struct{ name, captured, document, want, late string }{
		{"of the record", "[at, $doc.at]", `{"at":"2024-01-01","things":[{"id":"a","at":"2024-02-02"}]}`, "2024-02-02T00:00:00Z", ""},
		{"of the document", "[at, $doc.at]", `{"things":[{"id":"a"}],"at":"2024-01-01"}`, "", "2024-01-01T00:00:00Z"},
		{"the latest of several", "at", `{"things":[{"id":"a","at":["2024-01-01","2024-03-03","2024-02-02"]}]}`, "2024-03-03T00:00:00Z", ""},
		{"of the document, where the record's is none", "[at, $doc.at]", `{"things":[{"id":"a","at":"9999-12-31T23:59:59Z"}],"at":"2024-01-01"}`, "", "2024-01-01T00:00:00Z"},
		{"of two the one that is a date", "[seen, at]", `{"things":[{"id":"a","seen":"0001-01-01T00:00:00Z","at":"2024-02-02"}]}`, "2024-02-02T00:00:00Z", ""},
		{"none", "[at, $doc.at]", `{"things":[{"id":"a"}]}`, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := write(t, map[string]string{"t.yaml": thingTypes, "m.yaml": "version: 1\nmapping: things\ndetect:\n  - json: [things]\neach: things\ncapturedAt: " + test.captured + "\nCustom:Thing: {Id: id}\n"})
			set, err := load.Options{}.Load(dir)
			if err != nil {
				t.Fatal(err)
			}
			choice, err := set.Choose(choose.Origin{Local: true}, []byte(test.document), true)
			if err != nil {
				t.Fatal(err)
			}
			reading := Document(t.Context(), Input{Reader: strings.NewReader(test.document)}, choice, Facts{})
			got := ""
			for record, err := range reading.Records() {
				if err != nil {
					t.Fatal(err)
				}
				got = written(record.Captured)
			}
			if got != test.want || written(reading.LateCapture()) != test.late {
				t.Errorf("got %q and %q", got, written(reading.LateCapture()))
			}
		})
	}
}

func written(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return date.Canonical(t)
}

func TestSourceTemplate(t *testing.T) {
	dir := write(t, map[string]string{"t.yaml": thingTypes, "m.yaml": "version: 1\nmapping: things\nmatch:\n  - s3: {key: \"things/{nodeId}/{app}/*\"}\nsource: things/{$file.key.app}/{team}\nCustom:Thing: {each: things, Id: id}\n"})
	set, err := load.Options{}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ document, want string }{
		{`{"things":[{"id":"a"}],"team":"blue"}`, "things/shop/blue"},
		{`{"things":[{"id":"a"}]}`, "things"},
	} {
		choice, err := set.Choose(choose.Origin{Key: "things/i-1/shop/a.json"}, []byte(test.document), true)
		if err != nil {
			t.Fatal(err)
		}
		reading := Document(t.Context(), Input{Reader: strings.NewReader(test.document)}, choice, Facts{Captures: choice.Captures})
		for record, err := range reading.Records() {
			if err != nil || record.Source != test.want || !record.Outside {
				t.Errorf("got %v, %v", record, err)
			}
		}
	}
}

// TestOrderOfFieldsDoesNotMatter shuffles the fields of all objects of a document.
func TestOrderOfFieldsDoesNotMatter(t *testing.T) {
	const lines = "each: things\nidentify: {hostname: name}\nkey: name\nwhere: r.on != \"0\"\ncapturedAt: at\nCustom:Thing:\n  each: parts\n  Id: id\n  Plain: [$host.name, $up.at]\n  Lower: $up.deep.x\n  Word: word\n"
	random := rand.New(rand.NewPCG(1, 2))
	want := ""
	for range 60 {
		o := things(t, lines, `{"things":[`+shuffled(random, 3)+`]}`)
		if o.err != nil {
			t.Fatal(o.err)
		}
		content, err := json.Marshal([]any{o.values, o.skipped, o.records[0].Subject, written(o.records[0].Captured)})
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = string(content)
		}
		if d := cmp.Diff(want, string(content)); d != "" {
			t.Fatal(d)
		}
	}
}

// shuffled gives records with their fields in random order.
func shuffled(random *rand.Rand, records int) string {
	object := func(fields ...string) string {
		random.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
		return "{" + strings.Join(fields, ",") + "}"
	}
	var all []string
	for i := range records {
		var parts []string
		for j := range 3 {
			parts = append(parts, object(fmt.Sprintf(`"id":"%d-%d"`, i, j), `"word":"a"`, `"noise":[1,{"id":"no"}]`))
		}
		all = append(all, object(fmt.Sprintf(`"name":"n%d"`, i), fmt.Sprintf(`"on":%d`, i), `"at":"2024-01-01"`, `"deep":`+object(`"x":"DEEP"`, `"y":1`), `"parts":[`+strings.Join(parts, ",")+"]"))
	}
	return strings.Join(slices.Clip(all), ",")
}

// TestAllowedTypes: what `allow` leaves out is no type of the mapping, and records that only it would take are skipped.
func TestAllowedTypes(t *testing.T) {
	m := loadOne(t, "version: 1\nmapping: mine\nextends: inspector2\nallow: {types: [Custom:Vulnerability]}\n")
	if types := m.Types(); len(types) != 1 || types[0].Name() != "Custom:Vulnerability" {
		t.Errorf("the types are %v", types)
	}
	line := func(kind string) string {
		return `{"findingArn":"arn:1","awsAccountId":"1","resources":[{"type":"AWS_EC2_INSTANCE","id":"i-01","region":"r"}],"type":"` + kind + `"}` + "\n"
	}
	set, err := load.Options{}.Load(write(t, map[string]string{"a.yaml": "version: 1\nmapping: mine\nextends: inspector2\nallow: {types: [Custom:Vulnerability]}\n"}))
	if err != nil {
		t.Fatal(err)
	}
	o := readAll(t, set, "mine", []byte(line("PACKAGE_VULNERABILITY")+line("NETWORK_REACHABILITY")))
	if d := cmp.Diff([]any{map[string]int{"Custom:Vulnerability": 1}, map[string]int{skipTypes: 1}}, []any{o.entries, o.skipped}); o.err != nil || d != "" {
		t.Error(o.err, d)
	}
}

// TestSourceIsTakenOver: a mapping that takes over another one speaks in its own name.
func TestSourceIsTakenOver(t *testing.T) {
	m := loadOne(t, "version: 1\nmapping: mine\nextends: osquery\n")
	got := sourcesOf(t, m, `{"name":"deb_packages","hostIdentifier":"a","unixTime":1,"columns":{"name":"x"},"action":"added"}`)
	if d := cmp.Diff([]string{"mine/deb_packages"}, got); d != "" {
		t.Error(d)
	}
}
