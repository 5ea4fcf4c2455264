package sandbox

import (
	"iter"
	"strings"
)

const maxSchemas = 200

// getInventorySchema is GetInventorySchema's input.
type getInventorySchema struct {
	TypeName   *string // a whole name or the beginning of names
	Aggregator *bool   // only what can be aggregated
	SubType    *bool   // only the type that has sub-types
	paging
}

type schemaResponse struct {
	Schemas   []schema
	NextToken string `json:",omitempty"`
}

type schema struct {
	TypeName    string
	Version     string
	DisplayName string `json:",omitempty"`
	Attributes  []attribute
}

func (g *getInventorySchema) about() (string, []string) { return "", []string{text(g.TypeName)} }

func (g *getInventorySchema) shape(v *violations) error {
	v.length(text(g.TypeName), "typeName", 0, 100)
	v.maxResults(g.MaxResults, 50, maxSchemas)
	return nil
}

func (g *getInventorySchema) run(s *Sandbox) (any, error) {
	if !nameOrBeginning(text(g.TypeName)) {
		return nil, typeNameError("A type's name begins with AWS: or Custom:.")
	}
	if s.switches.RefuseUnknownSchema && s.unknownCustom(text(g.TypeName)) {
		return nil, typeNameError("There is no such custom type.")
	}
	asked := question("schema", g.TypeName, g.Aggregator, g.SubType)
	page, next, err := pageOf(g.paging, asked, maxSchemas, func(last string) iter.Seq2[string, schema] {
		return func(yield func(string, schema) bool) {
			for name, sch := range sorted(s.schemas()) {
				if name > last && g.wants(sch) && !yield(name, sch) {
					return
				}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return &schemaResponse{Schemas: page, NextToken: next}, nil
}

func nameOrBeginning(name string) bool {
	for _, prefix := range []string{"AWS:", customPrefix} {
		if strings.HasPrefix(name, prefix) || strings.HasPrefix(prefix, name) {
			return true
		}
	}
	return false
}

// unknownCustom reports whether a name goes on after Custom: and no custom type begins with it.
func (s *Sandbox) unknownCustom(beginning string) bool {
	for name := range s.custom {
		if strings.HasPrefix(name, beginning) {
			return false
		}
	}
	return len(beginning) > len(customPrefix) && strings.HasPrefix(beginning, customPrefix)
}

func (g *getInventorySchema) wants(sch schema) bool {
	if g.Aggregator != nil && *g.Aggregator && sch.TypeName != instanceInformation {
		return false
	}
	if g.SubType != nil && *g.SubType && sch.TypeName != complianceItem {
		return false
	}
	return strings.HasPrefix(sch.TypeName, text(g.TypeName))
}

// schemas are all schemas there are, disabled ones too, by a name that sorts by type, then by version.
func (s *Sandbox) schemas() map[string]schema {
	all := map[string]schema{}
	for name, b := range s.builtin {
		all[name] = schema{TypeName: name, Version: b.version, DisplayName: strings.TrimPrefix(name, "AWS:"), Attributes: b.attributes}
	}
	for name, c := range s.custom {
		for _, v := range c.versions {
			sch := schema{TypeName: name, Version: v.text, Attributes: []attribute{}}
			for _, a := range v.names {
				sch.Attributes = append(sch.Attributes, attribute{Name: a, DataType: dataTypeString})
			}
			all[name+"\x00"+v.text] = sch
		}
	}
	return all
}
