package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

const begins, ends = "<!-- settings: made by make generate -->\n", "<!-- /settings -->\n"

// TestSettingsInReadme keeps the table of settings in infra/README.md current: go test ./infra/settings -update.
func TestSettingsInReadme(t *testing.T) {
	path := testfiles.Path(t, "infra/README.md")
	before, rest, ok := strings.Cut(string(testfiles.Read(t, path)), begins)
	_, after, closed := strings.Cut(rest, ends)
	if !ok || !closed {
		t.Fatalf("infra/README.md has no place for the table: %q and %q", begins, ends)
	}
	testfiles.Golden(t, path, []byte(before+begins+Table()+ends+after))
}

// written writes a file of settings and returns its directory.
func written(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, FileName), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// every is a file that sets each setting to something else than its default.
const every = `# all of them
mappings: mine
awsTypes: [AWS:Application, AWS:File]
limits: [depth=100, text=1000]
findings: true
producers:
  - {role: "arn:aws:iam::111122223333:role/a=b", prefix: nessus/}
senders: ["222233334444"]
organization: o-abcdefghij
targets: accounts.yaml
targetOperators: ["arn:aws:iam::012345678901:role/operators"]
stackSet: none
customerKey: true
key: arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001
previousKey: arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000002
uploads: their-uploads
state: their-state
tracing: true
canary: true
consumers: true
syncAccounts: ["444455556666"]
syncRegions: [eu-west-1]
queryMiB: 100
alarmTopic: arn:aws:sns:eu-central-1:111122223333:operators
alarms: {arrivingAge: 60, silent: false, parkedGrowth: 7, parkedGrowthOfNessus: 0}
tags: {owner: "operations / 2", costCenter: 0042}
rate: 0.5
partitions: 1024
architecture: x86_64
intakeMemory: 2048
intakeEphemeral: 8192
intakeTimeout: 300
intakeConcurrency: 3
intakeReserved: 4
deliveryMemory: 256
deliveryEphemeral: 1024
deliveryTimeout: 120
deliveryConcurrency: 4
deliveryReserved: 5
logDays: 30
uploadDays: 31
rejectedDays: 32
receiptDays: 33
parkedGrowth: 34
name: Bridge
account: "012345678901"
region: eu-central-1
local: true
dist: out
`

