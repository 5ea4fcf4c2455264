package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

func (w *world) schemas(beginning string) []types.InventoryItemSchema {
	w.Helper()
	out, err := w.ssm.GetInventorySchema(w.Context(), &ssm.GetInventorySchemaInput{TypeName: aws.String(beginning)})
	if err != nil {
		w.Fatal(err)
	}
	return out.Schemas
}

func attributeNames(s types.InventoryItemSchema) string {
	names := []string{}
	for _, a := range s.Attributes {
		names = append(names, aws.ToString(a.Name)+":"+string(a.DataType))
	}
	return strings.Join(names, " ")
}

// listBody and getBody make bodies that the SDK would refuse to send.
func listBody(members string) string {
	return fmt.Sprintf(`{"InstanceId":%q,"TypeName":"Custom:T"%s}`, nodeA, members)
}

func rows(n int) []map[string]string {
	content := []map[string]string{}
	for i := range n {
		content = append(content, map[string]string{"A": fmt.Sprint(i), "Parity": []string{"even", "odd"}[i%2]})
	}
	return content
}

// filter makes a filter "Key Operator value|value".
func filter(text string) types.InventoryFilter {
	parts := strings.SplitN(text, " ", 3)
	return types.InventoryFilter{
		Key: aws.String(parts[0]), Type: types.InventoryQueryOperatorType(parts[1]), Values: strings.Split(parts[2], "|"),
	}
}

func filters(texts ...string) []types.InventoryFilter {
	var list []types.InventoryFilter
	for _, t := range texts {
		list = append(list, filter(t))
	}
	return list
}

// got are the nodes that GetInventory gives for filters.
func (w *world) got(texts ...string) ([]string, error) {
	out, err := w.ssm.GetInventory(w.Context(), &ssm.GetInventoryInput{Filters: filters(texts...)})
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, e := range out.Entities {
		ids = append(ids, *e.Id)
	}
	return ids, nil
}

func (w *world) gets(want string, texts ...string) {
	w.Helper()
	ids, err := w.got(texts...)
	if err != nil {
		w.Error(err)
	}
	if got := strings.Join(ids, " "); got != want {
		w.Errorf("%q gives %q, not %q", texts, got, want)
	}
}

func readTests() []conformanceTest {
	return slices.Concat(listTests(), getTests(), schemaTests(), builtinTests())
}

func listTests() []conformanceTest {
	return []conformanceTest{
		{"list_shape", func(w *world) {
			w.mustPut(nodeA, with("Custom:T", "h", entries("A=1")))
			_, _, out := w.call("ListInventoryEntries", listBody(""))
			want := []string{"CaptureTime", "Entries", "InstanceId", "SchemaVersion", "TypeName"}
			if got := slices.Sorted(maps.Keys(out)); !slices.Equal(got, want) || out["SchemaVersion"] != "1.0" {
				w.Errorf("%v", out)
			}
		}},
		{"list_pages", func(w *world) {
			w.mustPut(nodeA, with("Custom:T", "", rows(120)))
			sizes, seen := "", []string{}
			in := &ssm.ListInventoryEntriesInput{InstanceId: aws.String(nodeA), TypeName: aws.String("Custom:T")}
			for {
				out, err := w.ssm.ListInventoryEntries(w.Context(), in)
				if err != nil {
					w.Fatal(err)
				}
				sizes += fmt.Sprint(len(out.Entries), " ")
				for _, e := range out.Entries {
					seen = append(seen, e["A"])
				}
				if aws.ToString(out.NextToken) == "" {
					break
				}
				in.NextToken = out.NextToken
			}
			if sizes != "50 50 20 " || len(seen) != 120 || seen[119] != "119" {
				w.Errorf("pages of %s, %d entries", sizes, len(seen))
			}
			w.answers("ListInventoryEntries", listBody(`,"MaxResults":1`), "")
			w.answers("ListInventoryEntries", listBody(`,"MaxResults":0`), codeValidation)
			w.answers("ListInventoryEntries", listBody(`,"MaxResults":51`), codeValidation)
		}},
		{"list_filters", func(w *world) {
			w.mustPut(nodeA, with("Custom:T", "", rows(120)))
			for text, want := range map[string]int{
				"Parity Equal odd": 50, "A Equal 1|2|3": 3, "A Equal 1|2|3,Parity Equal odd": 2, "A BeginWith 11": 11, "A LessThan 3": 3,
				"A GreaterThan 117": 2, "A NotEqual 1,A LessThan 3": 2,
			} {
				out, err := w.ssm.ListInventoryEntries(w.Context(), &ssm.ListInventoryEntriesInput{
					InstanceId: aws.String(nodeA), TypeName: aws.String("Custom:T"), Filters: filters(strings.Split(text, ",")...),
				})
				if err != nil || len(out.Entries) != want {
					w.Errorf("%s: %v, %v", text, out, err)
				}
			}
			w.answers("ListInventoryEntries", listBody(`,"Filters":[{"Key":"Nothing","Values":["1"]}]`), codeFilter)
			w.answers("ListInventoryEntries", listBody(`,"Filters":[]`), codeValidation)
			w.answers("ListInventoryEntries", listBody(`,"Filters":[{"Key":"A","Values":["1"],"Type":"Like"}]`), codeValidation)
		}},
		{"list_nothing_stored", func(w *world) {
			w.mustPut(nodeB, with("Custom:T", "", entries("A=1")))
			if out := w.list(nodeA, "Custom:T"); len(out.Entries) != 0 || out.SchemaVersion != nil || out.CaptureTime != nil {
				w.Errorf("%+v", out)
			}
		}},
		{"list_unknown_type", func(w *world) {
			w.answers("ListInventoryEntries", listBody(""), codeTypeName)
			w.answers("ListInventoryEntries", strings.Replace(listBody(""), "Custom:T", "AWS:Nothing", 1), codeTypeName)
		}},
		{"list_foreign_token", func(w *world) {
			w.mustPut(nodeA, with("Custom:T", "", rows(60)), with("Custom:U", "", rows(60)))
			token := *w.list(nodeA, "Custom:T").NextToken
			w.answers("ListInventoryEntries", listBody(`,"NextToken":"`+token+`"`), "")
			w.answers("ListInventoryEntries", listBody(`,"NextToken":"x"`), codeNextToken)
			w.answers("ListInventoryEntries", strings.Replace(listBody(`,"NextToken":"`+token+`"`), "Custom:T", "Custom:U", 1), codeNextToken)
			w.answers("DescribeInstanceInformation", `{"NextToken":"`+token+`"}`, codeNextToken)
		}},
	}
}

