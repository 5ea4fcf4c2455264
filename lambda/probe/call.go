package probe

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
)

const (
	callTimeout = 30 * time.Second
	mostTries   = 5
	firstPause  = 500 * time.Millisecond // after a call that failed; it doubles

	wireTime = "2006-01-02T15:04:05Z"
)

// run is a probe under way.
type run struct {
	Options
	api   API
	calls int

	found   map[string]finding // by question
	rate    *Rate
	capture time.Time     // of the last put: each next one is captured later
	major   int           // of this run's schema versions, which no put has used before
	older   string        // the highest schema version of the type before this run; "": there was none
	empty   []candidate   // AWS types that the node holds nothing of
	delay   time.Duration // until the first put could be read
	hash    string        // of what the node holds of the type
	dirty   []string      // types that may hold entries of this run, or of one before
	wrote   bool
	class   fault.Class // of the last answer
}

// call makes a call, and makes it again where it failed or was throttled. A call under way is not stopped, so that it is known
// what it did: the context ends the probe between two calls.
func (r *run) call(ctx context.Context, do func(context.Context) error) (code string, err error) {
	for try, pause := 1, firstPause; ; try, pause = try+1, 2*pause {
		code, err := r.once(ctx, do)
		if err != nil || try == mostTries || r.class != fault.Throttled && r.class != fault.Retry {
			return code, err
		}
		if err := r.Sleep(ctx, pause); err != nil {
			return code, err
		}
	}
}

// once makes one call. The error is why the probe cannot go on; what else the service answers is its code.
func (r *run) once(ctx context.Context, do func(context.Context) error) (code string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if r.calls > 0 && r.Pause > 0 {
		if err := r.Sleep(ctx, r.Pause); err != nil {
			return "", err
		}
	}
	r.calls++
	whole, done := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer done()
	answer := do(whole)
	class, code := fault.Of(answer)
	r.class = class
	switch class {
	case fault.Halt:
		return code, answer
	case fault.Throttled: // whichever of the codes that mean it
		code = throttled
	}
	return code, ctx.Err()
}

// noRetries turns the SDK's own retries off: the probe counts its calls.
func noRetries(o *ssm.Options) { o.Retryer = aws.NopRetryer{} }

// put makes a PutInventory of the node.
func (r *run) put(ctx context.Context, items ...types.InventoryItem) (code string, err error) {
	for _, i := range items {
		if i.Content != nil {
			r.wrote = true
			r.soils(aws.ToString(i.TypeName))
		}
	}
	return r.putTo(ctx, r.Node, items...)
}

func (r *run) putTo(ctx context.Context, node string, items ...types.InventoryItem) (code string, err error) {
	return r.call(ctx, r.sends(node, items...))
}

// sends is one PutInventory.
func (r *run) sends(node string, items ...types.InventoryItem) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := r.api.PutInventory(ctx, &ssm.PutInventoryInput{InstanceId: &node, Items: items}, noRetries)
		return err
	}
}

func (r *run) listOf(typeName string) *ssm.ListInventoryEntriesInput {
	return &ssm.ListInventoryEntriesInput{InstanceId: &r.Node, TypeName: &typeName}
}

// page is the first page of what a node holds of a type.
type page struct {
	version, capture string
	entries          []map[string]string
	more             bool
}

func (r *run) list(ctx context.Context, typeName string) (p page, code string, err error) {
	code, err = r.call(ctx, func(ctx context.Context) error {
		out, err := r.api.ListInventoryEntries(ctx, r.listOf(typeName), noRetries)
		if err == nil {
			p = page{aws.ToString(out.SchemaVersion), aws.ToString(out.CaptureTime), out.Entries, aws.ToString(out.NextToken) != ""}
		}
		return err
	})
	return p, code, err
}

// read lists the type until what was captured then is there. It gives up after the time that the first put took, twice over.
func (r *run) read(ctx context.Context, capture string) (page, error) {
	p, err := r.seen(ctx)
	if err == nil && p.capture != capture && r.delay > 0 {
		if err := r.Sleep(ctx, 2*r.delay); err != nil {
			return p, err
		}
		return r.seen(ctx)
	}
	return p, err
}

// next is the capture time of the next put.
func (r *run) next() string {
	r.capture = r.capture.Add(time.Second)
	return r.capture.Format(wireTime)
}

// version is one of this run's schema versions.
func (r *run) version(minor versionOf) string { return versionText(r.major, int(minor)) }

// item is an item of the type with content, captured next. A hash of "" is none.
func (r *run) item(v versionOf, hash string, content []map[string]string) types.InventoryItem {
	return itemOf(r.Type, r.version(v), r.next(), hash, content)
}

// one is an item of the type with one entry.
func (r *run) one(v versionOf, hash, value string) types.InventoryItem {
	return r.item(v, hash, []map[string]string{{attribute: value}})
}

// nothing is an item that only confirms a hash, of a type that does not exist: it can only be refused.
func (r *run) nothing() types.InventoryItem {
	return itemOf(r.never(), "1.0", r.next(), "invbridge-probe", nil)
}

func itemOf(typeName, version, capture, hash string, content []map[string]string) types.InventoryItem {
	i := types.InventoryItem{TypeName: &typeName, SchemaVersion: &version, CaptureTime: &capture, Content: content}
	if hash != "" {
		i.ContentHash = &hash
	}
	return i
}
