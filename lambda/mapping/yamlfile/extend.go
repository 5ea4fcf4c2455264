package yamlfile

import "go.yaml.in/yaml/v4"

// Extend returns base with what is written here in its place: mappings are merged, all else is replaced. Problems of what is taken over
// are noted in the file where it stands.
func (v Value) Extend(base Value) Value {
	v.file.origin = originOf(base, v.file.origin)
	v.node = mergeNodes(base.resolved(), v.resolved(), 0)
	return v
}

// Inherited reports whether the value is taken over from another file.
func (v Value) Inherited() bool {
	_, inherited := v.file.origin[v.node]
	return inherited
}

// originOf notes of all values below base which file they stand in.
func originOf(base Value, origin map[*yaml.Node]string) map[*yaml.Node]string {
	if origin == nil {
		origin = make(map[*yaml.Node]string)
	}
	var walk func(n *yaml.Node, depth int)
	walk = func(n *yaml.Node, depth int) {
		if n == nil || depth > maxDepth {
			return
		}
		if _, known := origin[n]; known {
			return
		}
		origin[n] = base.file.name
		if from, known := base.file.origin[n]; known {
			origin[n] = from
		}
		for _, child := range n.Content {
			walk(child, depth+1)
		}
	}
	walk(base.node, 0)
	return origin
}

func mergeNodes(base, own *yaml.Node, depth int) *yaml.Node {
	if depth > maxDepth || base == nil || base.Kind != yaml.MappingNode || own.Kind != yaml.MappingNode {
		return own
	}
	merged := *own
	merged.Content = nil
	for i := 0; i+1 < len(base.Content); i += 2 {
		if valueOf(own, base.Content[i].Value) == nil {
			merged.Content = append(merged.Content, base.Content[i], base.Content[i+1])
		}
	}
	for i := 0; i+1 < len(own.Content); i += 2 {
		key, value := own.Content[i], own.Content[i+1]
		if under := valueOf(base, key.Value); under != nil {
			value = mergeNodes(under, value, depth+1)
		}
		merged.Content = append(merged.Content, key, value)
	}
	return &merged
}
