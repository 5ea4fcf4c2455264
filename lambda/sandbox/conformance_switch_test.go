package sandbox

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// bothWays is a test of one switch: in a world where it is off, and in one where it was turned over the wire.
func bothWays(name string, test func(w *world, on bool)) conformanceTest {
	run := func(w *world) {
		test(w, false)
		on := newWorld(w.T, Config{})
		on.turn(name)
		test(on, true)
	}
	return conformanceTest{"switch_" + strings.ToLower(separated(name)), run}
}

// separated puts an underscore before each upper-case letter.
func separated(name string) string {
	var b strings.Builder
	for _, c := range name {
		if c >= 'A' && c <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(c)
	}
	return b.String()
}

func (w *world) turn(names ...string) {
	w.Helper()
	for _, name := range names {
		w.hook("POST", "switches", `{"`+name+`":true}`)
	}
}

// either is what holds where a switch is on, or what holds where it is off.
func either[T any](on bool, yes, no T) T {
	if on {
		return yes
	}
	return no
}

func switchTests() []conformanceTest {
	return append(append(switchSizeTests(), switchOrderTests()...), append(switchPutTests(), switchReadTests()...)...)
}

func switchSizeTests() []conformanceTest {
	const umlauts = `"Content":[{"A":"ää"}]`
	bytes := func(w *world, want int, members ...string) {
		w.Helper()
		before := w.sandbox.Counts().Bytes
		w.answers("PutInventory", rawItem(members...), "")
		if got := w.sandbox.Counts().Bytes - before; got != int64(want) {
			w.Errorf("%v counts %d bytes, not %d", members, got, want)
		}
	}
	usedUp := func(w *world) error {
		megabyte := filled(5, 200_000)
		for range 5 {
			w.mustPut(nodeA, with("Custom:T", "h", megabyte))
		}
		return w.put(nodeA, with("Custom:T", "", megabyte))
	}
	return []conformanceTest{
		bothWays("lengthsInBytes", func(w *world, on bool) {
			w.answers("PutInventory", rawItem(`"Content":[{"A":"`+strings.Repeat("ä", 2048)+`"}]`), "")
			w.answers("PutInventory", rawItem(`"Content":[{"A":"`+strings.Repeat("ä", 2049)+`"}]`), either(on, codeValidation, ""))
		}),
		bothWays("checkCalendar", func(w *world, on bool) {
			w.answers("PutInventory", rawItem(`"CaptureTime":"2026-02-31T00:00:00Z"`), either(on, codeValidation, ""))
			w.answers("PutInventory", rawItem(`"CaptureTime":"2028-02-29T00:00:00Z"`), "")
		}),
		bothWays("sizesInCharacters", func(w *world, on bool) {
			bytes(w, either(on, len(`[{"A":"aa"}]`), len(`[{"A":"ää"}]`)), umlauts)
			w.turn("sizesOfPairs")
			bytes(w, either(on, len("Aaa"), len("Aää")), umlauts)
		}),
		bothWays("sizesOfPairs", func(w *world, on bool) {
			bytes(w, either(on, len("Aää"), len(`[{"A":"ää"}]`)), umlauts)
			bytes(w, either(on, len("Id1ComplianceTypeT"), len(`[{"Id":"1"}]{"ComplianceType":"T"}`)),
				`"TypeName":"AWS:ComplianceItem"`, `"Context":{"ComplianceType":"T"}`, `"Content":[{"Id":"1"}]`)
		}),
		bothWays("sizesOfItems", func(w *world, on bool) {
			whole := len(`{"TypeName":"Custom:T","SchemaVersion":"1.0","CaptureTime":"2026-01-02T03:04:05Z","ContentHash":"h","Content":[]}`)
			bytes(w, either(on, whole, len(`[]`)), `"Content":[]`, `"ContentHash":"h"`)
			bytes(w, either(on, whole-len(`,"Content":[]`), 0), `"Content":null`, `"ContentHash":"h"`)
		}),
		bothWays("sizesDecimal", func(w *world, on bool) {
			w.refused(w.put(nodeA, with("Custom:T", "", filled(5, 200_000-2)), with("Custom:U", "", filled(1, 2_000))), either(on, codeTotalSize, ""))
			w.refused(w.put(nodeA, with("Custom:T", "", filled(5, 200_000-2))), "")
		}),
		bothWays("dayQuotaIsItemSize", func(w *world, on bool) { w.refused(usedUp(w), either(on, codeItemSize, codeTotalSize)) }),
		bothWays("dayQuotaIsThrottling", func(w *world, on bool) {
			w.turn("dayQuotaIsItemSize")
			w.refused(usedUp(w), either(on, codeThrottling, codeItemSize))
		}),
	}
}

