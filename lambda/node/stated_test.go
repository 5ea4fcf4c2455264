package node

import "testing"

// TestOneAccountAndRegionAlone: an installation without targets has the nodes that it lists, whatever a document says of their account. A name alone
// leads to none of them where the document places the machine elsewhere.
func TestOneAccountAndRegionAlone(t *testing.T) {
	d := New([]Node{{ID: "i-0123456789abcdef0", ComputerName: "web-1"}})
	for name, c := range map[string]struct {
		subject Subject
		outcome Outcome
		reason  string
	}{
		"its ID, another region":   {Subject{NodeID: []string{"i-0123456789abcdef0"}, Account: "111122223333", Region: "eu-west-1", Stated: true}, Matched, ""},
		"its ID, another account":  {Subject{NodeID: []string{"i-0123456789abcdef0"}, Account: "444455556666", Stated: true}, Matched, ""},
		"its name, its account":    {Subject{Hostname: []string{"web-1"}, Account: "111122223333", Stated: true}, Matched, ""},
		"its name, another region": {Subject{Hostname: []string{"web-1"}, Region: "eu-west-1", Stated: true}, Skipped, ReasonElsewhere},
	} {
		got := d.Resolve(c.subject.Normalise(), Rules{Account: "111122223333", Region: "eu-central-1"})
		if got.Outcome != c.outcome || got.Reason != c.reason {
			t.Errorf("%s: %s %s, want %s %s", name, got.Outcome, got.Reason, c.outcome, c.reason)
		}
	}
}
