package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/infra/consumers"
	"github.com/inventory-bridge/inventory-bridge/infra/parameters"
	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/infra/targets"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// mappingsFolder is where the user's mappings lie beside the program, and the function's setting for it.
const mappingsFolder = "mappings"

// bundle is the program with the mappings that it loads, checked, as it is deployed.
type bundle struct {
	dir      string // a copy, for the CDK to take up
	types    []string
	tables   []consumers.Table   // of those types, and of the nodes
	own      []string            // names of the user's mappings
	events   map[string][]string // of AWS services that mappings match: detail types by source; an empty list is all
	mappings string              // the function's setting
	contents map[string]any      // what it is made of: hashes of mappings, versions of types, by names

	targets *targets.File // nil: the stack's own account and region alone
	roles   string        // template of the roles that the stack makes in other accounts; "": it makes none

	published *parameters.Published // it lies in a bucket, for a template without the CDK; nil: it is for the CDK to take up
}

// newBundle checks what the program is deployed with, and copies that and the program together.
func newBundle(p settings.Props) (*bundle, error) {
	b, err := described(p)
	if err != nil {
		return nil, err
	}
	if err := b.describeRoles(p); err != nil {
		return nil, err
	}
	if b.dir, err = os.MkdirTemp("", "inventory-bridge-"); err != nil {
		return nil, err
	}
	if err := b.fill(p); err != nil {
		return nil, errors.Join(err, b.remove())
	}
	return b, nil
}

// described is a bundle of which nothing is copied. It checks the mappings by loading them as the function does, and the file of targets.
func described(p settings.Props) (*bundle, error) {
	set, err := loadMappings(p.Mappings, load.Options{AWSTypes: p.AWSTypes})
	if err != nil {
		return nil, err
	}
	b := &bundle{events: map[string][]string{}, contents: map[string]any{}}
	if b.tables, err = tablesOf(p, set); err != nil {
		return nil, err
	}
	if err := b.describe(set); err != nil {
		return nil, err
	}
	if err := b.checkAlarms(p); err != nil {
		return nil, err
	}
	if err := b.readTargets(p); err != nil {
		return nil, err
	}
	return b, nil
}

func (b *bundle) fill(p settings.Props) error {
	program := filepath.Join(p.Dist, architecture(p), "bootstrap")
	if err := copyFile(program, filepath.Join(b.dir, "bootstrap"), 0o755); err != nil {
		return fmt.Errorf("%s, the function's program, cannot be read: make it with `make build`: %w", program, err)
	}
	if err := b.copyTargets(); err != nil || p.Mappings == "" {
		return err
	}
	b.mappings = mappingsFolder
	return copyMappings(p.Mappings, filepath.Join(b.dir, mappingsFolder))
}

// architecture is that of the program, as its directory is called.
func architecture(p settings.Props) string {
	if p.Local {
		return localArch()
	}
	if p.Architecture == "x86_64" {
		return "amd64"
	}
	return "arm64"
}

func (b *bundle) remove() error { return os.RemoveAll(b.dir) }

func loadMappings(dir string, o load.Options) (*mapping.Set, error) {
	if dir == "" {
		return o.Load()
	}
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return nil, fmt.Errorf("mappings: %s is no directory: name the one that holds your mapping and types files, or leave it out", dir)
	}
	names, err := mappingFiles(dir)
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("mappings: %s has no *.yaml or *.yml file: put your mappings there, or leave it out", dir)
	}
	if err != nil {
		return nil, err
	}
	set, err := o.Load(dir)
	if err != nil {
		return nil, fmt.Errorf("the mappings in %s are wrong: mend them, or take the files out (`invbridge mapping check %s` reports the same):\n%w", dir, dir, err)
	}
	return set, nil
}

// describe reads from the mappings what the stack is made of.
func (b *bundle) describe(set *mapping.Set) error {
	for _, t := range set.Types() {
		b.types = append(b.types, t.Name())
		b.contents["Type "+t.Name()] = t.Inventory.SchemaVersion + " " + short(t.Hash)
	}
	mappings, err := set.All()
	if err != nil {
		return err
	}
	for _, m := range mappings {
		b.contents["Mapping "+m.Name] = short(m.Hash)
		if !m.Builtin {
			b.own = append(b.own, m.Name)
		}
		for _, match := range m.Matches {
			if strings.HasPrefix(match.EventSource, "aws.") {
				b.events[match.EventSource] = append(b.events[match.EventSource], match.DetailType)
			}
		}
	}
	return nil
}

// short is enough of a hash to see that it is another one.
func short(hash string) string { return hash[:8] }

// checkAlarms refuses thresholds of alarms about mappings that are not in the bundle.
func (b *bundle) checkAlarms(p settings.Props) error {
	known := settings.AlarmNames()
	for _, name := range b.own {
		known = append(known, settingOf(parkedGrowthOf(name)))
	}
	for _, name := range slices.Sorted(maps.Keys(p.Alarms)) {
		if !slices.Contains(known, name) {
			return fmt.Errorf("alarms: no alarm is called %s: there are %s", name, strings.Join(known, ", "))
		}
	}
	return nil
}

// tablesOf returns the tables that consumers ask, where there are to be any.
func tablesOf(p settings.Props, set *mapping.Set) ([]consumers.Table, error) {
	if !p.Consumers {
		return nil, nil
	}
	return consumers.Tables(set.Types())
}

func mappingFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		if extension := filepath.Ext(e.Name()); !e.IsDir() && (extension == ".yaml" || extension == ".yml") && e.Name()[0] != '.' {
			names = append(names, e.Name())
		}
	}
	return names, err
}

func copyMappings(from, to string) error {
	names, err := mappingFiles(from)
	if err != nil {
		return err
	}
	if err := os.Mkdir(to, 0o755); err != nil { //nolint:gosec // the function's user is another one
		return err
	}
	for _, name := range names {
		if err := copyFile(filepath.Join(from, name), filepath.Join(to, name), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string, mode fs.FileMode) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, mode)
}
