package parameters

import (
	"fmt"
	"maps"

	"github.com/inventory-bridge/inventory-bridge/infra/release"
)

// All returns the inputs of all groups.
func All(groups []Group) []Input {
	var list []Input
	for _, g := range groups {
		list = append(list, g.Inputs...)
	}
	return list
}

// Declare writes into a template which parameters it has, how the console shows them, and what follows from them.
func Declare(groups []Group, template release.Object) error {
	declared, rules, mappings := release.Object{}, release.Object{}, release.Object{}
	if own, ok := template["Mappings"].(release.Object); ok {
		maps.Copy(mappings, own)
	}
	var shown []any
	resources, _ := template["Resources"].(release.Object)
	for _, g := range groups {
		var names []any
		for _, in := range g.Inputs {
			for _, p := range in.Parameters {
				if resources[p.Name] != nil || declared[p.Name] != nil {
					return fmt.Errorf("the parameter %s has the name of something else in the template", p.Name)
				}
				declared[p.Name] = p.Body
				names = append(names, p.Name)
			}
			maps.Copy(rules, in.Rules)
			maps.Copy(mappings, in.Mappings)
		}
		shown = append(shown, release.Object{"Label": release.Object{"default": g.Title}, "Parameters": names})
	}
	template["Parameters"], template["Rules"], template["Mappings"] = declared, rules, mappings
	metadata, _ := template["Metadata"].(release.Object)
	if metadata = maps.Clone(metadata); metadata == nil {
		metadata = release.Object{}
	}
	metadata["AWS::CloudFormation::Interface"] = release.Object{"ParameterGroups": shown}
	template["Metadata"] = metadata
	return nil
}
