package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// request makes a request of the sandbox's S3.
func request(t *testing.T, box *sandbox.Sandbox, method, target, body string) string {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	box.ServeHTTP(w, r)
	if w.Code >= http.StatusMultipleChoices {
		t.Fatalf("%s %s: %d %s", method, target, w.Code, w.Body)
	}
	return w.Body.String()
}

// TestStateIsCheckedAndRepaired in a bucket that keeps versions: what is damaged is named, and put back; what other sources have stated stays.
func TestStateIsCheckedAndRepaired(t *testing.T) {
	file := filepath.Join("..", "..", "..", "testevents", "documents", "uploads", "nessus", "weekly.nessus")
	for name, method := range map[string]string{"damaged": http.MethodPut, "gone": http.MethodDelete} {
		t.Run(name, func(t *testing.T) {
			box, line := onAmazon(t)
			if err := box.PutObject("state", "beside", nil); err != nil {
				t.Fatal(err)
			}
			request(t, box, http.MethodPut, "/state?versioning", `<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>`)
			if code, out, errs := line("put", file, "--state", "s3://state/ours", "--rate", "1000"); code != exitPartial {
				t.Fatalf("%d %s%s", code, out, errs)
			}
			list := request(t, box, http.MethodGet, "/state?list-type=2&prefix=ours/heads/", "")
			_, key, _ := strings.Cut(list, "<Key>")
			key, _, _ = strings.Cut(key, "</Key>")
			head := strings.TrimPrefix(key, "ours/")
			request(t, box, method, "/state/"+key, "{}")
			for _, c := range []struct {
				args string
				code int
				want string
			}{
				{"state check --state s3://state/ours", exitPartial, head + ": "},
				{"state check --json --state s3://state/ours", exitPartial, `"findings":1`},
				{"state repair --plan --state s3://state/ours", exitDone, head + ": an older version is put back"},
				{"state check --state s3://state/ours", exitPartial, head + ": "},
				{"state repair --state s3://state/ours", exitDone, head + ": an older version is put back"},
				{"state check --state s3://state/ours", exitDone, "something is wrong with 0"},
				{"sweep --rate 1000 --state s3://state/ours", exitDone, "call"},
				{"put " + file + " --rate 1000 --state s3://state/ours", exitPartial, "unchanged"},
			} {
				code, out, errs := line(strings.Fields(c.args)...)
				if code != c.code || !strings.Contains(out+errs, c.want) {
					t.Errorf("%s: exit code %d, want %d; want %q in\n%s%s", c.args, code, c.code, c.want, out, errs)
				}
			}
		})
	}
}
