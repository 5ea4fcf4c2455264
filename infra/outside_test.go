package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/lambda/config"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// written are the settings of a file that a test writes.
func written(t *testing.T, text string) settings.Props {
	t.Helper()
	name := filepath.Join(t.TempDir(), settings.FileName)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, _, err := settings.Read(map[string]any{"settings": name, "dist": "testdata/dist"}, "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestExampleInReadme: the example of a file of settings is one.
func TestExampleInReadme(t *testing.T) {
	_, rest, ok := strings.Cut(string(testfiles.Read(t, "README.md")), "```yaml\n")
	example, _, closed := strings.Cut(rest, "```\n")
	if p := written(t, example); !ok || !closed || !p.Findings || len(p.Producers) != 1 || p.Tags["owner"] == "" {
		t.Errorf("%+v", p)
	}
}

// TestASecondTimeChangesNothing: what is deployed comes from the file alone.
func TestASecondTimeChangesNothing(t *testing.T) {
	mappings, err := filepath.Abs("testdata/mappings")
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("name: Bridge\nmappings: %q\nfindings: true\nrate: 0.5\ntags: {b: '2', a: '1', c: '3'}\nalarms: {brake: 2, silent: false}\n", mappings)
	_, first := synthesised(t, written(t, text))
	_, second := synthesised(t, written(t, text))
	if !bytes.Equal(first, second) {
		t.Errorf("two syntheses differ:\n%s\n%s", first, second)
	}
	for _, want := range []string{`"INVBRIDGE_RATE": "0.5"`, `"BusName": "Bridge"`, `FindingsRule`} {
		if !strings.Contains(strings.ReplaceAll(string(first), `"Name": "Bridge"`, `"BusName": "Bridge"`), want) {
			t.Errorf("no %s in the template", want)
		}
	}
}

// TestContents: the template says by name which mappings and types are deployed, and which version of each.
func TestContents(t *testing.T) {
	dir := t.TempDir()
	report, types := testfiles.Read(t, "testdata/mappings/backup-report.yaml"), testfiles.Read(t, "testdata/mappings/types.yaml")
	contents := func(report, types string) map[string]string {
		t.Helper()
		for name, text := range map[string]string{"report.yaml": report, "types.yaml": types} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		p := stub()
		p.Mappings = dir
		tmpl, _ := synthesised(t, p)
		return tmpl.Metadata
	}
	first := contents(string(report), string(types))
	bare, _ := synthesised(t, stub())
	if got, want := changed(bare.Metadata, first), "[Mapping backup-report Type Custom:BackupJob]"; got != want {
		t.Errorf("own mappings add %s, not %s", got, want)
	}
	if got := changed(first, contents("# a comment\n"+string(report), string(types))); got != "[]" {
		t.Errorf("a comment changes %s", got)
	}
	other := strings.Replace(string(report), "SUCCESS", "DONE", 1)
	if got := changed(first, contents(other, string(types))); got != "[Mapping backup-report]" {
		t.Errorf("another value changes %s", got)
	}
	newer := strings.Replace(string(types), `schemaVersion: "1.0"`, `schemaVersion: "1.1"`, 1)
	if got := changed(first, contents(string(report), newer)); got != "[Mapping backup-report Type Custom:BackupJob]" {
		t.Errorf("another version of the type changes %s", got)
	}
	for name, version := range bare.Metadata {
		if kind, _, _ := strings.Cut(name, " "); kind != "Mapping" && kind != "Type" || version == "" {
			t.Errorf("%s: %q", name, version)
		}
	}
}

// changed lists the members that two maps do not have in common.
func changed(a, b map[string]string) string {
	names := map[string]bool{}
	for _, pair := range [][2]map[string]string{{a, b}, {b, a}} {
		for name := range pair[0] {
			if value, there := pair[1][name]; !there || value != pair[0][name] {
				names[name] = true
			}
		}
	}
	return fmt.Sprint(slices.Sorted(maps.Keys(names)))
}

// TestTwoStacksOfAnAccount: no alarm and no graph of one reads a metric of the other, and nothing of theirs has one name.
func TestTwoStacksOfAnAccount(t *testing.T) {
	one, other := everything(), everything()
	other.Name = "Other"
	seen := map[string]string{}
	for _, p := range []settings.Props{one, other} {
		tmpl, _ := synthesised(t, p)
		names := []string{"the bus " + resolved(tmpl.one(t, "Bus").at("Name"))}
		for _, o := range tmpl.Outputs {
			names = append(names, "the export "+o.Export.Name)
		}
		for _, id := range tmpl.of("AWS::CloudWatch::Alarm") {
			a := tmpl.Resources[id]
			if namespace := a.at("Namespace"); namespace != nil && namespace != config.Namespace && !strings.Contains(fmt.Sprint(a.at("Dimensions")), "Ref:") && !strings.Contains(fmt.Sprint(a.at("Dimensions")), "Fn::GetAtt:") {
				t.Errorf("%s reads a metric that is of no resource of the stack", id)
			}
		}
		own := metrics(tmpl)
		if len(own) < 20 {
			t.Fatalf("only %d metrics: %v", len(own), own)
		}
		for _, name := range append(names, own...) {
			if before, twice := seen[name]; twice {
				t.Errorf("%s: of %s and of %s", name, before, p.Name)
			}
			seen[name] = p.Name
		}
		variables := resolved(tmpl.one(t, "Delivery").at("Environment.Variables"))
		if !strings.Contains(variables, "INVBRIDGE_STACK="+p.Name+" ") {
			t.Errorf("the function does not know its stack: %s", variables)
		}
	}
}

// metrics are the functions' own metrics that alarms and dashboard read, each once.
func metrics(tmpl template) []string {
	found := map[string]bool{}
	for _, id := range tmpl.of("AWS::CloudWatch::Alarm") {
		metricsIn(tmpl.Resources[id].Properties, found)
	}
	for _, id := range tmpl.of("AWS::CloudWatch::Dashboard") {
		graphed := regexp.MustCompile(`\["` + config.Namespace + `",[^{\]]*|SEARCH\('[^)]*`)
		for _, metric := range graphed.FindAllString(resolved(tmpl.Resources[id].at("DashboardBody")), -1) {
			found[metric] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func metricsIn(v any, found map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		if v["Namespace"] == config.Namespace {
			found["metric "+fmt.Sprint(v["MetricName"])+" "+resolved(v["Dimensions"])] = true
		}
		for _, member := range v {
			metricsIn(member, found)
		}
	case []any:
		for _, item := range v {
			metricsIn(item, found)
		}
	}
}

// TestThresholds: alarms go off from the value that is set, and one that is switched off is not there.
func TestThresholds(t *testing.T) {
	p := everything()
	p.Alarms = settings.Alarms{"brake": 5, "silent": 0, "arrivingAge": 60, "parkedGrowthOfBackupReport": 0}
	p.ParkedGrowth = 7
	tmpl, _ := synthesised(t, p)
	for name, want := range map[string]float64{"BrakeAlarm": 5, "ArrivingAgeAlarm": 60, "ParkedGrowthAlarm": 7, "DeliveriesAgeAlarm": 21600, "FailedAlarm": 1} {
		if got := tmpl.one(t, name).at("Threshold"); got != want {
			t.Errorf("%s: from %v on, not %v", name, got, want)
		}
	}
	for _, id := range tmpl.of("AWS::CloudWatch::Alarm") {
		if name := plain(id); name == "SilentAlarm" || name == "ParkedGrowthOfBackupReportAlarm" {
			t.Errorf("%s is switched off, and there", name)
		}
	}
	if about := tmpl.one(t, "ArrivingAgeAlarm").at("AlarmDescription").(string); !strings.Contains(about, "60 seconds") {
		t.Error(about)
	}
	p.Alarms = settings.Alarms{"parkedGrowthOfTapes": 1}
	if _, err := newBundle(p); err == nil || !strings.Contains(err.Error(), "no alarm is called parkedGrowthOfTapes: there are arrivingAge,") {
		t.Errorf("an alarm about no mapping: %v", err)
	}
}

// TestTags: all resources that can have tags have them.
func TestTags(t *testing.T) {
	p := everything()
	p.Tags = settings.Tags{"owner": "operations", "cost": "0042"}
	tmpl, _ := synthesised(t, p)
	for _, kind := range []string{
		"AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::KMS::Key", "AWS::Lambda::Function", "AWS::IAM::Role", "AWS::Logs::LogGroup", "AWS::Events::EventBus",
		"AWS::Scheduler::ScheduleGroup", "AWS::CloudWatch::Alarm",
	} {
		for _, id := range tmpl.of(kind) {
			if got := resolved(tmpl.Resources[id].at("Tags")); got != "{Key=cost Value=0042} {Key=owner Value=operations}" {
				t.Errorf("%s: %s", id, got)
			}
		}
	}
}

// TestTablesInReadme keeps the tables of outputs and alarms in infra/README.md current: go test ./infra -run TestTablesInReadme -update.
func TestTablesInReadme(t *testing.T) {
	p := everything()
	p.Consumers = true
	tmpl, _ := synthesised(t, p)
	var outputs, alarms strings.Builder
	outputs.WriteString("| output | |\n|---|---|\n")
	var names []string
	for id := range tmpl.Outputs {
		names = append(names, strings.TrimSuffix(id, "Output"))
	}
	slices.Sort(names)
	for _, name := range names {
		o := tmpl.Outputs[name+"Output"]
		if o.Export.Name != "InventoryBridge-"+name {
			t.Errorf("%s is exported as %s", name, o.Export.Name)
		}
		fmt.Fprintf(&outputs, "| `%s` | %s |\n", name, strings.ReplaceAll(o.Description, "<", "\\<"))
	}
	alarms.WriteString("| alarm | from | means | what to do |\n|---|---|---|---|\n")
	for _, id := range tmpl.of("AWS::CloudWatch::Alarm") {
		a := tmpl.Resources[id]
		means, todo, ok := strings.Cut(a.at("AlarmDescription").(string), ". ")
		if !ok {
			t.Errorf("%s does not say what to do", id)
		}
		fmt.Fprintf(&alarms, "| `%s` | %v | %s | %s |\n", settingOf(strings.TrimSuffix(plain(id), "Alarm")), a.at("Threshold"), means, todo)
	}
	text := string(testfiles.Read(t, "README.md"))
	for name, table := range map[string]string{"outputs": outputs.String(), "alarms": alarms.String()} {
		begins, ends := "<!-- "+name+": made by the tests of infra -->\n", "<!-- /"+name+" -->\n"
		before, rest, ok := strings.Cut(text, begins)
		_, after, closed := strings.Cut(rest, ends)
		if !ok || !closed {
			t.Fatalf("README.md has no place for the table: %q and %q", begins, ends)
		}
		text = before + begins + table + ends + after
	}
	testfiles.Golden(t, "README.md", []byte(text))
}

// TestEveryAlarmHasItsParagraph: infra/README.md has a heading for each alarm of the template, with what to look at and what to do behind it,
// and none for an alarm that there is not.
func TestEveryAlarmHasItsParagraph(t *testing.T) {
	tmpl, _ := synthesised(t, everything())
	_, section, _ := strings.Cut(string(testfiles.Read(t, "README.md")), "\n## Alarms\n")
	section, _, _ = strings.Cut(section, "\n## ")
	explained := map[string]bool{}
	for _, paragraph := range strings.Split(section, "\n### ")[1:] {
		heading, text, _ := strings.Cut(paragraph, "\n")
		if !strings.Contains(text, "*Do:*") {
			t.Errorf("%s: what is to be done?", heading)
		}
		for _, name := range strings.Split(heading, ", ") {
			explained[strings.Trim(name, "`")] = true
		}
	}
	for _, id := range tmpl.of("AWS::CloudWatch::Alarm") {
		name := settingOf(strings.TrimSuffix(plain(id), "Alarm"))
		if !explained[name] {
			t.Errorf("infra/README.md has no paragraph about %s", name)
		}
		delete(explained, name)
	}
	for name := range explained {
		t.Errorf("infra/README.md explains %s: there is no such alarm", name)
	}
}