// TestEverySettingOfTheFile: each stands in the file, is read from it, and is then no longer its default.
func TestEverySettingOfTheFile(t *testing.T) {
	dir := written(t, every)
	got, notes, err := Read(nil, dir)
	if err != nil || notes != nil {
		t.Fatal(err, notes)
	}
	want := Props{
		File: filepath.Join(dir, FileName), Name: "Bridge", Region: "eu-central-1", Account: "012345678901", Dist: filepath.Join(dir, "out"),
		Mappings: filepath.Join(dir, "mine"), AWSTypes: []string{"AWS:Application", "AWS:File"}, Local: true, Findings: true, CustomerKey: true,
		Limits: []string{"depth=100", "text=1000"}, Consumers: true, SyncAccounts: []string{"444455556666"}, SyncRegions: []string{"eu-west-1"}, QueryMiB: 100,
		Producers:  []Producer{{"arn:aws:iam::111122223333:role/a=b", "nessus/"}},
		AlarmTopic: "arn:aws:sns:eu-central-1:111122223333:operators", Alarms: Alarms{"arrivingAge": 60, "silent": 0, "parkedGrowth": 7, "parkedGrowthOfNessus": 0},
		Tags: Tags{"owner": "operations / 2", "costCenter": "0042"}, Partitions: 1024, Rate: 0.5, Architecture: "x86_64",
		Intake: Function{2048, 8192, 300, 3, 4}, Delivery: Function{256, 1024, 120, 4, 5},
		Senders: []string{"222233334444"}, Organization: "o-abcdefghij", Targets: filepath.Join(dir, "accounts.yaml"), Operators: []string{"arn:aws:iam::012345678901:role/operators"}, StackSet: "none", Tracing: true, Canary: true, Uploads: "their-uploads", State: "their-state",
		Key: "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001", PreviousKey: "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000002",
		LogDays: 30, UploadDays: 31, RejectedDays: 32, ReceiptDays: 33, ParkedGrowth: 34,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	defaults := Defaults()
	table := defaults.Settings()
	for i, s := range got.Settings() {
		if cmp.Equal(s.at, table[i].at) {
			t.Errorf("%s is still its default", s.Name)
		}
	}
}

// TestDefaultsAreRight: what nobody sets is nothing that is wrong.
func TestDefaultsAreRight(t *testing.T) {
	if problems := Defaults().Check(); problems != nil {
		t.Error(problems)
	}
	got, notes, err := Read(nil, t.TempDir())
	if diff := cmp.Diff(Defaults(), got); diff != "" || notes != nil || err != nil {
		t.Error(diff, notes, err)
	}
}

// TestOverrides: what the context has holds over the file, and it is said that it holds once.
func TestOverrides(t *testing.T) {
	dir := written(t, "account: '111122223333'\nrate: 0.5\nlogDays: 90\nproducers: [{role: nobody, prefix: a/}]\n")
	p, notes, err := Read(map[string]any{"rate": "0.25", "partitions": 1024.0, "producers": "arn:aws:iam::111122223333:role/a=a/", "aws:cdk:other": "x", "@mine": true}, dir)
	if err != nil {
		t.Fatal(err)
	}
	if p.Rate != 0.25 || p.Partitions != 1024 || p.Producers[0].Prefix != "a/" {
		t.Errorf("%+v", p)
	}
	want := []string{
		"-c producers holds for this run only: write it into inventory-bridge.yaml",
		"-c rate holds for this run only: write it into inventory-bridge.yaml",
		"-c partitions holds for this run only: write it into inventory-bridge.yaml",
	}
	if diff := cmp.Diff(want, notes); diff != "" {
		t.Error(diff)
	}
	if _, notes, err := Read(map[string]any{"local": "true", "name": "Local"}, dir); notes != nil || err == nil {
		t.Errorf("a local run: %v, %v", notes, err)
	}
}

// TestAnotherFile: its paths are relative to itself.
func TestAnotherFile(t *testing.T) {
	name := filepath.Join(written(t, "mappings: mine\ndist: /elsewhere\n"), FileName)
	p, notes, err := Read(map[string]any{"settings": name}, "nowhere")
	if err != nil || notes != nil || p.Mappings != filepath.Join(filepath.Dir(name), "mine") || p.Dist != "/elsewhere" {
		t.Errorf("%+v, %v, %v", p, notes, err)
	}
	_, _, err = Read(map[string]any{"settings": "nowhere.yaml"}, "")
	if err == nil || !strings.Contains(err.Error(), "nowhere.yaml cannot be read: name a file that is there") {
		t.Error(err)
	}
	for _, text := range []string{"", "# nothing\n\n", "---\n# rate: 2\n"} {
		if p, _, err := Read(nil, written(t, text)); err != nil || p.Rate != 2 {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestMistakes: each has its place, and what is meant where that is near.
func TestMistakes(t *testing.T) {
	for _, c := range []struct {
		name, text string
		context    map[string]any
		want       []string // after the file's name and ":"; else whole lines
	}{
		{"unknown", "partition: 3\n", nil, []string{":1:1: /partition: no setting is called partition (did you mean partitions?)"}},
		{"no string", "name: {a: b}\n", nil, []string{":1:7: /name: name must be a string"}},
		{"no boolean", "\nfindings: yes\n", nil, []string{":2:11: /findings: findings must be true or false"}},
		{"no number", "partitions: many\n", nil, []string{":1:13: /partitions: partitions must be a whole number from 1 to 1024"}},
		{"too large", "intakeTimeout: 901\n", nil, []string{":1:16: /intakeTimeout: intakeTimeout must be a whole number from 30 to 900"}},
		{"no rate", "rate: fast\n", nil, []string{":1:7: /rate: rate must be a number, more than 0"}},
		{"rate 0", "rate: 0\n", nil, []string{":1:7: /rate: must be a number, more than 0"}},
		{"days", "logDays: 91\n", nil, []string{":1:10: /logDays: must be one of 1, 3, 5,"}},
		{"twice", "rate: 1\nrate: 2\n", nil, []string{":2:1: /rate: rate is given twice, first in line 1"}},
		{"a list's item", "awsTypes: [AWS:File, Custom:A]\n", nil, []string{":1:22: /awsTypes/1: must be names of AWS: types"}},
		{"a producer's word", "producers:\n- rule: x\n  prefix: a/\n", nil, []string{":2:3: /producers/0/rule: a producer has role and prefix, and no rule (did you mean role?)", ":2:3: /producers/0: role must be a role's ARN"}},
		{"a producer's prefix", "producers:\n- role: arn:aws:iam::111122223333:role/a\n  prefix: '*'\naccount: '111122223333'\n", nil, []string{":3:11: /producers/0/prefix: prefix must be a prefix that ends in /"}},
		{
			"a producer of another account", "account: '111122223333'\nproducers:\n- {role: 'arn:aws:iam::444455556666:role/a', prefix: a/}\n", nil,
			[]string{":3:10: /producers/0/role: arn:aws:iam::444455556666:role/a is of another account"},
		},
		{"an alarm", "alarms: {silnt: 0}\n", nil, []string{":1:17: /alarms/silnt: no alarm is called silnt (did you mean silent?)"}},
		{"an alarm's number", "alarms: {silent: true}\n", nil, []string{":1:18: /alarms/silent: silent must be a whole number, or false for no alarm"}},
		{"a canary without its alarm", "canary: true\nalarms: {intakeErrors: 0}\n", nil, []string{":2:24: /alarms/intakeErrors: with canary this alarm puts the old version back"}},
		{"a tag", "tags: {\"aws:a\": x, a/b: 'x\ty'}\n", nil, []string{":1:17: /tags/aws:a: a tag's name has", ":1:25: /tags/a~1b: a tag's value has"}},
		{"tags of a list", "tags: [a]\n", nil, []string{":1:7: /tags: expected a mapping"}},
		{"pairs on the command line", "", map[string]any{"tags": "owner", "alarms": "silent=often"}, []string{"-c alarms: must be NAME=NUMBER", "-c tags: must be NAME=VALUE"}},
		{
			"a producer of whichever account", "producers:\n- {role: 'arn:aws:iam::444455556666:role/a', prefix: a/}\n", nil,
			[]string{":2:10: /producers/0/role: arn:aws:iam::444455556666:role/a is perhaps of another account (set account to yours, and it is known)"},
		},
		{"too little reserved", "deliveryConcurrency: 4\ndeliveryReserved: 3\n", nil, []string{":2:19: /deliveryReserved: 3 is less than deliveryConcurrency, which is 4: reserve as much"}},
		{"one bucket for both", "uploads: a-bucket\nstate: a-bucket\n", nil, []string{":2:8: /state: is the bucket of uploads, too"}},
		{"no bucket", "uploads: s3://a-bucket\n", nil, []string{":1:10: /uploads: must be a bucket's name"}},
		{"a key's alias", "key: alias/mine\n", nil, []string{":1:6: /key: must be a key's ARN"}},
		{"the same key before", "key: arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001\npreviousKey: arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001\n", nil, []string{":2:14: /previousKey: is the key itself"}},
		{"a key of elsewhere", "key: arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001\nregion: eu-west-1\n", nil, []string{":1:6: /key: is in eu-central-1, and the stack in eu-west-1"}},
		{"a region without the scheduler", "region: xx-nowhere-1\n", nil, []string{":1:9: /region: xx-nowhere-1 is not known to have EventBridge Scheduler"}},
		{"no account", "senders: ['222233334444', root]\n", nil, []string{":1:27: /senders/1: must be accounts of twelve digits"}},
		{"no organisation", "organization: ours\n", nil, []string{":1:15: /organization: must be an organisation's ID"}},
		{"no YAML", "rate: 'a\n", nil, []string{":1:1: not YAML"}},
		{"a list", "- rate\n", nil, []string{":1:1: expected a mapping at the top of the file: a line NAME: VALUE for each setting"}},
		{"itself", "settings: other.yaml\n", nil, []string{":1:1: /settings: a file of settings does not name another"}},
		{"two documents", "rate: 1\n---\nlogDays: 7\n", nil, []string{":3:1: a file of settings is one document"}},
		{"all at once", "rat: 1\npartitions: 0\n", map[string]any{"findngs": "true", "rate": "-1"}, []string{":1:1: ", ":2:13: ", "-c findngs: no setting is called so (did you mean findings?)", "-c rate: must be a number, more than 0"}},
		{"overridden by something wrong", "rate: 1\n", map[string]any{"rate": "0"}, []string{"-c rate: must be a number, more than 0"}},
		{"a list on the command line", "", map[string]any{"producers": []any{"a"}}, []string{"-c producers: must be ROLE=PREFIX"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := written(t, c.text)
			_, _, err := Read(c.context, dir)
			if err == nil {
				t.Fatal("no error")
			}
			lines := strings.Split(err.Error(), "\n")
			for _, want := range c.want {
				if want[0] == ':' {
					want = filepath.ToSlash(filepath.Join(dir, FileName)) + want
				}
				if !strings.Contains("\n"+err.Error(), "\n"+want) {
					t.Errorf("no %q in:\n%v", want, err)
				}
			}
			if len(lines) != len(c.want) {
				t.Errorf("%d lines for %d mistakes:\n%v", len(lines), len(c.want), err)
			}
		})
	}
}
