package main

import (
	"bytes"
	"io/fs"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/demo"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
	"github.com/inventory-bridge/inventory-bridge/testevents"
)

// ids are what differs from build to build: import IDs are made of the mapping's hash among other things.
var ids = regexp.MustCompile(`"import":"[^"]*"`)

func TestInvokeEveryEvent(t *testing.T) {
	names, err := fs.Glob(testevents.Files, "*.json")
	if err != nil || len(names) == 0 {
		t.Fatal("no events", err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			event, err := testevents.Files.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			testfiles.Golden(t, filepath.Join("testdata", "invoke", strings.TrimSuffix(name, ".json")+".golden.txt"), invokeEvent(t, string(event)))
		})
	}
}

// invokeEvent hands an event to a fresh installation and shows what was answered, and what the nodes hold then.
func invokeEvent(t *testing.T, event string) []byte {
	t.Helper()
	box, seeds, err := demo.Sandbox()
	if err != nil {
		t.Fatal(err)
	}
	env := serve(t, box)
	code, out, errs := runLine(t, env, event, "invoke", "-", "--json", "--rate", "0", "--state", filepath.Join(t.TempDir(), "state"))
	var b bytes.Buffer
	b.WriteString(ids.ReplaceAllString(out, `"import":"…"`))
	b.WriteString(errs)
	b.WriteString("exit code " + string(rune('0'+code)) + "\n")
	for _, n := range seeds {
		for _, typeName := range []string{"Custom:Asset", "Custom:SecurityFinding", "Custom:SoftwareComponent", "Custom:Vulnerability", "Custom:VulnerabilitySummary"} {
			if item, ok := box.Inventory(n.InstanceID, typeName); ok {
				b.WriteString(n.InstanceID + " " + typeName + " " + output.Plural(len(item.Entries), "row") + "\n")
			}
		}
	}
	return b.Bytes()
}

// TestKeysWithSpacesAndUmlauts: notifications encode keys, the bus does not.
func TestKeysWithSpacesAndUmlauts(t *testing.T) {
	const key = "servicenow/größe 1+1 & 100%/server Zürich.csv"
	encoded := strings.ReplaceAll(url.QueryEscape(key), "%2F", "/")
	for name, event := range map[string]string{
		"notification": `{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","eventTime":"2026-01-16T12:00:00Z","s3":{"bucket":{"name":"uploads"},"object":{"key":"` + encoded + `"}}}]}`,
		"bus":          `{"source":"aws.s3","detail-type":"Object Created","time":"2026-01-16T12:00:00Z","detail":{"bucket":{"name":"uploads"},"object":{"key":"` + key + `"}}}`,
		"pointer":      `{"document":{"bucket":"uploads","key":"` + key + `"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			box, env := against(t, webNode(1, "web-1"))
			if err := box.PutObject("uploads", key, []byte(exportHead+"a,cmdb_ci_server,web-1,,,Linux\n")); err != nil {
				t.Fatal(err)
			}
			code, out, errs := runLine(t, env, event, "invoke", "-", "--json", "--state", filepath.Join(t.TempDir(), "state"))
			if _, held := box.Inventory(webNode(1, "").InstanceID, "Custom:Asset"); code != exitDone || !held {
				t.Errorf("exit code %d, held: %v: %s%s", code, held, out, errs)
			}
		})
	}
}

// TestInvokeASweepAsText: a sweep has no document and no outcomes to show.
func TestInvokeASweepAsText(t *testing.T) {
	_, env := against(t, webNode(1, "web-1"))
	code, out, errs := runLine(t, env, `{"sweep":{}}`, "invoke", "-", "--state", filepath.Join(t.TempDir(), "state"))
	if code != exitDone || !strings.HasPrefix(out, "0 calls\nresponse: ") {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
}
