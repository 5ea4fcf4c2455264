package sandbox

import (
	"fmt"
	"slices"
	"time"
)

// Event is what the service has told EventBridge, in the form in which it arrives.
type Event struct {
	Version    string      `json:"version"`
	ID         string      `json:"id"`
	DetailType string      `json:"detail-type"`
	Source     string      `json:"source"`
	Account    string      `json:"account"`
	Time       string      `json:"time"`
	Region     string      `json:"region"`
	Resources  []string    `json:"resources"`
	Detail     EventDetail `json:"detail"`
}

// EventDetail is the detail of an Inventory Resource State Change.
type EventDetail struct {
	ActionStatus string `json:"action-status"` // succeeded, failed
	Action       string `json:"action"`        // delete, delete-summary, put
	ResourceType string `json:"resource-type"`
	ResourceID   string `json:"resource-id"`
	ActionReason string `json:"action-reason"`
	TypeName     string `json:"type-name"`
}

// Events are all events so far, oldest first.
func (s *Sandbox) Events() []Event {
	s.enter()
	defer s.mu.Unlock()
	return slices.Clone(s.events)
}

func (s *Sandbox) emit(at time.Time, detail EventDetail) {
	detail.ResourceType = "managed-instance"
	resources := []string{}
	if detail.ResourceID != "" {
		resources = append(resources,
			fmt.Sprintf("arn:aws:ssm:%s:%s:managed-instance/%s", s.config.Region, s.config.Account, detail.ResourceID))
	}
	s.events = append(s.events, Event{
		Version: "0", ID: newUUID(), DetailType: "Inventory Resource State Change", Source: "aws.ssm", Account: s.config.Account,
		Time: at.Format(wireTime), Region: s.config.Region, Resources: resources, Detail: detail,
	})
}

// emitIgnored tells that data came for a disabled version: the only trace that such a put leaves.
func (s *Sandbox) emitIgnored(instanceID, typeName, version string) {
	s.emit(s.now(), EventDetail{
		Action: "put", ActionStatus: "failed", ResourceID: instanceID, TypeName: typeName,
		ActionReason: fmt.Sprintf("The inventory item with type name %s was sent with a disabled schema version %s. "+
			"You must send a version greater than %s", typeName, version, s.custom[typeName].disabled),
	})
}
