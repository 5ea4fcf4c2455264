package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMappingCheckSample(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "backup.yaml", `version: 1
mapping: backup
detect:
  - csv: [Server, Policy, Result]
match:
  - s3: {key: "backup/**"}
each: $rows
identify:
  hostname: Server
  serial: Serial
Custom:BackupJob:
  Policy: Polcy
  Result: Result
  FinishedAt: {path: Finished, date: [dd.MM.yyyy]}
`)
	write(t, dir, "backup-types.yaml", strings.Replace(strings.Replace(backupTypes, "    required: [Policy]\n", "", 1), "Result: {}", "Result: {max: 4}", 1))
	sample := write(t, dir, "samples/backup.csv", "Server,Policy,Result,Finished,Size\nweb-1,daily,success,11.01.2026,1\n,weekly,ok,yesterday,2\nlocalhost,daily,ok,11.01.2026,3\n")
	code, out, errs := runLine(t, nil, "", "mapping", "check", "--sample", sample, dir)
	want := `DIR/samples/backup.csv: records have no identifier that counts (placeholders do not): they would be parked (2 of 3), first in record 2
DIR/backup.yaml:10:11: identify serial: never has a value (3 of 3)
DIR/backup.yaml:12:11: Custom:BackupJob Policy: never has a value (3 of 3)
DIR/backup.yaml:13:11: Custom:BackupJob Result: values are truncated to the attribute's max (1 of 3)
DIR/backup.yaml:14:15: Custom:BackupJob FinishedAt: a date that no layout reads, or no such day (1)
DIR/samples/backup.csv: 2 fields of the records that the mapping does not use: Policy, Size
DIR/samples/backup.csv: mapping backup, 3 records, 3 entries, 0 skipped, 0 rejected, 2 without an identifier; 7 findings
`
	if d := cmp.Diff(want, strings.ReplaceAll(out, filepath.ToSlash(dir), "DIR")); d != "" || code != exitPartial {
		t.Errorf("exit code %d: %s%s", code, d, errs)
	}
	_, out, _ = runLine(t, nil, "", "mapping", "check", "--json", "--sample", sample, dir)
	if lines := linesOf(t, out); len(lines) != 8 || lines[0]["kind"] != "unidentified" || lines[4]["attribute"] != "FinishedAt" {
		t.Error(out)
	}
}

// TestMappingCheckSampleNested: fields of what is inside records are named by their way from there.
func TestMappingCheckSampleNested(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "hosts.yaml", `version: 1
mapping: ours
detect:
  - json: [hosts.net.name]
each: hosts
identify: {hostname: net.name}
Custom:SoftwareComponent:
  each: software
  Name: name
`)
	doc := `{"made":"x","hosts":[{"net":{"name":"a","domain":"d"},"os":{"n":"l","v":"1"},"software":[{"name":"s","version":"1"},{"name":"t","version":"2"}]}]}`
	sample := write(t, dir, "hosts.json", doc)
	code, out, errs := runLine(t, nil, "", "mapping", "check", "--sample", sample, "--json", dir)
	var fields []string
	for _, line := range linesOf(t, out) {
		if line["kind"] == "unused" {
			fields = append(fields, line["field"].(string))
		}
	}
	if d := cmp.Diff([]string{"net.domain", "os", "software.version"}, fields); d != "" || code != exitDone {
		t.Errorf("exit code %d: %s%s", code, d, errs)
	}
	if code, _, errs := runLine(t, nil, "{\"x\":1}", "mapping", "check", "--sample", "-", dir); code != exitFailed || !strings.Contains(errs, "no mapping knows") {
		t.Errorf("exit code %d: %s", code, errs)
	}
}

func TestSampleWithEqualKeys(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "types.yaml", "version: 1\ntypes:\n  Custom:Note:\n    schemaVersion: \"1.0\"\n    key: [Id]\n    attributes:\n"+
		"      Id: {}\n      Text: {}\n      Tag: {unite: list}\n      Seen: {volatile: true}\n")
	write(t, dir, "m.yaml", "version: 1\nmapping: notes\ndetect:\n  - csv: [Id, Server]\neach: $rows\nidentify: {hostname: Server}\nCustom:Note:\n  Id: Id\n  Text: Text\n  Tag: Tag\n  Seen: Seen\n")
	for name, c := range map[string]struct{ rows, want string }{
		"they differ":             {"1,a,x,\n1,b,x,\n", "Custom:Note: entries have the key of another and differ in Text: one of them stands.|(1 of 2), first in record 2|2 entries (1 displaced)"},
		"they have none":          {",a,x,\n,b,x,\n", "Custom:Note Id: entries have no value for the type's key, and differ: one of them stands.|(1 of 2), first in record 2"},
		"united, and the same":    {"1,a,x,\n1,a,y,\n1,a,y,\n1,a,y,2026\n", "4 entries, 0 skipped"},
		"each on its own machine": {"1,a,x,\n", "1 entries, 0 skipped"},
	} {
		t.Run(name, func(t *testing.T) {
			var rows strings.Builder
			rows.WriteString("Id,Text,Tag,Seen,Server\n")
			for row := range strings.Lines(c.rows) {
				rows.WriteString(strings.TrimSuffix(row, "\n") + ",web-1\n")
			}
			file := write(t, dir, "x.csv", rows.String())
			_, out, errs := runLine(t, nil, "", "mapping", "check", "--sample", file, dir)
			for want := range strings.SplitSeq(c.want, "|") {
				if !strings.Contains(out, want) {
					t.Errorf("%q is missing in %s%s", want, out, errs)
				}
			}
			if displaced := strings.Contains(out, "one of them stands"); displaced != strings.Contains(c.want, "one of them stands") {
				t.Errorf("displaced: %v in %s", displaced, out)
			}
		})
	}
}

