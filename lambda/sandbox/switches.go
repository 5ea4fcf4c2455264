package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// Switches change the sandbox's answers to what AWS documents nowhere. The zero value is the answer by default; a client must be right
// with any of them on, alone and together. A switch's name on the wire and on the command line is that of its field, beginning in lower
// case.
type Switches struct {
	// LengthsInBytes counts names and values in UTF-8 bytes, not in characters.
	LengthsInBytes bool `json:"lengthsInBytes"`
	// CheckCalendar refuses a CaptureTime that fits the pattern but is no day, such as February 31st.
	CheckCalendar bool `json:"checkCalendar"`

	// SizesInCharacters counts items and calls in characters, not in bytes.
	SizesInCharacters bool `json:"sizesInCharacters"`
	// SizesOfPairs counts names and values alone. By default the compact JSON of content and context counts.
	SizesOfPairs bool `json:"sizesOfPairs"`
	// SizesOfItems counts an item's other members, too, as compact JSON, so that also an item that only confirms a hash counts.
	SizesOfItems bool `json:"sizesOfItems"`
	// SizesDecimal makes a KB 1,000 and a MB 1,000,000 bytes. By default they are 1,024 and 1,048,576.
	SizesDecimal bool `json:"sizesDecimal"`
	// DayQuotaIsItemSize answers ItemSizeLimitExceededException where the day quota is used up. By default that is
	// TotalSizeLimitExceededException.
	DayQuotaIsItemSize bool `json:"dayQuotaIsItemSize"`
	// DayQuotaIsThrottling answers ThrottlingException where the day quota is used up, whether or not DayQuotaIsItemSize is on.
	DayQuotaIsThrottling bool `json:"dayQuotaIsThrottling"`

	// ShapeBeforeRate answers ValidationException before a call costs a token of the rate or meets a fault. By default throttling is
	// first.
	ShapeBeforeRate bool `json:"shapeBeforeRate"`
	// NodeBeforeShape answers InvalidInstanceId before ValidationException. By default the shape is first.
	NodeBeforeShape bool `json:"nodeBeforeShape"`
	// ItemsBeforeNode answers for what is wrong with an item before InvalidInstanceId. By default the node is first.
	ItemsBeforeNode bool `json:"itemsBeforeNode"`
	// SizesBeforeItems judges the sizes of the items and of the call before anything else of an item. By default an item's size comes
	// after its other checks, and the call's after all items.
	SizesBeforeItems bool `json:"sizesBeforeItems"`

	// PartialCommit keeps the items before the one that is refused. By default a call is all or nothing.
	PartialCommit bool `json:"partialCommit"`
	// RefuseConnectionLost answers InvalidInstanceId for a node whose agent is not online. By default it may be written.
	RefuseConnectionLost bool `json:"refuseConnectionLost"`
	// RefuseDisabledVersion answers UnsupportedInventorySchemaVersionException for a version that is disabled. By default the
	// call succeeds and the data is ignored.
	RefuseDisabledVersion bool `json:"refuseDisabledVersion"`

	// RefuseNewAttributes answers InvalidItemContentException where a put has further attributes for an existing version. By default
	// they are added to its schema.
	RefuseNewAttributes bool `json:"refuseNewAttributes"`
	// TooManyAttributesIsSchemaCount answers CustomSchemaCountLimitExceededException where a schema would have more than 50
	// attributes. By default that is InvalidItemContentException.
	TooManyAttributesIsSchemaCount bool `json:"tooManyAttributesIsSchemaCount"`
	// AttributeCaseIsValidation answers ValidationException, which names no type, where attribute names differ only in case. By
	// default that is InvalidItemContentException.
	AttributeCaseIsValidation bool `json:"attributeCaseIsValidation"`
	// RequireAttributes answers InvalidItemContentException where an entry of an AWS type lacks the type's first attribute, for which
	// the context may stand. By default none is required.
	RequireAttributes bool `json:"requireAttributes"`
	// AcceptServiceTypes lets AWS:InstanceInformation, AWS:Tag and AWS:ResourceGroup be put, and readers see what was. By default
	// that is InvalidTypeNameException.
	AcceptServiceTypes bool `json:"acceptServiceTypes"`

	// InvalidWhenNothingStored answers InvalidItemContentException to a hash without content where nothing is stored. By default
	// that is ItemContentMismatchException.
	InvalidWhenNothingStored bool `json:"invalidWhenNothingStored"`
	// NeitherIsMismatch answers ItemContentMismatchException to an item with neither content nor hash. By default that is
	// InvalidItemContentException.
	NeitherIsMismatch bool `json:"neitherIsMismatch"`
	// NeitherIsValidation answers ValidationException to an item with neither content nor hash, whether or not NeitherIsMismatch
	// is on.
	NeitherIsValidation bool `json:"neitherIsValidation"`
	// VersionBeforeHash judges an item's schema version before its hash, so that also one that only confirms a hash must have a version
	// that its type has. By default it may have any, as a real agent's have.
	VersionBeforeHash bool `json:"versionBeforeHash"`
	// VersionChangesContent stores content with the stored hash but another schema version. By default it only confirms what is stored.
	VersionChangesContent bool `json:"versionChangesContent"`
	// AcceptTypeTwice accepts a type twice in one call, as if the items had come one after the other. By default that is
	// ValidationException.
	AcceptTypeTwice bool `json:"acceptTypeTwice"`
	// IgnoreOlderCapture ignores an item whose CaptureTime is before the stored one's: the call succeeds all the same. By default the
	// item is stored.
	IgnoreOlderCapture bool `json:"ignoreOlderCapture"`

	// RefuseNothingStored answers InvalidTypeNameException where ListInventoryEntries asks for a type that the node holds nothing
	// of. By default the answer has no entries.
	RefuseNothingStored bool `json:"refuseNothingStored"`
	// ShortPages returns 10 entries or nodes a page where ListInventoryEntries or GetInventory has no MaxResults. By default it is 50.
	ShortPages bool `json:"shortPages"`
	// RefuseUnknownSchema answers InvalidTypeNameException where GetInventorySchema asks for a custom type that does not exist. By
	// default the list is empty.
	RefuseUnknownSchema bool `json:"refuseUnknownSchema"`
}