func getTests() []conformanceTest {
	const status = "AWS:InstanceInformation.InstanceStatus"
	return []conformanceTest{
		{"get_shape", func(w *world) {
			out, err := w.ssm.GetInventory(w.Context(), &ssm.GetInventoryInput{Filters: filters("AWS:InstanceInformation.InstanceId Equal " + nodeA)})
			if err != nil || len(out.Entities) != 1 {
				w.Fatalf("%v, %v", out, err)
			}
			data := out.Entities[0].Data["AWS:InstanceInformation"]
			if *out.Entities[0].Id != nodeA || *data.TypeName != "AWS:InstanceInformation" || *data.SchemaVersion != "1.0" ||
				aws.ToString(data.CaptureTime) == "" || data.Content[0]["ComputerName"] != "a.example.com" || data.Content[0]["IpAddress"] != "10.0.0.1" {
				w.Errorf("%+v", data)
			}
		}},
		{"get_limits", func(w *world) {
			one := `{"Key":"AWS:Tag.Key","Values":["x"]}`
			w.answers("GetInventory", `{"Filters":[]}`, codeValidation)
			w.answers("GetInventory", `{"Filters":[`+strings.Repeat(one+",", 4)+one+`]}`, "")
			w.answers("GetInventory", `{"Filters":[`+strings.Repeat(one+",", 5)+one+`]}`, codeValidation)
			w.answers("GetInventory", `{"Filters":[{"Key":"AWS:Tag.Key","Values":[]}]}`, codeValidation)
			w.answers("GetInventory", `{"Filters":[{"Key":"AWS:Tag.Key","Values":[`+strings.Repeat(`"x",`, 39)+`"x"]}]}`, "")
			w.answers("GetInventory", `{"Filters":[{"Key":"AWS:Tag.Key","Values":[`+strings.Repeat(`"x",`, 40)+`"x"]}]}`, codeValidation)
			w.answers("GetInventory", `{"ResultAttributes":[]}`, codeValidation)
			w.answers("GetInventory", `{"ResultAttributes":[{"TypeName":"AWS:PatchSummary"},{"TypeName":"AWS:PatchSummary"}]}`, codeValidation)
			w.answers("GetInventory", `{"MaxResults":0}`, codeValidation)
			w.answers("GetInventory", `{"MaxResults":51}`, codeValidation)
			var ids []string
			in := &ssm.GetInventoryInput{MaxResults: aws.Int32(2)}
			for pages := ssm.NewGetInventoryPaginator(w.ssm, in); pages.HasMorePages(); {
				out, err := pages.NextPage(w.Context())
				if err != nil || len(out.Entities) > 2 {
					w.Fatalf("%v, %v", out, err)
				}
				for _, e := range out.Entities {
					ids = append(ids, *e.Id)
				}
			}
			if len(ids) != len(worldNodes()) {
				w.Errorf("%d nodes", len(ids))
			}
		}},
		{"get_result_type", func(w *world) {
			w.mustPut(nodeA, with("AWS:PatchSummary", "", entries("PatchGroup=g MissingCount=3")))
			out, err := w.ssm.GetInventory(w.Context(), &ssm.GetInventoryInput{
				Filters:          filters("AWS:PatchSummary.PatchGroup Equal g"),
				ResultAttributes: []types.ResultAttribute{{TypeName: aws.String("AWS:PatchSummary")}},
			})
			if err != nil || len(out.Entities) != 1 || out.Entities[0].Data["AWS:PatchSummary"].Content[0]["MissingCount"] != "3" {
				w.Errorf("%v, %v", out, err)
			}
			_, _, answer := w.call("GetInventory", `{"ResultAttributes":[{"TypeName":"AWS:Application"}]}`)
			message := fmt.Sprint(answer["Message"])
			if answer["__type"] != codeResultAttribute || !strings.Contains(message, "AWS:InstanceInformation") || !strings.Contains(message, "AWS:PatchSummary") {
				w.Errorf("%v", answer)
			}
		}},
		{"get_filters", func(w *world) {
			w.mustPut(nodeA, with("Custom:T.Sub", "", entries("A.b=1 C=2", "A.b=3")))
			w.gets(nodeA, "Custom:T.Sub.A.b Equal 3")
			w.gets("", "Custom:T.Sub.A.b Equal 2")
			w.gets(nodeB, "AWS:Network.MacAddress Equal aa:bb:cc:dd:ee:ff")
			w.gets(nodeA, "AWS:Tag.Value Equal web|db", "AWS:InstanceInformation.PlatformType Equal Linux")
		}},
		{"get_unknown_key", func(w *world) {
			for _, key := range []string{"AWS:Nothing.A", "AWS:Tag.Nothing", "Custom:T.A", "Key", "AWS:Tag"} {
				_, err := w.got(key + " Equal x")
				w.refused(err, codeFilter)
			}
		}},
		{"get_states", func(w *world) {
			w.gets(nodeStopped, status+" Equal Stopped")
			w.gets(nodeGone+" "+nodeLeaving, status+" Equal Terminated")
			out, err := w.ssm.GetInventory(w.Context(), &ssm.GetInventoryInput{Filters: filters("AWS:InstanceInformation.InstanceId Equal " + nodeGone)})
			if err != nil {
				w.Fatal(err)
			}
			want := map[string]string{"InstanceId": nodeGone, "InstanceStatus": "Terminated"}
			if got := out.Entities[0].Data["AWS:InstanceInformation"].Content; len(got) != 1 || !maps.Equal(got[0], want) {
				w.Errorf("%v", got)
			}
		}},
		{"get_operators", func(w *world) {
			w.mustPut(nodeA, with("AWS:PatchSummary", "", entries("MissingCount=9")))
			w.mustPut(nodeB, with("AWS:PatchSummary", "", entries("MissingCount=10")))
			const count = "AWS:PatchSummary.MissingCount"
			w.gets(nodeA, count+" Equal 9")
			w.gets(nodeB, count+" NotEqual 9")
			w.gets(nodeB, count+" BeginWith 1")
			w.gets(nodeA, count+" LessThan 10")
			w.gets(nodeB, count+" GreaterThan 9")
			_, err := w.got("AWS:InstanceInformation.InstanceId Exists x")
			w.refused(err, codeFilter)
		}},
		{"get_aggregators", func(w *world) {
			w.answers("GetInventory", `{"Aggregators":[{"Expression":"AWS:InstanceInformation.PlatformType"}]}`, codeAggregator)
		}},
	}
}

