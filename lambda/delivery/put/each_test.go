package put

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// slow is a service that takes a second for each call.
type slow struct {
	now, most atomic.Int32
	fails     func(node string) error
}

func (s *slow) PutInventory(_ context.Context, in *ssm.PutInventoryInput, _ ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error) {
	now := s.now.Add(1)
	defer s.now.Add(-1)
	s.most.Store(max(s.most.Load(), now))
	time.Sleep(time.Second)
	if s.fails != nil {
		return &ssm.PutInventoryOutput{}, s.fails(*in.InstanceId)
	}
	return &ssm.PutInventoryOutput{}, nil
}

// putMany puts an item with a value of so many bytes to each of 20 nodes; it returns the items, what was counted, and how long it took.
func putMany(t *testing.T, api *slow, together, bytes int) (items []*Item, part receipt.Part, took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		s := Service{Caller: NewCaller(api), Now: time.Now, Part: &part, Together: together, Until: begun.Add(time.Hour)}
		kind := &inventory.Type{Name: "Custom:Asset", SchemaVersion: "1.0", Attributes: []string{"Id"}}
		s.Each(t.Context(), func(yield func(*Node, []*Item) bool) {
			for n := range 20 {
				i := &Item{Type: kind, Rows: []inventory.Entry{{strings.Repeat("x", bytes)}}, Bytes: bytes, Needed: true}
				items = append(items, i)
				if s.Halted == "" && !yield(&Node{ID: fmt.Sprint("i-", n), Reserved: 10 * int64(bytes)}, []*Item{i}) {
					return
				}
			}
		})
		took = time.Since(begun)
	})
	return items, part, took
}

func TestSeveralNodesAtOnce(t *testing.T) {
	for _, c := range []struct {
		together, bytes, most int
		took                  time.Duration
	}{
		{0, 10, 1, 20 * time.Second},
		{1, 10, 1, 20 * time.Second},
		{4, 10, 4, 5 * time.Second},
		{4, togetherBytes / 2, 2, 10 * time.Second},
		{4, togetherBytes + 1, 1, 20 * time.Second},
	} {
		api := &slow{}
		items, part, took := putMany(t, api, c.together, c.bytes)
		if int(api.most.Load()) != c.most || took != c.took {
			t.Errorf("together %d, %d bytes: %d at once in %v, want %d in %v", c.together, c.bytes, api.most.Load(), took, c.most, c.took)
		}
		if part.Calls != 20 || part.Bytes != int64(20*c.bytes) {
			t.Errorf("%d calls and %d bytes are counted", part.Calls, part.Bytes)
		}
		for _, i := range items {
			if i.Outcome != receipt.Put || i.Rows != nil || !i.Sent {
				t.Errorf("an item is %s, sent %t, with %d rows", i.Outcome, i.Sent, len(i.Rows))
			}
		}
	}
}

func TestWhatHaltsOneNodeHaltsThoseBehind(t *testing.T) {
	api := &slow{fails: func(string) error { return &smithy.GenericAPIError{Code: "UnrecognizedClientException"} }}
	items, part, _ := putMany(t, api, 4, 10)
	pending := 0
	for _, i := range items {
		if i.Outcome == receipt.Pending {
			pending++
		}
	}
	if part.Calls != 4 || pending != 4 {
		t.Errorf("%d calls, %d items are pending, want 4 of both", part.Calls, pending)
	}
}

func TestOneOfSeveralNodesFails(t *testing.T) {
	api := &slow{fails: func(node string) error {
		if node == "i-7" {
			return &smithy.GenericAPIError{Code: "ValidationException"}
		}
		return nil
	}}
	items, _, _ := putMany(t, api, 4, 10)
	for n, i := range items {
		if want := map[bool]receipt.Outcome{true: receipt.Failed, false: receipt.Put}[n == 7]; i.Outcome != want {
			t.Errorf("item %d is %s, want %s", n, i.Outcome, want)
		}
	}
}

func TestWaitingTakesNoLock(t *testing.T) {
	s := Service{}
	s.mu.Lock()
	want := errors.New("waited")
	if err := s.unlocked(func() error {
		if !s.mu.TryLock() {
			t.Error("it is locked")
		}
		defer s.mu.Unlock()
		return want
	}); !errors.Is(err, want) {
		t.Error(err)
	}
	s.mu.Unlock()
}
