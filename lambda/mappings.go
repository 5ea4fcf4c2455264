package main

import (
	"fmt"
	"os"

	"github.com/inventory-bridge/inventory-bridge/lambda/config"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/bundle"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// mappings loads the built-in mappings and the user's own. A bundle must be one that this program can read, and declare no type that
// delivery may not put: without this each put of it would be refused later.
func mappings(settings config.Settings) (*mapping.Set, error) {
	options := load.Options{AWSTypes: settings.AWSTypes}
	dir := settings.Mappings
	if dir == "" {
		return options.Load()
	}
	manifest, isBundle, err := bundle.Read(dir)
	if err == nil && !isBundle {
		err = notBundled(dir, settings.OwnTypes)
	}
	if err != nil {
		return nil, fmt.Errorf("INVBRIDGE_MAPPINGS: %w", err)
	}
	set, err := options.Load(dir)
	switch {
	case err != nil && isBundle:
		return nil, fmt.Errorf("INVBRIDGE_MAPPINGS, a bundle that invbridge %s made: %w", manifest.MadeBy, err)
	case err != nil:
		return nil, fmt.Errorf("INVBRIDGE_MAPPINGS: %w", err)
	case isBundle:
		err = manifest.CheckTypes(settings.OwnTypes)
	}
	if err != nil {
		return nil, fmt.Errorf("INVBRIDGE_OWN_TYPES: %w", err)
	}
	return set, nil
}

// notBundled refuses a zip that is no bundle, such as the function's own: what a layer does not have there is then not there at all, and types
// that are to be the user's own are in no manifest.
func notBundled(dir string, types []string) error {
	if _, err := os.Stat(dir); err == nil && len(types) == 0 {
		return nil
	}
	return fmt.Errorf("%s holds no bundle of mappings: make the zip with invbridge mapping bundle DIR, and name that one (MappingsKey)", dir)
}
