package account

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// empty is an account that has no types; asked counts how often it was asked for them.
type empty struct {
	API
	asked int
}

func (e *empty) GetInventorySchema(context.Context, *ssm.GetInventorySchemaInput, ...func(*ssm.Options)) (*ssm.GetInventorySchemaOutput, error) {
	e.asked++
	return &ssm.GetInventorySchemaOutput{}, nil
}

type noPace struct{}

func (noPace) Wait(context.Context) error { return nil }
func (noPace) Answered(fault.Class)       {}

// TestAdmitAfterPlan: a plan stores no types, and the put that follows it in the same process does; each asks the account once.
func TestAdmitAfterPlan(t *testing.T) {
	l, err := ledger.Open(t.Context(), ledger.Dir(filepath.Join(t.TempDir(), "state")), ledger.Options{Partitions: 1})
	if err != nil {
		t.Fatal(err)
	}
	api := &empty{}
	a := &Account{API: api, Ledger: l, Pace: noPace{}, Now: time.Now}
	of := &inventory.Type{Name: "Custom:Asset", SchemaVersion: "1.0"}
	for i, plan := range []bool{true, true, false, false} {
		refusal, existed, err := a.Admit(t.Context(), of, plan)
		if refusal != "" || existed || err != nil {
			t.Fatalf("call %d: refused %q, existed %v, %v", i+1, refusal, existed, err)
		}
		stored, err := l.KnownTypes(t.Context(), target.Key{})
		if err != nil {
			t.Fatal(err)
		}
		if _, isStored := stored.Types[of.Name]; isStored == plan {
			t.Errorf("call %d: stored is %v", i+1, isStored)
		}
	}
	if api.asked != 2 {
		t.Errorf("the account was asked %d times", api.asked)
	}
}
