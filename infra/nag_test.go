package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/inventory-bridge/inventory-bridge/infra/parameters"
	"github.com/inventory-bridge/inventory-bridge/infra/settings"
)

// TestNag asks the rules of the AWS Solutions Library. What they say against a resource is mended, or has its reason there.
func TestNag(t *testing.T) {
	for name, p := range map[string]settings.Props{
		"bare": stub(), "everything": everything(), "switched": switched(), "consumers": consuming(), "published": everything(),
	} {
		var at *parameters.Published
		if name == "published" { // what a release is made of
			at = &parameters.Published{
				Code: parameters.Object{Bucket: "releases", Key: "function.zip"}, Layer: parameters.Object{Bucket: "releases", Key: "mine.zip"},
				Types: []string{"Custom:Mine"}, Sources: []string{"aws.backup"},
			}
		}
		app, stack := newPublished(t, p, at)
		awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(&cdknag.NagPackProps{Verbose: new(true)}), nil)
		app.Synth(nil)
		asked, suppressed := 0, 0
		for _, line := range report(t, *app.Outdir(), *stack.StackName()) {
			rule, resource, verdict, why := line[0], line[1], line[2], line[3]
			asked++
			switch verdict {
			case "Compliant":
			case "Suppressed":
				suppressed++
				if len(why) < 40 {
					t.Errorf("%s: %s at %s: %q is no reason", name, rule, resource, why)
				}
			default:
				t.Errorf("%s: %s at %s: %s", name, rule, resource, verdict)
			}
		}
		if asked < 40 || suppressed == 0 {
			t.Errorf("%s: %d answers, %d suppressed: the rules were not asked", name, asked, suppressed)
		}
	}
}

// report is what the rules said: rule, resource, verdict, reason, …
func report(t *testing.T, dir, stack string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "AwsSolutions-"+stack+"-NagReport.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil || len(lines) == 0 {
		t.Fatal(err)
	}
	return lines[1:]
}
