package probe

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// The codes that the probe looks for.
const (
	contentMismatch = "ItemContentMismatchException"
	itemContent     = "InvalidItemContentException"
	itemSize        = "ItemSizeLimitExceededException"
	noNode          = "InvalidInstanceId"
	schemaCount     = "CustomSchemaCountLimitExceededException"
	schemaVersion   = "UnsupportedInventorySchemaVersionException"
	throttled       = "ThrottlingException"
	totalSize       = "TotalSizeLimitExceededException"
	typeName        = "InvalidTypeNameException"
	validation      = "ValidationException"
)

// accepted is the code of an answer that is no error.
const accepted = ""

// unknownNode is an ID that no node has: of the right form, and all zeros.
const unknownNode = "i-00000000000000000"

const mostTypes = 20

// own matches the attribute names that a probe writes.
var own = regular.Expression(`^([A-T]|N[0-9]{2})$`)

// versionOf is the use of one of the run's schema versions: each is used for one set of attributes.
type versionOf int

const (
	narrow  versionOf = iota // one attribute
	wide                     // twenty
	crowded                  // 51, which is refused
	other                    // one attribute, under another version
)

func versionText(major, minor int) string { return fmt.Sprintf("%d.%d", major, minor) }

// look looks at the node, the custom types and what the node holds of the type. It refuses what is not a probe's.
func (r *run) look(ctx context.Context) error {
	online, code, err := r.online(ctx, r.Node)
	switch {
	case err != nil:
		return err
	case code != accepted:
		return fmt.Errorf("the node is not listed as a managed node that runs (%s)", code)
	case !online:
		r.Offline = r.Node // what the first put is answered with says it
	}
	if err := r.lookAtTypes(ctx); err != nil || r.older == "" {
		return err
	}
	p, err := r.seen(ctx)
	if err != nil {
		return err
	}
	if len(p.entries) > 0 {
		r.soils(r.Type) // of an earlier probe
	}
	if at, err := parse(p.capture); err == nil && at.After(r.capture) {
		r.capture = at
	}
	return nil
}

// online reports whether a node's agent is online. A code says that the node is not listed.
func (r *run) online(ctx context.Context, node string) (online bool, code string, err error) {
	code, err = r.call(ctx, func(ctx context.Context) error {
		out, err := r.api.DescribeInstanceInformation(ctx, &ssm.DescribeInstanceInformationInput{
			Filters: []types.InstanceInformationStringFilter{{Key: aws.String("InstanceIds"), Values: []string{node}}},
		}, noRetries)
		if err != nil {
			return err
		}
		for _, n := range out.InstanceInformationList {
			online = online || n.PingStatus == types.PingStatusOnline
		}
		return nil
	})
	return online, code, err
}

// lookAtTypes finds the type's versions, and whether there is room for it.
func (r *run) lookAtTypes(ctx context.Context) error {
	names := map[string]bool{}
	r.major = 1
	token := (*string)(nil)
	for {
		out, code, err := r.schemas(ctx, "Custom:", token)
		if err != nil {
			return err
		}
		if code != accepted {
			return fmt.Errorf("the custom types could not be listed (%s)", code)
		}
		for _, s := range out.Schemas {
			names[aws.ToString(s.TypeName)] = true
			if err := r.noteVersion(s); err != nil {
				return err
			}
		}
		if token = out.NextToken; aws.ToString(token) == "" {
			break
		}
	}
	if r.older == "" && len(names) >= mostTypes {
		return errors.New("there are 20 custom types, which is all that an account may have: delete one, or name one of an earlier probe")
	}
	return nil
}

// noteVersion notes a version of the type, so that the run uses none that is there. A type that somebody else uses is an error.
func (r *run) noteVersion(s types.InventoryItemSchema) error {
	if aws.ToString(s.TypeName) != r.Type {
		return nil
	}
	for _, a := range s.Attributes {
		if !own().MatchString(aws.ToString(a.Name)) {
			return errors.New("the type has attributes that are not the probe's: name one that nobody else uses, with --type")
		}
	}
	major, minor, _ := strings.Cut(aws.ToString(s.Version), ".")
	m, err := strconv.Atoi(major)
	if err != nil {
		return fmt.Errorf("a schema version of the type is not a number: %w", err)
	}
	n, err := strconv.Atoi(minor)
	if err != nil {
		return fmt.Errorf("a schema version of the type is not a number: %w", err)
	}
	if m >= r.major || r.older == "" {
		r.major = max(r.major, m+1)
	}
	if r.older == "" || later(m, n, r.older) {
		r.older = versionText(m, n)
	}
	return nil
}

