package bridge

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// Start is which start of a sandbox is at an endpoint, and what time it is there. AWS, and endpoints that are not our sandbox, have
// none.
type Start struct {
	ID    string        // "": not a sandbox
	Ahead time.Duration // of the sandbox's clock, which can be moved
}

// Now is the time where inventory goes.
func (s Start) Now() time.Time { return time.Now().Add(s.Ahead) }

// aheadAtLeast is how far a clock must be ahead to have been moved.
const aheadAtLeast = time.Minute

// StartOf asks a sandbox which start of it this is, so that a ledger made for an earlier one, which has forgotten everything, is
// refused, and how far its clock has been moved: what grows old there grows old here.
func StartOf(ctx context.Context, endpoint string) Start {
	if endpoint == "" {
		return Start{}
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(endpoint, "/")+"/_sandbox/start", nil)
	if err != nil {
		return Start{}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return Start{}
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct {
		Start string    `json:"start"`
		Now   time.Time `json:"now"`
	}
	if res.StatusCode != http.StatusOK || json.NewDecoder(res.Body).Decode(&answer) != nil {
		return Start{}
	}
	s := Start{ID: answer.Start}
	if ahead := time.Until(answer.Now); !answer.Now.IsZero() && ahead >= aheadAtLeast {
		s.Ahead = ahead
	}
	return s
}
