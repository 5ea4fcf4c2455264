package sandbox

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// described are the IDs that DescribeInstanceInformation gives for filters in JSON.
func (w *world) described(filters string) string {
	w.Helper()
	_, _, out := w.call("DescribeInstanceInformation", `{"MaxResults":50,"Filters":[`+filters+`]}`)
	list, ok := out["InstanceInformationList"].([]any)
	if !ok {
		w.Errorf("%s: %v", filters, out)
	}
	ids := []string{}
	for _, n := range list {
		node, _ := n.(map[string]any)
		ids = append(ids, fmt.Sprint(node["InstanceId"]))
	}
	return strings.Join(ids, " ")
}

func (w *world) describes(want, key string, values ...string) {
	w.Helper()
	if got := w.described(nodeFilterJSON(key, values...)); got != want {
		w.Errorf("%s %v gives %q, not %q", key, values, got, want)
	}
}

func nodeFilterJSON(key string, values ...string) string {
	return fmt.Sprintf(`{"Key":%q,"Values":["%s"]}`, key, strings.Join(values, `","`))
}

func nodeTests() []conformanceTest {
	const lost = nodeLost
	return []conformanceTest{
		{"nodes_pages", func(w *world) {
			for i := range 20 {
				if err := w.sandbox.AddNode(ManagedNode{InstanceID: fmt.Sprintf("i-1000%04d", i)}); err != nil {
					w.Fatal(err)
				}
			}
			_, _, out := w.call("DescribeInstanceInformation", `{}`)
			if list, _ := out["InstanceInformationList"].([]any); len(list) != 10 {
				w.Errorf("%d nodes on the default page", len(list))
			}
			w.answers("DescribeInstanceInformation", `{"MaxResults":4}`, codeValidation)
			w.answers("DescribeInstanceInformation", `{"MaxResults":51}`, codeValidation)
			_, _, out = w.call("DescribeInstanceInformation", `{"MaxResults":50}`)
			if token, ok := out["NextToken"]; !ok || token != "" {
				w.Errorf("the last token is %v", token)
			}
			count := 0
			pages := ssm.NewDescribeInstanceInformationPaginator(w.ssm, &ssm.DescribeInstanceInformationInput{MaxResults: aws.Int32(5)})
			for pages.HasMorePages() {
				page, err := pages.NextPage(w.Context())
				if err != nil {
					w.Fatal(err)
				}
				count += len(page.InstanceInformationList)
			}
			if count != 26 {
				w.Errorf("%d nodes", count)
			}
		}},
		{"nodes_empty_page", func(w *world) {
			w.sandbox.Inject(Fault{Operation: "DescribeInstanceInformation", Kind: FaultEmptyPage})
			_, _, out := w.call("DescribeInstanceInformation", `{"MaxResults":50}`)
			list, _ := out["InstanceInformationList"].([]any)
			token, _ := out["NextToken"].(string)
			if len(list) != 0 || token == "" {
				w.Fatalf("%v", out)
			}
			_, _, out = w.call("DescribeInstanceInformation", `{"MaxResults":50,"NextToken":"`+token+`"}`)
			list, _ = out["InstanceInformationList"].([]any)
			if len(list) != 6 {
				w.Errorf("%v", out)
			}
		}},
		{"nodes_filters", func(w *world) {
			w.describes(nodeB, "ActivationIds", "11111111-1111-1111-1111-111111111111")
			w.describes(nodeB, "AgentVersion", "3.2.0.0")
			w.describes(nodeA, "AssociationStatus", "Success")
			w.describes(nodeA, "IamRole", "role-a")
			w.describes(nodeA+" "+nodeB, "InstanceIds", nodeA, nodeB, nodeStopped)
			w.describes(lost, "PingStatus", "ConnectionLost")
			w.describes(nodeB, "PlatformTypes", "Windows")
			w.describes(nodeB, "ResourceType", "ManagedInstance")
			w.describes(nodeB, "SourceIds", "thing")
			w.describes(nodeB, "SourceTypes", "AWS::IoT::Thing")
			both := nodeFilterJSON("PlatformTypes", "Windows", "Linux") + "," + nodeFilterJSON("IamRole", "role-a")
			if got := w.described(both); got != nodeA {
				w.Errorf("%q", got)
			}
		}},
		{"nodes_filter_limits", func(w *world) {
			value := func(n int) string { return strings.TrimSuffix(strings.Repeat(`"x",`, n), ",") }
			for n, code := range map[int]string{0: codeValidation, 1: "", 100: "", 101: codeValidation} {
				w.answers("DescribeInstanceInformation", `{"Filters":[{"Key":"IamRole","Values":[`+value(n)+`]}]}`, code)
			}
		}},
		{"nodes_tag_filters", func(w *world) {
			w.describes(nodeA+" "+nodeB, "tag-key", "Team")
			w.describes(nodeA, "tag:Team", "web")
			w.describes(nodeA+" "+nodeB, "tag:Team", "web", "db")
			mixed := nodeFilterJSON("tag:Team", "web") + "," + nodeFilterJSON("IamRole", "x")
			w.answers("DescribeInstanceInformation", `{"Filters":[`+mixed+`]}`, codeFilterKey)
		}},
		{"nodes_filter_errors", func(w *world) {
			for _, key := range []string{"ComputerName", "IPAddress", "Name", "tag:", "Nothing"} {
				w.answers("DescribeInstanceInformation", `{"Filters":[`+nodeFilterJSON(key, "x")+`]}`, codeFilterKey)
			}
			w.answers("DescribeInstanceInformation", `{"Filters":[`+nodeFilterJSON("ResourceType", "Machine")+`]}`, codeFilterValue)
		}},
		{"nodes_omits", func(w *world) {
			want := strings.Join([]string{lost, nodeDenied, nodePending, nodeHalting, nodeA, nodeB}, " ")
			if got := w.described(""); got != want {
				w.Errorf("%q, not %q", got, want)
			}
		}},
		{"nodes_unknown_id", func(w *world) {
			w.answers("DescribeInstanceInformation", `{"Filters":[`+nodeFilterJSON("InstanceIds", nodeA, nodeUnknown)+`]}`, codeInstanceID)
		}},
		{"hooks_start", func(w *world) {
			other := newWorld(w.T, Config{})
			first, second := w.hook(http.MethodGet, "start", ""), other.hook(http.MethodGet, "start", "")
			if first["start"] != w.sandbox.StartID() || first["start"] == second["start"] {
				w.Errorf("%v %v", first, second)
			}
		}},
		{"hooks_counts", func(w *world) {
			w.mustPut(nodeA, with("Custom:T", "h", entries("A=1")))
			w.mustPut(nodeA, with("Custom:T", "h", nil))
			w.refused(w.put(nodeUnknown, with("Custom:T", "h", nil)), codeInstanceID)
			got := fmt.Sprint(w.hook(http.MethodGet, "counts?node="+nodeA, ""))
			want := fmt.Sprintf("map[bytes:11 calls:map[PutInventory:3] days:map[%s:11] errors:map[InvalidInstanceId:1] "+
				"items:map[full:1 hashOnly:1] nodeCalls:map[PutInventory:2]]", w.sandbox.Now().Format(time.DateOnly))
			if got != want {
				w.Errorf("%s, not %s", got, want)
			}
		}},
		{"hooks_faults", testFaults},
		{"hooks_probability", func(w *world) {
			const calls = 400
			w.hook(http.MethodPost, "faults", `[{"kind":"throttle","probability":0.3,"times":-1},{"kind":"error","probability":0.2,"times":-1}]`)
			for range calls {
				w.call("PutInventory", rawItem())
			}
			errors := w.sandbox.Counts().Errors
			for code, part := range map[string]float64{codeThrottling: 0.3, codeInternal: 0.2} {
				if got := float64(errors[code]) / calls; math.Abs(got-part) > 0.08 {
					w.Errorf("%s of %g of the calls, not %g", code, got, part)
				}
			}
		}},
		{"hooks_late", func(w *world) {
			put := func(value string) error { return w.put(nodeA, with("Custom:T", "", entries("A="+value))) }
			w.refused(put("1"), "")
			w.hook(http.MethodPost, "faults", `[{"kind":"late","delay":"2h"},{"kind":"late","nth":2,"delay":"1h"}]`)
			if put("late") == nil || put("earlier") == nil {
				w.Error("a cut connection is an answer")
			}
			w.refused(put("2"), "")
			for _, value := range []string{"2", "earlier", "late"} {
				w.holds(nodeA, "Custom:T", "A="+value)
				w.sandbox.Advance(time.Hour)
			}
		}},
		{"hooks_clock", func(w *world) {
			first, then := w.hook(http.MethodGet, "clock", "")["now"], w.hook(http.MethodPost, "clock", `{"advance":"1h"}`)["now"]
			if fmt.Sprint(first) >= fmt.Sprint(then) {
				w.Errorf("%v, an hour later %v", first, then)
			}
		}},
		{"hooks_nodes", func(w *world) {
			w.mustPut(nodeA, with("Custom:T", "", entries("A=1")))
			w.hook(http.MethodPost, "nodes", `[{"InstanceId":"`+nodeA+`","ComputerName":"new","IPAddress":"10.0.0.9"},{"InstanceId":"`+nodeUnknown+`"}]`)
			w.holds(nodeA, "Custom:T", "A=1")
			w.mustPut(nodeUnknown, with("Custom:T", "", entries()))
			w.gets(nodeA, "AWS:InstanceInformation.ComputerName Equal new", "AWS:InstanceInformation.IpAddress Equal 10.0.0.9")
			w.hook(http.MethodPost, "state", `{"node":"`+nodeA+`","state":"terminated"}`)
			w.hook(http.MethodDelete, "nodes?node="+nodeUnknown, "")
			for _, node := range []string{nodeA, nodeUnknown} {
				w.refused(w.put(node, with("Custom:T", "", entries())), codeInstanceID)
			}
		}},
	}
}

