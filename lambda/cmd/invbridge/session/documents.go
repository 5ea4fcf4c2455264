package session

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// Documents opens what the arguments name: paths, directories, standard input, objects and prefixes. The caller calls done.
func (s *Session) Documents(ctx context.Context, args []string) (docs []intake.Document, done func(), err error) {
	if len(args) == 0 {
		return nil, nil, UsageError("name at least one FILE: a path, a directory, -, or s3://bucket/key")
	}
	as, err := s.subject()
	if err != nil {
		return nil, nil, err
	}
	var closers []func() error
	done = func() {
		for _, c := range closers {
			_ = c() // a temporary copy: the system removes what could not be
		}
	}
	for _, arg := range args {
		sources, err := s.sources(ctx, arg)
		if err != nil {
			done()
			return nil, nil, err
		}
		for _, src := range sources {
			closers = append(closers, src.Source.Close)
			src.As, src.Delivery.Declared = as, s.Mapping
			docs = append(docs, src)
		}
	}
	return docs, done, nil
}

func (s *Session) sources(ctx context.Context, arg string) ([]intake.Document, error) {
	switch {
	case arg == "-":
		src, err := document.Stdin(s.In, document.Limits{})
		return []intake.Document{{Source: src, Delivery: choose.Origin{Local: true}}}, err
	case strings.HasPrefix(arg, "s3://"):
		return s.objectSources(ctx, arg)
	}
	info, err := os.Stat(arg)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return localSource(nil, arg)
	}
	return directory(arg)
}

func localSource(list []intake.Document, path string) ([]intake.Document, error) {
	src, err := document.File(path)
	return append(list, intake.Document{Source: src, Delivery: choose.Origin{Local: true}}), err
}

// directory returns every file below a directory, except those whose names begin with a dot.
func directory(root string) (list []intake.Document, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if hidden := strings.HasPrefix(d.Name(), ".") && path != root; hidden {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.Type().IsRegular() {
			list, err = localSource(list, path)
		}
		return err
	})
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("%s holds no files", root)
	}
	return list, err
}

// objectSources returns the object of that name or, where there is none, all objects under the prefix.
func (s *Session) objectSources(ctx context.Context, url string) ([]intake.Document, error) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(url, "s3://"), "/")
	clients, err := s.Clients(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := matchingKeys(ctx, clients.S3, bucket, key)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", url, err)
	}
	var list []intake.Document
	for _, k := range keys {
		src, err := document.Object(ctx, clients.S3, bucket, k, "")
		if err != nil {
			return nil, err
		}
		list = append(list, intake.Document{Source: src, Delivery: choose.Origin{Bucket: bucket, Key: k, Local: true}})
	}
	return list, nil
}

func matchingKeys(ctx context.Context, api *s3.Client, bucket, prefix string) ([]string, error) {
	var keys []string
	pages := s3.NewListObjectsV2Paginator(api, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, o := range page.Contents {
			key := aws.ToString(o.Key)
			if key == prefix {
				return []string{key}, nil
			}
			if !strings.HasSuffix(key, "/") {
				keys = append(keys, key)
			}
		}
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("no such object, and nothing under that prefix")
	}
	return keys, nil
}

// subject is the machine that --as names.
func (s *Session) subject() (node.Subject, error) {
	var m node.Subject
	kinds := map[string]*[]string{"nodeId": &m.NodeID, "hostname": &m.Hostname, "serial": &m.Serial, "ip": &m.IP, "mac": &m.MAC}
	for _, as := range s.As {
		kind, value, ok := strings.Cut(as, "=")
		if !ok || kinds[kind] == nil || value == "" {
			return m, UsageError(fmt.Sprintf("--as %s: must be nodeId=…, hostname=…, serial=…, ip=… or mac=…", kind))
		}
		*kinds[kind] = append(*kinds[kind], value)
	}
	return m, nil
}

// Document opens the one document that an argument names.
func (s *Session) Document(ctx context.Context, from string) (intake.Document, error) {
	list, err := s.sources(ctx, from)
	switch {
	case err != nil:
		return intake.Document{}, err
	case len(list) != 1:
		for _, d := range list {
			err = errors.Join(err, d.Source.Close())
		}
		return intake.Document{}, errors.Join(fmt.Errorf("%s holds %d files: name one of them", strings.TrimSuffix(from, "/"), len(list)), err)
	}
	return list[0], nil
}