func switchOrderTests() []conformanceTest {
	bad := rawItem(`"CaptureTime":"x"`)
	return []conformanceTest{
		bothWays("shapeBeforeRate", func(w *world, on bool) {
			w.sandbox.SetRate(0.001, 1)
			w.answers("PutInventory", bad, codeValidation)
			w.answers("PutInventory", rawItem(), either(on, "", codeThrottling))
			w.answers("PutInventory", bad, either(on, codeValidation, codeThrottling))
		}),
		bothWays("nodeBeforeShape", func(w *world, on bool) {
			w.answers("PutInventory", strings.Replace(bad, nodeA, nodeUnknown, 1), either(on, codeInstanceID, codeValidation))
			w.answers("PutInventory", bad, codeValidation)
			body := fmt.Sprintf(`{"InstanceId":%q,"TypeName":"T"}`, nodeUnknown)
			w.answers("ListInventoryEntries", body, either(on, codeInstanceID, codeValidation))
		}),
		bothWays("itemsBeforeNode", func(w *world, on bool) {
			w.refused(w.put(nodeUnknown, with("AWS:Nothing", "", entries())), either(on, codeTypeName, codeInstanceID))
			w.refused(w.put(nodeUnknown, with("Custom:T", "h", nil)), either(on, codeContentMismatch, codeInstanceID))
			w.turn("partialCommit")
			w.refused(w.put(nodeGone, with("Custom:T", "", entries("A=1"))), codeInstanceID)
			if s := w.schemas("Custom:T"); len(s) != 0 {
				w.Errorf("%v", s)
			}
		}),
		bothWays("sizesBeforeItems", func(w *world, on bool) {
			large := append(filled(11, 100_000), entries("a00=1")...)
			w.refused(w.put(nodeA, with("Custom:T", "", large)), either(on, codeItemSize, codeItemContent))
			w.refused(w.put(nodeA, with("Custom:A", "", filled(5, 100_000)), with("AWS:Nothing", "", filled(6, 100_000))),
				either(on, codeTotalSize, codeTypeName))
		}),
	}
}

func switchPutTests() []conformanceTest {
	return append(switchNodeTests(), switchItemTests()...)
}