func testFaults(w *world) {
	put := func(node, typeName string) error { return w.put(node, with(typeName, "", entries("A=1"))) }
	w.hook(http.MethodPost, "faults", `{"operation":"PutInventory","node":"`+nodeA+`","type":"Custom:T","nth":2,"kind":"throttle"}`)
	w.refused(put(nodeA, "Custom:T"), "")
	w.refused(put(nodeB, "Custom:T"), "")
	w.refused(put(nodeA, "Custom:U"), "")
	w.refused(put(nodeA, "Custom:T"), codeThrottling)
	w.refused(put(nodeA, "Custom:T"), "")

	w.hook(http.MethodPost, "faults", `[{"kind":"cutBefore"},{"kind":"cutAfter","nth":2}]`)
	if put(nodeA, "Custom:Before") == nil || put(nodeA, "Custom:After") == nil {
		w.Error("a cut connection is an answer")
	}
	w.holds(nodeA, "Custom:After", "A=1")
	if s := w.schemas("Custom:Before"); len(s) != 0 {
		w.Error("the call was committed before its connection was cut")
	}

	w.hook(http.MethodPost, "faults", `{"kind":"error","times":-1}`)
	w.refused(put(nodeA, "Custom:T"), codeInternal)
	w.refused(put(nodeA, "Custom:T"), codeInternal)
	w.hook(http.MethodDelete, "faults", "")
	w.hook(http.MethodPost, "faults", `{"kind":"delay","delay":"30ms"}`)
	begin := time.Now()
	w.refused(put(nodeA, "Custom:T"), "")
	if time.Since(begin) < 30*time.Millisecond {
		w.Error("there was no delay")
	}
}
