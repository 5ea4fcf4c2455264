// Package organization is a local AWS of many accounts and regions on one endpoint: a sandbox for each, STS with a role in each account, and
// the units of Organizations. It knows these services from outside, as package sandbox does Systems Manager; it does not know who uses them.
//
// Who calls is read from the signature: an access key that STS gave out is of the account of its role, every other one of the caller's own
// account, and the region is that of the signature's scope. S3 is the own account's alone.
package organization

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/nodefile"
	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// Place is an account and a region.
type Place struct{ Account, Region string }

func (p Place) compare(other Place) int {
	return cmp.Or(strings.Compare(p.Account, other.Account), strings.Compare(p.Region, other.Region))
}

// What holds where a Config says nothing else.
const (
	DefaultRole       = "InventoryBridgeTarget"
	DefaultExternalID = "sandbox"
	defaultAccount    = "123456789012"
	defaultRegion     = "us-east-1"
)

// Config is what an organization holds at its start.
type Config struct {
	Own        sandbox.Config                  // of the caller's own account and region; the others have its clock, switches, faults and rate, each its own
	Nodes      map[Place][]sandbox.ManagedNode // of other accounts and regions
	Role       string                          // name of the role in each account; "": DefaultRole
	ExternalID string                          // that the roles' trust asks for; "": DefaultExternalID
	Units      []Unit
}

// Unit is an organizational unit, or the root.
type Unit struct {
	ID, Parent string // no parent: nobody lists it below another
	Accounts   []string
}

// ParseNodes reads a list of managed nodes as sandbox.ParseNodes does, with columns or members Account and Region. Where they are empty,
// the node is of the place own.
func ParseNodes(r io.Reader, own Place) (map[Place][]sandbox.ManagedNode, error) {
	nodes := map[Place][]sandbox.ManagedNode{}
	err := nodefile.Parse(r, func(rec nodefile.Record) string {
		n, err := sandbox.NodeOf(rec)
		at := Place{cmp.Or(rec.Account, own.Account), cmp.Or(strings.ToLower(rec.Region), own.Region)}
		switch {
		case err != nil:
			return err.Error()
		case !regionPattern().MatchString(at.Region):
			return "Region must be one such as eu-central-1"
		}
		nodes[at] = append(nodes[at], n)
		return ""
	})
	return nodes, err
}

var regionPattern = regular.Expression(`^[a-z]{2}(-[a-z]+)+-\d$`)

// Organization is all accounts with their state. It is an http.Handler and safe for concurrent use.
type Organization struct {
	config Config
	own    Place

	offset atomic.Int64 // what has been added to the clock of all; the sandboxes ask for the time whoever holds the lock

	mu       sync.Mutex
	places   map[Place]*sandbox.Sandbox
	accounts map[string]*account
	off      map[Place]bool      // regions that are off in an account
	sessions map[string]*session // by access key
	refusals []*Refusal
	calls    map[string]int // of STS and Organizations, by operation
}

// account is what an account is besides its nodes.
type account struct {
	suspended  bool
	revoked    bool   // its role is deleted
	externalID string // that its role's trust asks for; "": the usual one
}

// New makes an organization.
func New(c Config) (*Organization, error) {
	c.Own.Account, c.Own.Region = cmp.Or(c.Own.Account, defaultAccount), cmp.Or(c.Own.Region, defaultRegion)
	c.Role, c.ExternalID = cmp.Or(c.Role, DefaultRole), cmp.Or(c.ExternalID, DefaultExternalID)
	if c.Own.Clock == nil {
		c.Own.Clock = time.Now
	}
	o := &Organization{
		config: c, own: Place{c.Own.Account, c.Own.Region}, places: map[Place]*sandbox.Sandbox{}, accounts: map[string]*account{},
		off: map[Place]bool{}, sessions: map[string]*session{}, calls: map[string]int{},
	}
	for _, u := range c.Units {
		for _, id := range u.Accounts {
			o.account(id)
		}
	}
	own := append(slices.Clone(c.Own.Nodes), c.Nodes[o.own]...)
	if err := o.begin(o.own, own); err != nil {
		return nil, err
	}
	for _, at := range slices.SortedFunc(maps.Keys(c.Nodes), Place.compare) {
		if at == o.own {
			continue
		}
		if err := o.begin(at, c.Nodes[at]); err != nil {
			return nil, fmt.Errorf("%w (of %s in %s)", err, at.Account, at.Region)
		}
	}
	return o, nil
}

// begin makes the sandbox of a place.
func (o *Organization) begin(at Place, nodes []sandbox.ManagedNode) error {
	c := o.config.Own
	c.Account, c.Region, c.Nodes, c.Clock = at.Account, at.Region, nodes, o.Now
	c.Seed += int64(len(o.places)) // faults of one are no copy of another's
	if at != o.own {
		c.Objects = ""
	}
	s, err := sandbox.New(c)
	if err != nil {
		return err
	}
	o.places[at] = s
	o.account(at.Account)
	return nil
}

// account returns what is known of an account, which is made where it is new.
func (o *Organization) account(id string) *account {
	if o.accounts[id] == nil {
		o.accounts[id] = &account{}
	}
	return o.accounts[id]
}

// Now is the time of all accounts: the configured clock and all that Advance has added. One account's may be ahead.
func (o *Organization) Now() time.Time {
	return o.config.Own.Clock().Add(time.Duration(o.offset.Load())).UTC()
}

// Advance moves the clock of all accounts forward, which sessions end by, too.
func (o *Organization) Advance(d time.Duration) { o.offset.Add(int64(d)) }

// Transport sends requests to the organization in this process, as that of one sandbox does.
func (o *Organization) Transport() http.RoundTripper { return sandbox.Transport(o) }

// At returns the sandbox of a place, an empty one where nothing is there yet.
func (o *Organization) At(at Place) *sandbox.Sandbox {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.at(at)
}

func (o *Organization) at(at Place) *sandbox.Sandbox {
	if o.places[at] == nil {
		// Only nodes and objects can be wrong, and there are none.
		if err := o.begin(at, nil); err != nil {
			panic(err)
		}
	}
	return o.places[at]
}

// ServeHTTP answers the hooks, STS, Organizations and, each in its account and region, inventory calls; S3 in the own account.
func (o *Organization) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation := r.Header.Get("X-Amz-Target")
	switch {
	case strings.HasPrefix(r.URL.Path, sandbox.HookPrefix):
		o.serveHook(w, r)
	case strings.HasPrefix(operation, unitsPrefix):
		o.serveUnits(w, r)
	case r.Method == http.MethodPost && r.URL.Path == "/" && strings.HasPrefix(r.Header.Get("Content-Type"), formContentType):
		o.serveTokens(w, r)
	case operation != "":
		o.serveInventory(w, r)
	default:
		o.serveObjects(w, r)
	}
}
