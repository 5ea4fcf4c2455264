// Package listed knows what is stored of the accounts and regions beside the installation's own: targets.json, which is what the sweep knows of each,
// and directory/<account>-<region>, the nodes that it listed there last. It does not know how they are listed, nor what a node is.
package listed

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/codec"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/frame"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/store"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// TargetsKey is where what is known of the targets is stored.
const TargetsKey = "targets.json"

// Prefix is what the keys of all targets' nodes begin with.
const Prefix = "directory/"

// version is that of what is stored here.
const version = 1

// Targets are all targets that the installation has, or had, by account and region.
type Targets struct {
	Version int        `json:"version"`
	Own     target.Key `json:"own,omitzero"` // account and region of the installation
	Targets []State    `json:"targets"`
	// Asked is when the organization said last which accounts it has; zero: never, or there is none.
	Asked time.Time `json:"asked,omitzero"`

	etag string
}

// State is what is known of a target.
type State struct {
	target.Target
	Since  time.Time `json:"since"`           // when it was first seen in the file or the organization
	Listed time.Time `json:"listed,omitzero"` // when its nodes were listed last; zero: never
	Nodes  int       `json:"nodes"`           // how many there were

	Unreachable string    `json:"unreachable,omitempty"` // why they could not be listed, as the service's code; "": they could
	Down        time.Time `json:"down,omitzero"`         // since when
	Tried       time.Time `json:"tried,omitzero"`        // when they could not be listed last
	Left        time.Time `json:"left,omitzero"`         // when it was no longer in the file, nor found in the organization; zero: it is
	Found       bool      `json:"found,omitempty"`       // in the organization
}

// Find returns what is known of a target; nil: nothing.
func (t *Targets) Find(k target.Key) *State {
	for i := range t.Targets {
		if t.Targets[i].Key == k {
			return &t.Targets[i]
		}
	}
	return nil
}

// IsOf returns an error where the targets are those of an installation with another own account and region, and notes which it is. The state names
// nodes of its own without these, so with those of another one they would be other nodes.
func (t *Targets) IsOf(own target.Key) error {
	switch {
	case own.Account == "" || own.Region == "": // it is not known
	case t.Own.IsOwn():
		t.Own = own
	case t.Own != own:
		return fmt.Errorf("listed: the state is that of an installation in %s, and the credentials and region in use are those of %s: "+
			"use the installation's own, or delete %s where it has moved", t.Own, own, TargetsKey)
	}
	return nil
}

// Shard is the nodes of a target as they were listed last.
type Shard struct {
	Version int `json:"version"`
	target.Key
	Tags  [][2]string `json:"tags,omitempty"` // that are known of the nodes, key and value
	Nodes []byte      `json:"-"`
}

// ErrDamaged is returned for an object that is not what was stored.
var ErrDamaged = errors.New("listed: it is damaged, or of another version of this program")

// Objects are what is stored. They are safe for use by several goroutines.
type Objects struct {
	store store.Store
	zip   *codec.Codec
}

// In returns the objects of a state.
func In(s store.Store) *Objects { return &Objects{s, codec.New()} }

// Targets reads what is known of the targets. Where nothing is, or it is damaged, that is nothing: the sweep lists them anew.
func (o *Objects) Targets(ctx context.Context) (*Targets, error) {
	data, etag, err := o.store.Get(ctx, TargetsKey)
	if errors.Is(err, store.ErrNotFound) {
		return &Targets{etag: store.Absent}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listed: reading %s: %w", TargetsKey, err)
	}
	t := &Targets{}
	sealed, err := seal.Read(data, t)
	if err != nil || !sealed || t.Version != version {
		t = &Targets{}
	}
	t.etag = etag
	return t, nil
}

// SaveTargets stores what is known of the targets. store.ErrConflict: somebody else has.
func (o *Objects) SaveTargets(ctx context.Context, t *Targets) (err error) {
	t.Version = version
	t.etag, err = seal.Put(ctx, o.store, TargetsKey, t, t.etag)
	return err
}

// Key is where the nodes of a target are stored.
func Key(k target.Key) string { return Prefix + k.Account + "-" + k.Region }

// Shard reads the nodes of a target. The error is store.ErrNotFound where none are stored, and ErrDamaged.
func (o *Objects) Shard(ctx context.Context, k target.Key) (*Shard, error) {
	data, _, err := o.store.Get(ctx, Key(k))
	if err != nil {
		return nil, fmt.Errorf("listed: reading the nodes of %s: %w", k, err)
	}
	s, err := o.Decode(data)
	if err == nil && s.Key != k {
		err = ErrDamaged
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Key(k), err)
	}
	return s, nil
}

// Decode reads a stored object.
func (o *Objects) Decode(data []byte) (*Shard, error) {
	data, err := o.zip.Expand(data)
	if err != nil {
		return nil, ErrDamaged
	}
	in := bufio.NewReader(bytes.NewReader(data))
	head, err := frame.Read(in)
	if err != nil {
		return nil, ErrDamaged
	}
	s := &Shard{}
	if err := json.NewDecoder(strings.NewReader(head)).Decode(s); err != nil || s.Version != version {
		return nil, ErrDamaged
	}
	nodes, err := frame.Read(in)
	if err != nil {
		return nil, ErrDamaged
	}
	s.Nodes = []byte(nodes)
	return s, nil
}

// PutShard stores the nodes of a target.
func (o *Objects) PutShard(ctx context.Context, s *Shard) error {
	s.Version = version
	head, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("listed: %w", err)
	}
	var body bytes.Buffer
	if err := errors.Join(frame.Write(&body, head), frame.Write(&body, s.Nodes)); err != nil {
		return err
	}
	data, err := o.zip.Compress(body.Bytes())
	if err != nil {
		return err
	}
	if _, err := o.store.Put(ctx, Key(s.Key), data, store.Any); err != nil {
		return fmt.Errorf("listed: storing the nodes of %s: %w", s.Key, err)
	}
	return nil
}
