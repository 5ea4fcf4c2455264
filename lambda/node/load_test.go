package node

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/listing"
)

// fakeAPI gives pages by token; the first has the token "".
type fakeAPI struct {
	describe func(*ssm.DescribeInstanceInformationInput) (*ssm.DescribeInstanceInformationOutput, error)
	get      func(*ssm.GetInventoryInput) (*ssm.GetInventoryOutput, error)
	calls    []string
}

func (f *fakeAPI) DescribeInstanceInformation(_ context.Context, in *ssm.DescribeInstanceInformationInput, _ ...func(*ssm.Options)) (*ssm.DescribeInstanceInformationOutput, error) {
	call := "describe"
	for _, filter := range in.Filters {
		call += " " + *filter.Key + "=" + strings.Join(filter.Values, ",")
	}
	f.calls = append(f.calls, call)
	return f.describe(in)
}

func (f *fakeAPI) GetInventory(_ context.Context, in *ssm.GetInventoryInput, _ ...func(*ssm.Options)) (*ssm.GetInventoryOutput, error) {
	f.calls = append(f.calls, "get "+*in.Filters[0].Key+"="+strings.Join(in.Filters[0].Values, ","))
	return f.get(in)
}

func info(id, name string) types.InstanceInformation {
	return types.InstanceInformation{InstanceId: new(id), ComputerName: new(name), PingStatus: types.PingStatusOnline}
}

// pagedAPI lists three nodes over four pages, of which one is empty and the last has an empty token, and a stopped and a terminated one.
func pagedAPI() *fakeAPI {
	pages := map[string]*ssm.DescribeInstanceInformationOutput{
		"":  {InstanceInformationList: []types.InstanceInformation{info(idWebA, "web1.a.example"), info(idDB, "db1")}, NextToken: new("1")},
		"1": {NextToken: new("2")},
		"2": {InstanceInformationList: []types.InstanceInformation{info(idWebB, "web1.b.example")}, NextToken: new("3")},
		"3": {NextToken: new("")},
	}
	return &fakeAPI{
		describe: func(in *ssm.DescribeInstanceInformationInput) (*ssm.DescribeInstanceInformationOutput, error) {
			if len(in.Filters) == 0 {
				return pages[aws.ToString(in.NextToken)], nil
			}
			if *in.Filters[0].Key == "tag:AssetTag" && in.Filters[0].Values[0] == "K3" {
				return &ssm.DescribeInstanceInformationOutput{InstanceInformationList: []types.InstanceInformation{info(idDB, "db1")}}, nil
			}
			return &ssm.DescribeInstanceInformationOutput{}, nil
		},
		get: func(in *ssm.GetInventoryInput) (*ssm.GetInventoryOutput, error) {
			if *in.Filters[0].Key == "AWS:Network.MacAddress" {
				if slices.Contains(in.Filters[0].Values, "0A:00:00:00:00:03") {
					return &ssm.GetInventoryOutput{Entities: []types.InventoryResultEntity{entityOf(idDB, nil)}}, nil
				}
				return &ssm.GetInventoryOutput{}, nil
			}
			return &ssm.GetInventoryOutput{Entities: []types.InventoryResultEntity{
				entityOf(idDB, map[string]string{"ComputerName": "older", "InstanceStatus": "ConnectionLost"}),
				entityOf(idLost, map[string]string{"ComputerName": "batch.example", "IpAddress": "10.0.0.5", "InstanceStatus": "Stopped"}),
				entityOf("i-00000000000000009", map[string]string{"InstanceStatus": "Terminated"}),
			}}, nil
		},
	}
}

func entityOf(id string, content map[string]string) types.InventoryResultEntity {
	return types.InventoryResultEntity{Id: new(id), Data: map[string]types.InventoryResultItem{
		"AWS:InstanceInformation": {TypeName: new("AWS:InstanceInformation"), Content: []map[string]string{content}},
	}}
}

func TestLoad(t *testing.T) {
	api := pagedAPI()
	d, err := Load(t.Context(), api, Options{Tags: map[string][]string{"AssetTag": {"K3"}}})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for n := range d.Nodes() {
		ids = append(ids, n.ID)
	}
	if diff := cmp.Diff([]string{idWebA, idWebB, idDB, idLost}, ids); diff != "" {
		t.Error(diff)
	}
	if n, _ := d.Lookup(idDB); n.ComputerName != "db1" {
		t.Error("the inventory's older name replaced that of the service")
	}
	if got := d.Resolve(Subject{Hostname: []string{"batch"}}, Rules{}); got.Node != idLost {
		t.Errorf("the stopped node is not found: %+v", got)
	}
	if got := d.Resolve(Subject{Hostname: []string{"db1"}}, Rules{AllowTags: map[string]string{"AssetTag": "K3"}}); got.Outcome != Matched {
		t.Errorf("the tag is not known: %+v", got)
	}
	want := []string{"describe", "describe", "describe", "describe", "get AWS:InstanceInformation.InstanceStatus=Stopped,ConnectionLost", "describe tag:AssetTag=K3"}
	if diff := cmp.Diff(want, api.calls); diff != "" {
		t.Error(diff)
	}
}

