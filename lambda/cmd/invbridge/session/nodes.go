package session

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/nodefile"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// readers is how many objects of a data sync are read at once.
const readers = 16

// readNodes reads the managed nodes that the flag names: a file, or a data sync's objects in a directory or under a prefix in S3.
func (s *Session) readNodes(ctx context.Context, set *mapping.Set, of *target.Set) (*node.Directory, error) {
	url, isS3 := strings.CutPrefix(s.Nodes, "s3://")
	if !isS3 {
		return ReadNodes(ctx, s.Nodes, set, of)
	}
	bucket, prefix, _ := strings.Cut(url, "/")
	clients, err := s.Clients(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := matchingKeys(ctx, clients.S3, bucket, prefix)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Nodes, err)
	}
	return nodesOf(ctx, set, of, s.Nodes, keys, func(ctx context.Context, key string) (io.ReadCloser, error) {
		out, err := clients.S3.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
		if err != nil {
			return nil, err
		}
		return out.Body, nil
	})
}

// ReadNodes reads a file of managed nodes, or a directory with a copy of a data sync's objects. Identifiers that the files of mappings list
// as shared do not distinguish them. Nodes are of the targets of; nil: all are of one account and region.
func ReadNodes(ctx context.Context, path string, set *mapping.Set, of *target.Set) (*node.Directory, error) {
	whole, err := filepath.Abs(path) // its folders are a part of what an object says
	if err != nil {
		return nil, err
	}
	var files []string
	err = filepath.WalkDir(whole, func(file string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, filepath.ToSlash(file))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return nodesOf(ctx, set, of, path, files, func(_ context.Context, name string) (io.ReadCloser, error) { return os.Open(filepath.FromSlash(name)) })
}

// nodesOf reads what was found at a place: one file of nodes, or objects of a data sync among others.
func nodesOf(ctx context.Context, set *mapping.Set, of *target.Set, place string, names []string, open func(context.Context, string) (io.ReadCloser, error)) (*node.Directory, error) {
	many := bridge.SharedValues(set)
	if len(names) == 1 && !nodefile.IsSyncKey(names[0]) {
		body, err := open(ctx, names[0])
		if err != nil {
			return nil, err
		}
		defer func() { _ = body.Close() }() // it was read
		if of != nil {
			return named(place)(node.ParseFileOf(of, body, many...))
		}
		return named(place)(node.ParseFile(body, many...))
	}
	objects, err := readSync(ctx, names, open)
	if err != nil {
		return nil, err
	}
	list := func() (*node.Directory, error) { return node.FromSync(objects, many...) }
	if of != nil {
		list = func() (*node.Directory, error) { return node.FromSyncOf(of, objects, many...) }
	}
	d, err := named(place)(list())
	if err == nil && d.Len() == 0 {
		err = fmt.Errorf("%s: no managed node: expected objects as AWS:InstanceInformation/accountid=…/region=…/resourcetype=…/i-….json", place)
	}
	return d, err
}

// named puts a place before an error.
func named(place string) func(*node.Directory, error) (*node.Directory, error) {
	return func(d *node.Directory, err error) (*node.Directory, error) {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place, err)
		}
		return d, nil
	}
}

// readSync reads those objects of a data sync that say something of a node itself, several at once. The first error ends it.
func readSync(ctx context.Context, names []string, open func(context.Context, string) (io.ReadCloser, error)) (*nodefile.Sync, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	objects, left := nodefile.NewSync(), make(chan string)
	var working sync.WaitGroup
	for range readers {
		working.Go(func() {
			for name := range left {
				if err := readObject(ctx, objects, name, open); err != nil {
					stop(fmt.Errorf("%s: %w", name, err))
				}
			}
		})
	}
	for _, name := range names {
		if objects.Wants(name) && ctx.Err() == nil {
			left <- name
		}
	}
	close(left)
	working.Wait()
	return objects, context.Cause(ctx)
}

func readObject(ctx context.Context, to *nodefile.Sync, name string, open func(context.Context, string) (io.ReadCloser, error)) error {
	body, err := open(ctx, name)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }() // it was read
	return to.Read(name, body)
}
