package sandbox

import (
	"iter"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// listInventoryEntries is ListInventoryEntries' input.
type listInventoryEntries struct {
	InstanceID *string `json:"InstanceId"`
	TypeName   *string
	Filters    []inventoryFilter
	paging
}

// listResponse has no hash: the service never returns one.
type listResponse struct {
	InstanceID    string `json:"InstanceId"`
	TypeName      string
	SchemaVersion string `json:",omitempty"`
	CaptureTime   string `json:",omitempty"`
	Entries       []jsontext.Value
	NextToken     string `json:",omitempty"`
}

func (l *listInventoryEntries) about() (string, []string) {
	return text(l.InstanceID), []string{text(l.TypeName)}
}

func (l *listInventoryEntries) shape(v *violations) error {
	v.text(l.InstanceID, "instanceId", 0, unlimited, instanceIDPattern)
	v.text(l.TypeName, "typeName", 1, 100, typeNamePattern)
	shapeFilters(v, l.Filters)
	v.maxResults(l.paging, 1, 50)
	return nil
}

func (l *listInventoryEntries) run(s *Sandbox) (any, error) {
	n, err := s.reachable(*l.InstanceID)
	if err != nil {
		return nil, err
	}
	if !s.knows(*l.TypeName) {
		return nil, typeNameError("The type is neither one of AWS's nor has it been put.")
	}
	if err := l.checkFilters(s); err != nil {
		return nil, err
	}
	items := n.ofType(*l.TypeName, s.now())
	asked := question("entries", *l.InstanceID, *l.TypeName, l.Filters)
	page, next, err := pageOf(l.paging, asked, s.switches.page(), func(last string) iter.Seq2[string, jsontext.Value] {
		return l.entries(items, last)
	})
	if err != nil {
		return nil, err
	}
	if len(items) == 0 && s.switches.RefuseNothingStored {
		return nil, typeNameError("The node holds nothing of the type.")
	}
	response := &listResponse{InstanceID: *l.InstanceID, TypeName: *l.TypeName, Entries: page, NextToken: next}
	if len(items) > 0 {
		response.SchemaVersion, response.CaptureTime = items[0].version, items[0].captureTime
	}
	return response, nil
}

func (l *listInventoryEntries) checkNode(s *Sandbox) error {
	_, err := s.reachable(text(l.InstanceID))
	return err
}

func (l *listInventoryEntries) checkFilters(s *Sandbox) error {
	for _, f := range l.Filters {
		if err := f.checkOperator(); err != nil {
			return err
		}
		if !s.hasAttribute(*l.TypeName, *f.Key) {
			return filterError("A filter's key is not an attribute of the type.")
		}
	}
	return nil
}

// entries yields the entries that satisfy the filters, after the one named last. An entry's name is its number among the entries of all
// items.
func (l *listInventoryEntries) entries(items []*item, last string) iter.Seq2[string, jsontext.Value] {
	return func(yield func(string, jsontext.Value) bool) {
		first, _ := strconv.Atoi(last) // the token is our own
		number := 0
		for _, i := range items {
			for e := range i.content.len() {
				number++
				if number > first && l.wants(i.content, e) && !yield(strconv.Itoa(number), i.content.entry(e)) {
					return
				}
			}
		}
	}
}

func (l *listInventoryEntries) wants(c *content, e int) bool {
	if len(l.Filters) == 0 {
		return true
	}
	pairs := c.pairs(e)
	for _, f := range l.Filters {
		value, present := pairs[*f.Key]
		if !f.holds(value, present) {
			return false
		}
	}
	return true
}
