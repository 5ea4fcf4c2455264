package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestQuestionsAtNight are an operator's questions, as sessions: each from an import to its answer, without JSON and without reading a file.
func TestQuestionsAtNight(t *testing.T) {
	for _, q := range []struct {
		name string
		ask  func(*planRig)
	}{
		{"which source said this row", func(r *planRig) {
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", register))
			r.run(exitDone, "node", "WEB-1", "--entries")
		}},
		{"why is this node empty, it was never named", func(r *planRig) {
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", register))
			r.run(exitDone, "node", "web-4")
		}},
		{"why is this node empty, its name is another", func(r *planRig) {
			r.run(exitPartial, "put", "--rate", "0", r.file("register.csv", register+"d,cmdb_ci_server,web-44,,,Linux\n"))
			r.run(exitFailed, "node", "web-44")
		}},
		{"why is this node empty, it was cleared", func(r *planRig) {
			mine := filepath.Join(r.dir, "mine")
			for name, body := range note("note", "") {
				write(r.t, mine, name, strings.Replace(body, "each: $rows", "absent: clear\neach: $rows", 1))
			}
			r.env["INVBRIDGE_MAPPINGS"] = mine
			const head = "NoteId,Server,Text\n"
			r.run(exitDone, "put", "--rate", "0", r.file("notes.csv", head+"1,web-1,a\n2,web-2,b\n3,web-3,c\n"))
			r.run(exitDone, "put", "--rate", "0", r.file("notes.csv", head+"1,web-1,a\n2,web-2,b\n4,web-4,c\n"))
			r.run(exitDone, "node", "web-3")
		}},
		{"why is this node empty, its source was removed", func(r *planRig) {
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", register))
			r.run(exitDone, "source", "remove", "--rate", "0", "servicenow", "--node", webNode(2, "").InstanceID)
			r.run(exitDone, "node", "web-2")
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", later))
			r.run(exitDone, "node", "web-2")
		}},
		{"which machine was parked", func(r *planRig) {
			r.run(exitPartial, "put", "--rate", "0", r.file("register.csv", register+"d,cmdb_ci_server,web-44,,,Linux\ne,cmdb_ci_server,web-45,,,Linux\n"))
			r.run(exitDone, "import", "list")
			list, err := receipt.NewBook(ledger.Dir(r.env["INVBRIDGE_STATE"])).All(r.t.Context())
			if err != nil || len(list) != 1 {
				r.t.Fatal(len(list), err)
			}
			r.run(exitDone, "receipt", list[0].Import[:8])
		}},
		{"why was this record rejected, its key was cut", func(r *planRig) {
			long := strings.Repeat("n", 128)
			body := exportHead + long + "1,cmdb_ci_server,web-1,,,Linux\n" + long + "2,cmdb_ci_server,web-1,,,BeOS\nb,cmdb_ci_server,web-2,,,Linux\n"
			r.run(exitDone, "records", r.file("register.csv", body))
			r.run(exitPartial, "put", "--rate", "0", r.file("register.csv", body))
			r.run(exitDone, "redrive")
			r.run(exitDone, "node", "web-1")
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", strings.ReplaceAll(body, long, "n")))
			r.run(exitDone, "node", "web-1", "--entries")
		}},
		{"what became of an import that was killed", func(r *planRig) {
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", register))
			book := receipt.NewBook(ledger.Dir(r.env["INVBRIDGE_STATE"]))
			list, err := book.All(r.t.Context())
			if err != nil || len(list) != 1 {
				r.t.Fatal(len(list), err)
			}
			own, err := book.Import(r.t.Context(), list[0].Import)
			if err != nil {
				r.t.Fatal(err)
			}
			for _, name := range []string{fmt.Sprintf("%04d.json", own.Partitions[0]), "receipt.json"} { // it was killed before
				if err := os.Remove(filepath.Join(r.env["INVBRIDGE_STATE"], "receipts", own.Import, name)); err != nil {
					r.t.Fatal(err)
				}
			}
			r.run(exitDone, "receipt", own.Import[:8])
			r.run(exitDone, "import", "list")
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", register))
			r.run(exitDone, "receipt", own.Import[:8])
		}},
		{"what became of a document that was cut off", func(r *planRig) {
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", register))
			r.run(exitFailed, "put", "--rate", "0", r.file("register.csv", register+"d,cmdb_ci_server,web-4"))
			r.run(exitDone, "import", "list")
			r.run(exitDone, "receipt", filepath.Join(r.dir, "register.csv"))
		}},
		{"what became of an import whose receipt is damaged", func(r *planRig) {
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", register))
			list, err := receipt.NewBook(ledger.Dir(r.env["INVBRIDGE_STATE"])).All(r.t.Context())
			if err != nil || len(list) != 1 {
				r.t.Fatal(len(list), err)
			}
			write(r.t, filepath.Join(r.env["INVBRIDGE_STATE"], "receipts", list[0].Import), "intake.json", "{")
			r.run(exitDone, "import", "list")
			r.run(exitDone, "receipt", list[0].Import[:8])
			write(r.t, filepath.Join(r.env["INVBRIDGE_STATE"], "receipts", list[0].Import), "receipt.json", "{")
			r.run(exitDone, "import", "list")
			r.run(exitDone, "receipt", list[0].Import[:8])
		}},
		{"why is this node empty, it replaced another", func(r *planRig) {
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", register))
			if err := r.box.AddNode(sandbox.ManagedNode{InstanceID: "i-0000000000000000a", ComputerName: "web-1", PingStatus: "Online", ResourceType: "EC2Instance", PlatformType: "Linux"}); err != nil {
				r.t.Fatal(err)
			}
			r.run(exitDone, "node", "i-0000000000000000a")
			if err := r.box.SetNodeState(webNode(1, "").InstanceID, "terminated"); err != nil {
				r.t.Fatal(err)
			}
			r.run(exitDone, "node", webNode(1, "").InstanceID)
			r.run(exitDone, "node", "i-000000000000b0009")
		}},
		{"where are the rows of a machine that was renamed", func(r *planRig) {
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", register))
			if err := r.box.UpdateNode(webNode(2, "").InstanceID, func(n *sandbox.ManagedNode) { n.ComputerName = "mail-2" }); err != nil {
				r.t.Fatal(err)
			}
			r.run(exitFailed, "node", "web-2")
			r.run(exitDone, "node", "mail-2")
			r.run(exitDone, "redrive")
		}},
		{"why do rows stay though their source was removed", func(r *planRig) {
			mine := filepath.Join(r.dir, "mine")
			for name, body := range note("note", "") {
				write(r.t, mine, name, body)
			}
			r.run(exitPartial, "put", "--rate", "0", "--mappings", mine, r.file("notes.csv", "NoteId,Server,Text\n1,web-1,a\n2,web-9,b\n"))
			r.run(exitDone, "redrive", "--parked", "--rate", "0")
			r.run(exitDone, "source", "remove", "--plan", "note")
			r.run(exitPartial, "source", "remove", "--rate", "0", "note")
			r.run(exitDone, "node", "web-1")
			r.run(exitDone, "sweep", "--rate", "0", "--mappings", mine)
			r.run(exitDone, "node", "web-1")
		}},
		{"what does a state say that may only be read", func(r *planRig) {
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", register))
			state := r.env["INVBRIDGE_STATE"]
			if err := errors.Join(os.RemoveAll(filepath.Join(state, "writers")), os.Symlink("/sys", filepath.Join(state, "writers"))); err != nil { // nobody may write there
				r.t.Skip(err)
			}
			if _, err := os.Create("/sys/invbridge"); !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS) {
				r.t.Skip("not a system on which nobody may write into /sys")
			}
			r.run(exitDone, "redrive")
			r.run(exitDone, "node", "web-1")
			r.run(exitDone, "plan", r.file("register.csv", later))
			r.run(exitDone, "source", "remove", "servicenow", "--plan", "--rate", "0")
		}},
		{"which import was it", func(r *planRig) {
			file := r.file("register.csv", register)
			r.run(exitDone, "put", "--rate", "0", file)
			time.Sleep(5 * time.Millisecond) // the next is received later
			r.run(exitDone, "put", "--rate", "0", file)
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", later))
			r.run(exitDone, "import", "list")
			old := exportHead + "a,cmdb_ci_server,web-1,,,BeOS\nb,cmdb_ci_server,web-2,,,BeOS\n"
			r.run(exitPartial, "put", "--rate", "0", r.fileOf("register.csv", old, time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)))
			r.run(exitPartial, "explain", r.fileOf("new.csv", exportHead+"z,cmdb_ci_server,web-9,,,BeOS\n", time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)))
			r.run(exitFailed, "receipt", "abcd")
		}},
		{"how do I undo the bad import", func(r *planRig) {
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", register))
			r.run(exitDone, "put", "--rate", "0", r.file("bad.csv", exportHead+"a,cmdb_ci_server,web-1,,,BeOS\nb,cmdb_ci_server,web-2,,,BeOS\n"))
			r.run(exitDone, "import", "list")
			list, err := receipt.NewBook(ledger.Dir(r.env["INVBRIDGE_STATE"])).All(r.t.Context())
			if err != nil || len(list) != 2 {
				r.t.Fatal(len(list), err)
			}
			bad := list[0].Import[:8]
			r.run(exitDone, "rollback", bad, "--plan", "--rate", "0")
			r.run(exitDone, "rollback", bad, "--rate", "0")
			r.run(exitDone, "node", "web-1", "--entries")
			r.run(exitDone, "import", "list")
			r.run(exitDone, "receipt", bad)
			r.run(exitPartial, "put", "--rate", "0", r.file("bad.csv", exportHead+"a,cmdb_ci_server,web-1,,,BeOS\nb,cmdb_ci_server,web-2,,,BeOS\n"))
			r.run(exitFailed, "rollback", "abcdef", "--rate", "0")
		}},
		{"how do I put the older file over the newer one", func(r *planRig) {
			r.run(exitDone, "put", "--rate", "0", r.file("bad.csv", exportHead+"a,cmdb_ci_server,web-1,,,BeOS\n"))
			old := r.fileOf("good.csv", exportHead+"a,cmdb_ci_server,web-1,,,Linux\n", time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC))
			r.run(exitPartial, "put", "--rate", "0", old)
			r.run(exitDone, "plan", "--as-of", "now", "--rate", "0", "--out", filepath.Join(r.dir, "plan.bin"), old)
			r.run(exitDone, "put", "--rate", "0", filepath.Join(r.dir, "plan.bin"))
			r.run(exitDone, "node", "web-1", "--entries")
			r.run(exitUsage, "put", "--as-of", "yesterday", "--rate", "0", old)
		}},
		{"which machine is meant", func(r *planRig) {
			if err := r.box.AddNode(sandbox.ManagedNode{InstanceID: "i-0000000000000000a", ComputerName: "web-1.other.example", PingStatus: "Online", ResourceType: "EC2Instance", PlatformType: "Linux"}); err != nil {
				r.t.Fatal(err)
			}
			if err := r.box.UpdateNode(webNode(1, "").InstanceID, func(n *sandbox.ManagedNode) { n.ComputerName = "web-1.corp.example" }); err != nil {
				r.t.Fatal(err)
			}
			r.run(exitFailed, "node", "web-1")
			r.run(exitDone, "node", "10.1.0.1")
			r.run(exitFailed, "node", "wbe-2")
		}},
		{"the service holds something else", func(r *planRig) {
			r.run(exitDone, "put", "--rate", "0", r.file("register.csv", register))
			other(r.t, r.box, webNode(1, "").InstanceID)
			r.run(exitDone, "node", "web-1")
			r.run(exitDone, "node", "web-1", "--repair")
			r.run(exitDone, "node", "web-1")
		}},
	} {
		t.Run(q.name, func(t *testing.T) {
			r := newPlanRig(t)
			q.ask(r)
			shown := regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`).ReplaceAllString(r.shown.String(), "TIME")
			shown = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ`).ReplaceAllString(shown, "TIME")
			shown = regexp.MustCompile(`\b[0-9a-f]{24}\b`).ReplaceAllString(shown, "IMPORT")
			shown = regexp.MustCompile(`(TIME  |time not known +|receipt |import |rollback |undo-)[0-9a-f]{8}\b`).ReplaceAllString(shown, "${1}SHORT")
			shown = regexp.MustCompile(`failed-[0-9a-f]{8,17}\b`).ReplaceAllString(shown, "failed-SHORT")
			name := strings.NewReplacer(" ", "-", ",", "").Replace(q.name)
			testfiles.Golden(t, filepath.Join("testdata", "questions", name+".golden.txt"), []byte(shown))
		})
	}
}

// other is another program, which puts something of its own.
func other(t *testing.T, box *sandbox.Sandbox, id string) {
	t.Helper()
	client := ssm.New(ssm.Options{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("other", "other", ""), BaseEndpoint: aws.String("http://sandbox"),
		HTTPClient: &http.Client{Transport: box.Transport()},
	})
	_, err := client.PutInventory(t.Context(), &ssm.PutInventoryInput{InstanceId: &id, Items: []types.InventoryItem{{
		TypeName: aws.String("Custom:Asset"), SchemaVersion: aws.String("1.0"), CaptureTime: aws.String("2030-01-01T00:00:00Z"),
		Content: []map[string]string{{"AssetId": "a", "Source": "servicenow", "OS": "Plan 9"}, {"AssetId": "z", "Source": "other"}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
}
