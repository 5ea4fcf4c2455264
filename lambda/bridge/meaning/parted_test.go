package meaning

import (
	"regexp"
	"strings"
)

// parts are what makes a document say that it is not all, or that it looked at less.
var parts = []struct {
	found *regexp.Regexp
	says  string
}{
	{regexp.MustCompile(`"timed_out"\s*:\s*false`), `"timed_out":true`},
	{regexp.MustCompile(`exit="success"`), `exit="error"`},
	{regexp.MustCompile(`"total"\s*:\s*\d+`), `"total":99999`},
	{regexp.MustCompile(`"executionSuccessful"\s*:\s*true`), `"executionSuccessful":false`},
	{regexp.MustCompile(`FINISHED`), `CANCELED`},
	{regexp.MustCompile(`<scan_run_status>Done<`), `<scan_run_status>Stopped<`},
	{regexp.MustCompile(`status="finished"`), `status="stopped"`},
	{regexp.MustCompile(`services="[^"]*"`), `services="1-100"`},
	{regexp.MustCompile(`<result>pass</result>`), `<result>notselected</result>`},
	{regexp.MustCompile(`"next"\s*:\s*null`), `"next":"https://netbox.example.test/api/dcim/devices/?limit=2&offset=2"`},
	{regexp.MustCompile(`"deviceid"\s*:`), `"partial":true,"deviceid":`},
	{regexp.MustCompile(`^\s*\{\s*"(findings|Findings)"`), `{"nextToken":"x","NextToken":"x","$1"`},
	{regexp.MustCompile(`"meta"\s*:\s*\{`), `"meta":{"has_next_results":true,`},
	{regexp.MustCompile(`"ansible_facts"\s*:\s*\{`), `"ansible_facts":{"gather_subset":["hardware"],`},
}

// parted is a text that says of itself that it is a part, if it is one of those that can.
func parted(text string) string {
	for _, p := range parts {
		if p.found.MatchString(text) {
			text = p.found.ReplaceAllString(text, p.says)
		}
	}
	return strings.TrimSpace(text) + "\n"
}
