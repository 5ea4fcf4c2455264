package sandbox

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"time"
)

const (
	maxItemBytes           = 1024 << 10
	maxCallBytes           = 1 << 20
	maxDayBytes            = 5000 << 10
	maxComplianceBytes     = 800 << 10
	maxCustomCompliance    = 10
	serviceRefusesTypeText = "The type is written by the service alone."
)

// putCheck judges the items of one call, in order, against the state and against each other.
type putCheck struct {
	sandbox *Sandbox
	node    *managedNode
	now     time.Time
	changes []change // what the items accepted so far will do
}

// check judges one item: type, context, schema version, content, hash, size.
func (p *putCheck) check(i *putItem) (change, error) {
	c := change{item: i, key: i.key()}
	name := c.key.typeName
	if err := p.checkType(name); err != nil {
		return c, err
	}
	if err := p.checkContext(c.key, i.Context); err != nil {
		return c, err
	}
	ignored, err := p.checkVersion(name, *i.SchemaVersion)
	if err != nil || ignored {
		return c, err
	}
	if err := p.checkContent(&c); err != nil {
		return c, err
	}
	if err := p.checkHash(&c); err != nil {
		return c, err
	}
	if i.bytes() > maxItemBytes {
		return c, &apiError{code: codeItemSize, message: "The item is over 1024 KB.", typeName: name}
	}
	return c, nil
}

func (p *putCheck) checkType(name string) error {
	switch {
	case strings.HasPrefix(name, customPrefix) && !customTypeName(name):
		return typeNameError("A custom type's name begins with Custom: and an upper-case letter.")
	case strings.HasPrefix(name, "AWS:") && p.sandbox.builtin[name] == nil:
		return typeNameError("The type is not one of AWS's.")
	case serviceWritten(name):
		return typeNameError(serviceRefusesTypeText)
	}
	return nil
}

func (p *putCheck) checkContext(key itemKey, context map[string]string) error {
	if context != nil && key.typeName != complianceItem {
		return &apiError{code: codeUnsupportedContex, message: "Only AWS:ComplianceItem has a context.", typeName: key.typeName}
	}
	for name := range sorted(context) {
		if !slices.Contains([]string{"ComplianceType", "ExecutionId", "ExecutionType", "ExecutionTime"}, name) {
			return &apiError{code: codeItemContext, message: "The context has a key other than ComplianceType, ExecutionId, ExecutionType and ExecutionTime."}
		}
	}
	if strings.HasPrefix(key.compliance, customPrefix) && p.customCompliance(key) > maxCustomCompliance {
		return &apiError{code: codeSubTypeCount, message: "A node has at most 10 custom compliance types."}
	}
	return nil
}

// customCompliance counts the node's custom compliance types with key among them.
func (p *putCheck) customCompliance(key itemKey) int {
	types := map[itemKey]bool{key: true}
	for k := range p.held() {
		if strings.HasPrefix(k.compliance, customPrefix) {
			types[k] = true
		}
	}
	return len(types)
}

// held yields what the node will hold with the changes made so far, in no order.
func (p *putCheck) held() iter.Seq2[itemKey, *item] {
	return func(yield func(itemKey, *item) bool) {
		changed := map[itemKey]bool{}
		for _, c := range p.changes {
			changed[c.key] = c.next != nil
			if c.next != nil && !yield(c.key, c.next) {
				return
			}
		}
		for key, i := range p.node.items {
			if !changed[key] && !i.expired(p.now) && !yield(key, i) {
				return
			}
		}
	}
}

// checkVersion tells whether the version's data is to be ignored, or why it can't be taken.
func (p *putCheck) checkVersion(name, text string) (ignored bool, err error) {
	refusal := &apiError{code: codeSchemaVersion, message: "The schema version is not one that the type has or admits."}
	if b := p.sandbox.builtin[name]; b != nil {
		if text != b.version {
			return false, refusal
		}
		return false, nil
	}
	if !p.sandbox.custom[name].ignores(parseVersion(text)) {
		return false, nil
	}
	if p.sandbox.config.Switches.RefuseDisabledVersion {
		return false, refusal
	}
	return true, nil
}

