package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestHistoryOfANode is a session of a node's life: in a bucket that keeps versions, and in a directory, which keeps none.
func TestHistoryOfANode(t *testing.T) {
	for name, place := range map[string]func(*planRig) string{
		"what-has-happened-to-this-node": func(r *planRig) string {
			versionedBucket(r, "states")
			return "s3://states/ours"
		},
		"what-has-happened-to-this-node-in-a-directory": func(r *planRig) string { return r.env["INVBRIDGE_STATE"] },
	} {
		t.Run(name, func(t *testing.T) {
			r := newPlanRig(t)
			r.env["INVBRIDGE_STATE"] = place(r)
			mine := filepath.Join(r.dir, "mine")
			for name, body := range note("note", "") {
				write(t, mine, name, strings.Replace(body, "each: $rows", "absent: clear\neach: $rows", 1))
			}
			r.env["INVBRIDGE_MAPPINGS"] = mine
			const head = "NoteId,Server,Text\n"
			pause := func() {
				if !strings.HasPrefix(r.env["INVBRIDGE_STATE"], "s3:") {
					time.Sleep(1100 * time.Millisecond) // without versions nothing but times says what came first, and these are whole seconds
				}
			}
			put := func(want int, name, body string, month int) {
				pause()
				r.run(want, "put", "--rate", "0", r.fileOf(name, body, time.Date(2026, time.Month(month), 1, 0, 0, 0, 0, time.UTC)))
			}
			put(exitDone, "register.csv", register, 1)
			put(exitDone, "notes.csv", head+"1,web-1,a\n2,web-2,b\n3,web-3,c\n", 1)
			put(exitDone, "notes.csv", head+"1,web-1,a\n2,web-2,bb\n5,web-2,d\n3,web-3,c\n", 2)
			put(exitDone, "notes.csv", head+"1,web-1,a\n3,web-3,c\n", 3)
			put(exitDone, "register.csv", later, 4)
			pause()
			r.run(exitDone, "source", "remove", "--rate", "0", "servicenow", "--node", webNode(2, "").InstanceID)
			before := r.shown.Len()
			r.run(exitDone, "history", "web-2")
			r.run(exitDone, "history", "web-2", "Note", "--entries")
			r.run(exitDone, "history", "web-2", "--most", "2")
			r.run(exitDone, "history", "web-4", "--json", "--most", "1")
			r.run(exitFailed, "history", "web-77")
			shown := regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`).ReplaceAllString(r.shown.String()[before:], "TIME")
			shown = regexp.MustCompile(`\b[0-9a-f]{24}\b`).ReplaceAllString(shown, "IMPORT")
			shown = regexp.MustCompile(`import [0-9a-f]{8}\b`).ReplaceAllString(shown, "import SHORT")
			testfiles.Golden(t, filepath.Join("testdata", "questions", name+".golden.txt"), []byte(shown))
		})
	}
}

// versionedBucket makes a bucket that keeps versions.
func versionedBucket(r *planRig, name string) {
	r.t.Helper()
	api := s3.New(s3.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(r.env["AWS_ENDPOINT_URL"]), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	if _, err := api.CreateBucket(r.t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		r.t.Fatal(err)
	}
	_, err := api.PutBucketVersioning(r.t.Context(), &s3.PutBucketVersioningInput{
		Bucket: &name, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err != nil {
		r.t.Fatal(err)
	}
}
