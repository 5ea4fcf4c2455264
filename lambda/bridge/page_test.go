package bridge

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// weaknesses is a page of the weaknesses of one machine, which is named from outside. Pages are counted from 0.
func weaknesses(number, of int, ids ...string) intake.Document {
	return weaknessesAt(time.Duration(number+of)*time.Minute, number, of, ids...)
}

func weaknessesAt(after time.Duration, number, of int, ids ...string) intake.Document {
	var list []string
	for _, id := range ids {
		list = append(list, fmt.Sprintf(`{"id":%q,"since":"2026-01-02T03:04:05Z","status":"vulnerable","results":[{"port":443,"protocol":"tcp"}]}`, id))
	}
	body := fmt.Sprintf(`{"resources":[%s],"page":{"number":%d,"size":2,"totalPages":%d,"totalResources":9},"links":[{"rel":"self","href":"/assets/1/vulnerabilities"}]}`,
		strings.Join(list, ","), number, of)
	return as(text(fmt.Sprintf("%d-of-%d %s.json", number, of, strings.Join(ids, " ")), body, after), nodeID(1))
}

// TestPagesOfDocuments imports the pages of a list in both orders after a whole one: what none of them has is removed by the last one.
func TestPagesOfDocuments(t *testing.T) {
	for _, backwards := range []bool{false, true} {
		r := newRig(t, fleet(2))
		r.put(weaknesses(0, 1, "a", "gone"))
		pages := []intake.Document{weaknesses(0, 3, "a", "b"), weaknesses(1, 3, "c", "d"), weaknesses(2, 3, "e")}
		if backwards {
			pages[0], pages[2] = pages[2], pages[0]
		}
		for i, d := range pages {
			got := r.put(d)
			if held := r.values(nodeID(1), "Custom:Vulnerability", "Id"); i < 2 && !strings.Contains(held, "gone") || i == 2 && held != "a b c d e" {
				t.Errorf("backwards %t, page %d: %s", backwards, i, held)
			}
			if n := got.Counts.Of(receipt.Put) + got.Counts.Of(receipt.Unchanged); n != got.Records || !got.AddsOnly {
				t.Errorf("backwards %t, page %d: %+v", backwards, i, got)
			}
		}
		again := r.put(pages[0])
		if held := r.values(nodeID(1), "Custom:Vulnerability", "Id"); held != "a b c d e" || again.Counts.Of(receipt.Unchanged) != again.Records {
			t.Errorf("backwards %t, again: %s, %+v", backwards, held, again.Counts)
		}
	}
}
