package delivery

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

var (
	east = target.Key{Account: "111122223333", Region: "eu-east-1"}
	west = target.Key{Account: "444455556666", Region: "eu-west-1"}
)

// several is an installation of several accounts: its own service, which has the state too, and those of its targets.
type several struct {
	*process
	services map[target.Key]*world
	paces    map[target.Key]*put.Pace
}

func newSeveral(t *testing.T, rate float64, keys ...target.Key) *several {
	s := &several{process: &process{t: t, w: newWorld(), name: "w"}, services: map[target.Key]*world{}, paces: map[target.Key]*put.Pace{}}
	for _, k := range keys {
		s.services[k], s.paces[k] = newWorld(), put.NewPace(rate)
	}
	s.services[target.Key{}] = s.w
	began := time.Now()
	now := func() time.Time { return newWorld().now.Add(time.Since(began)) }
	own := put.NewPace(rate)
	s.config = func(c *Config) {
		c.Clock, c.Pace, c.Observe = now, own, nil
		c.Targets = func(k target.Key) (Inventory, *put.Pace, error) {
			if s.paces[k] == nil {
				return nil, nil, errors.New("not served")
			}
			return s.services[k], s.paces[k], nil
		}
	}
	return s
}

// at makes a statement one about a node of a target.
func at(k target.Key, s *ledger.Statement) *ledger.Statement {
	s.Target = k
	return s
}

// fleet are statements about so many nodes of a target, from a number on.
func fleet(k target.Key, from, n int) []*ledger.Statement {
	var list []*ledger.Statement
	for i := range n {
		list = append(list, at(k, says(nodeID(from+i), "a", "1")))
	}
	return list
}

// nodes are those that each service was put to.
func (s *several) nodes() string {
	var words []string
	for _, k := range slices.SortedFunc(maps.Keys(s.services), target.Key.Compare) {
		for _, id := range slices.Sorted(maps.Keys(s.services[k].items)) {
			words = append(words, k.Account+" "+strings.TrimLeft(id[2:], "0"))
		}
	}
	return strings.Join(words, ", ")
}

