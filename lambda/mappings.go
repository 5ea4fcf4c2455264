package main

import (
	"fmt"

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
