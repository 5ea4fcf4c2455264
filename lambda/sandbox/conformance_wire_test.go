package sandbox

import (
	"fmt"
	"strings"
)

func wireTests() []conformanceTest {
	return []conformanceTest{
		{"wire_success", func(w *world) {
			status, _, out := w.call("PutInventory", rawItem())
			if status != 200 || len(out) != 0 {
				w.Errorf("%d %v", status, out)
			}
		}},
		{"wire_timestamps", func(w *world) {
			_, _, out := w.call("DescribeInstanceInformation", `{}`)
			node, _ := out["InstanceInformationList"].([]any)[0].(map[string]any)
			w.isNumber(node["LastPingDateTime"])
			w.isNumber(node["RegistrationDate"])
			w.answers("PutInventory", rawItem(), "")
			w.answers("DeleteInventory", `{"TypeName":"Custom:T"}`, "")
			_, _, out = w.call("DescribeInventoryDeletions", `{}`)
			deletion, _ := out["InventoryDeletions"].([]any)[0].(map[string]any)
			w.isNumber(deletion["DeletionStartTime"])
			w.isNumber(deletion["LastStatusUpdateTime"])
			_, _, out = w.call("ListInventoryEntries", fmt.Sprintf(`{"InstanceId":%q,"TypeName":"Custom:T"}`, nodeA))
			if out["CaptureTime"] != "2026-01-02T03:04:05Z" {
				w.Errorf("CaptureTime is %v", out["CaptureTime"])
			}
		}},
		{"wire_error", func(w *world) {
			status, header, out := w.call("ListInventoryEntries", fmt.Sprintf(`{"InstanceId":%q,"TypeName":"Custom:T"}`, nodeUnknown))
			if status != 400 || out["__type"] != "InvalidInstanceId" || out["Message"] == nil || header.Get("x-amzn-RequestId") == "" {
				w.Errorf("%d %v %v", status, header, out)
			}
		}},
		{"wire_internal_error", func(w *world) {
			w.sandbox.Inject(Fault{Kind: FaultError})
			if status, _, out := w.call("PutInventory", rawItem()); status != 500 || out["__type"] != "InternalServerError" {
				w.Errorf("%d %v", status, out)
			}
		}},
		{"wire_type_name", func(w *world) {
			w.names(w.put(nodeA, with("Custom:A", "", nil)), "Custom:A")
			w.names(w.put(nodeA, with("Custom:B", "", filled(6, 180_000))), "Custom:B")
			w.names(w.put(nodeA, with("Custom:C", "x", nil)), "Custom:C")
			_, _, out := w.call("PutInventory", rawItem(`"Context":{}`))
			if out["TypeName"] != "Custom:T" {
				w.Errorf("%v", out)
			}
		}},
		{"wire_validation", func(w *world) {
			_, _, out := w.call("PutInventory", rawItem(`"TypeName":"x"`))
			want := "1 validation error detected: Value 'x' at 'items.1.member.typeName' failed to satisfy constraint: " +
				"Member must satisfy regular expression pattern: ^(AWS|Custom):.*$"
			if out["__type"] != codeValidation || out["Message"] != want {
				w.Errorf("%v", out)
			}
			_, _, out = w.call("PutInventory", `{}`)
			if m := fmt.Sprint(out["Message"]); !strings.HasPrefix(m, "2 validation errors detected: Value null at 'instanceId' failed") {
				w.Errorf("%v", out)
			}
		}},
		{"wire_throttling", func(w *world) {
			w.sandbox.Inject(Fault{Kind: FaultThrottle})
			status, _, out := w.call("PutInventory", rawItem())
			if status != 400 || out["__type"] != "ThrottlingException" || out["message"] != "Rate exceeded" {
				w.Errorf("%d %v", status, out)
			}
		}},
		{"wire_access_denied", func(w *world) {
			w.sandbox.Inject(Fault{Kind: FaultError, Code: "AccessDeniedException"})
			if status, _, out := w.call("PutInventory", rawItem()); status != 400 || out["__type"] != "AccessDeniedException" {
				w.Errorf("%d %v", status, out)
			}
		}},
		{"wire_unsigned", func(w *world) {
			if status, _, out := w.send("PutInventory", rawItem(), ""); status != 400 || out["__type"] != "UnrecognizedClientException" {
				w.Errorf("%d %v", status, out)
			}
			if status, _, out := w.send("PutInventory", rawItem(), "AWS4-HMAC-SHA256 nonsense"); status != 200 {
				w.Errorf("%d %v", status, out)
			}
		}},
		{"wire_serialization", func(w *world) {
			for _, body := range []string{
				`{`, ``, `[]`, `{"Items":7}`, rawItem(`"Content":[{"A":1}]`), rawItem(`"Content":[{"A":null}]`), rawItem(`"Content":{}`),
				rawItem(`"Content":["A"]`), rawItem(`"Content":[{"A":["b"]}]`), rawItem(`"TypeName":7`),
				`{"InstanceId":"` + nodeA + `","Items":[{"Content":[{"A":"` + "\xff" + `"}]}]}`,
				`{"InstanceId":"` + nodeA + `","Items":[{"Content":[{"A":"1","A":"2"}]}]}`,
			} {
				w.answers("PutInventory", body, "SerializationException")
			}
		}},
		{"wire_unknown_operation", func(w *world) {
			w.answers("PutParameter", `{}`, "UnknownOperationException")
		}},
	}
}

