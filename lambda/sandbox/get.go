package sandbox

import (
	"fmt"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// getInventory is GetInventory's input.
type getInventory struct {
	Filters          []inventoryFilter
	Aggregators      []jsontext.Value
	ResultAttributes []struct{ TypeName *string }
	paging
}

type getResponse struct {
	Entities  []entity
	NextToken string `json:",omitempty"`
}

// entity is one node with what it holds of the result type.
type entity struct {
	ID   string `json:"Id"`
	Data map[string]resultItem
}

type resultItem struct {
	TypeName      string
	SchemaVersion string
	CaptureTime   string
	Content       []jsontext.Value
}

func (g *getInventory) about() (string, []string) { return "", []string{g.resultType()} }

func (g *getInventory) resultType() string {
	if len(g.ResultAttributes) == 0 {
		return instanceInformation
	}
	return text(g.ResultAttributes[0].TypeName)
}

func (g *getInventory) shape(v *violations) error {
	shapeFilters(v, g.Filters)
	if g.Aggregators != nil {
		v.size(len(g.Aggregators), "aggregators", 1, 10)
	}
	if g.ResultAttributes != nil {
		v.size(len(g.ResultAttributes), "resultAttributes", 1, 1)
	}
	for n, a := range g.ResultAttributes {
		v.text(a.TypeName, fmt.Sprintf("resultAttributes.%d.member.typeName", n+1), 1, 100, typeNamePattern)
	}
	v.maxResults(g.paging, 1, 50)
	return nil
}

func (g *getInventory) run(s *Sandbox) (any, error) {
	if err := g.check(s); err != nil {
		return nil, err
	}
	asked := question("inventory", g.Filters, g.resultType())
	page, next, err := pageOf(g.paging, asked, s.switches.page(), func(last string) iter.Seq2[string, *registeredNode] {
		return s.nodesAfter(last, func(n *registeredNode) bool { return g.wants(s, n) })
	})
	if err != nil {
		return nil, err
	}
	response := &getResponse{Entities: []entity{}, NextToken: next}
	for _, n := range page {
		response.Entities = append(response.Entities, g.entity(s, n))
	}
	return response, nil
}

func (g *getInventory) check(s *Sandbox) error {
	if g.Aggregators != nil {
		return &apiError{code: codeAggregator, message: "The sandbox does not aggregate."}
	}
	if t := g.resultType(); t != instanceInformation && t != patchSummary {
		return &apiError{code: codeResultAttribute, message: fmt.Sprintf(
			"Result type name %s is not supported. Supported result type names are %s and %s. The default is %s.",
			t, instanceInformation, patchSummary, instanceInformation)}
	}
	for _, f := range g.Filters {
		if err := f.checkOperator(); err != nil {
			return err
		}
		if _, _, err := s.splitKey(*f.Key); err != nil {
			return err
		}
	}
	return nil
}

// wants reports whether the node has, for each filter, an entry that satisfies it.
func (g *getInventory) wants(s *Sandbox, n *registeredNode) bool {
	for _, f := range g.Filters {
		typeName, name, _ := s.splitKey(*f.Key) // checked before
		if !n.satisfies(f, typeName, name, s) {
			return false
		}
	}
	return true
}

func (n *registeredNode) satisfies(f inventoryFilter, typeName, name string, s *Sandbox) bool {
	for entry := range n.entries(typeName, s.now()) {
		value, present := entry[name]
		if f.holds(value, present) {
			return true
		}
	}
	return false
}

func (g *getInventory) entity(s *Sandbox, n *registeredNode) entity {
	e := entity{ID: n.InstanceID, Data: map[string]resultItem{}}
	for _, i := range n.ofType(g.resultType(), s.now()) {
		r := resultItem{TypeName: g.resultType(), SchemaVersion: i.version, CaptureTime: i.captureTime, Content: []jsontext.Value{}}
		for k := range i.content.len() {
			r.Content = append(r.Content, i.content.entry(k))
		}
		e.Data[r.TypeName] = r
	}
	return e
}
