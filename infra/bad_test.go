package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
)

// TestBadInput keeps that what is wrong ends the synthesis with what it is, where, and the way out.
func TestBadInput(t *testing.T) {
	const typed = "version: 1\ntypes:\n  %s:\n    schemaVersion: \"1.0\"\n    key: [Id]\n    sort: [Id]\n    attributes:\n      Id: {}\n"
	report, err := os.ReadFile("testdata/mappings/backup-report.yaml")
	if err != nil {
		t.Fatal(err)
	}
	types, err := os.ReadFile("testdata/mappings/types.yaml")
	if err != nil {
		t.Fatal(err)
	}
	many := map[string]string{}
	for i := range 20 {
		many[fmt.Sprintf("t%02d.yaml", i)] = fmt.Sprintf(typed, fmt.Sprintf("Custom:Own%02d", i))
	}
	for _, c := range []struct {
		name  string
		files map[string]string // of a directory of mappings
		set   map[string]any    // of the context; DIR stands for that directory
		want  []string          // in the error
	}{
		{"no directory", nil, map[string]any{"mappings": "nowhere"}, []string{"nowhere", "is no directory", "leave it out"}},
		{"a file", nil, map[string]any{"mappings": "testdata/mappings/types.yaml"}, []string{"testdata/mappings/types.yaml is no directory"}},
		{"an empty directory", map[string]string{"readme.txt": ""}, map[string]any{"mappings": "DIR"}, []string{"DIR has no *.yaml", "leave it out"}},
		{
			"a mapping with an error",
			map[string]string{"types.yaml": string(types), "bad.yaml": strings.Replace(string(report), "each:", "eahc:", 1)},
			map[string]any{"mappings": "DIR"},
			[]string{"DIR/bad.yaml:7:1", "did you mean each?", "invbridge mapping check"},
		},
		{
			"two mappings with one name",
			map[string]string{"types.yaml": string(types), "a.yaml": string(report), "b.yaml": string(report)},
			map[string]any{"mappings": "DIR"},
			[]string{"DIR/b.yaml:2:", "backup-report", "a.yaml"},
		},
		{"more than 20 types", many, map[string]any{"mappings": "DIR"}, []string{"DIR/t12.yaml:3:3", "custom type 21", "an account has 20", "take the files out"}},
		{"a type that is not allowed", nil, map[string]any{"awsTypes": "Custom:A"}, []string{"awsTypes", "AWS: types"}},
		{"no program", nil, map[string]any{"dist": "nowhere"}, []string{"nowhere/arm64/bootstrap", "make build"}},
		{"no program for a local run", nil, map[string]any{"dist": "nowhere", "local": "true"}, []string{"nowhere/" + localArch() + "/bootstrap"}},
		{"an unsupported partition", nil, map[string]any{"region": "us-iso-east-1"}, []string{"us-iso-east-1", "aws, aws-cn and aws-us-gov", "name one of theirs"}},
		{"no region", nil, map[string]any{"region": "Frankfurt"}, []string{"Frankfurt is no region"}},
		{"a prefix for everything", nil, map[string]any{"producers": "arn:aws:iam::111122223333:role/scanner=*"}, []string{"producers: prefix must", "without wildcards"}},
		{"a user", nil, map[string]any{"producers": "arn:aws:iam::111122223333:user/scanner=a/"}, []string{"a role's ARN"}},
		{"no producer", nil, map[string]any{"producers": "scanner"}, []string{"ROLE=PREFIX"}},
		{
			"a producer of another account",
			nil,
			map[string]any{"account": "111122223333", "producers": "arn:aws:iam::444455556666:role/scanner=a/"},
			[]string{"role/scanner is of another account", "-c customerKey=true"},
		},
		{"no topic", nil, map[string]any{"alarmTopic": "operators"}, []string{"alarmTopic", "a standard topic's ARN"}},
		{
			"a topic of another region", nil,
			map[string]any{"region": "eu-central-1", "alarmTopic": "arn:aws:sns:us-east-1:111122223333:operators"},
			[]string{"alarmTopic", "is in us-east-1, and the stack in eu-central-1"},
		},
		{"AWS's own name", nil, map[string]any{"name": "default"}, []string{"-c name: is what AWS calls its own event bus", "take another one"}},
		{"no number", nil, map[string]any{"partitions": "many"}, []string{"partitions", "whole number"}},
		{"too few workers", nil, map[string]any{"deliveryConcurrency": "1"}, []string{"deliveryConcurrency", "2 to 1000"}},
		{"too little reserved", nil, map[string]any{"deliveryReserved": "3", "deliveryConcurrency": "4"}, []string{"deliveryReserved: 3", "deliveryConcurrency, which is 4", "leave it out"}},
		{"too long", nil, map[string]any{"intakeTimeout": "901"}, []string{"intakeTimeout", "30 to 900"}},
		{"no rate", nil, map[string]any{"rate": "0"}, []string{"rate", "more than 0"}},
		{"no switch", nil, map[string]any{"findings": "yes"}, []string{"findings", "true or false"}},
		{"no account", nil, map[string]any{"syncAccounts": "111122223333,me"}, []string{"syncAccounts", "twelve digits"}},
		{"no sync's region", nil, map[string]any{"syncRegions": "eu-west-1,Ireland"}, []string{"syncRegions", "must be regions"}},
		{"a query that may read nothing", nil, map[string]any{"queryMiB": "1"}, []string{"queryMiB", "10 to 1000000"}},
		{"a name too long for a sync", nil, map[string]any{"consumers": true, "name": strings.Repeat("a", 61)}, []string{"-c name", "60 characters"}},
		{
			"two types of one table",
			map[string]string{"a.yaml": fmt.Sprintf(typed, "Custom:Own-A"), "b.yaml": fmt.Sprintf(typed, "Custom:Own_A")},
			map[string]any{"mappings": "DIR", "consumers": true},
			[]string{"Custom:Own-A and Custom:Own_A would both be the table custom_own_a", "rename one"},
		},
		{"days that no log is kept", nil, map[string]any{"logDays": 91}, []string{"logDays", "90"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.ToSlash(t.TempDir())
			for name, text := range c.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			context := map[string]any{"dist": "testdata/dist"}
			for name, value := range c.set {
				if value == "DIR" {
					value = dir
				}
				context[name] = value
			}
			p, _, err := propsOf(awscdk.NewApp(&awscdk.AppProps{Context: &context}).Node())
			if err == nil {
				_, err = newBundle(p)
			}
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if want = strings.ReplaceAll(want, "DIR", dir); !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in: %v", want, err)
				}
			}
		})
	}
}

