package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/listed"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/named"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/pack"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

const (
	installationKey = "installation.json"
	headPrefix      = "heads/"
	packPrefix      = "packs/"
	parkedPrefix    = "parked/"
	stagingPrefix   = "staging/"
	writersPrefix   = "writers/" // in a directory
	// Restore is what a person can do about what the store may have older versions of.
	Restore = "restore it from the store's history: invbridge state repair"
)

// isBlock reports whether an object is one that heads reference.
func isBlock(key string) bool {
	return strings.HasPrefix(key, packPrefix) || strings.HasPrefix(key, "rows/") || strings.HasPrefix(key, "scopes/")
}

// way is what a person can do about an object that is damaged, by what its key begins with.
func way(key string) string {
	for _, w := range [][2]string{
		{"types", "nothing: it is made anew when a type is put, from what the account has"},
		{"unnamed.json", "nothing: the sweep makes it anew"},
		{listed.TargetsKey, "nothing: the sweep makes it anew"},
		{listed.Prefix, "nothing: the sweep lists the nodes anew"},
		{parkedPrefix, Restore + "; or delete it, and hand the source's last document in again"},
		{stagingPrefix, "nothing where its import is complete (invbridge receipt IMPORT); else hand the document in again"},
		{"receipts/", "nothing: no node's inventory depends on it"},
	} {
		if strings.HasPrefix(key, w[0]) {
			return w[1]
		}
	}
	return Restore
}

// object looks at an object that can be judged by itself. Heads, and what they reference, are looked at together.
func (c *check) object(ctx context.Context, key string) error {
	var judge func([]byte) error
	switch {
	case key == installationKey, strings.HasPrefix(key, headPrefix), isBlock(key), strings.HasPrefix(key, "rejected/"),
		strings.HasPrefix(key, "receipts/") && strings.HasSuffix(key, ".html"),   // a page is made of the receipt beside it
		strings.HasPrefix(key, writersPrefix) && strings.HasSuffix(key, ".lock"): // of a command that is at work, or was killed
		return nil
	case strings.HasPrefix(key, parkedPrefix) && !strings.HasSuffix(key, "/index.json"):
		return c.parked(ctx, key)
	case key == "types.json", strings.HasPrefix(key, ledger.TypesPrefix):
		return c.types(ctx, key)
	case strings.HasPrefix(key, listed.Prefix):
		judge = func(data []byte) error {
			_, err := listed.In(c.Store).Decode(data)
			return err
		}
	case key == "unnamed.json", key == listed.TargetsKey, strings.HasPrefix(key, parkedPrefix):
		judge = sealed
	case strings.HasPrefix(key, stagingPrefix):
		judge = staged(key)
	case strings.HasPrefix(key, "receipts/"):
		judge = func(data []byte) error {
			if !json.Valid(data) {
				return errors.New("it is no JSON")
			}
			return nil
		}
	default:
		c.found(Finding{Object: key, Kind: Unknown, Problem: "no object of a state is called so", Do: "delete it, if it is not yours"})
		return nil
	}
	data, _, err := c.Store.Get(ctx, key)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil // it was deleted meanwhile
	}
	if err != nil {
		return err
	}
	c.judged(key, judge(data))
	return nil
}

func (c *check) judged(key string, err error) {
	if err != nil {
		c.found(Finding{Object: key, Kind: Damaged, Problem: err.Error(), Do: way(key)})
	}
}

// sealed judges JSON with a checksum.
func sealed(data []byte) error {
	var v map[string]any
	has, err := seal.Read(data, &v)
	if err == nil && !has && seal.Version(data) >= ledger.Version {
		err = seal.ErrDamaged
	}
	return err
}

// staged returns what judges a staged object.
func staged(key string) func([]byte) error {
	if strings.HasSuffix(key, "/named") {
		return func(data []byte) error {
			if _, ok := named.Decode(data); !ok {
				return errors.New("it is damaged, or of another version of this program")
			}
			return nil
		}
	}
	return func(data []byte) error {
		h, list, err := ledger.ReadDelivery(bytes.NewReader(data))
		if err == nil {
			err = drained(list)
		}
		if want := fmt.Sprintf("%s%s/%d", stagingPrefix, h.Import, h.Partition); err == nil && want != key {
			err = errors.New("it is of another import or partition")
		}
		return err
	}
}

func drained(list iter.Seq2[*ledger.Statement, error]) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *check) parked(ctx context.Context, key string) error {
	if c.ledger == nil {
		return nil
	}
	_, list, err := c.ledger.ReadParked(ctx, ledger.ParkedKey{Object: key})
	if err == nil {
		err = drained(list)
	}
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	if _, isDamaged := errors.AsType[*ledger.FormatError](err); !isDamaged {
		return err
	}
	c.judged(key, err)
	return nil
}

func (c *check) types(ctx context.Context, key string) error {
	if c.ledger == nil {
		return nil
	}
	var of target.Key
	if name, isTarget := strings.CutPrefix(key, ledger.TypesPrefix); isTarget {
		of.Account, of.Region, _ = strings.Cut(strings.TrimSuffix(name, ".json"), "-")
	}
	_, err := c.ledger.KnownTypes(ctx, of)
	damage, isDamaged := errors.AsType[*ledger.FormatError](err)
	if !isDamaged {
		return err
	}
	kind := Damaged
	if strings.Contains(damage.Problem, "another installation") {
		kind = Foreign
	}
	c.found(Finding{Object: key, Kind: kind, Problem: damage.Problem, Do: way(key)})
	return nil
}

// packed judges a pack.
func packed(key string, data []byte) error {
	_, err := pack.Decode(key, data)
	return err
}

func collect[T any](list iter.Seq2[T, error]) (all []T, err error) {
	for one, err := range list {
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}
