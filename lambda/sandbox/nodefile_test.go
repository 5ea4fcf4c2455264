package sandbox

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseNodes(t *testing.T) {
	one := ManagedNode{InstanceID: nodeA, ComputerName: "a", IPAddress: "10.0.0.1"}
	full := one
	full.Tags, full.MACAddresses = map[string]string{"K": "v"}, []string{"aa:bb"}
	full.SerialNumber, full.InstanceStatus = "S1", "Stopped"
	const members = `"InstanceId":"` + nodeA + `","ComputerName":"a","IPAddress":"10.0.0.1"`
	for name, test := range map[string]struct {
		text string
		want []ManagedNode
	}{
		"list":        {`[{` + members + `,"LastPingDateTime":1.5,"Unknown":{}}]`, []ManagedNode{one}},
		"answer":      {"\ufeff {\"InstanceInformationList\":[{" + members + `}],"NextToken":""}`, []ManagedNode{one}},
		"empty list":  {`[]`, []ManagedNode{}},
		"tag object":  {`[{` + members + `,"Tags":{"K":"v"},"SerialNumber":"S1","InstanceStatus":"Stopped","MacAddresses":["aa:bb"]}]`, []ManagedNode{full}},
		"tag list":    {`[{` + members + `,"Tags":[{"Key":"K","Value":"v"}],"SerialNumber":"S1","InstanceStatus":"Stopped","MacAddresses":"aa:bb"}]`, []ManagedNode{full}},
		"CSV":         {"InstanceId,ComputerName,IPAddress\n" + nodeA + ",a,10.0.0.1\n", []ManagedNode{one}},
		"other order": {"\ufeffIPAddress,Rack,instanceid , ComputerName\r\n10.0.0.1,7," + nodeA + ",a\r\n", []ManagedNode{one}},
		"header only": {"InstanceId\n", []ManagedNode{}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseNodes(strings.NewReader(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseNodesErrors(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"empty":          {" \n", "the file is empty"},
		"cut":            {"[\n{\"InstanceId\":", "line 2, record 1: the file ends in the middle"},
		"another value":  {"[] secret", "line 1: this is not JSON"},
		"another object": {`{"InstanceInformationList":7}`, "line 1: InstanceInformationList must be a list"},
		"wrong member":   {`[{"InstanceId":"` + nodeA + `"},{"InstanceId":"` + nodeB + `","Name":7}]`, "record 2: Name is of a wrong kind"},
		"no ID":          {`[{"ComputerName":"secret"}]`, "record 1: InstanceId is missing"},
		"bad ID":         {"InstanceId\nsecret\n", "line 2, record 1: its InstanceId is not"},
		"bad state":      {"InstanceId,State\n" + nodeA + ",secret\n", "line 2, record 1: its State is none of running"},
		"twice":          {"InstanceId\n" + nodeA + "\n" + nodeA + "\n", "line 3, record 2: InstanceId stands in record 1 already"},
		"no column":      {"Host,Address\n", "line 1: expected a JSON list of nodes, or CSV whose header has a column InstanceId"},
		"short line":     {"InstanceId,Name\n" + nodeA + "\n", "line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseNodes(strings.NewReader(test.text))
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%v does not say %q", err, test.want)
			}
		})
	}
}

func FuzzParseNodes(f *testing.F) {
	f.Add(`[{"InstanceId":"i-0123456789abcdef0","Tags":[{"Key":"k","Value":"v"}],"MacAddresses":"a"}]`)
	f.Add(`{"InstanceInformationList":[{}]}`)
	f.Add("InstanceId,ComputerName,IPAddress\ni-01234567,a,10.0.0.1\n")
	f.Add("\ufeff[")
	f.Fuzz(func(t *testing.T, text string) {
		nodes, err := ParseNodes(strings.NewReader(text))
		if err != nil {
			return
		}
		if _, err := New(Config{Nodes: nodes}); err != nil {
			t.Errorf("what was read is refused: %v", err)
		}
	})
}