// TestContext reads what cdk.json and the command line say.
func TestContext(t *testing.T) {
	context := map[string]any{
		"name": "Bridge", "partitions": 1024, "rate": "0.5", "findings": true, "local": "true", "deliveryConcurrency": "4", "awsTypes": "AWS:A,AWS:B", "account": "111122223333",
		"producers": "arn:aws:iam::111122223333:role/a=a/ arn:aws:iam::111122223333:role/b=c=b/",
	}
	p, _, err := propsOf(awscdk.NewApp(&awscdk.AppProps{Context: &context}).Node())
	if err != nil {
		t.Fatal(err)
	}
	want := settings.Defaults()
	want.Name, want.Partitions, want.Rate, want.Findings, want.Local, want.Delivery.Concurrency = "Bridge", 1024, 0.5, true, true, 4
	want.Account = "111122223333"
	want.AWSTypes = []string{"AWS:A", "AWS:B"}
	want.Producers = []settings.Producer{{Role: "arn:aws:iam::111122223333:role/a", Prefix: "a/"}, {Role: "arn:aws:iam::111122223333:role/b=c", Prefix: "b/"}}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
}

// TestBundle keeps that the program and the mappings that were checked are what is deployed.
func TestBundle(t *testing.T) {
	b, err := newBundle(everything())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.remove(); err != nil {
			t.Error(err)
		}
	}()
	for _, name := range []string{"bootstrap", "mappings/backup-report.yaml", "mappings/types.yaml"} {
		if info, err := os.Stat(filepath.Join(b.dir, name)); err != nil || name == "bootstrap" && info.Mode()&0o111 == 0 {
			t.Errorf("%s: %v: it is not there, or cannot be run", name, err)
		}
	}
	if b.mappings != "mappings" || len(b.own) != 1 || b.own[0] != "backup-report" {
		t.Errorf("%+v", b)
	}
}
