package record_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/head"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/returned"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// shelf is an archive of names and texts in turn. One whose text begins with "!" cannot be opened.
type shelf []string

func (s shelf) Members() (names []string) {
	for i := 0; i < len(s); i += 2 {
		names = append(names, s[i])
	}
	return names
}

var errShelf = errors.New("cannot be opened")

func (s shelf) Open(i int) (io.ReadCloser, error) {
	if text := s[2*i+1]; !strings.HasPrefix(text, "!") {
		return io.NopCloser(strings.NewReader(text)), nil
	}
	return nil, errShelf
}

// texts gives what the paths are, of each record at the path.
func (s shelf) texts(t *testing.T, each string, reads ...string) (string, error) {
	t.Helper()
	return textsOf(t, record.Input{Archive: s, Format: syntax.Archive}, each, reads...)
}

func textsOf(t *testing.T, in record.Input, each string, reads ...string) (string, error) {
	t.Helper()
	thePlan := plan.Plan{Blocks: []plan.Block{{Each: mustPaths(each), Reads: mustPaths(reads...)}}}
	program, err := plan.Compile(thePlan)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for rec, err := range record.Read(t.Context(), program, in).Records() {
		if err != nil {
			return b.String(), err
		}
		scope := rec.Scope()
		for _, p := range thePlan.Blocks[0].Reads {
			fmt.Fprintf(&b, "%s ", strings.Join(p.Texts(&scope, rec.Value, nil), ","))
		}
		b.WriteString("| ")
	}
	return b.String(), nil
}

func TestMembers(t *testing.T) {
	s := shelf{
		"machines/1.json", `{"value":[{"id":"a"},{"id":"b"}]}`,
		"machines/2.json", `{"id":"x"}` + "\n" + `{"value":[{"id":"c"}]}`,
		"picture.png", "!",
		"machines/3.json", `[]`, "machines/4.json", ``, "machines/5.xml", `<export><value><id>d</id></value></export>`, "machines/6.txt", "\x00",
		"vulns/a b.csv", "Host;CVE\na;1\nb;2\n", "vulns/c.tsv", "Host\tCVE\nc\t3\n", "vulns/read.me", "words\nand more: of them, to be passed over\n",
		"vulns/one.csv", "Host\nz\n", "deep/er/still/x.json", `{"k":"v"}`, "top.json", `{"k":"w"}`,
	}
	tests := []struct{ each, reads, want string }{
		{"machines.*.value", "id", "a | b | c | d | "},
		{"machines.*", "id", " | x |  |  | "},
		{"machines.2", "id", "x |  | "},
		{"vulns.*", "Host CVE", "a 1 | b 2 | c 3 | z  | "},
		{"vulns.ab", "CVE", "1 | 2 | "},
		{"vulns.*", "$name Host", "a b a | a b b | c c | one z | "},
		{"deep.er.still.x", "k", "v | "},
		{"top", "k $doc.machines.1.value.id", "w a,b | "},
		{"deep.(*)*.x", "k", "v | "},
		{"nothing", "k", ""},
		{"$rows", "k", ""},
	}
	for _, tt := range tests {
		got, err := s.texts(t, tt.each, strings.Fields(tt.reads)...)
		if err != nil || got != tt.want {
			t.Errorf("%s: %q, %v, want %q", tt.each, got, err, tt.want)
		}
	}
}

