package bridge

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// StartID asks a sandbox which start of it this is, so that a ledger made for an earlier one, which has forgotten everything, is
// refused. AWS (endpoint "") and endpoints that are not our sandbox have none.
func StartID(ctx context.Context, endpoint string) string {
	if endpoint == "" {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(endpoint, "/")+"/_sandbox/start", nil)
	if err != nil {
		return ""
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct {
		Start string `json:"start"`
	}
	if res.StatusCode != http.StatusOK || json.NewDecoder(res.Body).Decode(&answer) != nil {
		return ""
	}
	return answer.Start
}
