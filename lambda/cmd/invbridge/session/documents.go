package session

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// Documents opens what the arguments name: paths, directories, standard input, objects and prefixes.
func (s *Session) Documents(ctx context.Context, args []string) ([]intake.Document, error) {
	if len(args) == 0 {
		return nil, UsageError("name at least one FILE: a path, a directory, -, or s3://bucket/key")
	}
	if s.AsOf != "" && s.AsOf != "now" {
		return nil, UsageError("--as-of takes now: a document has its own time else")
	}
	as, err := s.subject()
	if err != nil {
		return nil, err
	}
	var docs []intake.Document
	for _, arg := range args {
		opened, err := s.sources(ctx, arg)
		if err != nil {
			return nil, err
		}
		for _, d := range opened {
			d.As, d.Delivery.Declared, d.AsOf = as, s.Mapping, s.AsOf != ""
			docs = append(docs, d)
		}
	}
	return docs, nil
}

// Document opens the one document that an argument names.
func (s *Session) Document(ctx context.Context, arg string) (intake.Document, error) {
	list, err := s.sources(ctx, arg)
	if err == nil && len(list) != 1 {
		err = fmt.Errorf("%s holds %d files: name one of them", strings.TrimSuffix(arg, "/"), len(list))
	}
	if err != nil {
		return intake.Document{}, err
	}
	return list[0], nil
}

// sources opens what one argument names. All of it is closed at the end of the session.
func (s *Session) sources(ctx context.Context, arg string) ([]intake.Document, error) {
	switch {
	case arg == "-":
		limits, err := s.Limits()
		if err != nil {
			return nil, err
		}
		src, err := document.Stdin(s.In, limits)
		return s.keep(nil, src, choose.Origin{}), err
	case strings.HasPrefix(arg, "s3://"):
		return s.objects(ctx, arg)
	}
	info, err := os.Stat(arg)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return s.directory(arg)
	}
	src, err := document.File(arg)
	return s.keep(nil, src, choose.LocalOrigin(arg)), err
}

// Limits returns what documents may ask for at most.
func (s *Session) Limits() (limit.Limits, error) {
	l, err := limit.Parse(s.LimitFlags)
	if err != nil {
		return l, UsageError("--limit: " + err.Error())
	}
	return l, nil
}

// keep adds a document of the user's to a list.
func (s *Session) keep(list []intake.Document, src document.Source, from choose.Origin) []intake.Document {
	s.closers = append(s.closers, src.Close)
	from.Local = true
	return append(list, intake.Document{Source: src, Delivery: from})
}

// directory returns every file below a directory, except those whose names begin with a dot.
func (s *Session) directory(root string) (list []intake.Document, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(filepath.Base(path), ".") && path != root
		switch {
		case err != nil:
			return err
		case hidden && d.IsDir():
			return fs.SkipDir
		case hidden || !d.Type().IsRegular():
			return nil
		}
		src, err := document.File(path)
		list = s.keep(list, src, choose.LocalOrigin(path))
		return err
	})
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("%s holds no files", root)
	}
	return list, err
}

// objects returns the object of that name or, where there is none, all objects under the prefix.
func (s *Session) objects(ctx context.Context, url string) ([]intake.Document, error) {
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
		list = s.keep(list, src, choose.Origin{Bucket: bucket, Key: k})
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
