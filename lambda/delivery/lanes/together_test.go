package lanes

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// slow is a service whose answers take so long.
type slow struct {
	Inventory
	takes time.Duration
}

func (s slow) PutInventory(context.Context, *ssm.PutInventoryInput, ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error) {
	time.Sleep(s.takes)
	return &ssm.PutInventoryOutput{}, nil
}

// host has so many nodes for each lane, in batches.
type host struct {
	began   time.Time
	left    map[*Lane]int // nodes that are not claimed
	claimed map[*Lane]int
	bytes   int // of each node
	log     []string
	err     error // of Close
}

const batch = 3

func (h *host) Next(_ context.Context, l *Lane, begun bool) *Job {
	if h.claimed[l] == 0 || !begun {
		return nil
	}
	h.claimed[l]--
	ty := &inventory.Type{Name: "Custom:T", SchemaVersion: "1.0", Attributes: []string{"A"}, Key: []int{0}}
	item := &put.Item{Type: ty, Rows: []inventory.Entry{{"1"}}, Bytes: h.bytes, Needed: true}
	return &Job{Node: &put.Node{ID: "i-1", Reserved: 1 << 30}, Items: []*put.Item{item}}
}

func (h *host) Waits(l *Lane) bool { return h.left[l] > 0 }

func (h *host) Close(_ context.Context, done []*Lane) (next []*Lane, err error) {
	text := fmt.Sprintf("%.0fs:", time.Since(h.began).Seconds())
	for _, l := range done {
		text += " " + l.Key.Account
		h.claimed[l] = min(batch, h.left[l])
		h.left[l] -= h.claimed[l]
		if h.claimed[l] > 0 {
			next = append(next, l)
		}
	}
	h.log = append(h.log, text)
	return next, h.err
}

// putTogether puts nodes of lanes of which one answers takes so many seconds, and returns when which were closed. Of few lanes the first has more than a batch.
func putTogether(t *testing.T, h *host, most time.Duration, takes ...int) (string, error) {
	t.Helper()
	h.began, h.left, h.claimed = time.Now(), map[*Lane]int{}, map[*Lane]int{}
	var list []*Lane
	targets := New(Config{Now: time.Now, Find: func(k target.Key) (Inventory, *put.Pace, error) {
		var n int
		_, _ = fmt.Sscan(k.Region, &n)
		return slow{takes: time.Duration(n) * time.Second}, nil, nil
	}})
	for i, n := range takes {
		l := targets.Lane(target.Key{Account: string(rune('a' + i)), Region: fmt.Sprint(n)})
		l.Putter.Until = time.Now().Add(time.Hour)
		h.claimed[l], h.left[l] = batch, 0
		if i == 0 && len(takes) < 4 {
			h.left[l] = 4
		}
		list = append(list, l)
	}
	err := Together(t.Context(), h, list, 0, most)
	return strings.Join(h.log, ", "), err
}

// TestTogether: a lane goes on when it is done and more waits, is closed with the others else, and is not kept open for too long.
func TestTogether(t *testing.T) {
	for _, c := range []struct {
		name  string
		most  time.Duration
		takes []int
		want  string
	}{
		{"the first has more, the second none", time.Hour, []int{1, 20}, "3s: a, 6s: a, 60s: a b"},
		{"the third waits for the slowest no longer than it may", 10 * time.Second, []int{1, 20, 3}, "3s: a, 6s: a, 10s: a c, 60s: b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if got, err := putTogether(t, &host{bytes: 10}, c.most, c.takes...); got != c.want || err != nil {
					t.Errorf("%s, want %s (%v)", got, c.want, err)
				}
			})
		})
	}
}

// TestTogetherHoldsLittle: where nodes are large, not all lanes have one at hand.
func TestTogetherHoldsLittle(t *testing.T) {
	for bytes, atOnce := range map[int]bool{10: true, 3_900_000: false} {
		synctest.Test(t, func(t *testing.T) {
			h := &host{bytes: bytes}
			_, err := putTogether(t, h, time.Hour, slices.Repeat([]int{10}, 24)...)
			if took := time.Since(h.began); took == batch*10*time.Second != atOnce || took > 60*time.Second || err != nil {
				t.Errorf("nodes of %d bytes took %s (%v)", bytes, took, err)
			}
		})
	}
}

// TestTogetherEnds: after an error nothing more is put, and nobody is left.
func TestTogetherEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failed := errors.New("the head cannot be saved")
		if got, err := putTogether(t, &host{err: failed, bytes: 10}, time.Hour, 1, 20); !errors.Is(err, failed) || got != "3s: a" {
			t.Error(got, err)
		}
	})
}
