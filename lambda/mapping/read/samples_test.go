package read

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// opened gives the decoded bytes of a sample, and an error where its compression is broken.
func opened(t testing.TB, name string) ([]byte, error) {
	t.Helper()
	content := testfiles.Read(t, name)
	var broken error
	if bytes.HasPrefix(content, []byte{0x1f, 0x8b}) {
		r, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			return nil, err
		}
		content, broken = io.ReadAll(r)
	}
	if bytes.HasPrefix(content, []byte("PK")) {
		return content, broken // its members are decoded one by one
	}
	decoded, err := io.ReadAll(transform.NewReader(bytes.NewReader(content), unicode.BOMOverride(transform.Nop)))
	return decoded, errors.Join(broken, err)
}

// outcome is what a reading of a document gives.
type outcome struct {
	choice   mapping.Choice
	subjects map[string]bool
	records  []Record
	entries  map[string]int
	values   []map[string]string
	firsts   []int // the first of the values of each record, and what would be the first of the next
	skipped  map[string]int
	notes    int
	part     *Part
	rejected int
	err      error
}

// readAll chooses a mapping for a document and reads it.
func readAll(t testing.TB, set *mapping.Set, declared string, content []byte) outcome {
	t.Helper()
	return readWithin(t, set, declared, content, 0)
}

// readFile is readAll of a file that has a path: objects whose key says what is in them lie in folders of the same names.
func readFile(t testing.TB, set *mapping.Set, declared, file string, content []byte) outcome {
	t.Helper()
	return readOf(t, set, choose.Origin{Declared: declared, Local: true, Key: keyOf(file)}, content, 0)
}

// keyOf is the object key that a local path stands for: from the folder before the first that is `name=value`, or all
// of the key where the file is an upload of ours; "" where there is none.
func keyOf(file string) string {
	whole := filepath.ToSlash(file)
	if _, key, uploaded := strings.Cut(whole, "/documents/uploads/"); uploaded && strings.Contains(key, "=") {
		return key
	}
	parts := strings.Split(whole, "/")
	i := slices.IndexFunc(parts, func(part string) bool { return strings.Contains(part, "=") })
	if i < 1 {
		return ""
	}
	return strings.Join(parts[i-1:], "/")
}

// readWithin reads with a budget of memory.
func readWithin(t testing.TB, set *mapping.Set, declared string, content []byte, budget int) outcome {
	t.Helper()
	return readOf(t, set, choose.Origin{Declared: declared, Local: true}, content, budget)
}

func readOf(t testing.TB, set *mapping.Set, origin choose.Origin, content []byte, budget int) outcome {
	t.Helper()
	o := outcome{subjects: map[string]bool{}, entries: map[string]int{}, skipped: map[string]int{}, firsts: []int{0}}
	in := Input{TempDir: t.TempDir(), Budget: budget}
	o.choice, o.err = chosen(t, set, origin, content, &in)
	if o.err != nil {
		return o
	}
	m := o.choice.Mapping
	reading := Document(t.Context(), in, o.choice, Facts{Name: "sample", Key: origin.Key, Captures: o.choice.Captures})
	for record, err := range reading.Records() {
		if err != nil {
			o.err = err
			break
		}
		if record.Skip != "" {
			o.skipped[record.Skip]++
			continue
		}
		o.add(m, record)
	}
	_, o.notes = reading.Notes()
	o.part = reading.Part()
	return o
}

// chosen chooses a mapping for a document's text, or for the members of a zip file.
func chosen(t testing.TB, set *mapping.Set, d choose.Origin, content []byte, in *Input) (mapping.Choice, error) {
	t.Helper()
	if !bytes.HasPrefix(content, []byte("PK")) {
		in.Reader = bytes.NewReader(content)
		head := content[:min(len(content), 1<<20)]
		return set.Choose(d, head, len(head) == len(content))
	}
	doc, err := document.Open(t.Context(), document.Inline("sample", content, time.Time{}), document.Limits{})
	if err != nil {
		return mapping.Choice{}, err
	}
	t.Cleanup(func() { _ = doc.Close() })
	in.Reader, in.Archive = doc, doc.Archive()
	head, complete, err := doc.Head(1 << 20)
	if errors.Is(err, document.ErrManyMembers) {
		return set.ChooseArchive(d, doc.Archive())
	}
	if err != nil {
		return mapping.Choice{}, err
	}
	return set.Choose(d, head, complete)
}