// later reports whether a version is higher than one in words.
func later(major, minor int, than string) bool {
	var m, n int
	_, _ = fmt.Sscanf(than, "%d.%d", &m, &n) // it was written by versionText
	return major > m || major == m && minor > n
}

func (r *run) schemas(ctx context.Context, name string, token *string) (out *ssm.GetInventorySchemaOutput, code string, err error) {
	code, err = r.call(ctx, func(ctx context.Context) error {
		var err error
		out, err = r.api.GetInventorySchema(ctx, &ssm.GetInventorySchemaInput{TypeName: &name, NextToken: token}, noRetries)
		return err
	})
	return out, code, err
}

// candidate is an AWS type that many nodes hold nothing of, with an attribute that is not its first.
type candidate struct{ typeName, attribute string }

func candidates() []candidate {
	return []candidate{
		{"AWS:WindowsRole", "DisplayName"},
		{"AWS:WindowsRegistry", "ValueName"},
		{"AWS:WindowsUpdate", "Description"},
		{"AWS:File", "Size"},
		{"AWS:Service", "DisplayName"},
	}
}

// askForNothing reads what is not there.
func (r *run) askForNothing(ctx context.Context) error {
	_, code, err := r.schemas(ctx, r.never(), nil)
	if err != nil {
		return err
	}
	r.byCode("refuseUnknownSchema", code, []string{accepted}, []string{typeName})
	r.open("refuseNothingStored", "the node holds something of each AWS type that was asked for")
	for _, c := range candidates() {
		p, code, err := r.list(ctx, c.typeName)
		if err != nil {
			return err
		}
		if len(p.entries) == 0 && p.capture == "" {
			r.byCode("refuseNothingStored", code, []string{accepted}, []string{typeName})
			r.empty = append(r.empty, c)
			return nil
		}
	}
	return nil
}

// refusals makes calls that must be refused, and learns from why they are.
func (r *run) refusals(ctx context.Context) error {
	mismatch := []string{contentMismatch, itemContent}
	malformed := r.nothing()
	malformed.CaptureTime = aws.String("x")
	tag := itemOf("AWS:Tag", "1.0", r.next(), "invbridge-probe", nil)
	future := itemOf("AWS:Service", "7.0", r.next(), "invbridge-probe", nil)
	for _, c := range []struct {
		id, node string
		item     types.InventoryItem
		outcomes [][]string
	}{
		{"invalidWhenNothingStored", r.Node, r.nothing(), [][]string{{contentMismatch}, {itemContent}}},
		{neither, r.Node, itemOf(r.never(), "1.0", r.next(), "", nil), [][]string{{itemContent}, {contentMismatch}, {validation}}},
		{"nodeBeforeShape", unknownNode, malformed, [][]string{{validation}, {noNode}}},
		{"itemsBeforeNode", unknownNode, r.nothing(), [][]string{{noNode}, mismatch}},
		{"acceptServiceTypes", r.Node, tag, [][]string{{typeName}, mismatch}},
		{"versionBeforeHash", r.Node, future, [][]string{mismatch, {schemaVersion}}},
	} {
		code, err := r.putTo(ctx, c.node, c.item)
		if err != nil {
			return err
		}
		r.byCode(c.id, code, c.outcomes...)
	}
	return nil
}

// olderVersion puts a version from before this run. Where the operator has disabled the type since, it is judged as disabled.
func (r *run) olderVersion(ctx context.Context) error {
	const id = "refuseDisabledVersion"
	r.open(id, "no version of the type is disabled: delete it with --schema-delete-option DisableSchema, and probe again")
	if r.older == "" {
		return nil
	}
	i := itemOf(r.Type, r.older, r.next(), "", []map[string]string{{attribute: "older"}})
	code, err := r.put(ctx, i)
	if err != nil || code != accepted && code != schemaVersion {
		return err
	}
	if code == schemaVersion {
		r.answer(id, 1)
		return nil
	}
	p, err := r.seen(ctx)
	if err != nil || p.capture == *i.CaptureTime {
		return err
	}
	if err := r.Sleep(ctx, settles); err != nil { // a put that is only seen later looks the same
		return err
	}
	if p, err = r.seen(ctx); err == nil && p.capture != *i.CaptureTime {
		r.answer(id, 0)
	}
	return err
}