func TestLoadErrors(t *testing.T) {
	refused := errors.New("refused")
	broken := pagedAPI()
	broken.describe = func(*ssm.DescribeInstanceInformationInput) (*ssm.DescribeInstanceInformationOutput, error) {
		return nil, refused
	}
	if _, err := Load(t.Context(), broken, Options{}); !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	broken = pagedAPI()
	broken.get = func(*ssm.GetInventoryInput) (*ssm.GetInventoryOutput, error) { return nil, refused }
	if _, err := Load(t.Context(), broken, Options{}); !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	endless := pagedAPI()
	endless.get = func(*ssm.GetInventoryInput) (*ssm.GetInventoryOutput, error) {
		return &ssm.GetInventoryOutput{NextToken: new("again")}, nil
	}
	if _, err := Load(t.Context(), endless, Options{}); err == nil {
		t.Error("pages without an end are followed")
	}
}

func TestAsker(t *testing.T) {
	api := pagedAPI()
	d, err := Load(t.Context(), api, Options{})
	if err != nil {
		t.Fatal(err)
	}
	api.calls = nil
	a := d.Asking(t.Context(), api, nil)
	tests := []struct {
		name    string
		subject Subject
		want    Decision
		calls   []string
	}{
		{
			"an ID needs no asking",
			Subject{NodeID: []string{idDB}, Tags: map[string][]string{"AssetTag": {"K3"}}},
			Decision{Outcome: Matched, Node: idDB, Rule: RuleNodeID},
			nil,
		},
		{
			"tag",
			Subject{Tags: map[string][]string{"AssetTag": {"K3"}}},
			Decision{Outcome: Matched, Node: idDB, Rule: RuleTag},
			[]string{"describe tag:AssetTag=K3"},
		},
		{"a name needs no MAC", Subject{Hostname: []string{"db1"}, MAC: []string{"0a:00:00:00:00:03"}}, Decision{Outcome: Matched, Node: idDB, Rule: RuleHostname}, nil},
		{
			"MACs",
			Subject{MAC: []string{"0a:00:00:00:00:02", "0a:00:00:00:00:03"}},
			Decision{Outcome: Matched, Node: idDB, Rule: RuleMAC},
			[]string{
				"get AWS:Network.MacAddress=0a:00:00:00:00:02,0A:00:00:00:00:02,0a:00:00:00:00:03,0A:00:00:00:00:03",
				"get AWS:Network.MacAddress=0a:00:00:00:00:02,0A:00:00:00:00:02", "get AWS:Network.MacAddress=0a:00:00:00:00:03,0A:00:00:00:00:03",
			},
		},
		{
			"asked once",
			Subject{Tags: map[string][]string{"AssetTag": {"K3"}}, MAC: []string{"0a:00:00:00:00:02"}},
			Decision{Outcome: Matched, Node: idDB, Rule: RuleTag},
			nil,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			api.calls = nil
			if diff := cmp.Diff(test.want, a.Resolve(test.subject, Rules{})); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.calls, api.calls); diff != "" {
				t.Error(diff)
			}
		})
	}
	if a.Err() != nil {
		t.Error(a.Err())
	}
}

func TestAskerKeepsItsError(t *testing.T) {
	api := pagedAPI()
	d, err := Load(t.Context(), api, Options{})
	if err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	api.get = func(*ssm.GetInventoryInput) (*ssm.GetInventoryOutput, error) { return nil, refused }
	a := d.Asking(t.Context(), api, nil)
	a.Resolve(Subject{MAC: []string{"0a:00:00:00:00:02"}}, Rules{})
	calls := len(api.calls)
	a.Resolve(Subject{MAC: []string{"0a:00:00:00:00:04"}, Tags: map[string][]string{"A": {"1"}}}, Rules{})
	if !errors.Is(a.Err(), refused) || len(api.calls) != calls {
		t.Errorf("%v after %d more calls", a.Err(), len(api.calls)-calls)
	}
}

// TestAskerAsksManyAtOnce: the MACs of a document are asked for together, so many at once as a filter takes; what is over the bound was not looked up.
func TestAskerAsksManyAtOnce(t *testing.T) {
	api := pagedAPI()
	d, err := Load(t.Context(), api, Options{})
	if err != nil {
		t.Fatal(err)
	}
	a := d.Asking(t.Context(), api, nil)
	crowd := a.Crowd()
	var subjects []Subject
	for i := range 5000 {
		subjects = append(subjects, Subject{Hostname: []string{fmt.Sprint("unmanaged-", i)}, MAC: []string{fmt.Sprintf("0c:00:00:00:%02x:%02x", i>>8, i&255)}})
	}
	subjects[7].MAC = []string{"0a:00:00:00:00:03"}
	for _, s := range subjects {
		crowd.Add(s, "")
	}
	rules := Rules{Among: crowd}
	if got := a.Resolve(subjects[7], rules); !got.Depends {
		t.Errorf("before all are known: %+v", got)
	}
	crowd.Close()
	api.calls = nil
	got := map[string]int{}
	for _, s := range subjects {
		decision := a.Resolve(s, rules)
		got[string(decision.Outcome)+" "+decision.Reason+decision.Node]++
	}
	if a.Err() != nil || len(api.calls) > listing.MaxMACCalls {
		t.Errorf("%d calls, %v", len(api.calls), a.Err())
	}
	if got["matched "+idDB] != 1 || got["parked "+ReasonNotLookedUp] == 0 || got["parked "+ReasonNoSuchNode] < 3800 {
		t.Errorf("got %v", got)
	}
}
