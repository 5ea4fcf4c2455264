package sandbox

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
)

// deleteInventory is DeleteInventory's input.
type deleteInventory struct {
	TypeName           *string
	SchemaDeleteOption *string // DisableSchema, DeleteSchema; absent: the data only
	DryRun             bool
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

// deletion is a deletion that was asked for. Its items are marked at once and deleted when it is due.
type deletion struct {
	id, token, typeName string
	started, due        time.Time
	done                bool
	summary             deletionSummary
}

func (d *deleteInventory) about() (string, []string) { return "", []string{text(d.TypeName)} }

func (d *deleteInventory) shape(v *violations) error {
	v.text(d.TypeName, "typeName", 1, 100, typeNamePattern)
	if d.ClientToken != nil {
		v.pattern(*d.ClientToken, "clientToken", uuidPattern)
	}
	return nil
}

func (d *deleteInventory) run(s *Sandbox) (any, error) {
	token := text(d.ClientToken)
	if token != "" && !d.DryRun {
		for _, known := range s.deletions {
			if known.token == token {
				return known.answer(), nil
			}
		}
	}
	if option := d.SchemaDeleteOption; option != nil && *option != "DisableSchema" && *option != "DeleteSchema" {
		return nil, &apiError{code: codeOption, message: "SchemaDeleteOption is DisableSchema or DeleteSchema."}
	}
	if !strings.HasPrefix(*d.TypeName, customPrefix) || s.custom[*d.TypeName] == nil {
		return nil, typeNameError("Only a custom type that has been put can be deleted.")
	}
	now := s.now()
	del := &deletion{
		id: newUUID(), token: token, typeName: *d.TypeName, started: now, due: now.Add(s.config.DeletionDelay),
		summary: s.summarize(*d.TypeName),
	}
	if d.DryRun {
		return del.answer(), nil
	}
	s.deletions = append(s.deletions, del)
	s.schedule(del.due, func() { s.finish(del) })
	s.mark(del.typeName)
	switch text(d.SchemaDeleteOption) {
	case "DisableSchema":
		s.custom[del.typeName] = s.custom[del.typeName].disable()
	case "DeleteSchema":
		delete(s.custom, del.typeName)
	}
	return del.answer(), nil
}

// answer is DeleteInventory's answer: the deletion as it was at its start, whenever it is asked for.
func (d *deletion) answer() *deleteResponse {
	return &deleteResponse{DeletionID: d.id, TypeName: d.typeName, DeletionSummary: d.summary}
}

// summarize counts the items of a type on all nodes.
func (s *Sandbox) summarize(typeName string) deletionSummary {
	sum := deletionSummary{SummaryItems: []versionSummary{}}
	counts := map[version]int{}
	for _, n := range s.nodes {
		for _, i := range n.held(typeName, s.now()) {
			if !i.deleted {
				counts[parseVersion(i.version)]++
				sum.TotalCount++
			}
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

// mark notes on every node's item of the type that it is about to be deleted.
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

// finish deletes the items of a deletion that is due.
func (s *Sandbox) finish(d *deletion) {
	d.done = true
	key := itemKey{typeName: d.typeName}
	for _, id := range s.nodeIDs() {
		n := s.nodes[id]
		if i := n.items[key]; i != nil && i.deleted {
			delete(n.items, key)
			s.emit(d.due, EventDetail{Action: "delete", ActionStatus: "succeeded", ResourceID: id, TypeName: d.typeName})
		}
	}
	versions := make([]string, len(d.summary.SummaryItems))
	for i, v := range d.summary.SummaryItems {
		versions[i] = fmt.Sprintf(`{"version":%q,"count":%d,"remainingCount":0}`, v.Version, v.Count)
	}
	s.emit(d.due, EventDetail{
		Action: "delete-summary", ActionStatus: "succeeded", TypeName: d.typeName,
		ActionReason: fmt.Sprintf("The delete for type name %s was completed. The deletion summary is: "+
			`{"totalCount":%d,"remainingCount":0,"summaryItems":[%s]}`, d.typeName, d.summary.TotalCount, strings.Join(versions, ",")),
	})
}

// deletionHistory is how long a deletion is listed.
const deletionHistory = 30 * 24 * time.Hour

// describeInventoryDeletions is DescribeInventoryDeletions' input.
type describeInventoryDeletions struct {
	DeletionID *string `json:"DeletionId"`
	paging
}

type deletionsResponse struct {
	InventoryDeletions []deletionStatus
	NextToken          string `json:",omitempty"`
}

type deletionStatus struct {
	DeletionID           string `json:"DeletionId"`
	TypeName             string
	DeletionStartTime    float64
	LastStatus           string
	LastStatusMessage    string
	DeletionSummary      deletionSummary
	LastStatusUpdateTime float64
}

func (d *describeInventoryDeletions) about() (string, []string) { return "", nil }

func (d *describeInventoryDeletions) shape(v *violations) error {
	if d.DeletionID != nil {
		v.pattern(*d.DeletionID, "deletionId", uuidPattern)
	}
	v.maxResults(d.paging, 1, 50)
	return nil
}

func (d *describeInventoryDeletions) run(s *Sandbox) (any, error) {
	wanted := s.deletionsNewestFirst(d.DeletionID)
	page, next, err := pageOf(d.paging, question("deletions", d.DeletionID), defaultPage, func(last string) iter.Seq2[string, deletionStatus] {
		return func(yield func(string, deletionStatus) bool) {
			skip, _ := strconv.Atoi(last) // the token is our own
			for i, del := range wanted {
				if i >= skip && !yield(strconv.Itoa(i+1), del.status()) {
					return
				}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	if d.DeletionID != nil && len(wanted) == 0 {
		return nil, &apiError{code: codeDeletionID, message: "There is no deletion of that ID in the last 30 days."}
	}
	return &deletionsResponse{InventoryDeletions: page, NextToken: next}, nil
}

func (s *Sandbox) deletionsNewestFirst(id *string) []*deletion {
	var list []*deletion
	for _, d := range slices.Backward(s.deletions) {
		if s.now().Sub(d.started) < deletionHistory && (id == nil || d.id == *id) {
			list = append(list, d)
		}
	}
	return list
}

// status is how far a deletion is: nothing remains once it is done.
func (d *deletion) status() deletionStatus {
	status := deletionStatus{
		DeletionID: d.id, TypeName: d.typeName, DeletionStartTime: epoch(d.started), DeletionSummary: d.summary,
		LastStatus: "InProgress", LastStatusMessage: "The deletion is in progress", LastStatusUpdateTime: epoch(d.started),
	}
	if !d.done {
		return status
	}
	status.LastStatus, status.LastStatusMessage, status.LastStatusUpdateTime = "Complete", "The deletion is complete", epoch(d.due)
	status.DeletionSummary.RemainingCount = 0
	status.DeletionSummary.SummaryItems = slices.Clone(d.summary.SummaryItems)
	for i := range status.DeletionSummary.SummaryItems {
		status.DeletionSummary.SummaryItems[i].RemainingCount = 0
	}
	return status
}
