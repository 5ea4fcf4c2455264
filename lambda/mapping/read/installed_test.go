package read

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// TestWhatIsInstalled: every version that is installed is an entry, and what was removed is none.
func TestWhatIsInstalled(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	const row = `{"name":"pack_it-compliance_deb_packages","hostIdentifier":"web-01","calendarTime":"Sat Nov 28 10:00:00 2026 UTC","unixTime":1795860000,`
	const curl = `{"name":"curl","version":"8.5.0-2","arch":"amd64","status":"install ok installed"}`
	const telnet = `{"name":"telnet","version":"0.17-44","arch":"amd64","status":"deinstall ok config-files"}`
	for _, tt := range []struct{ name, document, want string }{
		// Of rpm a name that stands twice has `versions`, and beside it the fields of the last (lib/ohai/plugins/packages.rb of Ohai).
		{
			"two kernels", `{"platform":"rocky","platform_family":"rhel","ohai_time":1764324000.5,"hostname":"web-01","packages":{
"kernel":{"epoch":"0","version":"5.14.0","release":"503.el9","arch":"x86_64","versions":[{"epoch":"0","version":"5.14.0","release":"427.el9","arch":"x86_64"},{"epoch":"0","version":"5.14.0","release":"503.el9","arch":"x86_64"}]},
"bash":{"epoch":"0","version":"5.1.8","release":"9.el9","arch":"x86_64"},"versions":{"epoch":"0","version":"2.8","release":"1.el9","arch":"noarch"}}}`,
			"bash-5.1.8-9.el9 kernel-5.14.0-427.el9 kernel-5.14.0-503.el9 versions-2.8-1.el9",
		},
		// deb_packages has what dpkg's states are but not-installed, so also packages that were removed and left their configuration
		// (osquery/utils/linux/dpkg/dpkgquery.cpp of osquery 5).
		{"a removed package, a row a line", row + `"columns":` + curl + `,"action":"added"}` + "\n" + row + `"columns":` + telnet + `,"action":"added"}`, "curl-8.5.0-2"},
		{"a removed package, all changes in a line", row + `"diffResults":{"added":[` + telnet + `,` + curl + `],"removed":[]}}`, "curl-8.5.0-2"},
		{"a removed package, in a snapshot", row + `"snapshot":[` + curl + `,` + telnet + `],"action":"snapshot"}`, "curl-8.5.0-2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := readAll(t, set, "", []byte(tt.document))
			if o.err != nil {
				t.Fatal(o.err)
			}
			var got []string
			for _, values := range o.values {
				if values["Version"] != "" {
					got = append(got, values["Name"]+"-"+values["Version"])
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(strings.Fields(tt.want), slices.Compact(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