func switchNodeTests() []conformanceTest {
	return []conformanceTest{
		bothWays("partialCommit", func(w *world, on bool) {
			w.mustPut(nodeA, with("Custom:A", "", entries()))
			w.refused(w.put(nodeA, with("Custom:A", "", entries("A=1")), with("Custom:B", "x", nil), with("Custom:C", "", entries())),
				codeContentMismatch)
			w.holds(nodeA, "Custom:A", either(on, []string{"A=1"}, nil)...)
			if s := w.schemas("Custom:"); len(s) != 1 {
				w.Errorf("%v", s)
			}
		}),
		bothWays("refuseConnectionLost", func(w *world, on bool) {
			w.refused(w.put(nodeLost, with("Custom:T", "", entries())), either(on, codeInstanceID, ""))
			w.refused(w.put(nodeA, with("Custom:T", "", entries())), "")
		}),
		bothWays("refuseDisabledVersion", func(w *world, on bool) {
			w.mustPut(nodeA, with("Custom:T", "", entries()))
			w.remove("Custom:T", types.InventorySchemaDeleteOptionDisableSchema)
			w.refused(w.put(nodeA, with("Custom:T", "", entries())), either(on, codeSchemaVersion, ""))
		}),
		bothWays("refuseNewAttributes", func(w *world, on bool) {
			w.mustPut(nodeA, with("Custom:T", "", entries("A=1")))
			w.refused(w.put(nodeA, with("Custom:T", "", entries("A=1 B=1"))), either(on, codeItemContent, ""))
			w.mustPut(nodeA, versioned(with("Custom:T", "", entries("A=1 B=1")), "1.1"))
		}),
		bothWays("tooManyAttributesIsSchemaCount", func(w *world, on bool) {
			w.answers("PutInventory", rawItem(`"Content":[`+pairs(50)+`,{"B":"1"}]`), either(on, codeSchemaCount, codeItemContent))
		}),
		bothWays("attributeCaseIsValidation", func(w *world, on bool) {
			code := either(on, codeValidation, codeItemContent)
			w.mustPut(nodeA, with("Custom:T", "", entries("Name=1")))
			w.refused(w.put(nodeB, with("Custom:T", "", entries("name=1"))), code)
			w.refused(w.put(nodeA, with("Custom:U", "", entries("Name=1 name=2"))), code)
		}),
		bothWays("requireAttributes", func(w *world, on bool) {
			w.refused(w.put(nodeA, with("AWS:Service", "", entries("Status=x"))), either(on, codeItemContent, ""))
			w.refused(w.put(nodeA, with("AWS:Service", "", entries("Name=x")), compliance("T", entries("Id=1"))), "")
		}),
		bothWays("acceptServiceTypes", func(w *world, on bool) {
			for _, name := range []string{"AWS:InstanceInformation", "AWS:Tag", "AWS:ResourceGroup"} {
				w.refused(w.put(nodeA, with(name, "", entries())), either(on, "", codeTypeName))
			}
			w.holds(nodeA, "AWS:Tag", either(on, nil, []string{"Key=Stage Value=prod", "Key=Team Value=web"})...)
		}),
	}
}

func switchItemTests() []conformanceTest {
	return []conformanceTest{
		bothWays("invalidWhenNothingStored", func(w *world, on bool) {
			w.refused(w.put(nodeA, with("Custom:T", "h", nil)), either(on, codeItemContent, codeContentMismatch))
			w.mustPut(nodeA, with("Custom:T", "h", entries()))
			w.refused(w.put(nodeA, with("Custom:T", "other", nil)), codeContentMismatch)
		}),
		bothWays("neitherIsMismatch", func(w *world, on bool) {
			w.refused(w.put(nodeA, with("Custom:T", "", nil)), either(on, codeContentMismatch, codeItemContent))
		}),
		bothWays("neitherIsValidation", func(w *world, on bool) {
			w.turn("neitherIsMismatch")
			w.refused(w.put(nodeA, with("Custom:T", "", nil)), either(on, codeValidation, codeContentMismatch))
		}),
		bothWays("versionBeforeHash", func(w *world, on bool) {
			w.mustPut(nodeA, versioned(with("AWS:Application", "h", entries("Name=x")), "1.1"))
			w.refused(w.put(nodeA, with("AWS:Application", "h", nil)), either(on, codeSchemaVersion, ""))
			w.refused(w.put(nodeA, with("AWS:Application", "other", nil)), either(on, codeSchemaVersion, codeContentMismatch))
			w.refused(w.put(nodeA, with("AWS:Application", "h", entries("Name=y"))), either(on, codeSchemaVersion, ""))
			w.holds(nodeA, "AWS:Application", "Name=x")
			w.mustPut(nodeA, with("Custom:T", "h", entries("A=1")))
			w.remove("Custom:T", types.InventorySchemaDeleteOptionDisableSchema)
			w.refused(w.put(nodeA, with("Custom:T", "h", nil)), either(on, "", codeContentMismatch))
		}),
		bothWays("versionChangesContent", func(w *world, on bool) {
			w.mustPut(nodeA, with("Custom:T", "h", entries("A=1")))
			w.mustPut(nodeA, versioned(with("Custom:T", "h", entries("A=2")), "1.1"))
			w.holds(nodeA, "Custom:T", either(on, "A=2", "A=1"))
		}),
		bothWays("acceptTypeTwice", func(w *world, on bool) {
			twice := w.put(nodeA, with("Custom:T", "", entries("A=1")), with("Custom:T", "h", entries("B=1")), with("Custom:T", "h", nil))
			w.refused(twice, either(on, "", codeValidation))
			if !on {
				return
			}
			w.holds(nodeA, "Custom:T", "B=1")
			if s := w.schemas("Custom:T"); len(s) != 1 || attributeNames(s[0]) != "A:STRING B:STRING" {
				w.Errorf("%v", s)
			}
			for i := range 18 {
				w.mustPut(nodeA, with(fmt.Sprintf("Custom:T%d", i), "", entries("A=1")))
			}
			w.mustPut(nodeA, with("Custom:X", "", entries("A=1")), with("Custom:X", "", entries("A=2")))
			w.refused(w.put(nodeA, with("Custom:Y", "", entries("A=1"))), codeSchemaCount)
		}),
		bothWays("ignoreOlderCapture", func(w *world, on bool) {
			w.mustPut(nodeA, captured(with("Custom:T", "h", entries("A=1")), "2026-02-02T00:00:00Z"))
			w.mustPut(nodeA, captured(with("Custom:T", "i", entries("A=2")), "2026-02-01T00:00:00Z"))
			w.holds(nodeA, "Custom:T", either(on, "A=1", "A=2"))
			w.mustPut(nodeA, captured(with("Custom:T", "j", entries("A=3")), "2026-02-02T00:00:00Z"))
			w.holds(nodeA, "Custom:T", "A=3")
			w.mustPut(nodeA, captured(with("Custom:T", "j", nil), "2026-02-01T00:00:00Z"))
			if at := aws.ToString(w.list(nodeA, "Custom:T").CaptureTime); at != either(on, "2026-02-02T00:00:00Z", "2026-02-01T00:00:00Z") {
				w.Errorf("captured at %s", at)
			}
			if n := w.sandbox.Counts().Items.Full + w.sandbox.Counts().Items.HashOnly; n != either(on, 2, 4) || len(w.sandbox.Events()) != 0 {
				w.Errorf("%d items were taken, %v", n, w.sandbox.Events())
			}
		}),
	}
}

