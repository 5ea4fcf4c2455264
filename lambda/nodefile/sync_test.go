package nodefile

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	folder = "/accountid=111122223333/region=eu-central-1/resourcetype=ManagedInstanceInventory/"
	web    = "i-0a1b2c3d4e5f60718"
	hybrid = "mi-0a1b2c3d4e5f60719"
)

func TestSyncKeys(t *testing.T) {
	for key, want := range map[string][2]bool{ // whether it is one, and whether it says something of a node itself
		"AWS:InstanceInformation" + folder + web + ".json":         {true, true},
		"some/prefix/AWS:Network" + folder + hybrid + ".json":      {true, true},
		"/data/copy/AWS_Tag" + folder + web + ".json":              {true, true},
		"AWS:Application" + folder + web + ".json":                 {true, false},
		"Custom:RackInfo" + folder + web + ".json":                 {true, false},
		"AWS:InstanceInformation/accountid=111122223333/test.json": {},
		"AWS:InstanceInformation" + folder + "test.json":           {},
		"AWS:InstanceInformation" + folder + web + ".json.gz":      {},
		"InstanceInformation" + folder + web + ".json":             {},
		"fleet/hosts.json": {},
		"AWS:InstanceInformation/region=a/accountid=1/resourcetype=b/x.js": {},
	} {
		if got := [2]bool{IsSyncKey(key), NewSync().Wants(key)}; got != want {
			t.Errorf("%s: %v, want %v", key, got, want)
		}
	}
}

