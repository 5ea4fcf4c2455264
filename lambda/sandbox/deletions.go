package sandbox

import (
	"slices"
	"strconv"
	"time"
)

// deletionHistory is how long a deletion is listed.
const deletionHistory = 30 * 24 * time.Hour

// describeInventoryDeletions is DescribeInventoryDeletions' input.
type describeInventoryDeletions struct {
	DeletionID *string `json:"DeletionId"`
	MaxResults *int64
	NextToken  *string
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

func (d *describeInventoryDeletions) subject() (string, []string) { return "", nil }

func (d *describeInventoryDeletions) shape(v *violations) error {
	if d.DeletionID != nil {
		v.pattern(*d.DeletionID, "deletionId", uuidPattern)
	}
	v.maxResults(d.MaxResults, 1, 50)
	return nil
}

func (d *describeInventoryDeletions) run(s *Sandbox) (any, error) {
	now := s.now()
	asked := question("deletions", d.DeletionID)
	after, err := afterToken(asked, d.NextToken)
	if err != nil {
		return nil, err
	}
	skip, _ := strconv.Atoi(after) // the token is our own
	most := defaultPage
	if d.MaxResults != nil {
		most = int(*d.MaxResults)
	}
	response := &deletionsResponse{InventoryDeletions: []deletionStatus{}}
	wanted := s.deletionsNewestFirst(d.DeletionID, now)
	if d.DeletionID != nil && len(wanted) == 0 {
		return nil, &apiError{code: codeDeletionID, message: "There is no deletion of that ID in the last 30 days."}
	}
	for i, del := range wanted {
		switch {
		case i < skip:
		case len(response.InventoryDeletions) == most:
			response.NextToken = tokenAfter(asked, strconv.Itoa(i))
			return response, nil
		default:
			response.InventoryDeletions = append(response.InventoryDeletions, del.status(now))
		}
	}
	return response, nil
}

func (s *Sandbox) deletionsNewestFirst(id *string, now time.Time) []*deletion {
	var list []*deletion
	for _, d := range slices.Backward(s.deletions) {
		if now.Sub(d.started) < deletionHistory && (id == nil || d.id == *id) {
			list = append(list, d)
		}
	}
	return list
}

func (d *deletion) status(now time.Time) deletionStatus {
	status := deletionStatus{
		DeletionID: d.id, TypeName: d.typeName, DeletionStartTime: epoch(d.started), DeletionSummary: d.at(now),
		LastStatus: statusInProgress, LastStatusMessage: "The deletion is in progress", LastStatusUpdateTime: epoch(d.started),
	}
	if d.done {
		status.LastStatus, status.LastStatusMessage = statusComplete, "The deletion is complete"
		status.LastStatusUpdateTime = epoch(d.due)
	}
	return status
}

// lowerCamel is the summary as an event spells it.
func (s deletionSummary) lowerCamel() any {
	type item struct {
		Version        string `json:"version"`
		Count          int    `json:"count"`
		RemainingCount int    `json:"remainingCount"`
	}
	items := make([]item, len(s.SummaryItems))
	for i, v := range s.SummaryItems {
		items[i] = item(v)
	}
	return struct {
		TotalCount     int    `json:"totalCount"`
		RemainingCount int    `json:"remainingCount"`
		SummaryItems   []item `json:"summaryItems"`
	}{s.TotalCount, s.RemainingCount, items}
}
