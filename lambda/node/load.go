package node

import (
	"context"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/listing"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/subject"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// API is what the directory needs of Systems Manager. Rate limits and retries are the client's.
type API = listing.API

// Options are what Load asks for besides names, addresses and states.
type Options struct {
	// Tags are the tags whose nodes have to be known, values by key: those of Rules.AllowTags. Each value costs a call.
	// Tags that documents name are looked up one by one: see Asker.
	Tags map[string][]string

	Shared []identifier.SharedValue // values that many machines have, beside those of the built-in table
}

// Load reads the directory from the service: what DescribeInstanceInformation lists, and the stopped nodes that it omits out of the
// inventory type AWS:InstanceInformation. A page may be empty and yet not the last; a token that is absent or empty ends.
func Load(ctx context.Context, api API, options Options) (*Directory, error) {
	return new(Builder).Load(ctx, api, options)
}

// Load adds the nodes of the installation's own account and region, and returns the directory.
func (b *Builder) Load(ctx context.Context, api API, options Options) (*Directory, error) {
	nodes, err := listing.All(ctx, api)
	if err != nil {
		return nil, err
	}
	for i := range nodes {
		b.Add(&nodes[i])
	}
	d := b.Directory(options.Shared)
	for _, t := range TagList(options.Tags) {
		if err := d.askTag(ctx, api, target.Key{}, t); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// TagList returns tags by their keys.
func TagList(tags map[string][]string) []listing.Tag {
	var list []listing.Tag
	for _, key := range subject.TagKeys(tags) {
		for _, value := range tags[key] {
			list = append(list, listing.Tag{Key: key, Value: value})
		}
	}
	return list
}

// askTag learns which nodes of a target have a tag. The tags go into the index only: a node's own Tags are those of a file, which are whole.
func (d *Directory) askTag(ctx context.Context, api API, of target.Key, t listing.Tag) error {
	if d.askedOf(of).tags[t] {
		return nil
	}
	ids, err := listing.WithTag(ctx, api, t)
	if err != nil {
		return err
	}
	d.learnTag(of, t, ids)
	return nil
}

func (d *Directory) learnTag(of target.Key, t listing.Tag, ids []string) {
	at := d.ofTarget(ids, of)
	slices.Sort(at)
	for _, i := range at {
		d.addTag(t, i)
	}
	d.askedOf(of).tags[t] = true
}
