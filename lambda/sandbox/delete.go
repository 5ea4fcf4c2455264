package sandbox

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	statusInProgress = "InProgress"
	statusComplete   = "Complete"
)

// deleteInventory is DeleteInventory's input.
type deleteInventory struct {
	TypeName           *string
	SchemaDeleteOption *string // DisableSchema, DeleteSchema; absent: the data only
	DryRun             *bool
	ClientToken        *string
}

type deleteResponse struct {
	DeletionID      string `json:"DeletionId"`
	TypeName        string
	DeletionSummary deletionSummary
}

// deletionSummary counts the items of a deletion, in all and by schema version.
type deletionSummary struct {
	TotalCount     int
	RemainingCount int
	SummaryItems   []versionSummary
}

type versionSummary struct {
	Version        string
	Count          int
	RemainingCount int
}

// deletion is one that has been asked for. Its items are marked at once and go when it is due.
type deletion struct {
	id, token, typeName string
	started, due        time.Time
	done                bool
	summary             deletionSummary
}

func (d *deleteInventory) subject() (string, []string) { return "", []string{text(d.TypeName)} }

func (d *deleteInventory) shape(v *violations) error {
	v.text(d.TypeName, "typeName", 1, 100, typeNamePattern)
	if d.ClientToken != nil {
		v.pattern(*d.ClientToken, "clientToken", uuidPattern)
	}
	return nil
}

func (d *deleteInventory) run(s *Sandbox) (any, error) {
	dry := d.DryRun != nil && *d.DryRun
	if known := s.deletionBy(text(d.ClientToken)); known != nil && !dry {
		return known.answer(), nil
	}
	if err := d.check(s); err != nil {
		return nil, err
	}
	now := s.now()
	del := &deletion{
		id: newUUID(), token: text(d.ClientToken), typeName: *d.TypeName, started: now, due: now.Add(s.config.DeletionDelay),
		summary: s.summarize(*d.TypeName),
	}
	if dry {
		return del.answer(), nil
	}
	s.deletions = append(s.deletions, del)
	s.mark(del.typeName)
	switch text(d.SchemaDeleteOption) {
	case "DisableSchema":
		s.custom[del.typeName] = s.custom[del.typeName].disable()
	case "DeleteSchema":
		delete(s.custom, del.typeName)
	}
	return del.answer(), nil
}

func (d *deleteInventory) check(s *Sandbox) error {
	if option := d.SchemaDeleteOption; option != nil && *option != "DisableSchema" && *option != "DeleteSchema" {
		return &apiError{code: codeOption, message: "SchemaDeleteOption is DisableSchema or DeleteSchema."}
	}
	if !strings.HasPrefix(*d.TypeName, customPrefix) || s.custom[*d.TypeName] == nil {
		return typeNameError("Only a custom type that has been put can be deleted.")
	}
	return nil
}

func (s *Sandbox) deletionBy(token string) *deletion {
	for _, d := range s.deletions {
		if token != "" && d.token == token {
			return d
		}
	}
	return nil
}

// answer is what DeleteInventory says of a deletion: at its start, whenever it is asked.
func (d *deletion) answer() *deleteResponse {
	return &deleteResponse{DeletionID: d.id, TypeName: d.typeName, DeletionSummary: d.summary}
}

// summarize counts the items of a type on all nodes.
func (s *Sandbox) summarize(typeName string) deletionSummary {
	sum := deletionSummary{SummaryItems: []versionSummary{}}
	counts := map[version]int{}
	for _, n := range s.nodes {
		if i := n.stored(itemKey{typeName: typeName}, s.now()); i != nil && !i.deleted {
			counts[parseVersion(i.version)]++
			sum.TotalCount++
		}
	}
	sum.RemainingCount = sum.TotalCount
	for _, v := range s.custom[typeName].versions {
		if n := counts[v.version]; n > 0 {
			sum.SummaryItems = append(sum.SummaryItems, versionSummary{Version: v.text, Count: n, RemainingCount: n})
		}
	}
	return sum
}

// mark notes on every node's item of the type that it is about to go.
func (s *Sandbox) mark(typeName string) {
	key := itemKey{typeName: typeName}
	for _, n := range s.nodes {
		if i := n.items[key]; i != nil {
			marked := *i
			marked.deleted = true
			n.items[key] = &marked
		}
	}
}

func (s *Sandbox) finish(d *deletion) {
	d.done = true
	key := itemKey{typeName: d.typeName}
	for _, id := range s.nodeIDs() {
		n := s.nodes[id]
		i := n.items[key]
		if i == nil || !i.deleted {
			continue
		}
		delete(n.items, key)
		s.emit(d.due, EventDetail{Action: "delete", ActionStatus: "succeeded", ResourceID: id, TypeName: d.typeName})
	}
	summary, _ := json.Marshal(d.at(d.due).lowerCamel(), json.Deterministic(true)) // numbers and strings
	s.emit(d.due, EventDetail{
		Action: "delete-summary", ActionStatus: "succeeded", TypeName: d.typeName,
		ActionReason: fmt.Sprintf("The delete for type name %s was completed. The deletion summary is: %s", d.typeName, summary),
	})
}

// at is the summary as it stands at a time: nothing remains once the deletion is due.
func (d *deletion) at(now time.Time) deletionSummary {
	sum := d.summary
	if now.Before(d.due) {
		return sum
	}
	sum.RemainingCount = 0
	sum.SummaryItems = make([]versionSummary, len(d.summary.SummaryItems))
	for i, v := range d.summary.SummaryItems {
		sum.SummaryItems[i] = versionSummary{Version: v.Version, Count: v.Count}
	}
	return sum
}