func switchReadTests() []conformanceTest {
	return []conformanceTest{
		bothWays("refuseNothingStored", func(w *world, on bool) {
			w.mustPut(nodeB, with("Custom:T", "", entries("A=1")))
			w.answers("ListInventoryEntries", listBody(""), either(on, codeTypeName, ""))
			w.mustPut(nodeA, with("Custom:T", "", entries()))
			w.answers("ListInventoryEntries", listBody(""), "")
		}),
		bothWays("shortPages", func(w *world, on bool) {
			w.mustPut(nodeA, with("Custom:T", "", rows(120)))
			out := w.list(nodeA, "Custom:T")
			if len(out.Entries) != either(on, 10, 50) || aws.ToString(out.NextToken) == "" {
				w.Errorf("%d entries", len(out.Entries))
			}
			for i := range 20 {
				if err := w.sandbox.AddNode(ManagedNode{InstanceID: fmt.Sprintf("i-1000%04d", i)}); err != nil {
					w.Fatal(err)
				}
			}
			if ids, err := w.got(); err != nil || len(ids) != either(on, 10, 29) {
				w.Errorf("%d nodes, %v", len(ids), err)
			}
			_, _, page := w.call("ListInventoryEntries", listBody(`,"MaxResults":20`))
			if list, _ := page["Entries"].([]any); len(list) != 20 {
				w.Errorf("%d entries of 20", len(list))
			}
		}),
		bothWays("refuseUnknownSchema", func(w *world, on bool) {
			w.answers("GetInventorySchema", `{"TypeName":"Custom:T"}`, either(on, codeTypeName, ""))
			w.answers("GetInventorySchema", `{"TypeName":"Custom:"}`, "")
			w.mustPut(nodeA, with("Custom:Two", "", entries()))
			w.answers("GetInventorySchema", `{"TypeName":"Custom:T"}`, "")
		}),
	}
}
