package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// account knows which types the account has, and which of them this installation may put: before a type, or a version of it, is put for
// the first time the account is asked, and the answer is kept in the state.
type account struct {
	mu    sync.Mutex
	known map[string]ledger.KnownType
}

const customPrefix = "Custom:"

// admit makes sure that a type may be put. It returns why not, "" where it may, and whether nodes may hold items of the type that this
// installation has not put.
func (a *account) admit(ctx context.Context, r *run, t *inventory.Type) (refusal string, existed bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if k, ok := a.known[t.Name]; ok && k.Schema == t.SchemaVersion {
		return "", k.Existed, nil
	}
	types, err := r.config.Ledger.KnownTypes(ctx)
	if err != nil {
		return "", false, err
	}
	if k, ok := types.Types[t.Name]; !ok || k.Schema != t.SchemaVersion {
		refusal, err = a.ask(ctx, r, t, types)
		if refusal != "" || err != nil {
			return refusal, false, err
		}
	}
	a.known = types.Types
	return "", types.Types[t.Name].Existed, nil
}

// ask asks the account about a type that is to be put for the first time in this version, and keeps the answer.
func (a *account) ask(ctx context.Context, r *run, t *inventory.Type, types *ledger.KnownTypes) (string, error) {
	schemas, err := r.schemas(ctx)
	if err != nil {
		return "", err
	}
	if refusal := refusesSchema(t, schemas, types); refusal != "" {
		return refusal, nil
	}
	if r.plan {
		types.Know(t, len(schemas[t.Name]) > 0, r.now())
		return "", nil
	}
	for {
		types.Know(t, len(schemas[t.Name]) > 0, r.now())
		err := r.config.Ledger.SaveKnownTypes(ctx, types)
		if !errors.Is(err, ledger.ErrConflict) {
			return "", err
		}
		fresh, err := r.config.Ledger.KnownTypes(ctx)
		if err != nil {
			return "", err
		}
		*types = *fresh
		if types.Types[t.Name].Schema == t.SchemaVersion {
			return "", nil
		}
	}
}

// refusesSchema says why the account would not take a type, or should not: schema versions are never lowered.
func refusesSchema(t *inventory.Type, schemas map[string][]string, types *ledger.KnownTypes) string {
	versions := schemas[t.Name]
	if !strings.HasPrefix(t.Name, customPrefix) {
		if !slices.Contains(versions, t.SchemaVersion) {
			return fmt.Sprintf("the account has no schema version %s of this type", t.SchemaVersion)
		}
		return ""
	}
	for _, v := range append([]string{types.Types[t.Name].Schema}, versions...) {
		if v != "" && inventory.CompareVersions(v, t.SchemaVersion) > 0 {
			return fmt.Sprintf("the account has schema version %s of this type, which is higher than %s", v, t.SchemaVersion)
		}
	}
	custom := map[string]bool{t.Name: true}
	for name := range schemas {
		custom[name] = strings.HasPrefix(name, customPrefix)
	}
	for name := range types.Types {
		custom[name] = strings.HasPrefix(name, customPrefix)
	}
	n := 0
	for _, is := range custom {
		if is {
			n++
		}
	}
	if len(versions) == 0 && n > inventory.MaxCustomTypes {
		return fmt.Sprintf("the account has %d custom types already: no more are possible", inventory.MaxCustomTypes)
	}
	return ""
}

// schemas are the versions of each type that the account has.
func (r *run) schemas(ctx context.Context) (map[string][]string, error) {
	all := map[string][]string{}
	in := &ssm.GetInventorySchemaInput{}
	for {
		out, err := ask(ctx, r, func() (*ssm.GetInventorySchemaOutput, error) { return r.config.SSM.GetInventorySchema(ctx, in) })
		if err != nil {
			return nil, &askError{"GetInventorySchema", err}
		}
		for _, s := range out.Schemas {
			name := aws.ToString(s.TypeName)
			all[name] = append(all[name], aws.ToString(s.Version))
		}
		in.NextToken = out.NextToken
		if aws.ToString(in.NextToken) == "" {
			return all, nil
		}
	}
}

// ask asks the service, at the process's pace, and again where that may help.
func ask[T any](ctx context.Context, r *run, question func() (T, error)) (T, error) {
	return fault.Again(ctx, failedAttempts, func(c fault.Class) { r.config.Pace.Answered(c == fault.Throttled) }, func() (T, error) {
		if err := r.config.Pace.Wait(ctx); err != nil {
			var none T
			return none, err
		}
		return question()
	})
}

// askError is a question to the service that was not answered. What it was about stays open.
type askError struct {
	operation string
	err       error
}

func (e *askError) Error() string { return fmt.Sprintf("delivery: %s: %v", e.operation, e.err) }

func (e *askError) Unwrap() error { return e.err }

// reason is what records are told that wait for the answer.
func (e *askError) reason() string {
	_, code := fault.Of(e.err)
	return e.operation + ": " + code
}

// adopted is the source of rows that nodes held before this installation put anything.
const adopted = "found"

// adopt reads what a node holds of a type before it is put for the first time, so that what another program stated is not erased: its
// rows become a share of their own, until the operator takes it away.
func (r *run) adopt(ctx context.Context, id string, held *ledger.Type, t *inventory.Type) error {
	rows, captured, err := r.found(ctx, id, t)
	if err != nil {
		return err
	}
	held.Looked = r.now()
	r.dirty = true
	if len(rows) == 0 || held.Shares[adopted] != nil {
		return nil
	}
	rows = t.Arrange(rows).Rows
	name, err := r.writeRows(ctx, t, &ledger.Rows{Rows: rows})
	if err != nil {
		return err
	}
	if held.Shares == nil {
		held.Shares = map[string]*ledger.Share{}
	}
	held.Shares[adopted] = &ledger.Share{
		Rows: name, Compare: t.CompareSum(rows), Count: len(rows), Bytes: t.ContentBytes(rows), Captured: captured, Stated: r.now(), Adopted: true,
	}
	r.part.Note("rows that a node held already were kept as the source " + adopted)
	return nil
}

// found are the entries that the service has of a node and type.
func (r *run) found(ctx context.Context, id string, t *inventory.Type) (rows []inventory.Entry, captured time.Time, err error) {
	in := &ssm.ListInventoryEntriesInput{InstanceId: &id, TypeName: &t.Name, MaxResults: aws.Int32(50)}
	for {
		out, err := ask(ctx, r, func() (*ssm.ListInventoryEntriesOutput, error) { return r.config.SSM.ListInventoryEntries(ctx, in) })
		if class, code := fault.Of(err); class == fault.Gone || code == "InvalidTypeNameException" {
			return nil, captured, nil // the put will say so too, or there is nothing
		}
		if err != nil {
			return nil, captured, &askError{"ListInventoryEntries", err}
		}
		if at, err := time.Parse(time.RFC3339, aws.ToString(out.CaptureTime)); err == nil {
			captured = at.UTC()
		}
		for _, e := range out.Entries {
			rows = append(rows, t.EntryOf(e))
		}
		in.NextToken = out.NextToken
		if aws.ToString(in.NextToken) == "" {
			return rows, captured, nil
		}
	}
}