// subjectOf names the machine that a record is about.
func subjectOf(record *Record) string {
	switch {
	case record.Outside:
		return "the one named from outside"
	case record.Key == "":
		return "record " + string(rune(record.Number)) + strings.Join(record.Subject.NodeID, ",")
	}
	return record.Key
}

func (o *outcome) add(m *mapping.Mapping, record *Record) {
	o.subjects[subjectOf(record)] = true
	o.records = append(o.records, *record)
	defer func() { o.firsts = append(o.firsts, len(o.values)) }()
	for entry, err := range record.Entries() {
		if err != nil {
			o.err = err
			return
		}
		if entry.Reject != "" {
			o.rejected++
			continue
		}
		typ := m.Types()[entry.Type]
		values := map[string]string{"type": typ.Name()}
		for i, name := range typ.Inventory.Attributes {
			values[name] = strings.Clone(entry.Values[i])
		}
		o.values = append(o.values, values)
		if !entry.Remove {
			o.entries[typ.Name()]++
		}
	}
}

// TestBuiltinSamples reads every sample of a built-in mapping and counts.
func TestBuiltinSamples(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	each(t, testfiles.Samples(t), func(t *testing.T, sample testfiles.Sample) {
		differ(t, set, sample)
	})
}

// each runs a test for each sample, by name.
func each(t *testing.T, samples map[string]testfiles.Sample, test func(t *testing.T, sample testfiles.Sample)) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(samples)) {
		t.Run(name, func(t *testing.T) { test(t, samples[name]) })
	}
}

// TestSamplesWithoutMachines reads samples that expect.json leaves out: of what is about no machine, or names none, nothing is lost.
func TestSamplesWithoutMachines(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct {
		mapping           string
		entries, subjects int
		skipped           map[string]int
	}{
		"asff-event.json":                             {mapping: "asff", subjects: 2, entries: 3, skipped: map[string]int{skipHost: 1}},
		"glpi-network.xml":                            {mapping: "glpi", skipped: map[string]int{skipWhere: 1}},
		"qualys-csv-detection.csv":                    {mapping: "qualys-csv", subjects: 1, entries: 1, skipped: map[string]int{skipWhere: 4}},
		"inspec-cloud.json":                           {mapping: "inspec", skipped: map[string]int{skipWhere: 1}},
		"inspec_json/aws_s3_baseline.json":            {mapping: "inspec", skipped: map[string]int{skipWhere: 1}},
		"inspec_json/wrapper_acme_run.json":           {mapping: "inspec", subjects: 1, entries: 101},
		"ocsf_json/many_vuln.ocsf.json":               {mapping: "ocsf", skipped: map[string]int{skipHost: 3}},
		"prowler_csv/example_output_azure.csv":        {mapping: "prowler", skipped: map[string]int{skipWhere: 4}},
		"prowler_csv/prowler_zero_vul.csv":            {mapping: "prowler"},
		"glpi_agent_xml/5.xml":                        {mapping: "glpi", skipped: map[string]int{skipWhere: 1}},
		"glpi_agent_xml/9.xml":                        {mapping: "glpi", skipped: map[string]int{skipWhere: 1}},
		"glpi_json/phone_1.json":                      {mapping: "glpi", skipped: map[string]int{skipWhere: 1}},
		"glpi_json/printer_1.json":                    {mapping: "glpi", skipped: map[string]int{skipWhere: 1}},
		"qualys_api_xml/host_detection_empty.xml":     {mapping: "qualys-detection"},
		"qualys_api_xml/hostasset_ec2.xml":            {mapping: "qualys-hostasset", subjects: 1, entries: 1},
		"rapid7_api_json/asset1_vulnerabilities.json": {mapping: "rapid7-vulnerabilities", subjects: 1, entries: 52},
		"redhat_satellite_json/many_packages.json":    {mapping: "satellite-errata", subjects: 1, entries: 1},
		"redhat_satellite_json/no_findings.json":      {mapping: "satellite-errata", subjects: 1},
		"wazuh_json/v4-7_many_findings.json":          {mapping: "wazuh", subjects: 1, entries: 13},
	} {
		path, there := testfiles.SamplePath(t, name)
		if !there {
			continue
		}
		t.Run(name, func(t *testing.T) {
			content, err := opened(t, path)
			if err != nil {
				t.Fatal(err)
			}
			o := readAll(t, set, "", content)
			if o.err != nil {
				t.Fatal(o.err)
			}
			got := []any{o.choice.Mapping.Name, len(o.values), len(o.subjects), o.rejected, len(o.skipped) == len(want.skipped)}
			if d := cmp.Diff([]any{want.mapping, want.entries, want.subjects, 0, true}, got); d != "" || len(o.skipped) > 0 && !maps.Equal(o.skipped, want.skipped) {
				t.Error(d, o.skipped)
			}
		})
	}
}

