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
		"header only": {"InstanceId\n", nil},
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
		"empty":          {" \n", "list of nodes is empty"},
		"cut":            {"[\n{\"InstanceId\":", "line 2, column"},
		"more than one":  {"[] []", "line 1, column"},
		"another object": {`{"InstanceInformationList":7}`, "neither a JSON list nor"},
		"wrong member":   {`[{"InstanceId":"` + nodeA + `"},{"InstanceId":"` + nodeB + `","Name":7}]`, "node 2: a member is not of the form it has in DescribeInstanceInformation: /Name"},
		"no ID":          {`[{"ComputerName":"secret"}]`, "node 1: its InstanceId is not"},
		"bad ID":         {"InstanceId\nsecret\n", "node 1: its InstanceId is not"},
		"bad state":      {"InstanceId,State\n" + nodeA + ",secret\n", "node 1: its State is none of running"},
		"twice":          {"InstanceId\n" + nodeA + "\n" + nodeA + "\n", "node 2: its InstanceId was given before"},
		"no column":      {"Host,Address\n", "no column InstanceId"},
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
