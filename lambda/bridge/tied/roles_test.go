package tied

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// intakeStore is the state as the role intake may use it by the stack's template.
type intakeStore struct {
	*shelf
	rights *testfiles.Grants
}

func (s intakeStore) allowed(action, key string) error {
	if s.rights.Allows(action, key) {
		return nil
	}
	return fmt.Errorf("intake has no right to %s of %s", action, key)
}

func (s intakeStore) Get(ctx context.Context, key string) ([]byte, string, error) {
	if err := s.allowed("s3:GetObject", key); err != nil {
		return nil, "", err
	}
	return s.shelf.Get(ctx, key)
}

func (s intakeStore) Put(ctx context.Context, key string, data []byte, condition string) (string, error) {
	if err := s.allowed("s3:PutObject", key); err != nil {
		return "", err
	}
	return s.shelf.Put(ctx, key, data, condition)
}

func (s intakeStore) Delete(ctx context.Context, key string) error {
	if err := s.allowed("s3:DeleteObject", key); err != nil {
		return err
	}
	return s.shelf.Delete(ctx, key)
}

func (s intakeStore) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	if err := s.allowed("s3:ListBucket", prefix); err != nil {
		return func(yield func(string, error) bool) { yield("", err) }
	}
	return s.shelf.List(ctx, prefix)
}

// GetObject serves what is staged.
func (s *shelf) GetObject(ctx context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	data, _, err := s.Get(ctx, *in.Key)
	return &s3.GetObjectOutput{Body: io.NopCloser(bytes.NewReader(data))}, err
}

// staged takes a document in with one process, which has the rights of intake alone, and delivers it with another.
func (in *installation) staged(d intake.Document) {
	in.tb.Helper()
	c := in.config(intakeStore{in.store, testfiles.Rights(in.tb, "intake")})
	c.Role, c.Place = bridge.RoleIntake, bridge.Place{Bucket: "state"}
	_, pointers, err := bridge.New(c).Stage(in.tb.Context(), d)
	if err != nil {
		in.tb.Fatal(err)
	}
	c = in.config(in.store)
	c.Role, c.Objects = bridge.RoleDelivery, in.store
	for _, p := range pointers {
		event, err := json.Marshal(map[string]any{"delivery": map[string]string{"bucket": p.Bucket, "key": p.Key}})
		if err != nil {
			in.tb.Fatal(err)
		}
		answer, err := bridge.New(c).Handle(in.tb.Context(), event)
		if a, ok := answer.(bridge.Answer); err != nil || !ok || a.Messages[0].Error != "" {
			in.tb.Fatalf("%+v, %v", answer, err)
		}
	}
}

// TestTwoRoles: intake finds machines by what delivery has tied, with the rights that it has.
func TestTwoRoles(t *testing.T) {
	in := install(t, fleet()...)
	in.bridge() // which makes the state
	in.staged(flaws(0, aid1+",f-1"))
	in.staged(hosts(time.Minute, byName()...))
	in.staged(flaws(2*time.Minute, aid1+",f-2", aid2+",f-3"))
	in.sweep()
	if in.holds(web1) != "f-2" || in.holds(web2) != "f-3" {
		t.Errorf("%q, %q", in.holds(web1), in.holds(web2))
	}
}