// differ reads a sample and reports how the outcome differs from what is expected.
func differ(t *testing.T, set *mapping.Set, want testfiles.Sample) {
	t.Helper()
	content, broken := opened(t, want.Path)
	declared := ""
	if want.Declared {
		declared = want.Mapping
	}
	o := readFile(t, set, declared, want.Path, content)
	o.err = errors.Join(o.err, broken)
	switch {
	case !want.Complete && o.err == nil:
		t.Error("a broken document is read as if it were whole")
	case !want.Complete:
	case o.err != nil:
		t.Error(o.err)
	default:
		entries := maps.Clone(o.entries)
		if want.Shared && len(want.Entries) > 0 {
			maps.DeleteFunc(entries, func(typ string, _ int) bool { return want.Entries[typ] == 0 })
		}
		got := []any{o.choice.Mapping.Name, len(o.subjects), entries, o.rejected}
		if d := cmp.Diff([]any{want.Mapping, want.Subjects, want.Entries, want.Rejected}, got); d != "" {
			t.Error("mapping, subjects, entries, rejected: ", d)
		}
	}
}

// TestDraftSamples reads samples by mappings that stand in files as a user's own do: ours by copies of the built-in ones, those in `shared` by
// the drafts there.
func TestDraftSamples(t *testing.T) {
	sets := map[string]*mapping.Set{"own": drafts(t, testfiles.Path(t, "lambda", "mapping", "builtin"), "")}
	samples := map[string]map[string]testfiles.Sample{"own": testfiles.OwnSamples(t)}
	if folder, ok := testfiles.Shared(t, "mappings"); ok {
		sets["shared"] = drafts(t, filepath.Join(folder, "builtin"), filepath.Join(folder, "types.yaml"))
		samples["shared"] = testfiles.Samples(t)
		maps.DeleteFunc(samples["shared"], func(name string, sample testfiles.Sample) bool {
			_, own := samples["own"][name]
			return own || strings.Contains(filepath.ToSlash(sample.Path), "/samples-2/") // the drafts are older
		})
	}
	for whose, set := range sets {
		if len(set.Names()) < 39 {
			t.Errorf("%d mappings", len(set.Names()))
		}
		for _, name := range set.Names() {
			m, _ := set.Mapping(name)
			if _, err := programOf(m); err != nil {
				t.Errorf("%s: %v", m.Name, err)
			}
		}
		each(t, samples[whose], func(t *testing.T, sample testfiles.Sample) { differ(t, set, sample) })
	}
}

// TestSpooledSamples reads the samples of the built-in mappings with hardly any memory: the same must come out.
func TestSpooledSamples(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	each(t, testfiles.Samples(t), func(t *testing.T, want testfiles.Sample) {
		if _, ok := set.Head(want.Mapping); !ok || !want.Complete || want.Declared {
			return
		}
		content, err := opened(t, want.Path)
		if err != nil {
			t.Fatal(err)
		}
		origin := choose.Origin{Local: true, Key: keyOf(want.Path)}
		roomy, tight := readOf(t, set, origin, content, 0), readOf(t, set, origin, content, 1)
		if d := cmp.Diff([]any{roomy.values, roomy.skipped, roomy.err}, []any{tight.values, tight.skipped, tight.err}); d != "" {
			t.Error(d)
		}
	})
}

// TestContentDecides drops every document of ours, and every sample, where the content alone decides: no other mapping may take it, and
// none may know it as well as its own does.
func TestContentDecides(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	decides := func(t *testing.T, content []byte, want string) {
		t.Helper()
		for _, d := range []choose.Origin{{Local: true}, {Key: "incoming/i-0a1b2c3d4e5f60718/x"}} {
			choice, err := chosen(t, set, d, content, &Input{})
			if err != nil || choice.Mapping.Name != want {
				t.Errorf("%+v: %s, %v, want %s", d, choice.Why, err, want)
			}
		}
	}
	each(t, testfiles.Samples(t), func(t *testing.T, sample testfiles.Sample) {
		if keyOf(sample.Path) != "" || sample.Declared || sample.Mapping == "" {
			return // its key decides, or what is declared, or nobody
		}
		content, err := opened(t, sample.Path)
		if err != nil {
			return // its compression is broken
		}
		decides(t, content, sample.Mapping)
	})
}