// TestTargetsArePutToAtOnce: the slowest target decides how long it takes, not the sum.
func TestTargetsArePutToAtOnce(t *testing.T) {
	bubble(t, "60, 60 and 10 nodes", func(t *testing.T) {
		s := newSeveral(t, 1, east, west)
		began := time.Now()
		d := document{id: "1", at: -5, statements: slices.Concat(fleet(east, 100, 60), fleet(west, 200, 60), fleet(target.Key{}, 300, 10))}
		if got := s.deliver(d); got != "put=130" {
			t.Error(got)
		}
		if took := time.Since(began); took < 58*time.Second || took > 70*time.Second {
			t.Errorf("it took %s", took)
		}
	})
	bubble(t, "more than a batch", func(t *testing.T) {
		s := newSeveral(t, 1, east, west)
		s.paces[west] = put.NewPace(4)
		began := time.Now()
		d := document{id: "1", at: -5, statements: slices.Concat(fleet(east, 100, 150), fleet(west, 300, 500))}
		if got := s.deliver(d); got != "put=650" {
			t.Error(got)
		}
		if took := time.Since(began); took < 140*time.Second || took > 165*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

// TestEachTargetHasItsOwnNodes: what is stated goes to the service of the node's target, and types are asked for there.
func TestEachTargetHasItsOwnNodes(t *testing.T) {
	bubble(t, "own", func(t *testing.T) {
		s := newSeveral(t, 0, east, west)
		d := document{id: "1", at: -5, statements: slices.Concat(fleet(east, 1, 2), fleet(target.Key{}, 3, 1), fleet(west, 4, 1))}
		equal(t, "outcomes", s.deliver(d), "put=4")
		equal(t, "nodes", s.nodes(), " 3, 111122223333 1, 111122223333 2, 444455556666 4")
		equal(t, "target in the head", s.head().Nodes[nodeID(1)].Target(), east)
		equal(t, "target in the head", s.head().Nodes[nodeID(3)].Target(), target.Key{})
		for _, key := range []string{"types.json", "types/111122223333-eu-east-1.json", "types/444455556666-eu-west-1.json"} {
			if s.w.objects[key] == "" {
				t.Errorf("%s is not there", key)
			}
		}
		equal(t, "again", s.deliver(document{id: "2", at: -4, statements: d.statements}), "unchanged=4")
	})
}

// denied is how a call is answered whose role cannot be assumed.
func denied(string, int) error { return &smithy.GenericAPIError{Code: "ExpiredTokenException"} }

// TestATargetThatDoesNotAnswer holds up nobody else, and its nodes are put when it is back.
func TestATargetThatDoesNotAnswer(t *testing.T) {
	known := document{id: "1", at: -9, statements: slices.Concat(fleet(east, 1, 3), fleet(west, 4, 3))}
	changed := func() document {
		d := document{id: "2", at: -5, statements: slices.Concat(fleet(east, 1, 3), fleet(west, 4, 3))}
		for _, s := range d.statements {
			s.Types[0].Rows[0].Values[3] = "changed"
		}
		return d
	}
	ends := func(t *testing.T, s *several) {
		t.Helper()
		d, err := s.deliverer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		part, settled, err := d.Sweep(t.Context(), 0)
		if err != nil || part.Calls != 3 || len(settled) != 3 {
			t.Errorf("%d calls, %d settled, %v", part.Calls, len(settled), err)
		}
		for n := range 6 {
			k := map[bool]target.Key{true: east, false: west}[n < 3]
			equal(t, "node", s.services[k].holds(nodeID(n+1)), "Finding[a1changed] Summary[a:1/0]")
		}
	}
	bubble(t, "its role", func(t *testing.T) {
		s := newSeveral(t, 0, east, west)
		s.deliver(known)
		s.services[east].answer = denied
		part, err := s.try(t.Context(), changed())
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "outcomes", outcomes(part), "put=3 pending=3")
		for _, d := range part.Details {
			equal(t, "reason", d.Reason, "target-unreachable")
		}
		equal(t, "calls there", len(s.services[east].puts), 4) // one of them found it out
		s.services[east].answer = nil
		ends(t, s)
	})
	bubble(t, "it has left", func(t *testing.T) {
		s := newSeveral(t, 0, east, west)
		s.deliver(known)
		pace := s.paces[east]
		delete(s.paces, east)
		equal(t, "outcomes", s.deliver(changed()), "put=3 pending=3")
		plan := s.plan(document{id: "3", at: -4, statements: fleet(east, 1, 3)})
		equal(t, "plan", outcomes(plan), "pending=3")
		s.paces[east] = pace
		s.deliver(document{id: "4", at: -3, statements: changed().statements})
		for n := range 3 {
			equal(t, "node", s.services[east].holds(nodeID(n+1)), "Finding[a1changed] Summary[a:1/0]")
		}
	})
	bubble(t, "its nodes, when it is planned", func(t *testing.T) {
		s := newSeveral(t, 0, east, west)
		s.deliver(known)
		deliverer, err := s.deliverer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		part, err := deliverer.Plan(t.Context(), func() (ledger.Header, iter.Seq2[*statement, error], error) {
			h, statements, err := changed().open()
			h.Unreachable = []target.Key{east}
			return h, statements, err
		})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "plan", outcomes(part), "put=3 pending=3")
		equal(t, "calls", fmt.Sprint(part.Calls), "3")
	})
	bubble(t, "its role, which is not assumed at all", func(t *testing.T) {
		s := newSeveral(t, 0, east, west)
		s.deliver(known)
		s.services[east].answer = func(string, int) error {
			return &fault.Assuming{Err: &smithy.GenericAPIError{Code: "AccessDenied"}}
		}
		part, err := s.try(t.Context(), changed())
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "outcomes", outcomes(part), "put=3 pending=3")
		equal(t, "calls", fmt.Sprint(part.Calls), "3")
	})
	bubble(t, "its schemas", func(t *testing.T) {
		s := newSeveral(t, 1, east, west)
		s.paces[east] = put.NewPace(1)
		silent := &silentService{world: s.services[east], silent: true}
		before := s.config
		s.config = func(c *Config) {
			before(c)
			targets := c.Targets
			c.Targets = func(k target.Key) (Inventory, *put.Pace, error) {
				api, pace, err := targets(k)
				if k == east {
					api = silent
				}
				return api, pace, err
			}
		}
		began := time.Now()
		equal(t, "outcomes", s.deliver(changed()), "put=3 pending=3")
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("it took %s", took)
		}
		silent.silent = false
		ends(t, s)
	})
}

// silentService answers no question about types until its caller gives up.
type silentService struct {
	*world
	silent bool
}

func (s *silentService) GetInventorySchema(c ctx, in *schemaInput, o ...func(*options)) (*schemaOutput, error) {
	if !s.silent {
		return s.world.GetInventorySchema(c, in, o...)
	}
	<-c.Done()
	return nil, c.Err()
}

// TestOneTargetThatThrottles holds up nobody else.
func TestOneTargetThatThrottles(t *testing.T) {
	bubble(t, "throttled", func(t *testing.T) {
		s := newSeveral(t, 1, east, west)
		s.services[east].answer = func(string, int) error { return &smithy.GenericAPIError{Code: "ThrottlingException"} }
		began := time.Now()
		var last time.Time
		s.services[west].onPut = func() { last = time.Now() }
		d := document{id: "1", at: -5, statements: slices.Concat(fleet(east, 100, 60), fleet(west, 200, 180))}
		equal(t, "outcomes", s.deliver(d), "put=180 pending=60")
		if took := last.Sub(began); took > 190*time.Second {
			t.Errorf("the other one took %s", took)
		}
		if took := time.Since(began); took > 7*time.Minute {
			t.Errorf("all took %s", took)
		}
	})
}

// TestANodeThatIsFoundInAnotherTarget is put in full there.
func TestANodeThatIsFoundInAnotherTarget(t *testing.T) {
	bubble(t, "moved", func(t *testing.T) {
		s := newSeveral(t, 0, east, west)
		s.deliver(document{id: "1", at: -5, statements: fleet(east, 1, 1)})
		equal(t, "outcomes", s.deliver(document{id: "2", at: -4, statements: fleet(west, 1, 1)}), "put=1")
		equal(t, "nodes", s.nodes(), "111122223333 1, 444455556666 1")
	})
}

