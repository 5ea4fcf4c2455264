package release

import (
	"maps"
	"slices"
)

// after is the metadata of a resource that name others which are made before it. CloudFormation makes no resource that depends on one whose
// condition does not hold, and DependsOn takes no conditions. Metadata takes them, and what stands there is made first as well.
const after = "After"

// conditionalDependencies moves what resources depend on to their metadata, where it may not be there although they are.
func conditionalDependencies(resources Object) {
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		one := resources[id].(Object) //nolint:errcheck // that is what a resource is
		needed, _ := one["DependsOn"].([]any)
		var always, sometimes []any
		for _, other := range needed {
			condition := resources[other.(string)].(Object)["Condition"] //nolint:errcheck // an ID of a resource
			if condition == nil || condition == one["Condition"] {
				always = append(always, other)
				continue
			}
			sometimes = append(sometimes, choose(condition.(string), Object{"Ref": other}, noValue())) //nolint:errcheck // a condition's name
		}
		if sometimes == nil {
			continue
		}
		metadata := Object{after: sometimes}
		if others, ok := one["Metadata"].(Object); ok {
			maps.Copy(metadata, others)
		}
		one["Metadata"], one["DependsOn"] = metadata, always
		if always == nil {
			delete(one, "DependsOn")
		}
	}
}

// unconditional returns what a resource depends on, by its evaluated metadata, too.
func unconditional(one Object) []any {
	needed, _ := one["DependsOn"].([]any)
	needed = slices.Clone(needed)
	metadata, _ := one["Metadata"].(Object)
	others, _ := metadata[after].([]any)
	for _, other := range others {
		needed = append(needed, other.(Object)["Ref"]) //nolint:errcheck // conditionalDependencies writes nothing else
	}
	return needed
}
