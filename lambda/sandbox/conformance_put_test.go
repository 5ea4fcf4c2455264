package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

const day = 24 * time.Hour

func quotaTests() []conformanceTest {
	return []conformanceTest{
		{"quota_item", func(w *world) {
			fits := filled(8, 131_070) // with commas and brackets 9 more
			fits[0] = filled(1, 131_077)[0]
			if n := compactBytes(w, fits); n != 1024<<10 {
				w.Fatalf("the content has %d bytes", n)
			}
			w.mustPut(nodeA, with("Custom:T", "", fits))
			over := slices.Clone(fits)
			over[0] = filled(1, 131_078)[0]
			err := w.put(nodeA, with("Custom:T", "", over))
			w.refused(err, codeItemSize)
			w.names(err, "Custom:T")
		}},
		{"quota_call", func(w *world) {
			w.refused(w.put(nodeA, with("Custom:T", "", filled(5, 100_000)), with("Custom:U", "", filled(6, 100_000))), codeTotalSize)
			w.mustPut(nodeA, with("Custom:T", "", filled(5, 100_000)), with("Custom:U", "", filled(5, 100_000)))
		}},
		{"quota_day", func(w *world) {
			megabyte := filled(5, 200_000)
			for range 5 {
				w.mustPut(nodeA, with("Custom:T", "h", megabyte))
			}
			w.refused(w.put(nodeA, with("Custom:T", "", megabyte)), codeTotalSize)
			w.mustPut(nodeA, with("Custom:T", "h", nil))
			w.mustPut(nodeB, with("Custom:T", "", megabyte))
			w.sandbox.Advance(day)
			w.mustPut(nodeA, with("Custom:T", "", megabyte))
		}},
		{"quota_types", func(w *world) {
			for i := range 19 {
				w.mustPut(nodeA, with(fmt.Sprintf("Custom:T%d", i), "", entries("A=1")))
			}
			w.refused(w.put(nodeA, with("Custom:X", "", entries()), with("Custom:Y", "", entries())), codeSchemaCount)
			w.mustPut(nodeA, with("Custom:X", "", entries()))
			w.refused(w.put(nodeB, with("Custom:Y", "", entries("A=1"))), codeSchemaCount)
			w.mustPut(nodeB, with("Custom:T1", "", entries("A=1")))
		}},
		{"quota_definition", func(w *world) {
			entry := map[string]string{}
			for i := range 50 {
				entry[fmt.Sprintf("%064d", i)] = ""
			}
			w.mustPut(nodeA, with("Custom:T", "", []map[string]string{entry}))
		}},
		{"quota_attributes", func(w *world) {
			w.answers("PutInventory", rawItem(`"Content":[`+pairs(50)+`]`), "")
			w.refused(w.put(nodeA, with("Custom:T", "", entries("B=1"))), codeItemContent)
			w.answers("PutInventory", rawItem(`"TypeName":"Custom:U"`, `"Content":[`+pairs(50)+`,{"B":"1"}]`), codeItemContent)
			w.mustPut(nodeA, versioned(with("Custom:T", "", entries("B=1")), "1.1"))
		}},
		{"quota_retention", func(w *world) {
			w.mustPut(nodeA, with("Custom:T", "h", entries("A=1")))
			w.sandbox.Advance(29 * day)
			w.mustPut(nodeA, with("Custom:T", "h", nil))
			w.sandbox.Advance(29 * day)
			w.holds(nodeA, "Custom:T", "A=1")
			w.sandbox.Advance(day)
			w.holds(nodeA, "Custom:T")
			w.refused(w.put(nodeA, with("Custom:T", "h", nil)), codeContentMismatch)
		}},
		{"quota_rate", func(w *world) {
			for range 20 {
				w.mustPut(nodeA, with("Custom:T", "", entries()))
			}
			w.sandbox.SetRate(0.001, 2)
			w.mustPut(nodeA, with("Custom:T", "", entries()))
			w.list(nodeA, "Custom:T")
			w.refused(w.put(nodeA, with("Custom:T", "", entries())), codeThrottling)
			w.sandbox.Advance(time.Hour)
			w.mustPut(nodeA, with("Custom:T", "", entries()))
		}},
		{"quota_compliance", func(w *world) {
			w.mustPut(nodeA, compliance("Custom:One", complianceRows(4)))
			w.mustPut(nodeA, compliance("Custom:Two", complianceRows(3)))
			w.refused(w.put(nodeA, compliance("Custom:Three", complianceRows(2))), codeTotalSize)
			w.mustPut(nodeB, compliance("Custom:Three", complianceRows(2)))
		}},
		{"quota_compliance_types", func(w *world) {
			for i := range 9 {
				w.mustPut(nodeA, compliance(fmt.Sprintf("Custom:T%d", i), entries()))
			}
			w.refused(w.put(nodeA, compliance("Custom:X", entries()), compliance("Custom:Y", entries())), codeSubTypeCount)
			w.mustPut(nodeA, compliance("Custom:X", entries()))
			w.refused(w.put(nodeA, compliance("Custom:Y", entries())), codeSubTypeCount)
			w.mustPut(nodeA, compliance("Custom:X", entries()), compliance("Association", entries()))
		}},
		{"quota_size_unit", func(w *world) {
			w.answers("PutInventory", rawItem(`"Content":[ { "A" : "\u00e4\/" } ]`), "")
			if n := w.sandbox.Counts().Bytes; n != int64(len(`[{"A":"ä/"}]`)) {
				w.Errorf("%d bytes", n)
			}
			w.mustPut(nodeA, compliance("T", entries("Id=1")))
			if n := w.sandbox.Counts().Bytes; n != int64(len(`[{"A":"ä/"}]`)+len(`[{"Id":"1"}]{"ComplianceType":"T"}`)) {
				w.Errorf("%d bytes with a context", n)
			}
			before := w.sandbox.Counts().Bytes
			w.mustPut(nodeA, with("Custom:T", "h", entries()))
			w.mustPut(nodeA, with("Custom:T", "h", nil))
			if n := w.sandbox.Counts().Bytes - before; n != int64(len(`[]`)) {
				w.Errorf("%d bytes for an empty list and a hash", n)
			}
		}},
	}
}