// TestNothingIsAbsentWhereNothingIsListed: a document proves nothing of nodes that could not be listed, nor of those that are no longer put to.
func TestNothingIsAbsentWhereNothingIsListed(t *testing.T) {
	bubble(t, "absence", func(t *testing.T) {
		s := newSeveral(t, 0, east, west)
		s.deliver(document{id: "1", at: -9, statements: slices.Concat(fleet(east, 1, 2), fleet(west, 3, 2), fleet(target.Key{}, 5, 2))})
		names := func(id string, at int, unreachable ...target.Key) string {
			deliverer, err := s.deliverer(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			part, _, err := deliverer.Deliver(t.Context(), absentIn(document{id: id, at: at, statements: fleet(target.Key{}, 5, 1)}, unreachable))
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(part.Absent)
		}
		delete(s.paces, west)
		equal(t, "one is not listed, one has left", names("2", -8, east), fmt.Sprint([]receipt.Absent{{Source: "a", Nodes: 2, Absent: 1}}))
		equal(t, "all are listed", names("3", -7), fmt.Sprint([]receipt.Absent{{Source: "a", Nodes: 4, Absent: 3, Elsewhere: map[string]int{east.String(): 2}}}))
	})
}

// absentIn opens a document that states all nodes of its source.
func absentIn(d document, unreachable []target.Key) Open {
	return func() (ledger.Header, iter.Seq2[*statement, error], error) {
		h, statements, err := d.open()
		h.Absence = &ledger.Absence{Stamp: ledger.Stamp{Captured: h.Written, Written: h.Written}, Sources: []string{"a"}, Named: &ledger.NamedIdentifiers{}}
		h.Unreachable = unreachable
		return h, statements, err
	}
}

// TestARollbackKeepsTheTarget: what is rolled back is put where the node is.
func TestARollbackKeepsTheTarget(t *testing.T) {
	bubble(t, "rollback", func(t *testing.T) {
		s := newSeveral(t, 0, east)
		s.deliver(document{id: "1", at: -9, statements: fleet(east, 1, 1)})
		s.deliver(document{id: "bad", at: -8, statements: []*statement{at(east, says(nodeID(1), "a", "9"))}})
		equal(t, "rolled back", s.rollBack("bad"), "put=1")
		equal(t, "node", s.services[east].holds(nodeID(1)), "Finding[a1] Summary[a:1/0]")
		equal(t, "the own service", len(s.w.puts), 0)
	})
}

// TestAllNodesWaitWhereTheAccountDoesNotAnswer: also those of later batches, and it is not asked for each.
func TestAllNodesWaitWhereTheAccountDoesNotAnswer(t *testing.T) {
	bubble(t, "own", func(t *testing.T) {
		s := newSeveral(t, 0)
		asked := 0
		before := s.config
		s.config = func(c *Config) {
			before(c)
			c.SSM, c.batch = &deniedService{s.w, &asked}, 2
		}
		equal(t, "outcomes", s.deliver(document{id: "1", at: -5, statements: fleet(target.Key{}, 1, 10)}), "pending=10")
		equal(t, "questions", asked, 3)
	})
}

// deniedService may not be asked about types.
type deniedService struct {
	*world
	asked *int
}

func (s *deniedService) GetInventorySchema(ctx, *schemaInput, ...func(*options)) (*schemaOutput, error) {
	*s.asked++
	return nil, &smithy.GenericAPIError{Code: "AccessDeniedException"}
}

// TestWhatNodesOfTargetsHeldIsKept: they are asked at once, and what is not asked ahead is asked when they are claimed.
func TestWhatNodesOfTargetsHeldIsKept(t *testing.T) {
	bubble(t, "adopted", func(t *testing.T) {
		s := newSeveral(t, 1, east, west)
		for k, from := range map[target.Key]int{east: 100, west: 200} {
			w := s.services[k]
			w.schemas = []types.InventoryItemSchema{{TypeName: aws.String("Custom:Finding"), Version: aws.String("1.0")}}
			w.found = map[string][]map[string]string{}
			for i := range 40 {
				w.found[nodeID(from+i)+" Custom:Finding"] = []map[string]string{{"Id": "old", "Source": "x"}}
			}
		}
		began := time.Now()
		equal(t, "outcomes", s.deliver(document{id: "1", at: -5, statements: slices.Concat(fleet(east, 100, 40), fleet(west, 200, 40))}), "put=80")
		if took := time.Since(began); took > 110*time.Second {
			t.Errorf("it took %s", took)
		}
		for k, from := range map[target.Key]int{east: 100, west: 200} {
			equal(t, "questions", s.services[k].listed, 40)
			for i := range 40 {
				equal(t, "node", s.services[k].holds(nodeID(from+i)), "Finding[a1 xold] Summary[a:1/0 found:1/0]")
			}
		}
	})
}