// TestMappingCheckSampleSays what an author forgot or wrote in a way that nothing comes of, and makes it an exit code where that is asked for.
func TestMappingCheckSampleSays(t *testing.T) {
	dir := t.TempDir()
	sample := write(t, dir, "prices.csv", "Server,Price (EUR),State,Never filled\nweb-1,3,on,\nweb-2,4,off, \n")
	write(t, dir, "types.yaml", "version: 1\ntypes:\n  Custom:Price:\n    schemaVersion: \"1.0\"\n    attributes:\n      Price: {}\n      State: {}\n")
	const head = "version: 1\nmapping: prices\ndetect:\n  - csv: [Server, State]\neach: $rows\n"
	const message = "nothing names the machine but --as (2 of 2)"
	for name, c := range map[string]struct{ mapping, want string }{
		"a path with parentheses": {
			"identify: {hostname: Server}\nCustom:Price:\n  Price: Price (EUR)\n  State: State\n",
			`never has a value: parentheses in a path are a condition: write the field "Price (EUR)" as Price EUR (2 of 2)`,
		},
		"a map of other words": {
			"identify: {hostname: Server}\nCustom:Price:\n  Price: Price EUR\n  State: {path: State, map: {active: up, retired: down}}\n",
			"Custom:Price State: none of the words of its map is in the sample (2 of 2)",
		},
		"a map in a choice": {
			"identify: {hostname: Server}\nCustom:Price:\n  Price: Price EUR\n  State: [{path: State, map: {active: up}}, Server]\n",
			"Custom:Price State: none of the words of its map is in the sample (2 of 2)",
		},
		"a word of a map":                     {"identify: {hostname: Server}\nCustom:Price:\n  Price: Price EUR\n  State: {path: State, map: {ON: up, retired: down}}\n", ""},
		"a map of all words":                  {"identify: {hostname: Server}\nCustom:Price:\n  Price: Price EUR\n  State: {path: State, map: {\"*\": up}}\n", ""},
		"no machine":                          {"Custom:Price:\n  Price: Price EUR\n  State: State\n  ", message},
		"a key that names no machine":         {"match:\n  - s3: {key: \"prices/**\"}\nCustom:Price:\n  Price: Price EUR\n  State: State\n", message},
		"a key that names the machine":        {"match:\n  - s3: {key: \"prices/{nodeId}/**\"}\nCustom:Price:\n  Price: Price EUR\n  State: [State, Server]\n", ""},
		"nothing to say of all that is there": {"identify: {hostname: Server}\nCustom:Price:\n  Price: Price EUR\n  State: State\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, dir, "prices.yaml", head+c.mapping)
			code, out, errs := runLine(t, nil, "", "mapping", "check", "--sample", sample, dir)
			if !strings.Contains(out, c.want) || code != exitDone {
				t.Errorf("exit code %d, %s%s; want %q", code, out, errs, c.want)
			}
			want := exitDone
			if c.want != "" {
				want = exitPartial
			}
			if code, out, errs := runLine(t, nil, "", "mapping", "check", "--strict", "--sample", sample, dir); code != want || (want == exitDone) != strings.Contains(out, "; 0 findings") {
				t.Errorf("--strict: exit code %d, want %d: %s%s", code, want, out, errs)
			}
		})
	}
	write(t, dir, "prices.yaml", head+"identify: {hostname: Server}\nCustom:Price:\n  Price: Price EUR\n  State: Server\n")
	if code, out, errs := runLine(t, nil, "", "mapping", "check", "--strict", "--sample", sample, dir); code != exitDone || !strings.Contains(out, "1 field of the records that the mapping does not use: State") {
		t.Errorf("--strict, and a field that is left out: exit code %d: %s%s", code, out, errs)
	}
	if code, _, errs := runLine(t, nil, "", "mapping", "check", "--strict", dir); code != exitUsage || !strings.Contains(errs, "--sample") {
		t.Errorf("--strict alone: exit code %d: %s", code, errs)
	}
}

// TestADirectoryThatIsNamedTwice is loaded once: who has it in INVBRIDGE_MAPPINGS and checks it, tests it or makes a bundle of it was told that
// each of its types is declared twice.
func TestADirectoryThatIsNamedTwice(t *testing.T) {
	dir := t.TempDir()
	for name, body := range note("note", "") {
		write(t, dir, name, body)
	}
	env := map[string]string{"INVBRIDGE_MAPPINGS": dir + string(filepath.Separator)}
	for _, args := range [][]string{
		{"mapping", "check", dir},
		{"mapping", "test", dir},
		{"mapping", "bundle", dir, "--out", filepath.Join(t.TempDir(), "b.zip")},
		{"mapping", "list", "--mappings", dir},
	} {
		if code, out, errs := runLine(t, env, "", args...); code != exitDone {
			t.Errorf("%v: exit code %d: %s%s", args, code, out, errs)
		}
	}
}
