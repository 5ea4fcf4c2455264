package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/infra/parameters"
	"github.com/inventory-bridge/inventory-bridge/infra/release"
	"github.com/inventory-bridge/inventory-bridge/infra/settings"
)

// releaseFiles are names of zips by architecture.
func releaseFiles() map[string]string {
	return map[string]string{"arm64": "function-arm64-1.zip", "amd64": "function-amd64-1.zip"}
}

// releaseValues are what parameters of a release may be besides their defaults, by the settings that they are for.
func releaseValues() map[string][]string {
	return map[string][]string{
		"alarmTopic": {"arn:aws:sns:eu-west-1:999988887777:operators"}, "awsTypes": {"AWS:ComplianceItem", "AWS:A,AWS:B"}, "rate": {"0.5", "10"},
		"queryMiB": {"100", "5000"}, "syncRegions": {"eu-west-1", "eu-west-1,us-east-2"}, "consumers": {"true"}, "tracing": {"true"},
		"key": {"arn:aws:kms:eu-west-1:999988887777:key/12345678-1234-4123-8123-123456789012"}, "previousKey": {"arn:aws:kms:eu-west-1:999988887777:key/12345678-1234-4123-8123-123456789013"}, "organization": {"o-abcdefghij"},
		"uploads": {"uploads-of-before"}, "state": {"state-of-before"}, "intakeTimeout": {"60", "600"}, "deliveryTimeout": {"120", "900"}, "architecture": {"arm64", "x86_64"}, "findings": {"true"}, "customerKey": {"true"},
	}
}

// given is a deployment by the parameters of a release, and by the settings of the CDK.
type given struct {
	parameters map[string]string
	deployment parameters.Deployment
}

// bare is one that gives what must be given.
func bare(stack string) given {
	d := parameters.Deployment{Props: settings.Defaults()}
	d.Name, d.Code = stack, parameters.Object{Bucket: "releases-of-ours", Key: "bridge/1.0/"}
	return given{map[string]string{"AWS::StackName": stack, "QueryDatabase": database(stack), "CodeBucket": "releases-of-ours", "CodePrefix": "bridge/1.0/"}, d}
}

// set sets a setting, and the parameter that is for it.
func (g *given) set(t *testing.T, s settings.Setting, text string) {
	t.Helper()
	g.parameters[parameters.Name(s.Name)] = text
	for _, own := range g.deployment.Settings() {
		if own.Name == s.Name && !own.Set(text) {
			t.Fatalf("%s: %s", s.Name, text)
		}
	}
}

// own gives mappings of the user's own.
func (g *given) own(sources, details []string) {
	g.parameters["MappingsKey"], g.parameters["OwnTypes"] = "mine.zip", "Custom:BackupJob,Custom:Badge"
	g.parameters["OwnEventSources"], g.parameters["OwnDetailTypes"] = strings.Join(sources, ","), strings.Join(details, ",")
	g.deployment.Layer = parameters.Object{Bucket: "releases-of-ours", Key: "mine.zip"}
	g.deployment.Types, g.deployment.Sources, g.deployment.Details = []string{"Custom:BackupJob", "Custom:Badge"}, sources, details
}

func (g *given) produce(n int, role, prefix string) {
	g.parameters[fmt.Sprintf("Producer%dRole", n)], g.parameters[fmt.Sprintf("Producer%dPrefix", n)] = role, prefix
	g.deployment.Producers = append(g.deployment.Producers, settings.Producer{Role: role, Prefix: prefix})
}

// everyParameter gives all that a release can be given.
func everyParameter(t *testing.T, r *rand.Rand) given {
	t.Helper()
	return someParameters(t, r, func() bool { return true })
}

// someParameters gives what is wanted, with values by chance.
func someParameters(t *testing.T, r *rand.Rand, wanted func() bool) given {
	t.Helper()
	g := bare("Mine")
	for _, s := range g.deployment.Settings() {
		values := releaseValues()[s.Name]
		switch {
		case parameters.Left()[s.Name] != "" || slices.Contains([]string{"producers", "syncAccounts", "senders", "alarms"}, s.Name) || !wanted():
			continue
		case values != nil:
		case s.Of != nil:
			values = []string{strconv.Itoa(s.Of[r.IntN(len(s.Of))])}
		case s.Kind() == "number":
			values = []string{strconv.Itoa(s.Least + 1 + r.IntN(s.Most-s.Least))}
		default:
			t.Fatalf("what may the setting %s be? releaseValues does not say", s.Name)
		}
		g.set(t, s, values[r.IntN(len(values))])
	}
	for _, name := range settings.AlarmNames() {
		if name == "parkedGrowth" || name == settings.Unreachable || !wanted() { // the latter is about targets, which a release has not
			continue
		}
		if g.deployment.Alarms == nil {
			g.deployment.Alarms = settings.Alarms{}
		}
		g.deployment.Alarms[name] = 1 + r.IntN(1e6)
		g.parameters["Alarm"+strings.ToUpper(name[:1])+name[1:]] = strconv.Itoa(g.deployment.Alarms[name])
	}
	if wanted() {
		sources, details := []string{"aws.backup"}, []string{"Backup Job State Change", "Copy Job State Change"}
		if !wanted() {
			sources, details = append(sources, "aws.health"), nil
		}
		g.own(sources, details)
		if wanted() {
			g.parameters["MappingsBucket"], g.deployment.Layer.Bucket = "mappings-of-ours", "mappings-of-ours"
		}
	}
	for i, account := range []string{"444455556666", "777788889999"} {
		if wanted() {
			g.parameters[fmt.Sprintf("SyncAccount%d", i+1)] = account
			g.deployment.SyncAccounts = append(g.deployment.SyncAccounts, account)
		}
		if wanted() {
			g.parameters[fmt.Sprintf("Sender%d", i+1)] = account
			g.deployment.Senders = append(g.deployment.Senders, account)
		}
	}
	for i := range 3 {
		if wanted() {
			g.produce(i+1, fmt.Sprintf("arn:aws:iam::444455556666:role/scanner-%d", i), fmt.Sprintf("scans/%d/", i))
		}
	}
	return g
}