// compliance makes an AWS:ComplianceItem of a compliance type.
func compliance(complianceType string, content []map[string]string) types.InventoryItem {
	i := with(complianceItem, "", content)
	i.Context = map[string]string{"ComplianceType": complianceType}
	return i
}

// complianceRows is content of about n hundred KB.
func complianceRows(n int) []map[string]string {
	var content []map[string]string
	for range n * 25 {
		content = append(content, map[string]string{"Id": "1", "Title": strings.Repeat("x", 4090)})
	}
	return content
}

func putTests() []conformanceTest {
	return []conformanceTest{
		{"put_check_order", func(w *world) {
			bad := rawItem(`"CaptureTime":"x"`)
			w.sandbox.SetRate(0.001, 1)
			if _, _, out := w.send("PutInventory", bad, ""); out["__type"] != codeUnrecognized {
				w.Errorf("credentials are not first: %v", out)
			}
			w.answers("PutInventory", rawItem(), "")
			w.answers("PutInventory", bad, codeThrottling)
			w.sandbox.SetRate(0, 0)
			w.answers("PutInventory", strings.Replace(bad, nodeA, nodeUnknown, 1), codeValidation)
			w.refused(w.put(nodeUnknown, with("AWS:Nothing", "", nil)), codeInstanceID)
			unsupported := compliance("x", nil)
			unsupported.TypeName = aws.String("AWS:Nothing")
			w.refused(w.put(nodeA, unsupported), codeTypeName)
			unsupported.TypeName, unsupported.SchemaVersion = aws.String("AWS:Application"), aws.String("7.0")
			w.refused(w.put(nodeA, unsupported), codeUnsupportedContext)
			w.refused(w.put(nodeA, versioned(with("AWS:Application", "", entries("Wrong=1")), "7.0")), codeSchemaVersion)
			w.refused(w.put(nodeA, with("Custom:T", "", append(filled(11, 100_000), entries("a00=1")...))), codeItemContent)
			w.refused(w.put(nodeA, with("Custom:A", "", filled(5, 100_000)), with("Custom:B", "", filled(6, 100_000)),
				with("Custom:C", "", nil)), codeItemContent)
		}},
		{"put_atomic", func(w *world) {
			w.mustPut(nodeA, with("Custom:A", "", entries("A=1")))
			w.refused(w.put(nodeA, with("Custom:A", "", entries("A=2")), with("Custom:New", "", entries("A=1")),
				with("Custom:B", "x", nil)), codeContentMismatch)
			w.holds(nodeA, "Custom:A", "A=1")
			_, err := w.ssm.ListInventoryEntries(w.Context(), &ssm.ListInventoryEntriesInput{
				InstanceId: aws.String(nodeA), TypeName: aws.String("Custom:New"),
			})
			w.refused(err, codeTypeName)
		}},
		{"put_node_refused", func(w *world) {
			for _, node := range []string{nodeUnknown, nodeGone, nodeLeaving, nodeDenied} {
				w.refused(w.put(node, with("Custom:T", "", entries())), codeInstanceID)
			}
		}},
		{"put_node_states", func(w *world) {
			for _, node := range []string{nodeA, nodeB, nodePending, nodeStopped, nodeHalting} {
				w.refused(w.put(node, with("Custom:T", "", entries())), "")
			}
		}},
		{"put_connection_lost", func(w *world) { w.refused(w.put(nodeLost, with("Custom:T", "", entries())), "") }},
		{"put_registers_no_node", func(w *world) {
			w.refused(w.put(nodeUnknown, with("Custom:T", "", entries())), codeInstanceID)
			out, err := w.ssm.DescribeInstanceInformation(w.Context(), &ssm.DescribeInstanceInformationInput{MaxResults: aws.Int32(50)})
			w.refused(err, "")
			for _, n := range out.InstanceInformationList {
				if *n.InstanceId == nodeUnknown {
					w.Error("the node is there")
				}
			}
		}},
		{"put_type_pattern", func(w *world) { w.refused(w.put(nodeA, with("Vendor:T", "", entries())), codeValidation) }},
		{"put_type_unknown", func(w *world) { w.refused(w.put(nodeA, with("AWS:Nothing", "", entries())), codeTypeName) }},
		{"put_context_elsewhere", func(w *world) {
			i := with("Custom:T", "", entries())
			i.Context = map[string]string{"ComplianceType": "x"}
			err := w.put(nodeA, i)
			w.refused(err, codeUnsupportedContext)
			w.names(err, "Custom:T")
		}},
		{"put_context_keys", func(w *world) {
			i := compliance("x", entries("Id=1"))
			i.Context["ExecutionId"], i.Context["ExecutionType"], i.Context["ExecutionTime"] = "1", "Command", "2026-01-02T03:04:05Z"
			w.mustPut(nodeA, i)
			i.Context["Other"] = "1"
			w.refused(w.put(nodeA, i), codeItemContext)
		}},
		{"put_context_is_key", func(w *world) {
			w.mustPut(nodeA, compliance("Custom:B", entries("Id=2")), compliance("Custom:A", entries("Id=1")))
			w.mustPut(nodeA, compliance("Custom:A", entries("Id=3")))
			w.holds(nodeA, complianceItem, "Id=3", "Id=2")
		}},
		{"put_version_of_aws", func(w *world) {
			w.refused(w.put(nodeA, with("AWS:Application", "", entries("Name=x"))), codeSchemaVersion)
			w.refused(w.put(nodeA, versioned(with("AWS:Application", "", entries("Name=x")), "1.1")), "")
			w.refused(w.put(nodeA, with("AWS:Service", "", entries("Name=x"))), "")
		}},
		{"put_version_of_custom", func(w *world) {
			w.mustPut(nodeA, versioned(with("Custom:T", "", entries("A=1")), "1.0"))
			w.mustPut(nodeB, versioned(with("Custom:T", "", entries("A=1")), "12.345"))
			if a, b := w.list(nodeA, "Custom:T"), w.list(nodeB, "Custom:T"); *a.SchemaVersion != "1.0" || *b.SchemaVersion != "12.345" {
				w.Errorf("%s and %s", *a.SchemaVersion, *b.SchemaVersion)
			}
		}},
		{"put_version_disabled", func(w *world) {
			w.mustPut(nodeA, versioned(with("Custom:T", "h", entries("A=1")), "1.2"))
			w.remove("Custom:T", types.InventorySchemaDeleteOptionDisableSchema)
			w.sandbox.Advance(time.Hour)
			w.mustPut(nodeA, versioned(with("Custom:T", "h", entries("A=2")), "1.2"))
			w.mustPut(nodeA, versioned(with("Custom:T", "h", entries("A=2")), "1.1"))
			w.holds(nodeA, "Custom:T")
			last := w.sandbox.Events()[len(w.sandbox.Events())-1]
			if d := last.Detail; d.Action != "put" || d.ActionStatus != "failed" || d.ResourceID != nodeA || d.TypeName != "Custom:T" {
				w.Errorf("%+v", last)
			}
			w.mustPut(nodeA, versioned(with("Custom:T", "h", entries("A=3")), "1.10"))
			w.holds(nodeA, "Custom:T", "A=3")
		}},
		{"put_creates_schema", func(w *world) {
			w.mustPut(nodeA, with("Custom:T", "", entries("B=1", "A=1")))
			schemas := w.schemas("Custom:T")
			if len(schemas) != 1 || *schemas[0].Version != "1.0" || attributeNames(schemas[0]) != "B:STRING A:STRING" {
				w.Errorf("%v", schemas)
			}
		}},
		{"put_adds_attributes", func(w *world) {
			w.mustPut(nodeA, with("Custom:T", "", entries("A=1")))
			w.mustPut(nodeB, with("Custom:T", "", entries("B=1")))
			if s := w.schemas("Custom:T"); len(s) != 1 || attributeNames(s[0]) != "A:STRING B:STRING" {
				w.Errorf("%v", s)
			}
		}},
		{"put_attribute_case", func(w *world) {
			w.mustPut(nodeA, with("Custom:T", "", entries("Name=1")))
			err := w.put(nodeB, with("Custom:T", "", entries("name=1")))
			w.refused(err, codeItemContent)
			w.names(err, "Custom:T")
			w.refused(w.put(nodeB, versioned(with("Custom:T", "", entries("NAME=1")), "2.0")), codeItemContent)
		}},
		{"put_attribute_case_in_entry", func(w *world) {
			w.refused(w.put(nodeA, with("Custom:T", "", entries("Name=1 name=2"))), codeItemContent)
			w.refused(w.put(nodeA, with("Custom:T", "", entries("Name=1", "name=2"))), codeItemContent)
		}},
		{"put_attribute_of_aws", func(w *world) {
			w.refused(w.put(nodeA, with("AWS:Service", "", entries("Nmae=x"))), codeItemContent)
			w.refused(w.put(nodeA, with("AWS:Service", "", entries("name=x"))), codeItemContent)
		}},
		{"put_attribute_required", func(w *world) { w.refused(w.put(nodeA, with("AWS:Service", "", []map[string]string{{}})), "") }},
		{"put_replaces", func(w *world) {
			w.mustPut(nodeA, with("Custom:A", "", entries("A=1", "A=2")), with("Custom:B", "", entries("B=1")))
			w.mustPut(nodeB, with("Custom:A", "", entries("A=1")))
			w.mustPut(nodeA, with("Custom:A", "", entries("A=3")))
			w.holds(nodeA, "Custom:A", "A=3")
			w.holds(nodeA, "Custom:B", "B=1")
			w.holds(nodeB, "Custom:A", "A=1")
		}},
		{"put_empty_list", func(w *world) {
			w.mustPut(nodeA, with("Custom:A", "", entries("A=1")))
			w.mustPut(nodeA, captured(with("Custom:A", "", entries()), "2026-02-01T00:00:00Z"))
			w.holds(nodeA, "Custom:A")
			if out := w.list(nodeA, "Custom:A"); aws.ToString(out.CaptureTime) != "2026-02-01T00:00:00Z" {
				w.Errorf("captured %v", out.CaptureTime)
			}
		}},
		{"put_null_content", func(w *world) {
			w.answers("PutInventory", rawItem(`"Content":[{"A":"1"}]`, `"ContentHash":"h"`), "")
			w.answers("PutInventory", rawItem(`"Content":null`), codeItemContent)
			w.answers("PutInventory", rawItem(`"Content":null`, `"ContentHash":"h"`), "")
			w.holds(nodeA, "Custom:T", "A=1")
		}},
		{"put_keeps_order", func(w *world) {
			w.mustPut(nodeA, with("Custom:A", "", entries("A=2", "A=1", "A=2", "A=10")))
			w.holds(nodeA, "Custom:A", "A=2", "A=1", "A=2", "A=10")
		}},
		{"put_type_twice", func(w *world) {
			w.refused(w.put(nodeA, with("Custom:A", "", entries()), with("Custom:A", "", entries())), codeValidation)
		}},
		{"put_older_capture_time", func(w *world) {
			w.mustPut(nodeA, captured(with("Custom:A", "", entries("A=1")), "2026-02-02T00:00:00Z"))
			w.mustPut(nodeA, captured(with("Custom:A", "", entries("A=2")), "2026-02-01T00:00:00Z"))
			w.holds(nodeA, "Custom:A", "A=2")
		}},
	}
}

