package sandbox

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

func switchTests() []conformanceTest {
	turned := func(s Switches, test func(*world)) func(*world) {
		return func(w *world) { test(newWorld(w.T, Config{Switches: s})) }
	}
	return []conformanceTest{
		{"switch_lengths_in_bytes", turned(Switches{LengthsInBytes: true}, func(w *world) {
			w.answers("PutInventory", rawItem(`"Content":[{"A":"`+strings.Repeat("ä", 2048)+`"}]`), "")
			w.answers("PutInventory", rawItem(`"Content":[{"A":"`+strings.Repeat("ä", 2049)+`"}]`), codeValidation)
		})},
		{"switch_check_calendar", turned(Switches{CheckCalendar: true}, func(w *world) {
			w.answers("PutInventory", rawItem(`"CaptureTime":"2026-02-31T00:00:00Z"`), codeValidation)
			w.answers("PutInventory", rawItem(`"CaptureTime":"2028-02-29T00:00:00Z"`), "")
		})},
		{"switch_partial_commit", turned(Switches{PartialCommit: true}, func(w *world) {
			w.refused(w.put(nodeA, with("Custom:A", "", entries("A=1")), with("Custom:B", "x", nil), with("Custom:C", "", entries())),
				codeContentMismatch)
			w.holds(nodeA, "Custom:A", "A=1")
			if s := w.schemas("Custom:"); len(s) != 1 {
				w.Errorf("%v", s)
			}
		})},
		{"switch_refuse_connection_lost", turned(Switches{RefuseConnectionLost: true}, func(w *world) {
			w.refused(w.put(nodeLost, with("Custom:T", "", entries())), codeInstanceID)
			w.refused(w.put(nodeA, with("Custom:T", "", entries())), "")
		})},
		{"switch_refuse_disabled_version", turned(Switches{RefuseDisabledVersion: true}, func(w *world) {
			w.mustPut(nodeA, with("Custom:T", "", entries()))
			w.remove("Custom:T", types.InventorySchemaDeleteOptionDisableSchema)
			w.refused(w.put(nodeA, with("Custom:T", "", entries())), codeSchemaVersion)
		})},
		{"switch_refuse_new_attributes", turned(Switches{RefuseNewAttributes: true}, func(w *world) {
			w.mustPut(nodeA, with("Custom:T", "", entries("A=1")))
			w.refused(w.put(nodeA, with("Custom:T", "", entries("A=1 B=1"))), codeItemContent)
			w.mustPut(nodeA, versioned(with("Custom:T", "", entries("A=1 B=1")), "1.1"))
		})},
		{"switch_invalid_when_nothing_stored", turned(Switches{InvalidWhenNothingStored: true}, func(w *world) {
			w.refused(w.put(nodeA, with("Custom:T", "h", nil)), codeItemContent)
			w.mustPut(nodeA, with("Custom:T", "h", entries()))
			w.refused(w.put(nodeA, with("Custom:T", "other", nil)), codeContentMismatch)
		})},
		{"switch_version_changes_content", turned(Switches{VersionChangesContent: true}, func(w *world) {
			w.mustPut(nodeA, with("Custom:T", "h", entries("A=1")))
			w.mustPut(nodeA, versioned(with("Custom:T", "h", entries("A=2")), "1.1"))
			w.holds(nodeA, "Custom:T", "A=2")
		})},
	}
}