// SwitchNames are the names of all switches, in the order of Switches' fields.
func SwitchNames() []string {
	var names []string
	for f := range reflect.TypeFor[Switches]().Fields() {
		names = append(names, f.Tag.Get("json"))
	}
	return names
}

// Set turns the switch of that name on or off. An unknown name is an error that lists the known ones.
func (w *Switches) Set(name string, on bool) error {
	for f, v := range reflect.ValueOf(w).Elem().Fields() {
		if f.Tag.Get("json") == name {
			v.SetBool(on)
			return nil
		}
	}
	return fmt.Errorf("sandbox: no switch is named %q: there are %s", name, strings.Join(SwitchNames(), ", "))
}

// ParseBehaviour reads how a service was found to behave: {"switches":{"partialCommit":true,…},"rate":{"perSecond":5}}. What else stands there
// is for people. A switch that is not named stays off; a rate of 0 is none. A switch that does not exist is an error.
func ParseBehaviour(r io.Reader) (to Config, err error) {
	var found struct {
		Switches map[string]bool `json:"switches"`
		Rate     struct {
			PerSecond float64 `json:"perSecond"`
		} `json:"rate"`
	}
	if err := json.NewDecoder(r).Decode(&found); err != nil {
		return to, fmt.Errorf("sandbox: behaviour: %w", err)
	}
	if found.Switches == nil {
		return to, errors.New(`sandbox: behaviour: expected a JSON object with "switches", as invbridge probe writes it`)
	}
	for name, on := range sorted(found.Switches) {
		if err := to.Switches.Set(name, on); err != nil {
			return to, err
		}
	}
	if found.Rate.PerSecond < 0 {
		return to, errors.New("sandbox: behaviour: the rate must not be negative")
	}
	to.RequestsPerSecond = found.Rate.PerSecond
	return to, nil
}

// Switches returns the switches.
func (s *Sandbox) Switches() Switches {
	s.enter()
	defer s.mu.Unlock()
	return s.switches
}

// SetSwitches sets all switches at once, for the calls from now on.
func (s *Sandbox) SetSwitches(to Switches) {
	s.enter()
	defer s.mu.Unlock()
	s.switches = to
}
