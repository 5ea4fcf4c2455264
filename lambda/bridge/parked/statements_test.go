package parked

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// TestTwoMachinesOfOneNodeTakeTurns: in one delivery the second would take the first one's place.
func TestTwoMachinesOfOneNodeTakeTurns(t *testing.T) {
	statement := func(node, source, machine string) *ledger.Statement {
		return &ledger.Statement{Node: node, Source: source, Subject: []string{"hostname=" + machine}}
	}
	var got []string
	for i, turn := range turns([]*ledger.Statement{
		statement("1", "a", "web-1"), statement("2", "a", "web-2"), statement("1", "a", "web-3"), statement("1", "b", "web-3"), statement("1", "a", "web-1"),
	}) {
		for _, s := range turn {
			got = append(got, fmt.Sprint(i, " ", s.Node, " ", s.Source, " ", s.Subject[0]))
		}
	}
	want := []string{"0 1 a hostname=web-1", "0 2 a hostname=web-2", "0 1 b hostname=web-3", "0 1 a hostname=web-1", "1 1 a hostname=web-3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestObjectsOfOneImportStandTogether(t *testing.T) {
	keys := []ledger.ParkedKey{
		{Object: "1", Source: "a", Import: "x"},
		{Object: "2", Source: "a", Import: "x"},
		{Object: "3", Source: "a", Import: "x", Merge: true},
		{Object: "4", Source: "a", Import: "y"},
		{Object: "5", Source: "b", Import: "y"},
	}
	var got []int
	for _, one := range byImport(keys) {
		got = append(got, len(one))
	}
	if diff := cmp.Diff([]int{2, 1, 1, 1}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(keys[:4], ofOne(keys, "a")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(keys[4:], ofOne(keys, "b")); diff != "" {
		t.Error(diff)
	}
}