func TestSyncJoinsTheTypesOfANode(t *testing.T) {
	s := NewSync()
	for key, content := range map[string]string{
		"p/AWS:Network" + folder + web + ".json": `{"Name":"eth0","MacAddress":"06:00:00:00:00:01","IPV4":"10.0.0.1, 10.0.0.2","IPV6":"2001:db8::1","resourceId":"x"}` + "\n" +
			`{"Name":"lo","MacAddress":"","IPV4":"127.0.0.1"}`,
		"p/AWS:InstanceInformation" + folder + web + ".json": `{"ComputerName":" web-1.example.com ","IpAddress":"10.0.0.1","InstanceStatus":"Active","PlatformType":"Linux","ResourceType":"EC2Instance","AgentVersion":3}` + "\n",
		"p/AWS:Tag" + folder + web + ".json":                 `{"Key":"Role","Value":"web"}` + "\n" + `{"Key":"","Value":"none"}`,
		// Of a node of another account, too; of one nothing says what it is.
		"p/AWS:InstanceInformation" + strings.Replace(folder, "1111", "9999", 1) + hybrid + ".json": `{"ComputerName":"gw-1"}`,
		"p/AWS:Network" + folder + "i-0a1b2c3d4e5f60720.json":                                       `{"MacAddress":"06:00:00:00:00:02"}`,
		"p/AWS:InstanceInformation" + folder + "i-0a1b2c3d4e5f60721.json":                           "",
	} {
		if err := s.Read(key, strings.NewReader(content)); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	want := []Record{
		{
			InstanceID: web, ComputerName: "web-1.example.com", IPAddress: "10.0.0.1", InstanceStatus: "Active", PlatformType: "Linux", ResourceType: "EC2Instance",
			Tags: Tags{"Role": "web"}, MacAddresses: Texts{"06:00:00:00:00:01"}, Addresses: []string{"10.0.0.1", "10.0.0.2", "2001:db8::1", "127.0.0.1"}, Account: "111122223333", Region: "eu-central-1", Inventoried: true,
		},
		{InstanceID: hybrid, ComputerName: "gw-1", Account: "999922223333", Region: "eu-central-1", Inventoried: true},
	}
	var got []Record
	if err := s.Each(func(r Record) string { got = append(got, r); return "" }); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestBrokenObjectsOfASync(t *testing.T) {
	for name, content := range map[string]string{
		"cut":        `{"ComputerName":"secret"}` + "\n" + `{"Compu`,
		"a list":     `["secret"]`,
		"no JSON":    "secret,x\n",
		"only space": "  x",
	} {
		err := NewSync().Read("AWS:InstanceInformation"+folder+web+".json", strings.NewReader(content))
		if _, ok := errors.AsType[*Error](err); !ok || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := NewSync()
	if err := s.Read("AWS:InstanceInformation"+folder+web+".json", strings.NewReader(`{"ComputerName":"a"}`)); err != nil {
		t.Fatal(err)
	}
	if err := s.Each(func(Record) string { return "wrong" }); err == nil {
		t.Error("what is wrong with a node is no error")
	}
}

// TestInventoryAsAFile reads what GetInventory answers, pages of it behind each other, beside what DescribeInstanceInformation does.
func TestInventoryAsAFile(t *testing.T) {
	file := `{"Entities":[{"Id":"` + web + `","Data":{"AWS:InstanceInformation":{"TypeName":"AWS:InstanceInformation","Content":[{"ComputerName":"web-1","IpAddress":"10.0.0.1","InstanceStatus":"Stopped"}]},
		"AWS:Network":{"Content":[{"MacAddress":"06:00:00:00:00:01","IPV4":"10.0.0.1"}]},"Custom:X":{"Content":[{"a":"b"}]}}}],"NextToken":"x"}
		{"Entities":[]}
		{"InstanceInformationList":[{"InstanceId":"` + hybrid + `","ComputerName":"gw-1"}]}`
	var got []Record
	err := Parse(strings.NewReader(file), func(r Record) string { r.Line = 0; got = append(got, r); return "" })
	want := []Record{
		{InstanceID: web, ComputerName: "web-1", IPAddress: "10.0.0.1", InstanceStatus: "Stopped", MacAddresses: Texts{"06:00:00:00:00:01"}, Addresses: []string{"10.0.0.1"}, Inventoried: true},
		{InstanceID: hybrid, ComputerName: "gw-1"},
	}
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Error(err, d)
	}
	for broken, says := range map[string]string{
		`{"Entities":{}}`:                      "Entities must be a list",
		`{"Entities":[{"Data":{}}]}`:           "InstanceId is missing",
		`{"Entities":[{"Id":"` + web + `"},{"`: "",
		`{"Entities":[["x"]]}`:                 "a node must be an object",
	} {
		err := Parse(strings.NewReader(broken), func(Record) string { return "" })
		if wrong, ok := errors.AsType[*Error](err); !ok || !strings.Contains(wrong.What, says) {
			t.Errorf("%s: %v", broken, err)
		}
	}
}

// TestAccountsAndRegions: a node's ID stands once in each account and region.
func TestAccountsAndRegions(t *testing.T) {
	for name, c := range map[string]struct {
		file  string
		want  []Record
		wrong string
	}{
		"columns": {"InstanceId,Account ID,Region\n" + web + ",111122223333,eu-central-1\n" + web + ",111122223333,eu-west-1\n" + hybrid + ",,\n", []Record{
			{InstanceID: web, Account: "111122223333", Region: "eu-central-1"}, {InstanceID: web, Account: "111122223333", Region: "eu-west-1"}, {InstanceID: hybrid},
		}, ""},
		"JSON":                {`[{"InstanceId":"` + web + `","Account":"111122223333","Region":"eu-central-1"}]`, []Record{{InstanceID: web, Account: "111122223333", Region: "eu-central-1"}}, ""},
		"twice":               {"InstanceId,Account\n" + web + ",111122223333\n" + web + ",111122223333\n", nil, "record 1 already"},
		"no digits":           {"InstanceId,Account\n" + web + ",secret\n", nil, "twelve digits"},
		"a zero that is lost": {"InstanceId,Account\n" + web + ",11122223333\n", nil, "twelve digits"},
	} {
		var got []Record
		err := Parse(strings.NewReader(c.file), func(r Record) string { r.Line = 0; got = append(got, r); return "" })
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if d := cmp.Diff(c.want, got); err != nil || d != "" {
			t.Error(name, err, d)
		}
	}
}
