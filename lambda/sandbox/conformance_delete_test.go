package sandbox

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

func (w *world) remove(typeName string, option types.InventorySchemaDeleteOption) *ssm.DeleteInventoryOutput {
	w.Helper()
	out, err := w.ssm.DeleteInventory(w.Context(), &ssm.DeleteInventoryInput{TypeName: aws.String(typeName), SchemaDeleteOption: option})
	if err != nil {
		w.Fatal(err)
	}
	return out
}

func (w *world) deletions() []types.InventoryDeletionStatusItem {
	w.Helper()
	out, err := w.ssm.DescribeInventoryDeletions(w.Context(), &ssm.DescribeInventoryDeletionsInput{})
	if err != nil {
		w.Fatal(err)
	}
	return out.InventoryDeletions
}

func deleteTests() []conformanceTest {
	two := func(w *world) {
		w.mustPut(nodeA, with("Custom:T", "h", entries("A=1")))
		w.mustPut(nodeB, versioned(with("Custom:T", "h", entries("A=1")), "1.1"))
	}
	return []conformanceTest{
		{"delete_shape", func(w *world) {
			two(w)
			out := w.remove("Custom:T", "")
			sum := out.DeletionSummary
			if aws.ToString(out.DeletionId) == "" || *out.TypeName != "Custom:T" || sum.TotalCount != 2 || sum.RemainingCount != 2 ||
				len(sum.SummaryItems) != 2 || *sum.SummaryItems[0].Version != "1.0" || sum.SummaryItems[1].Count != 1 {
				w.Errorf("%+v %+v", out, sum)
			}
		}},
		{"delete_is_asynchronous", func(w *world) {
			two(w)
			w.remove("Custom:T", "")
			w.holds(nodeA, "Custom:T", "A=1")
			w.refused(w.put(nodeA, with("Custom:T", "h", nil)), codeContentMismatch)
			w.mustPut(nodeA, with("Custom:T", "h", entries("A=2")))
			w.sandbox.Advance(defaultDeletionDelay)
			w.holds(nodeA, "Custom:T", "A=2")
			w.holds(nodeB, "Custom:T")
			if s := w.schemas("Custom:T"); len(s) != 2 {
				w.Errorf("%v", s)
			}
		}},
		{"delete_schema", func(w *world) {
			two(w)
			w.remove("Custom:T", types.InventorySchemaDeleteOptionDeleteSchema)
			w.sandbox.Advance(defaultDeletionDelay)
			if s := w.schemas("Custom:T"); len(s) != 0 {
				w.Errorf("%v", s)
			}
			w.mustPut(nodeA, with("Custom:T", "", entries("a=1")))
			w.holds(nodeA, "Custom:T", "a=1")
		}},
		{"delete_aws", func(w *world) {
			w.answers("DeleteInventory", `{"TypeName":"AWS:Application"}`, codeTypeName)
			w.answers("DeleteInventory", `{"TypeName":"Custom:Unknown"}`, codeTypeName)
		}},
		{"delete_option", func(w *world) {
			two(w)
			w.answers("DeleteInventory", `{"TypeName":"Custom:T","SchemaDeleteOption":"Everything"}`, codeOption)
		}},
		{"delete_token", func(w *world) {
			two(w)
			const body = `{"TypeName":"Custom:T","ClientToken":"11111111-1111-1111-1111-111111111111"}`
			_, _, first := w.call("DeleteInventory", body)
			_, _, again := w.call("DeleteInventory", body)
			_, _, other := w.call("DeleteInventory", strings.Replace(body, "1111-1111", "1111-2222", 1))
			if first["DeletionId"] == nil || first["DeletionId"] != again["DeletionId"] || first["DeletionId"] == other["DeletionId"] {
				w.Errorf("%v %v %v", first, again, other)
			}
			if n := len(w.deletions()); n != 2 {
				w.Errorf("%d deletions", n)
			}
			w.answers("DeleteInventory", `{"TypeName":"Custom:T","ClientToken":"x"}`, codeValidation)
		}},
		{"delete_dry_run", func(w *world) {
			two(w)
			_, _, out := w.call("DeleteInventory", `{"TypeName":"Custom:T","DryRun":true,"SchemaDeleteOption":"DeleteSchema"}`)
			if sum, _ := out["DeletionSummary"].(map[string]any); sum["TotalCount"] != 2.0 {
				w.Errorf("%v", out)
			}
			w.sandbox.Advance(day)
			w.holds(nodeA, "Custom:T", "A=1")
			if n := len(w.deletions()); n != 0 {
				w.Errorf("%d deletions", n)
			}
		}},
		{"deletions_status", func(w *world) {
			two(w)
			id := *w.remove("Custom:T", "").DeletionId
			d := w.deletions()[0]
			if *d.DeletionId != id || d.LastStatus != "InProgress" || d.DeletionSummary.RemainingCount != 2 || aws.ToString(d.LastStatusMessage) == "" {
				w.Errorf("%+v", d)
			}
			w.sandbox.Advance(defaultDeletionDelay)
			d = w.deletions()[0]
			if d.LastStatus != "Complete" || d.DeletionSummary.RemainingCount != 0 || d.DeletionSummary.TotalCount != 2 ||
				d.DeletionSummary.SummaryItems[0].RemainingCount != 0 {
				w.Errorf("%+v", d)
			}
			w.answers("DescribeInventoryDeletions", `{"DeletionId":"`+id+`"}`, "")
			w.answers("DescribeInventoryDeletions", `{"DeletionId":"11111111-1111-1111-1111-111111111111"}`, codeDeletionID)
			w.answers("DescribeInventoryDeletions", `{"MaxResults":51}`, codeValidation)
		}},
		{"deletions_history", func(w *world) {
			two(w)
			first := *w.remove("Custom:T", "").DeletionId
			w.sandbox.Advance(day)
			second := *w.remove("Custom:T", "").DeletionId
			if d := w.deletions(); len(d) != 2 || *d[0].DeletionId != second {
				w.Errorf("%v", d)
			}
			pages := ssm.NewDescribeInventoryDeletionsPaginator(w.ssm, &ssm.DescribeInventoryDeletionsInput{MaxResults: aws.Int32(1)})
			for _, want := range []string{second, first} {
				out, err := pages.NextPage(w.Context())
				if err != nil || len(out.InventoryDeletions) != 1 || *out.InventoryDeletions[0].DeletionId != want {
					w.Errorf("%v, %v", out, err)
				}
			}
			w.sandbox.Advance(29 * day)
			if d := w.deletions(); len(d) != 1 || *d[0].DeletionId != second {
				w.Errorf("%v", d)
			}
		}},
		{"deletion_events", func(w *world) {
			two(w)
			w.remove("Custom:T", types.InventorySchemaDeleteOptionDisableSchema)
			if n := len(w.sandbox.Events()); n != 0 {
				w.Errorf("%d events at the start", n)
			}
			w.sandbox.Advance(defaultDeletionDelay)
			w.mustPut(nodeA, with("Custom:T", "", entries("A=1")))
			got := []string{}
			for _, e := range w.sandbox.Events() {
				if e.Source != "aws.ssm" || e.DetailType != "Inventory Resource State Change" || e.Account != defaultAccount || e.Detail.TypeName != "Custom:T" {
					w.Errorf("%+v", e)
				}
				got = append(got, e.Detail.Action+" "+e.Detail.ActionStatus+" "+e.Detail.ResourceID)
			}
			want := "delete succeeded " + nodeA + ",delete succeeded " + nodeB + ",delete-summary succeeded ,put failed " + nodeA
			if g := strings.Join(got, ","); g != want {
				w.Errorf("%s", g)
			}
		}},
	}
}