// checkContent judges the attribute names and, for a custom type, makes the schema as it will be.
func (p *putCheck) checkContent(c *change) error {
	i, name := c.item, c.key.typeName
	if i.content == nil {
		return nil
	}
	if clash := i.content.clash(); clash != "" {
		return itemContentError(name, "Two attribute names differ only in case.")
	}
	if b := p.sandbox.builtin[name]; b != nil {
		for _, a := range i.content.names {
			if !b.has[a] {
				return itemContentError(name, "An attribute is not in the type's schema.")
			}
		}
		return nil
	}
	known := p.sandbox.custom[name]
	next, err := known.with(*i.SchemaVersion, i.content.names, p.sandbox.config.Switches.RefuseNewAttributes)
	if err != nil {
		return itemContentError(name, err.Error())
	}
	c.custom, c.created = next, known == nil
	if c.created && p.customTypes() >= maxCustomTypes {
		return &apiError{code: codeSchemaCount, message: "An account has at most 20 custom types in a region."}
	}
	return nil
}

// customTypes counts the account's custom types with those that the call has created so far.
func (p *putCheck) customTypes() int {
	n := len(p.sandbox.custom)
	for _, c := range p.changes {
		if c.created && c.next != nil {
			n++
		}
	}
	return n
}

// checkHash decides what the item does to what is stored.
func (p *putCheck) checkHash(c *change) error {
	i := c.item
	stored := p.node.stored(c.key, p.now)
	if stored != nil && stored.deleted {
		stored = nil
	}
	same := stored != nil && text(i.ContentHash) != "" && stored.hash == *i.ContentHash
	if same && p.sandbox.config.Switches.VersionChangesContent && i.content != nil {
		same = stored.version == *i.SchemaVersion
	}
	switch {
	case same:
		next := *stored
		next.captureTime, next.refreshed = *i.CaptureTime, p.now
		c.next, c.custom, c.created = &next, nil, false
		return nil
	case i.content != nil:
		c.next = &item{
			version: *i.SchemaVersion, captureTime: *i.CaptureTime, hash: text(i.ContentHash),
			context: i.Context, content: i.content, refreshed: p.now,
		}
		return nil
	case text(i.ContentHash) == "":
		return itemContentError(c.key.typeName, "The item has neither content nor hash.")
	case stored == nil && p.sandbox.config.Switches.InvalidWhenNothingStored:
		return itemContentError(c.key.typeName, "There is nothing stored that the hash could confirm.")
	}
	return &apiError{code: codeContentMismatch, message: "The hash is not that of the stored item.", typeName: c.key.typeName}
}

// totals judges the call as a whole.
func (p *putCheck) totals() error {
	sum := 0
	for _, c := range p.changes {
		if c.next != nil {
			sum += c.item.bytes()
		}
	}
	day := p.sandbox.dayBytes[nodeDay{p.node.InstanceID, p.now.Format(time.DateOnly)}]
	var message string
	switch {
	case sum > maxCallBytes:
		message = "The call is over 1 MB."
	case sum > 0 && day+int64(sum) > maxDayBytes:
		message = "The node's 5,000 KB of this day are used up."
	case p.complianceBytes() > maxComplianceBytes:
		message = "The node's AWS:ComplianceItem is over 800 KB."
	default:
		return nil
	}
	return &apiError{code: codeTotalSize, message: message}
}

// complianceBytes is the size of the node's AWS:ComplianceItem after the call, 0 where the call does not touch it.
func (p *putCheck) complianceBytes() int {
	touched := slices.ContainsFunc(p.changes, func(c change) bool { return c.key.typeName == complianceItem })
	if !touched {
		return 0
	}
	sum := 0
	for key, i := range p.held() {
		if key.typeName == complianceItem {
			sum += i.content.bytes()
		}
	}
	return sum
}

func itemContentError(typeName, message string) error {
	return &apiError{code: codeItemContent, message: message, typeName: typeName}
}

// sorted yields a map in the order of its keys.
func sorted(m map[string]string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
