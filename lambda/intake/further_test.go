package intake

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestIdentifiedBehindTheContent reads documents whose format shows after some MiB as those in which it stands first.
func TestIdentifiedBehindTheContent(t *testing.T) {
	software := `"softwares":[` + strings.Repeat(`{"name":"openssl","version":"3.0.1","comments":"`+strings.Repeat("x", 1000)+`"},`, 3000) + `{"name":"bash","version":"5.2"}]`
	content := `"content":{"hardware":{"name":"web-1","uuid":"0b8a1c9e-1111-4222-8333-444455556666"},"networks":[{"ipaddress":"10.0.0.1"}],` + software + `}`
	first := `{"deviceid":"web-1-2026","itemtype":"Computer",` + content + `}`
	last := `{` + content + `,"deviceid":"web-1-2026","itemtype":"Computer"}`
	in, _ := reader(t)
	_, want := readDocument(t, in, local(first))
	if len(want) == 0 {
		t.Fatal("nothing is stated")
	}
	for name, body := range map[string]string{"plain": last, "compressed": testfiles.Gzip(t, last)} {
		im, got := readDocument(t, in, local(body))
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if im.choice.Mapping.Name != "glpi" {
			t.Errorf("%s: %s", name, im.choice.Mapping.Name)
		}
	}
}