// hashTests are the rows of the table of hash rules, with an item of which "stored" is the hash and A=1 the content.
func hashTests() []conformanceTest {
	const later = "2026-03-01T00:00:00Z"
	stored := func(w *world) { w.mustPut(nodeA, with("Custom:T", "stored", entries("A=1"))) }
	confirms := func(w *world, hash, code string) {
		w.Helper()
		w.refused(w.put(nodeA, captured(with("Custom:T", hash, nil), later)), code)
	}
	capturedAt := func(w *world, at string) {
		w.Helper()
		if got := aws.ToString(w.list(nodeA, "Custom:T").CaptureTime); got != at {
			w.Errorf("captured at %q, not %q", got, at)
		}
	}
	return []conformanceTest{
		{"hash_content_without", func(w *world) {
			stored(w)
			w.mustPut(nodeA, with("Custom:T", "", entries("A=2")))
			w.holds(nodeA, "Custom:T", "A=2")
			confirms(w, "stored", codeContentMismatch)
		}},
		{"hash_content_with_new", func(w *world) {
			stored(w)
			w.mustPut(nodeA, with("Custom:T", "new", entries("A=2")))
			w.holds(nodeA, "Custom:T", "A=2")
			confirms(w, "stored", codeContentMismatch)
			confirms(w, "new", "")
		}},
		{"hash_content_with_stored", func(w *world) {
			stored(w)
			w.mustPut(nodeA, captured(with("Custom:T", "stored", entries("A=2")), later))
			w.holds(nodeA, "Custom:T", "A=1")
			capturedAt(w, later)
		}},
		{"hash_only_stored", func(w *world) {
			stored(w)
			confirms(w, "stored", "")
			w.holds(nodeA, "Custom:T", "A=1")
			capturedAt(w, later)
		}},
		{"hash_only_other", func(w *world) {
			stored(w)
			err := w.put(nodeA, with("Custom:T", "other", nil))
			w.refused(err, codeContentMismatch)
			w.names(err, "Custom:T")
			w.holds(nodeA, "Custom:T", "A=1")
		}},
		{"hash_only_nothing_stored", func(w *world) {
			confirms(w, "stored", codeContentMismatch)
			if got := w.schemas("Custom:T"); len(got) != 0 {
				w.Errorf("a schema was made: %v", got)
			}
		}},
		{"hash_neither", func(w *world) {
			stored(w)
			w.refused(w.put(nodeA, with("Custom:T", "", nil)), codeItemContent)
		}},
		{"hash_empty", func(w *world) {
			stored(w)
			w.answers("PutInventory", rawItem(`"Content":[{"A":"2"}]`, `"ContentHash":""`), "")
			w.holds(nodeA, "Custom:T", "A=2")
			w.answers("PutInventory", rawItem(`"Content":[{"A":"3"}]`, `"ContentHash":""`), "")
			w.holds(nodeA, "Custom:T", "A=3")
			w.answers("PutInventory", rawItem(`"Content":null`, `"ContentHash":""`), codeItemContent)
		}},
		{"hash_opaque", func(w *world) {
			for _, hash := range []string{"XrY7u+Ae7tCTyyK7j1rNww==", strings.Repeat("0f", 32), "5eb63bbbe01eeed093cb22bb8f5acdc3", "any"} {
				w.mustPut(nodeA, with("Custom:T", hash, entries("A="+hash)))
				w.holds(nodeA, "Custom:T", "A="+hash)
				confirms(w, hash, "")
			}
		}},
		{"hash_only_with_other_version", func(w *world) {
			w.mustPut(nodeA, versioned(with("AWS:Application", "app", entries("Name=x")), "1.1"), with("AWS:Service", "service", entries("Name=y")))
			w.mustPut(nodeA, captured(with("AWS:Application", "app", nil), later), captured(with("AWS:Service", "service", nil), later))
			w.holds(nodeA, "AWS:Application", "Name=x")
			if got := w.list(nodeA, "AWS:Application"); *got.SchemaVersion != "1.1" || *got.CaptureTime != later {
				w.Errorf("version %s, captured at %s", *got.SchemaVersion, *got.CaptureTime)
			}
			w.refused(w.put(nodeA, with("AWS:Application", "other", nil)), codeContentMismatch)
			w.refused(w.put(nodeA, with("AWS:Application", "other", entries("Name=z"))), codeSchemaVersion)
		}},
		{"hash_with_other_version", func(w *world) {
			stored(w)
			w.mustPut(nodeA, versioned(with("Custom:T", "stored", entries("A=2")), "1.1"))
			w.holds(nodeA, "Custom:T", "A=1")
		}},
	}
}