func schemaTests() []conformanceTest {
	return []conformanceTest{
		{"schema_shape", func(w *world) {
			s := w.schemas("AWS:BillingInfo")
			if len(s) != 1 || *s[0].TypeName != "AWS:BillingInfo" || *s[0].Version != "1.0" || attributeNames(s[0]) != "BillingProductId:STRING" {
				w.Errorf("%v", s)
			}
		}},
		{"schema_beginning", func(w *world) {
			w.mustPut(nodeA, with("Custom:Aa", "", entries("A=1")), with("Custom:Ab", "", entries("A=1")), with("Custom:B", "", entries("A=1")))
			if a, b, all := w.schemas("Custom:A"), w.schemas("Custom:Ab"), w.schemas(""); len(a) != 2 || len(b) != 1 || len(all) != 19 {
				w.Errorf("%d %d %d", len(a), len(b), len(all))
			}
			w.answers("GetInventorySchema", `{"TypeName":"Vendor:"}`, codeTypeName)
			w.answers("GetInventorySchema", `{"TypeName":"Custom:`+strings.Repeat("x", 94)+`"}`, codeValidation)
		}},
		{"schema_pages", func(w *world) {
			for v := range 60 {
				w.mustPut(nodeA, versioned(with("Custom:T", "", entries("A=1")), fmt.Sprintf("1.%d", v)))
			}
			count, pages := 0, 0
			in := &ssm.GetInventorySchemaInput{MaxResults: aws.Int32(50)}
			for p := ssm.NewGetInventorySchemaPaginator(w.ssm, in); p.HasMorePages(); pages++ {
				out, err := p.NextPage(w.Context())
				if err != nil {
					w.Fatal(err)
				}
				count += len(out.Schemas)
			}
			if count != 76 || pages != 2 {
				w.Errorf("%d schemas on %d pages", count, pages)
			}
			w.answers("GetInventorySchema", `{"MaxResults":49}`, codeValidation)
			w.answers("GetInventorySchema", `{"MaxResults":201}`, codeValidation)
		}},
		{"schema_kinds", func(w *world) {
			out, err := w.ssm.GetInventorySchema(w.Context(), &ssm.GetInventorySchemaInput{Aggregator: true})
			if err != nil || len(out.Schemas) != 1 || *out.Schemas[0].TypeName != "AWS:InstanceInformation" {
				w.Errorf("%v, %v", out, err)
			}
			out, err = w.ssm.GetInventorySchema(w.Context(), &ssm.GetInventorySchemaInput{SubType: aws.Bool(true)})
			if err != nil || len(out.Schemas) != 1 || *out.Schemas[0].TypeName != "AWS:ComplianceItem" {
				w.Errorf("%v, %v", out, err)
			}
		}},
		{"schema_data_type", func(w *world) {
			got := attributeNames(w.schemas("AWS:InstanceDetailedInformation")[0])
			if !strings.Contains(got, "CPUCores:NUMBER") || !strings.Contains(got, "CPUModel:STRING") {
				w.Errorf("%s", got)
			}
		}},
		{"schema_unknown", func(w *world) {
			if s := w.schemas("Custom:Nothing"); len(s) != 0 {
				w.Errorf("%v", s)
			}
		}},
		{"schema_disabled", func(w *world) {
			w.mustPut(nodeA, with("Custom:T", "", entries("A=1")))
			w.remove("Custom:T", types.InventorySchemaDeleteOptionDisableSchema)
			w.sandbox.Advance(day)
			if s := w.schemas("Custom:T"); len(s) != 1 {
				w.Errorf("%v", s)
			}
		}},
	}
}

