package bridge

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// lockedShelf is a shelf for several at once; each call takes a moment, so that they come between each other.
type lockedShelf struct {
	mu     sync.Mutex
	random *rand.Rand
	shelf
}

func (s *lockedShelf) moment() {
	s.mu.Lock()
	d := time.Duration(s.random.IntN(1000)) * time.Microsecond
	s.mu.Unlock()
	time.Sleep(d)
}

func (s *lockedShelf) Get(ctx context.Context, key string) ([]byte, string, error) {
	s.moment()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shelf.Get(ctx, key)
}

func (s *lockedShelf) Put(ctx context.Context, key string, data []byte, condition string) (string, error) {
	s.moment()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shelf.Put(ctx, key, data, condition)
}

func (s *lockedShelf) Delete(ctx context.Context, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shelf.Delete(ctx, key)
}

func (s *lockedShelf) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		s.mu.Lock()
		var keys []string
		for key := range s.shelf.List(ctx, prefix) {
			keys = append(keys, key)
		}
		s.mu.Unlock()
		for _, key := range keys {
			if !yield(key, nil) {
				return
			}
		}
	}
}

// slowSSM is the service whose puts take a moment.
type slowSSM struct {
	SSM
	shelf *lockedShelf
}

func (s slowSSM) PutInventory(ctx context.Context, in *ssm.PutInventoryInput, o ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error) {
	s.shelf.moment()
	out, err := s.SSM.PutInventory(ctx, in, o...)
	s.shelf.moment()
	return out, err
}

// rounds is how many rounds are played: INVBRIDGE_ROUNDS, else few.
func rounds(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("INVBRIDGE_ROUNDS"))
	switch {
	case err == nil:
		return n
	case testing.Short():
		return 50
	}
	return 500
}

// TestThreeWritersOfTheSameNodes has two delivery processes and a command line deliver to the same nodes at the same time, each for a
// source of its own: after each round no source's row is lost, and after a sweep every node holds what all three said last.
func TestThreeWritersOfTheSameNodes(t *testing.T) {
	n := rounds(t)
	const perBubble = 50
	for first := 0; first < n; first += perBubble {
		synctest.Test(t, func(t *testing.T) { playRounds(t, first, min(perBubble, n-first)) })
	}
	t.Logf("%d rounds", n)
}

func playRounds(t *testing.T, first, n int) {
	t.Helper()
	shelf := &lockedShelf{random: rand.New(rand.NewPCG(uint64(first), 9)), shelf: shelf{}}
	r := newVirtualRig(t, 4, shelf, 3)
	r.config.SSM = slowSSM{r.config.SSM, shelf}
	r.config.NodesFor = time.Hour
	writers := []*Bridge{r.alive("delivery-1"), r.alive("delivery-2"), r.alive("command line")}
	for round := first; round < first+n; round++ {
		r.round(writers, round)
		for node := range 2 {
			id := nodeID(node + 1)
			if got, want := r.shares(id), fmt.Sprintf("estate:a,f%d list:l%d tags:t%d", round, round, round); got != want {
				t.Fatalf("round %d: the ledger says of %s %q, want %q", round, id, got, want)
			}
			want := strings.Fields(fmt.Sprintf("a f%d l%d t%d", round, round, round))
			if got := strings.Fields(r.values(id, "Custom:Tag", "Name")); !slices.Equal(got, want) {
				t.Fatalf("round %d: %s holds %q, want %q", round, id, got, want)
			}
		}
	}
}

// alive makes a bridge of a process that is known to live.
func (r *rig) alive(name string) *Bridge {
	c := r.config
	c.Writer, c.Alive = name, func(string) bool { return true }
	return New(c)
}

// round lets the three speak at once, and sweeps.
func (r *rig) round(writers []*Bridge, round int) {
	r.t.Helper()
	at := time.Since(start)
	docs := []func(*Bridge) error{
		func(b *Bridge) error {
			return entrances()[1].take(r, b, tagged("f", at, "web-1,a,1", fmt.Sprintf("web-1,f%d,1", round), "web-2,a,1", fmt.Sprintf("web-2,f%d,1", round)))
		},
		func(b *Bridge) error {
			stamp := time.Now().UTC().Format(time.RFC3339Nano)
			var lines []string
			for _, host := range []string{"web-1", "web-2"} {
				lines = append(lines, fmt.Sprintf(`{"tagHost":%q,"tag":"t%d","value":"1","at":%q}`, host, round, stamp))
				if round > 0 {
					lines = append(lines, fmt.Sprintf(`{"tagHost":%q,"tag":"t%d","at":%q,"gone":"true"}`, host, round-1, stamp))
				}
			}
			return entrances()[1].take(r, b, text("e", strings.Join(lines, "\n"), at))
		},
		func(b *Bridge) error {
			return entrances()[0].take(r, b, listed("l", at, fmt.Sprintf("web-1,l%d", round), fmt.Sprintf("web-2,l%d", round)))
		},
	}
	var all sync.WaitGroup
	for i, doc := range docs {
		all.Go(func() {
			if err := doc(writers[i]); err != nil {
				r.t.Errorf("round %d: %v", round, err)
			}
		})
	}
	all.Wait()
	time.Sleep(5 * time.Minute) // claims run out
	if s, err := writers[0].Sweep(r.t.Context()); err != nil || s.Open > 0 {
		r.t.Fatalf("round %d: %d open, %v", round, s.Open, err)
	}
}

// shares is what the ledger says that each source states of a node: "source:name,name".
func (r *rig) shares(id string) string {
	r.t.Helper()
	h, err := r.config.Ledger.Load(r.t.Context(), r.config.Ledger.Partition(id))
	if err != nil || h.Nodes[id] == nil {
		r.t.Fatal("the ledger does not know the node", err)
	}
	tag, _ := r.config.Mappings.Type("Custom:Tag")
	var all []string
	for source, share := range h.Nodes[id].Type("Custom:Tag").Shares {
		rows := &ledger.Rows{}
		if share.Rows != "" {
			rows, err = r.config.Ledger.ReadRows(r.t.Context(), h, tag.Inventory, share.Rows)
			if err != nil {
				r.t.Fatal(err)
			}
		}
		var names []string
		for _, row := range rows.Rows {
			names = append(names, row[0])
		}
		all = append(all, source+":"+strings.Join(names, ","))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}
