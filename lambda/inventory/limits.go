package inventory

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of the service (PutInventory and InventoryItem in the API reference; AWS Systems Manager endpoints and quotas). Lengths are
// counted in UTF-8 bytes, which is never more than the service allows.
const (
	MaxItemsPerCall  = 30
	MaxEntries       = 10_000 // of an item
	MaxAttributes    = 50     // of an entry, and of a custom type
	MaxNameBytes     = 64     // of an attribute's name
	MaxValueBytes    = 4096   // of an attribute's value
	MaxTypeNameBytes = 100
	MaxCustomTypes   = 20 // of an account and region
	RetentionDays    = 30 // after the last report of an item
)

// What is planned with, below the service's quotas (1,024 KB an item, 1 MB a call, 5,000 KB a node and day), because it is not
// documented what exactly is counted. The content is counted as compact JSON, KB as 1,024 bytes.
const (
	PlannedItemBytes = 900 << 10
	PlannedCallBytes = 900 << 10
	PlannedDayBytes  = 4000 << 10 // of a node; other writers share its quota

	plannedContextBytes = 700 << 10 // of all items of a type with a context: AWS:ComplianceItem has 800 KB a node
)

// captureLayout is how a CaptureTime is written; the service takes years 2000 to 2099.
const captureLayout = "2006-01-02T15:04:05Z"

// CaptureTime is a time as an Item carries it: UTC, whole seconds, no earlier than the service takes.
func CaptureTime(t time.Time) string {
	earliest := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	if t.Before(earliest) {
		t = earliest
	}
	return t.UTC().Format(captureLayout)
}

// Check returns why the service would refuse items of the type whatever they hold; nil: it would not.
func (t *Type) Check() error {
	switch {
	case len(t.Name) > MaxTypeNameBytes || !matches(`^(AWS:|Custom:[A-Z]).*$`, t.Name):
		return fmt.Errorf("inventory: type %s: a name must be AWS:…, or Custom: and an upper-case letter, of at most %d bytes", t.Name, MaxTypeNameBytes)
	case !matches(`^[0-9]{1,6}\.[0-9]{1,6}$`, t.SchemaVersion):
		return fmt.Errorf("inventory: type %s: a schema version must be two numbers of at most six digits with a dot between", t.Name)
	case len(t.Attributes) == 0 || len(t.Attributes) > MaxAttributes:
		return fmt.Errorf("inventory: type %s: %d attributes: there must be 1 to %d", t.Name, len(t.Attributes), MaxAttributes)
	}
	for i, name := range t.Attributes {
		if name == "" || len(name) > MaxNameBytes {
			return fmt.Errorf("inventory: type %s: attribute %d: a name must have 1 to %d bytes", t.Name, i+1, MaxNameBytes)
		}
		if i > 0 && t.Attributes[i-1] >= name {
			return fmt.Errorf("inventory: type %s: attribute %s: attributes must be sorted by name, each once", t.Name, name)
		}
	}
	return nil
}

// Refuses returns why the service would refuse an entry, "" where it would not. The reason names the attribute, never the value.
func (t *Type) Refuses(e Entry) string {
	if len(e) != len(t.Attributes) {
		return fmt.Sprintf("%d values for %d attributes of %s", len(e), len(t.Attributes), t.Name)
	}
	for i, v := range e {
		if len(v) > MaxValueBytes {
			return fmt.Sprintf("value of %q is over %d bytes", t.Attributes[i], MaxValueBytes)
		}
		if !utf8.ValidString(v) {
			return fmt.Sprintf("value of %q is not UTF-8", t.Attributes[i])
		}
	}
	return ""
}

// NodeID reports whether a string has the form of a managed node's ID: i- and 8 or 17 characters, or mi- and 17.
func NodeID(s string) bool {
	id, managed := strings.CutPrefix(s, "mi-")
	if !managed {
		id, _ = strings.CutPrefix(s, "i-")
	}
	if id == s || len(id) != 17 && (managed || len(id) != 8) {
		return false
	}
	return !strings.ContainsFunc(id, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_'
	})
}

func matches(pattern, s string) bool {
	ok, err := regexp.MatchString(pattern, s)
	return err == nil && ok
}

// maxEntries is how many entries an item of the type may have.
func (t *Type) maxEntries() int { return min(cmp.Or(t.Limit.Entries, MaxEntries), MaxEntries) }

// OverLimit reports whether that many entries are more than the type takes from one source; only types that reject instead of
// truncating have such a limit.
func (t *Type) OverLimit(entries int) bool { return t.Limit.Reject && entries > t.maxEntries() }

// plannedBytes is how large all that a node holds of the type may be.
func (t *Type) plannedBytes() int {
	if len(t.Context) > 0 {
		return plannedContextBytes
	}
	return PlannedItemBytes
}