// Members that are documents of one kind are read one behind the other, as values of one file would be; nothing else is opened.
func TestDocumentsOfAnArchive(t *testing.T) {
	s := shelf{
		"picture.png", "!", "a.list", `<list><host>a</host><item><id>1</id></item><item><id>2</id></item></list>`, "sub/deep/b.LISTX", `{"host":"b","item":[{"id":"3"}]}`,
		"c.list", `{"host":"c"}` + "\n" + `{"host":"d","item":{"id":"4"}}`, "sub/e.list", "<list><item><id>5</id></item><host>e</host></list>", "f.list", "[]",
	}
	in := func(s shelf) record.Input {
		return record.Input{Archive: s, Format: syntax.Documents, Dialect: scan.Dialect{Names: "*.list*"}}
	}
	for _, tt := range []struct{ each, reads, want string }{
		{"$rows", "host item.id", "a 1,2 | b 3 | c  | d 4 | e 5 | "},
		{"$rows.item", "id $up.host", "1 a | 2 a | 3 b | 4 d | 5 e | "},
		{"item", "id", "1 | 2 | 3 | 4 | 5 | "},
		{"list.item", "id", ""},
	} {
		got, err := textsOf(t, in(s), tt.each, strings.Fields(tt.reads)...)
		if err != nil || got != tt.want {
			t.Errorf("%s: %q, %v, want %q", tt.each, got, err, tt.want)
		}
	}
	for _, tt := range []struct{ text, want string }{
		{"<list><host>b</host>", `member "x/b.list", line 1, column 21: `},
		{`{"host":"b"`, `member "x/b.list", line 1, column 12 (record 1): `},
		{"", `member "x/b.list", line 1: it is empty`},
		{" \n", "it is empty"},
		{"words\nof: people\n", "neither XML, JSON nor a table"},
		{"\x00\x01", "neither XML, JSON nor a table"},
		{"!", "cannot be opened"},
	} {
		if got, err := textsOf(t, in(shelf{"a.list", "<list><host>a</host></list>", "x/b.list", tt.text}), "$rows", "host"); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %q, %v, want %s", tt.text, got, err, tt.want)
		}
	}
}

func TestMemberErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a.json", `{"a":`, `member "a.json", line 1, column 6 (record 1): `},
		{"x/a.csv", "a,b\n1,2,3\n", `member "x/a.csv", line 2, column 5 (record 1): `},
		{"a.xml", "<a>\n<b></a>", `member "a.xml", line 2, column 4: `},
		{"a.json", "!", "cannot be opened"},
	}
	for _, tt := range tests {
		_, err := shelf{"ok.json", "{}", tt.name, tt.text}.texts(t, "(*)*", "x")
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

// packed makes an archive of a generated object, and the JSON text of the same tree.
func (g generator) packed() (s shelf, same string) {
	var fields, inner []string
	for _, name := range []string{"a", "b", "c"} {
		text := g.object(3)
		s = append(s, name+".json", text)
		fields = append(fields, `"`+name+`":[`+text+`]`)
	}
	for _, name := range []string{"a", "x"} {
		text := g.object(2)
		s = append(s, "d/"+name+".json", text)
		inner = append(inner, `"`+name+`":[`+text+`]`)
	}
	return s, "{" + strings.Join(fields, ",") + `,"d":{` + strings.Join(inner, ",") + "}}"
}

// An archive is read like one object, in memory and through the spool, and its records come back alike.
func TestArchiveIsAnObject(t *testing.T) {
	seeds := uint64(3000)
	if testing.Short() {
		seeds = 300
	}
	dir := t.TempDir()
	for seed := range seeds {
		g := generator{rand.New(rand.NewPCG(seed, 2))}
		thePlan := g.plan()
		archive, doc := g.packed()
		program, err := plan.Compile(thePlan)
		if err != nil || strings.Contains(describe(&thePlan), "$rows") {
			continue
		}
		want, wantErr := engineRecords(&thePlan, record.Read(t.Context(), program, record.Input{Reader: strings.NewReader(doc), Format: syntax.JSON, TempDir: dir}))
		for _, budget := range []int{0, 1} {
			got, err := engineRecords(&thePlan, record.Read(t.Context(), program, record.Input{Archive: archive, Format: syntax.Archive, Budget: budget, TempDir: dir}))
			if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (wantErr == nil) {
				t.Fatalf("seed %d: %v, %v, %s\n%q\n%s", seed, wantErr, err, diff, archive, describe(&thePlan))
			}
		}
		if comesBack(&thePlan, doc) {
			compareBack(t, &thePlan, record.Input{Archive: archive, Format: syntax.Archive, TempDir: dir})
		}
	}
}

// Documents of an archive are read like the values of one file, and their records come back alike.
func TestDocumentsAreValues(t *testing.T) {
	seeds := uint64(2000)
	if testing.Short() {
		seeds = 200
	}
	dir := t.TempDir()
	for seed := range seeds {
		g := generator{rand.New(rand.NewPCG(seed, 3))}
		thePlan := g.plan()
		one, two, three := g.object(3), g.object(2), g.object(3)
		doc := one + "\n" + two + "\n" + three
		in := record.Input{Archive: shelf{"a.json", one + "\n" + two, "b.txt", "!", "d/c.json", three}, Format: syntax.Documents, Dialect: scan.Dialect{Names: "*.json"}, TempDir: dir}
		program, err := plan.Compile(thePlan)
		if err != nil {
			continue
		}
		want, wantErr := engineRecords(&thePlan, record.Read(t.Context(), program, record.Input{Reader: strings.NewReader(doc), Format: syntax.JSON, TempDir: dir}))
		for _, in.Budget = range []int{1, 0} {
			got, err := engineRecords(&thePlan, record.Read(t.Context(), program, in))
			if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (wantErr == nil) {
				t.Fatalf("seed %d: %v, %v, %s\n%q\n%s", seed, wantErr, err, diff, in.Archive, describe(&thePlan))
			}
		}
		if comesBack(&thePlan, doc) {
			compareBack(t, &thePlan, in)
		}
	}
}

// compareBack gives back each record of a document, and reads the same of it again.
func compareBack(t *testing.T, thePlan *plan.Plan, in record.Input) {
	t.Helper()
	for at, texts := range placed(t, thePlan, in, "") {
		back := givenBack(t, thePlan, in, "", at)
		var got []string
		for _, again := range placed(t, thePlan, record.Input{Format: syntax.JSON, Mended: &returned.Mended{}}, back) {
			got = append(got, again...)
		}
		if diff := cmp.Diff(inAnyOrder(texts), inAnyOrder(got)); diff != "" {
			t.Fatalf("byte %d: (-record +returned)\n%s\n%s\n%s", at.offset, diff, back, describe(thePlan))
		}
	}
}

func TestHeadKinds(t *testing.T) {
	archive, err := head.ReadArchive(shelf{"Machines/a b.json", "", "x.csv", ""})
	if err != nil {
		t.Fatal(err)
	}
	for names, want := range map[string]bool{"machines": true, "x": true, "machines/ab": true, "machines x": true, "machines y": false, "b": false, "x/y": false, "ab": false} {
		if got := archive.HasMembers(strings.Fields(names)); got != want {
			t.Errorf("%s: %v", names, got)
		}
	}
	inside, err := head.ReadArchive(shelf{"Export/2026 a/Machines/a b.json", "", "Export/2026 a/x.csv", ""})
	if err != nil {
		t.Fatal(err)
	}
	for names, want := range map[string]string{"machines": "Export/2026 a/", "x machines/ab": "Export/2026 a/", "2026a/x": "Export/", "export": "", "2026a machines": "-", "a": "-"} {
		d, ok := inside.Folder(strings.Fields(names))
		if !ok {
			d.Folder = "-"
		}
		if d.Folder != want {
			t.Errorf("%s: in the folder %q", names, d.Folder)
		}
	}
	text := head.Read([]byte("A B: 1\nC: 2\n"), true, nil)
	for names, want := range map[string]bool{"AB": true, "ab c": true, "d": false} {
		if got := text.HasKeys(strings.Fields(names)); got != want {
			t.Errorf("%s: %v", names, got)
		}
	}
	if head.Read([]byte(`{"A":1}`), true, nil).HasKeys([]string{"A"}) || text.HasMembers([]string{"A"}) || archive.HasKeys([]string{"x"}) {
		t.Error("one kind is taken for another")
	}
}

func TestKeyValueRecords(t *testing.T) {
	thePlan := plan.Plan{Blocks: []plan.Block{{Reads: mustPaths("Creator"), Types: []plan.Entries{{Each: mustPaths("PackageName"), Reads: mustPaths("PackageName", "Ref", "$up.Created")}}}}}
	program, err := plan.Compile(thePlan)
	if err != nil {
		t.Fatal(err)
	}
	const doc = "Creator: a\nCreator: b\nCreated: t\nPackageName: p\nRef: 1\nRef: 2\nFileName: f\nRef: 3\nPackageName: q\n"
	for _, budget := range []int{0, 1} {
		got, err := engineRecords(&thePlan, record.Read(t.Context(), program, record.Input{
			Reader: strings.NewReader(doc), Format: syntax.KeyValue, Section: []string{"Package Name", "filename"}, Budget: budget, TempDir: t.TempDir(),
		}))
		want := []string{"block 0 0\n  reads [\"a\" \"b\"] true\n  captured\n  host\n type 0 true" +
			"\n  entry [\"p\"] true [\"1\" \"2\"] true [\"t\"] true\n  entry [\"q\"] true [] false [\"t\"] true"}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
	}
}

// TestSettingRecords has lines of key=value: a key with brackets has one value for each of its lines.
func TestSettingRecords(t *testing.T) {
	thePlan := plan.Plan{Blocks: []plan.Block{{Reads: mustPaths("Creator", "Tag"), Types: []plan.Entries{{Each: mustPaths("*($name=warning|hint)"), Reads: mustPaths("$text", "$name", "$up.Creator")}}}}}
	program, err := plan.Compile(thePlan)
	if err != nil {
		t.Fatal(err)
	}
	const doc = "# a report\nwarning[]=A|b=c|\nCreator=a\nTag[]=1\nTag[]=2\nhint[]=B|\nwarning[]=C|d: e|\nother[]=x\n"
	for _, budget := range []int{0, 1} {
		got, err := engineRecords(&thePlan, record.Read(t.Context(), program, record.Input{Reader: strings.NewReader(doc), Format: syntax.KeyValue, Budget: budget, TempDir: t.TempDir()}))
		want := []string{"block 0 0\n  reads [\"a\"] true [\"1\" \"2\"] true\n  captured\n  host\n type 0 true" +
			"\n  entry [\"A|b=c|\"] true [\"warning\"] true [\"a\"] true\n  entry [\"B|\"] true [\"hint\"] true [\"a\"] true\n  entry [\"C|d: e|\"] true [\"warning\"] true [\"a\"] true"}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
	}
}

// FuzzMembers reads a stranger's members of any kind.
func FuzzMembers(f *testing.F) {
	for _, text := range []string{`{"a":[{"x":1}]}`, "a,b\n1,2\n", "<a x='1'><b/></a>", "a: 1\n", "\x00", "{}\n{}", `"`} {
		f.Add([]byte(text), []byte(text))
	}
	thePlan := widePlan()
	program, err := plan.Compile(thePlan)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, one, two []byte) {
		archive := shelf{"a.json", string(bytes.TrimPrefix(one, []byte("!"))), "b/c", string(bytes.TrimPrefix(two, []byte("!")))}
		read := func(budget int) ([]string, error) {
			return engineRecords(&thePlan, record.Read(t.Context(), program, record.Input{Archive: archive, Format: syntax.Archive, Budget: budget, TempDir: t.TempDir()}))
		}
		want, wantErr := read(0)
		got, err := read(1)
		if diff := cmp.Diff(want, got); (err == nil) != (wantErr == nil) || err == nil && diff != "" {
			t.Fatalf("in memory: %v; through the spool: %v, %s", wantErr, err, diff)
		}
	})
}