func builtinTests() []conformanceTest {
	return []conformanceTest{
		{"builtin_types", func(w *world) {
			schemas := w.schemas("AWS:")
			if len(schemas) != 16 {
				w.Errorf("%d types", len(schemas))
			}
			numbers := 0
			for _, s := range schemas {
				want := "1.0"
				if *s.TypeName == "AWS:Application" {
					want = "1.1"
				}
				if *s.Version != want {
					w.Errorf("%s is %s", *s.TypeName, *s.Version)
				}
				if want := builtinCounts()[*s.TypeName]; len(s.Attributes) != want {
					w.Errorf("%s has %d attributes, not %d", *s.TypeName, len(s.Attributes), want)
				}
				numbers += strings.Count(attributeNames(s), ":NUMBER")
			}
			if numbers != 4+8+3 {
				w.Errorf("%d numbers", numbers)
			}
		}},
		{"builtin_service_written", func(w *world) {
			for _, name := range []string{"AWS:InstanceInformation", "AWS:Tag", "AWS:ResourceGroup"} {
				w.refused(w.put(nodeA, with(name, "", entries())), codeTypeName)
			}
			w.holds(nodeA, "AWS:Tag", "Key=Stage Value=prod", "Key=Team Value=web")
		}},
		{"builtin_numbers", func(w *world) {
			w.mustPut(nodeA, with("AWS:InstanceDetailedInformation", "", entries("CPUCores=4")))
			w.holds(nodeA, "AWS:InstanceDetailedInformation", "CPUCores=4")
			w.answers("PutInventory", rawItem(`"TypeName":"AWS:InstanceDetailedInformation"`, `"Content":[{"CPUCores":4}]`), codeSerialization)
		}},
	}
}

// builtinCounts are the numbers of attributes of AWS's types.
func builtinCounts() map[string]int {
	return map[string]int{
		"AWS:AWSComponent": 7, "AWS:Application": 11, "AWS:File": 12, "AWS:Network": 8, "AWS:WindowsUpdate": 4,
		"AWS:InstanceDetailedInformation": 8, "AWS:Service": 7, "AWS:WindowsRegistry": 4, "AWS:WindowsRole": 11, "AWS:BillingInfo": 1,
		"AWS:InstanceInformation": 11, "AWS:PatchSummary": 23, "AWS:PatchCompliance": 6, "AWS:ComplianceItem": 20, "AWS:Tag": 2,
		"AWS:ResourceGroup": 2,
	}
}
