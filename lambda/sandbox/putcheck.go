package sandbox

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"time"
)

const (
	maxCustomCompliance    = 10
	serviceRefusesTypeText = "The type is written by the service alone."
)

// putCheck judges the items of one call, in order, against the state and against each other.
type putCheck struct {
	sandbox *Sandbox
	node    *registeredNode
	now     time.Time
	changes []change // what the items accepted so far will do
}

// checkAll judges the items up to the first that is refused.
func (p *putCheck) checkAll(items []*putItem) error {
	for _, i := range items {
		c, err := p.check(i)
		if err != nil {
			return err
		}
		p.changes = append(p.changes, c)
	}
	return nil
}

// stored is what the node holds under a key as the call's earlier items leave it, nil where that is nothing that still counts.
func (p *putCheck) stored(key itemKey) *item {
	for _, c := range slices.Backward(p.changes) {
		if c.key == key && c.next != nil {
			return c.next
		}
	}
	stored := p.node.stored(key, p.now)
	if stored != nil && stored.deleted {
		return nil
	}
	return stored
}

// schema is a custom type as the call's earlier items leave it.
func (p *putCheck) schema(typeName string) *customType {
	for _, c := range slices.Backward(p.changes) {
		if c.key.typeName == typeName && c.custom != nil {
			return c.custom
		}
	}
	return p.sandbox.custom[typeName]
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
	return c, p.checkItemSize(i)
}

func (p *putCheck) checkType(name string) error {
	switch {
	case strings.HasPrefix(name, customPrefix) && !customTypeName(name):
		return typeNameError("A custom type's name begins with Custom: and an upper-case letter.")
	case strings.HasPrefix(name, "AWS:") && p.sandbox.builtin[name] == nil:
		return typeNameError("The type is not one of AWS's.")
	case serviceWritten(name) && !p.sandbox.switches.AcceptServiceTypes:
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
		for _, c := range slices.Backward(p.changes) {
			if c.next == nil || changed[c.key] {
				continue
			}
			changed[c.key] = true
			if !yield(c.key, c.next) {
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
	if p.sandbox.switches.RefuseDisabledVersion {
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
	known := p.schema(name)
	if known.has(*i.SchemaVersion, i.content.names) {
		c.custom = known
		return nil
	}
	if clash := i.content.clash(); clash != "" {
		return p.sandbox.switches.schemaError(name, errAttributeCase)
	}
	if b := p.sandbox.builtin[name]; b != nil {
		return p.checkBuiltin(b, i)
	}
	next, err := known.with(*i.SchemaVersion, i.content.names, p.sandbox.switches.RefuseNewAttributes)
	if err != nil {
		return p.sandbox.switches.schemaError(name, err)
	}
	c.custom, c.created = next, known == nil
	if c.created && p.customTypes() >= maxCustomTypes {
		return &apiError{code: codeSchemaCount, message: "An account has at most 20 custom types in a region."}
	}
	return nil
}

// schemaError is the answer where attributes do not go into a custom type's schema.
func (w Switches) schemaError(typeName string, err error) error {
	switch {
	case errors.Is(err, errAttributeCase) && w.AttributeCaseIsValidation:
		return &apiError{code: codeValidation, message: err.Error()}
	case errors.Is(err, errAttributeCount) && w.TooManyAttributesIsSchemaCount:
		return &apiError{code: codeSchemaCount, message: err.Error()}
	}
	return itemContentError(typeName, err.Error())
}

// checkBuiltin judges the attributes of an AWS type.
func (p *putCheck) checkBuiltin(b *builtinType, i *putItem) error {
	for _, a := range i.content.names {
		if !b.has[a] {
			return itemContentError(text(i.TypeName), "An attribute is not in the type's schema.")
		}
	}
	required := b.attributes[0].Name
	if _, stated := i.Context[required]; stated || !p.sandbox.switches.RequireAttributes {
		return nil
	}
	for e := range i.content.len() {
		if _, stated := i.content.pairs(e)[required]; !stated {
			return itemContentError(text(i.TypeName), "An entry lacks a required attribute.")
		}
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
	stored, switches := p.stored(c.key), p.sandbox.switches
	same := stored != nil && text(i.ContentHash) != "" && stored.hash == *i.ContentHash
	if same && switches.VersionChangesContent && i.content != nil {
		same = stored.version == *i.SchemaVersion
	}
	switch {
	case same:
		next := *stored
		next.captureTime, next.refreshed = *i.CaptureTime, p.now
		c.next, c.custom, c.created = &next, nil, false
	case i.content != nil:
		c.next = &item{
			version: *i.SchemaVersion, captureTime: *i.CaptureTime, hash: text(i.ContentHash),
			context: i.Context, content: i.content, refreshed: p.now,
		}
	case text(i.ContentHash) == "":
		return switches.neitherError(c.key.typeName)
	case stored == nil && switches.InvalidWhenNothingStored:
		return itemContentError(c.key.typeName, "There is nothing stored that the hash could confirm.")
	default:
		return mismatchError(c.key.typeName, "The hash is not that of the stored item.")
	}
	if stored != nil && switches.IgnoreOlderCapture && *i.CaptureTime < stored.captureTime {
		c.next, c.custom, c.created, c.older = nil, nil, false, true
	}
	return nil
}

// neitherError is the answer to an item with neither content nor hash.
func (w Switches) neitherError(typeName string) error {
	const message = "The item has neither content nor hash."
	switch {
	case w.NeitherIsValidation:
		return &apiError{code: codeValidation, message: message}
	case w.NeitherIsMismatch:
		return mismatchError(typeName, message)
	}
	return itemContentError(typeName, message)
}

func mismatchError(typeName, message string) error {
	return &apiError{code: codeContentMismatch, message: message, typeName: typeName}
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
			sum += p.sandbox.switches.contentSize(i.content)
		}
	}
	return sum
}

func itemContentError(typeName, message string) error {
	return &apiError{code: codeItemContent, message: message, typeName: typeName}
}
