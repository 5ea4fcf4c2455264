package load

import (
	_ "embed"
	"slices"
)

//go:embed schema.json
var schemaJSON []byte

// Schema is the JSON Schema (2020-12) of mapping and types files, for editors. It has their structure; what only Load
// can check, it does not.
func Schema() []byte { return slices.Clone(schemaJSON) }
