package node

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/nodefile"
)

func TestParseFile(t *testing.T) {
	want := []Node{
		{ID: idWebA, ComputerName: "web1.a.example", IPAddress: "10.0.0.1", PingStatus: "Online", Status: "Active"},
		{ID: idERP, ComputerName: "erp", Name: "erp-1", Tags: map[string]string{"By": "cmdb"}, Serials: []string{"S"}, MACs: []string{"0a:00:00:00:00:03", "0a:00:00:00:00:04"}},
	}
	list := `[{"InstanceId":"` + idERP + `","ComputerName":"erp","Name":"erp-1","Tags":{"By":"cmdb"},"SerialNumber":"S","MacAddresses":["0a:00:00:00:00:03","0a:00:00:00:00:04"],
		"LastPingDateTime":1768802292.5,"AssociationOverview":{"x":[1]}},
		{"InstanceId":"` + idWebA + `","ComputerName":"web1.a.example","IPAddress":"10.0.0.1","PingStatus":"Online","InstanceStatus":"Active","SerialNumber":null,"Tags":null}]`
	tagList := strings.Replace(list, `{"By":"cmdb"}`, `[{"Key":"By","Value":"cmdb"}]`, 1)
	comma := "InstanceId,ComputerName,IPAddress,Name,Ping Status,InstanceStatus,serial_number,MacAddresses,tag:By,Other\r\n" +
		idWebA + ",web1.a.example,10.0.0.1,,Online,Active,,,,x\r\n" + idERP + ",erp,,erp-1,,,S,0a:00:00:00:00:03 0a:00:00:00:00:04,cmdb,\r\n"
	tests := map[string]string{
		"list":      list,
		"output":    `{"NextToken":"","InstanceInformationList":` + list + `,"x":{"y":1}}`,
		"pages":     `{"InstanceInformationList":[]}` + "\n" + list,
		"tags":      tagList,
		"mark":      "\ufeff" + list,
		"UTF-16":    asUTF16("\ufeff" + list),
		"spaces":    "\n  " + list + "\n\n",
		"CSV":       comma,
		"semicolon": strings.ReplaceAll(comma, ",", ";"),
		"tab":       strings.ReplaceAll(comma, ",", "\t"),
		"CSV mark":  "\ufeff" + comma,
	}
	for name, file := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := ParseFile(strings.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, slices.Collect(d.Nodes())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func asUTF16(text string) string {
	var b bytes.Buffer
	for _, unit := range utf16.Encode([]rune(text)) {
		b.Write([]byte{byte(unit), byte(unit >> 8)})
	}
	return b.String()
}

func TestParseFileErrors(t *testing.T) {
	good := `{"InstanceId":"` + idWebA + `"}`
	tests := []struct{ name, file, want string }{
		{"empty", "", "nodefile: line 1: the file is empty: expected a JSON list of nodes, or CSV with a column InstanceId"},
		{"blank", " \n ", "nodefile: line 1: the file is empty: expected a JSON list of nodes, or CSV with a column InstanceId"},
		{"prose", "secret text", "nodefile: line 1: expected a JSON list of nodes, or CSV whose header has a column InstanceId"},
		{"cut", "[" + good + ",\n" + `{"InstanceId":"sec`, "nodefile: line 2, record 2: the file ends in the middle"},
		{"cut list", "[" + good, "nodefile: line 1, record 1: the file ends in the middle"},
		{"no JSON", "[" + good + ",\nsecret]", "nodefile: line 2, record 2: this is not JSON"},
		{"no JSON inside", "[\n" + good + ",\n{\n\"InstanceId\":\nsecret}]", "nodefile: line 5, record 2: this is not JSON"},
		{"wrong kind", "[\n" + good + ",\n" + `{"InstanceId":7}]`, "nodefile: line 3, record 2: InstanceId is of a wrong kind"},
		{"no object", "[\n7]", "nodefile: line 2, record 1: a node must be an object"},
		{"no ID", "[\n{}]", "nodefile: line 2, record 1: InstanceId is missing"},
		{"bad ID", `[{"InstanceId":"secret"}]`, "nodefile: line 1, record 1: InstanceId is not a node's ID: expected i- and 8 or 17 characters, or mi- and 17"},
		{"twice", "[" + good + ",\n" + good + "]", "nodefile: line 2, record 2: InstanceId stands in record 1 already: list each node once"},
		{"tags", `[{"InstanceId":"` + idWebA + `","Tags":7}]`, "nodefile: line 1, record 1: the member Tags is neither an object of strings nor a list of Key and Value"},
		{"serial", `[{"InstanceId":"` + idWebA + `","SerialNumber":7}]`, "nodefile: line 1, record 1: a serial number or MAC address is neither a string nor a list of strings"},
		{"address", "InstanceId,IPAddress\n" + idWebA + ",10.0.0\n", "nodefile: line 2, record 1: IPAddress is not an IP address: leave it empty where none is known"},
		{"MAC", "[\n{\"InstanceId\":\"" + idWebA + "\",\"MacAddresses\":[\"secret\"]}]", "nodefile: line 2, record 1: MacAddresses has one that is not a MAC address"},
		{"other object", `{"Reservations":[]}`, "nodefile: line 1: the object has neither InstanceInformationList nor Entities"},
		{"list is none", `{"InstanceInformationList":{}}`, "nodefile: line 1: InstanceInformationList must be a list"},
		{"fields", "InstanceId,ComputerName\n" + idWebA + "\n", "nodefile: line 2, record 1: the line has more or fewer fields than the header"},
		{"quote", "InstanceId,ComputerName\n" + idWebA + ",\"secret\n", "nodefile: line 2, record 1: this is not CSV: a quotation mark stands where none can, or has no end"},
		{"CSV ID", "InstanceId,ComputerName\n" + idWebA + ",a\nsecret,b\n", "nodefile: line 3, record 2: InstanceId is not a node's ID: expected i- and 8 or 17 characters, or mi- and 17"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := ParseFile(strings.NewReader(test.file))
			if err == nil || err.Error() != test.want {
				t.Fatalf("got  %v\nwant %s", err, test.want)
			}
			if _, ok := errors.AsType[*nodefile.Error](err); !ok {
				t.Errorf("%T", err)
			}
		})
	}
}

// TestSerialOfAllNodes: the file is read, and says where a serial stands that tells nobody apart.
func TestSerialOfAllNodes(t *testing.T) {
	d, err := ParseFile(strings.NewReader("InstanceId,ComputerName,SerialNumber\n" + idWebA + ",a,S1\n" + idWebB + ",b,S1\n" + idDB + ",c,S1\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"line 2: the serial number is that of 3 nodes (the next in line 3): it does not distinguish them, and is not used"}
	if diff := cmp.Diff(want, d.Notes()); diff != "" {
		t.Error(diff)
	}
	if got := d.Resolve(Subject{Serial: []string{"s1"}, Hostname: []string{"b"}}, Rules{}); got.Node != idWebB || got.Rule != RuleHostname {
		t.Errorf("got %+v", got)
	}
}

// TestDemoFleet reads the fleet of the test events and looks at what is peculiar in it.
func TestDemoFleet(t *testing.T) {
	d := demoFleet(t)
	tests := []struct {
		subject Subject
		rules   Rules
		want    string
	}{
		{Subject{Hostname: []string{"shop-web-1"}}, Rules{}, "shop-web-1.kestrel-bikes.example"},
		{Subject{Hostname: []string{`CORP\ERP-APP-1`}}, Rules{}, "ERP-APP-1.corp.kestrel-bikes.example"},
		{Subject{Hostname: []string{"warehouse-print-1"}}, Rules{}, "WH-PRINT-1"},
		{Subject{Serial: []string{"421C5E0B-77D2-4A10-9F3E-61B82C40AA07"}}, Rules{}, "OFFICE-FILES-1.corp.kestrel-bikes.example"},
		{Subject{Hostname: []string{"data-batch-1"}}, Rules{}, "data-batch-1.kestrel-bikes.example"},
		{Subject{Hostname: []string{"build-runner-1"}}, Rules{}, ReasonAmbiguous},
		{Subject{Hostname: []string{"build-runner-1"}}, Rules{OnAmbiguousOnline: true}, "build-runner-1"},
		{Subject{Hostname: []string{"office-fax-1"}, IP: []string{"192.168.70.99"}}, Rules{}, ReasonNoSuchNode},
	}
	for _, test := range tests {
		got := d.Resolve(test.subject.Normalise(), test.rules)
		n, _ := d.Lookup(got.Node)
		if found := n.ComputerName + got.Reason; found != test.want {
			t.Errorf("%v: got %s, want %s", test.subject, found, test.want)
		}
	}
}

// FuzzParseFile holds that no file makes it panic, that errors are typed and that IDs are valid.
func FuzzParseFile(f *testing.F) {
	for _, seed := range []string{
		`[{"InstanceId":"` + idWebA + `","Tags":[{"Key":"a","Value":"b"}]}]`, `{"InstanceInformationList":[]}`, "InstanceId;tag:a\n" + idWebA + ";b\n", "[", "{", "\xff\xfe[\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		d, err := ParseFile(bytes.NewReader(file))
		if err != nil {
			if wrong, ok := errors.AsType[*nodefile.Error](err); !ok || wrong.Line < 1 {
				t.Errorf("%T: %v", err, err)
			}
			return
		}
		for n := range d.Nodes() {
			if identifier.NodeID(n.ID) != n.ID {
				t.Errorf("%q is no ID", n.ID)
			}
		}
	})
}
