package account

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

const customPrefix = "Custom:"

// schemas returns the versions of each type that the account has.
func (a *Account) schemas(ctx context.Context) (map[string][]string, error) {
	all := map[string][]string{}
	in := &ssm.GetInventorySchemaInput{}
	for {
		out, err := ask(ctx, a.Pace, func() (*ssm.GetInventorySchemaOutput, error) { return a.API.GetInventorySchema(ctx, in) })
		if err != nil {
			return nil, &Error{"GetInventorySchema", err}
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

// refuses returns why the account would not take a type, or should not; "": it would. Schema versions are never lowered.
func refuses(t *inventory.Type, schemas map[string][]string, types *ledger.KnownTypes) string {
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
	if len(versions) == 0 && customTypes(t, schemas, types) > inventory.MaxCustomTypes {
		return fmt.Sprintf("the account has %d custom types already, which is the most it can have", inventory.MaxCustomTypes)
	}
	return ""
}

// customTypes is how many custom types the account has with one more.
func customTypes(t *inventory.Type, schemas map[string][]string, types *ledger.KnownTypes) int {
	custom := map[string]bool{t.Name: true}
	for _, name := range slices.AppendSeq(slices.Collect(maps.Keys(schemas)), maps.Keys(types.Types)) {
		if strings.HasPrefix(name, customPrefix) {
			custom[name] = true
		}
	}
	return len(custom)
}

// Refuses returns why a type cannot be put to any account; "": it can.
func Refuses(t *inventory.Type) string {
	if err := t.Check(); err != nil {
		return err.Error()
	}
	if len(t.Context) > 0 && !slices.ContainsFunc(t.Context, func(i int) bool { return t.Attributes[i] == inventory.ContextKey }) {
		return fmt.Sprintf("type %s: its context has no %s", t.Name, inventory.ContextKey)
	}
	return ""
}