func (w *world) isNumber(v any) {
	w.Helper()
	if n, ok := v.(float64); !ok || n < 1e9 {
		w.Errorf("%v is not seconds since 1970", v)
	}
}

// shapeTests send bodies as they are: each value is accepted or refused with ValidationException.
func shapeTests() []conformanceTest {
	item := func(accepted []string, refused []string) func(*world) {
		return func(w *world) {
			for _, m := range accepted {
				w.answers("PutInventory", rawItem(m), "")
			}
			for _, m := range refused {
				w.answers("PutInventory", rawItem(m), codeValidation)
			}
		}
	}
	long := func(n int) string { return strings.Repeat("x", n) }
	return []conformanceTest{
		{"shape_items", func(w *world) {
			items := func(n int) string {
				list := make([]string, n)
				for i := range list {
					list[i] = fmt.Sprintf(`{"TypeName":"AWS:ComplianceItem","SchemaVersion":"1.0","CaptureTime":"2026-01-02T03:04:05Z","Content":[],`+
						`"Context":{"ComplianceType":"T%d"}}`, i)
				}
				return fmt.Sprintf(`{"InstanceId":%q,"Items":[%s]}`, nodeA, strings.Join(list, ","))
			}
			w.answers("PutInventory", items(0), codeValidation)
			w.answers("PutInventory", items(1), "")
			w.answers("PutInventory", items(30), "")
			w.answers("PutInventory", items(31), codeValidation)
			w.answers("PutInventory", fmt.Sprintf(`{"InstanceId":%q,"Items":[null]}`, nodeA), codeValidation)
		}},
		{"shape_type_name", item(
			[]string{`"TypeName":"Custom:A"`, `"TypeName":"Custom:A` + long(92) + `"`, `"TypeName":"Custom:A b.c/d"`},
			[]string{`"TypeName":"Custom:A` + long(93) + `"`, `"TypeName":""`, `"TypeName":"custom:A"`, `"TypeName":"Other:A"`, `"TypeName":null`},
		)},
		{"shape_schema_version", item(
			[]string{`"SchemaVersion":"1.0"`, `"SchemaVersion":"999999.999999"`},
			[]string{`"SchemaVersion":"1"`, `"SchemaVersion":"1.0.0"`, `"SchemaVersion":"1000000.0"`, `"SchemaVersion":"v1.0"`, `"SchemaVersion":null`},
		)},
		{"shape_capture_time", item(
			[]string{`"CaptureTime":"2000-12-31T23:59:59Z"`, `"CaptureTime":"2099-01-01T00:00:00Z"`},
			[]string{
				`"CaptureTime":"2026-01-02T03:04:05.000Z"`, `"CaptureTime":"2026-01-02T03:04:05+00:00"`, `"CaptureTime":"2026-13-02T03:04:05Z"`,
				`"CaptureTime":"2026-01-02T24:04:05Z"`, `"CaptureTime":"1999-01-02T03:04:05Z"`, `"CaptureTime":"2026-01-02T03:04:60Z"`,
				`"CaptureTime":"2026-01-02 03:04:05Z"`, `"CaptureTime":null`,
			},
		)},
		{"shape_content_hash", item(
			[]string{`"ContentHash":""`, `"ContentHash":"` + long(256) + `"`, `"ContentHash":"any thing/at all"`},
			[]string{`"ContentHash":"` + long(257) + `"`},
		)},
		{"shape_content", func(w *world) {
			list := func(n int) string {
				return `"Content":[` + strings.TrimSuffix(strings.Repeat(`{"A":"b"},`, n), ",") + `]`
			}
			w.answers("PutInventory", rawItem(list(0)), "")
			w.answers("PutInventory", rawItem(list(10_000)), "")
			w.answers("PutInventory", rawItem(list(10_001)), codeValidation)
		}},
		{"shape_pairs", func(w *world) {
			w.answers("PutInventory", rawItem(`"Content":[{}]`), "")
			w.answers("PutInventory", rawItem(`"Content":[`+pairs(50)+`]`), "")
			w.answers("PutInventory", rawItem(`"Content":[`+pairs(51)+`]`), codeValidation)
			w.answers("PutInventory", rawItem(`"TypeName":"AWS:ComplianceItem"`, `"Context":`+pairs(50)), codeItemContext)
			w.answers("PutInventory", rawItem(`"TypeName":"AWS:ComplianceItem"`, `"Context":`+pairs(51)), codeValidation)
		}},
		{"shape_attribute", item(
			[]string{`"Content":[{"A":""}]`, `"Content":[{"` + long(64) + `":"` + long(4096) + `"}]`},
			[]string{`"Content":[{"":"v"}]`, `"Content":[{"` + long(65) + `":"v"}]`, `"Content":[{"A":"` + long(4097) + `"}]`},
		)},
		{"shape_custom_name", func(w *world) {
			for _, name := range []string{"Custom:", "Custom:a", "Custom:1", "Custom: A", "Custom:_A", "Custom:ä"} {
				w.answers("PutInventory", rawItem(`"TypeName":"`+name+`"`), codeTypeName)
			}
		}},
		{"shape_length_unit", item(
			[]string{`"Content":[{"A":"` + strings.Repeat("ä", 4096) + `"}]`, `"Content":[{"` + strings.Repeat("ä", 64) + `":""}]`},
			[]string{`"Content":[{"A":"` + strings.Repeat("ä", 4097) + `"}]`, `"Content":[{"A":"` + strings.Repeat(`\u00e4`, 4097) + `"}]`},
		)},
		{"shape_calendar", item([]string{`"CaptureTime":"2026-02-31T00:00:00Z"`}, nil)},
		{"shape_instance_id", func(w *world) {
			for id, code := range map[string]string{
				"i-0123456": codeValidation, "i-012345678": codeValidation, "mi-01234567": codeValidation, "x": codeValidation,
				"i-01234567": codeInstanceID, "mi-01234567890123456": codeInstanceID, nodeA: "",
			} {
				body := strings.Replace(rawItem(), nodeA, id, 1)
				w.answers("PutInventory", body, code)
			}
		}},
	}
}

// pairs is a JSON object of n pairs.
func pairs(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(`"A%02d":"v"`, i)
	}
	return "{" + strings.Join(list, ",") + "}"
}