// TestRelease: whatever parameters it is given, the release's template makes the resources that the CDK makes of the same settings.
func TestRelease(t *testing.T) {
	template := releaseTemplate(t)
	r := rand.New(rand.NewPCG(3, 4))
	all := map[string]given{"bare": bare("InventoryBridge"), "everything": everyParameter(t, r)}
	for i := range 6 {
		all["some "+strconv.Itoa(i)] = someParameters(t, r, func() bool { return r.IntN(2) == 0 })
	}
	for name, g := range all {
		got, err := release.Evaluate(template, g.parameters)
		if err != nil {
			t.Fatal(err)
		}
		g.deployment.Dist = "testdata/dist"
		b, err := newBundle(g.deployment.Props) // as the CDK takes it up, and without its mappings
		if err != nil {
			t.Fatal(err)
		}
		want, err := publisher{b, releaseFiles()}.synth(g.deployment)
		if err := errors.Join(err, b.remove()); err != nil {
			t.Fatal(err)
		}
		if n := len(want["Resources"].(release.Object)); n < 40 {
			t.Errorf("%s: only %d resources", name, n)
		}
		if diff := release.Differences(want, got); len(diff) > 0 {
			t.Errorf("%s: %v:\n%s", name, g.parameters, strings.Join(diff, "\n"))
		}
	}
}

// releaseTemplate makes the template as it is written.
func releaseTemplate(t *testing.T) release.Object {
	t.Helper()
	made, err := newRelease(releaseFiles())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"laceholder", "111122223333", "cdk-", "AssetParameters", "BootstrapVersion", "aws:asset"} {
		if i := bytes.Index(text, []byte(wrong)); i >= 0 {
			t.Errorf("%q is in it: %s", wrong, text[max(0, i-100):min(len(text), i+100)])
		}
	}
	if len(text) > 250_000 { // CloudFormation takes a million bytes, indented
		t.Errorf("the template has %d bytes", len(text))
	}
	var template release.Object
	if err := json.Unmarshal(text, &template); err != nil {
		t.Fatal(err)
	}
	checkParameters(t, template["Parameters"].(release.Object))
	return template
}

// checkParameters: each has its line, defaults are allowed values, and their number is one that CloudFormation takes.
func checkParameters(t *testing.T, all release.Object) {
	t.Helper()
	if len(all) > 200 {
		t.Errorf("there are %d parameters", len(all))
	}
	for name, v := range all {
		p := v.(release.Object)
		unset, has := p["Default"]
		if about, _ := p["Description"].(string); about == "" || len(about) > 4000 {
			t.Errorf("%s: description %q", name, about)
		}
		if allowed, ok := p["AllowedValues"].([]any); ok && !slices.Contains(allowed, unset) {
			t.Errorf("%s: its default %v is not allowed", name, unset)
		}
		if pattern, ok := p["AllowedPattern"].(string); ok && has && !regexp.MustCompile(pattern).MatchString(unset.(string)) {
			t.Errorf("%s: its default %v is not %s", name, unset, pattern)
		}
		if !has && name != "CodeBucket" {
			t.Errorf("%s must be given", name)
		}
	}
}

// TestReleaseFiles: what is written for the same program is the same, and the template names the zips.
func TestReleaseFiles(t *testing.T) {
	a, err := zipped("testdata/dist/arm64/bootstrap")
	if err != nil {
		t.Fatal(err)
	}
	b, err := zipped("testdata/dist/arm64/bootstrap")
	if err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same program makes another zip", err)
	}
	if err := writeRelease(filepath.Join(t.TempDir(), "nothing"), t.TempDir()); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("no program: error %v", err)
	}
	if entries, err := os.ReadDir("testdata/dist"); err != nil || len(entries) != 2 {
		t.Error("programs for two architectures are needed", err)
	}
}
