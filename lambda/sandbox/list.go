package sandbox

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	defaultPage = 50
	shortPage   = 10 // of ShortPages
)

// page is the size of a page where a request does not say it.
func (w Switches) page() int {
	if w.ShortPages {
		return shortPage
	}
	return defaultPage
}

// listInventoryEntries is ListInventoryEntries' input.
type listInventoryEntries struct {
	InstanceID *string `json:"InstanceId"`
	TypeName   *string
	Filters    []inventoryFilter
	MaxResults *int64
	NextToken  *string
}

// listResponse has no hash: the service never gives one back.
type listResponse struct {
	InstanceID    string `json:"InstanceId"`
	TypeName      string
	SchemaVersion string `json:",omitempty"`
	CaptureTime   string `json:",omitempty"`
	Entries       []jsontext.Value
	NextToken     string `json:",omitempty"`
}

func (l *listInventoryEntries) subject() (string, []string) {
	return text(l.InstanceID), []string{text(l.TypeName)}
}

func (l *listInventoryEntries) shape(v *violations) error {
	v.text(l.InstanceID, "instanceId", 0, unlimited, instanceIDPattern)
	v.text(l.TypeName, "typeName", 1, 100, typeNamePattern)
	shapeFilters(v, l.Filters)
	v.maxResults(l.MaxResults, 1, 50)
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
	asked := question("entries", *l.InstanceID, *l.TypeName, l.Filters)
	after, err := afterToken(asked, l.NextToken)
	if err != nil {
		return nil, err
	}
	first, _ := strconv.Atoi(after) // the token is our own
	items := n.ofType(*l.TypeName, s.now())
	if len(items) == 0 && s.switches.RefuseNothingStored {
		return nil, typeNameError("The node holds nothing of the type.")
	}
	response := &listResponse{InstanceID: *l.InstanceID, TypeName: *l.TypeName, Entries: []jsontext.Value{}}
	if len(items) > 0 {
		response.SchemaVersion, response.CaptureTime = items[0].version, items[0].captureTime
	}
	most := s.switches.page()
	if l.MaxResults != nil {
		most = int(*l.MaxResults)
	}
	l.page(response, items, first, most, asked)
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

// page fills in the entries from the one numbered first on, counted over all items of the type.
func (l *listInventoryEntries) page(response *listResponse, items []*item, first, most int, asked string) {
	number := 0
	for _, i := range items {
		for e := range i.content.len() {
			number++
			if number <= first || !l.wants(i.content, e) {
				continue
			}
			if len(response.Entries) == most {
				response.NextToken = tokenAfter(asked, strconv.Itoa(number-1))
				return
			}
			response.Entries = append(response.Entries, i.content.entry(e))
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
