package sandbox

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"
)

const maxCustomCompliance = 10

// putCheck judges the items of one call, in order, against the state and against each other.
type putCheck struct {
	sandbox  *Sandbox
	node     *registeredNode
	now      time.Time
	items    map[itemKey]*item      // what the node holds after the items accepted so far
	custom   map[string]*customType // the custom types that they change
	accepted []*putItem
	ignored  []*putItem // of a disabled version
}

// checkAll judges the items up to the first that is refused.
func (p *putCheck) checkAll(items []*putItem) error {
	for _, i := range items {
		if err := p.check(i); err != nil {
			return err
		}
	}
	return nil
}

// check judges one item: type, context, schema version, content, hash, size.
func (p *putCheck) check(i *putItem) error {
	key := i.key()
	if err := p.checkType(key.typeName); err != nil {
		return err
	}
	if err := p.checkContext(key, i.Context); err != nil {
		return err
	}
	ignored, err := p.checkVersion(key.typeName, *i.SchemaVersion)
	if err != nil {
		return err
	}
	if ignored {
		p.ignored = append(p.ignored, i)
		return nil
	}
	custom, err := p.checkContent(i)
	if err != nil {
		return err
	}
	next, err := p.checkHash(i)
	if err != nil {
		return err
	}
	if err := p.checkItemSize(i); err != nil || next == nil {
		return err
	}
	if custom != nil && next.content == i.content { // an item with the stored hash changes no schema
		p.custom[key.typeName] = custom
	}
	p.items[key] = next
	p.accepted = append(p.accepted, i)
	return nil
}

func (p *putCheck) checkType(name string) error {
	switch {
	case strings.HasPrefix(name, customPrefix) && !customTypeName(name):
		return typeNameError("A custom type's name begins with Custom: and an upper-case letter.")
	case strings.HasPrefix(name, "AWS:") && p.sandbox.builtin[name] == nil:
		return typeNameError("The type is not one of AWS's.")
	case serviceWritten(name) && !p.sandbox.switches.AcceptServiceTypes:
		return typeNameError("The type is written by the service alone.")
	}
	return nil
}

func (p *putCheck) checkContext(key itemKey, context map[string]string) error {
	if context != nil && key.typeName != complianceItem {
		return &apiError{code: codeUnsupportedContext, message: "Only AWS:ComplianceItem has a context.", typeName: key.typeName}
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
	n := 1
	for k, i := range p.items {
		if k != key && strings.HasPrefix(k.compliance, customPrefix) && !i.expired(p.now) {
			n++
		}
	}
	return n
}

// checkVersion reports whether the version's data is to be ignored. An error is why it can't be taken.
func (p *putCheck) checkVersion(name, text string) (ignored bool, err error) {
	var refused bool
	if b := p.sandbox.builtin[name]; b != nil {
		refused = text != b.version
	} else {
		ignored = p.sandbox.custom[name].ignores(parseVersion(text))
		refused = ignored && p.sandbox.switches.RefuseDisabledVersion
	}
	if refused {
		return false, &apiError{code: codeSchemaVersion, message: "The schema version is not one that the type has or admits."}
	}
	return ignored, nil
}

// checkContent judges the attribute names. It returns the custom type as the item leaves it, nil where the item changes nothing of it.
func (p *putCheck) checkContent(i *putItem) (*customType, error) {
	name := *i.TypeName
	if i.content == nil {
		return nil, nil
	}
	known := cmp.Or(p.custom[name], p.sandbox.custom[name])
	if known.has(*i.SchemaVersion, i.content.names) {
		return nil, nil
	}
	if i.content.clashes() {
		return nil, p.sandbox.switches.schemaError(name, errAttributeCase)
	}
	if b := p.sandbox.builtin[name]; b != nil {
		return nil, p.checkBuiltin(b, i)
	}
	next, err := known.with(*i.SchemaVersion, i.content.names, p.sandbox.switches.RefuseNewAttributes)
	if err != nil {
		return nil, p.sandbox.switches.schemaError(name, err)
	}
	if known == nil && p.customTypes() >= maxCustomTypes {
		return nil, &apiError{code: codeSchemaCount, message: "An account has at most 20 custom types in a region."}
	}
	return next, nil
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
		if !b.has(a) {
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
	for name := range p.custom {
		if p.sandbox.custom[name] == nil {
			n++
		}
	}
	return n
}

// checkHash returns what the node holds after the item, nil where the item is ignored because what is stored was captured later.
func (p *putCheck) checkHash(i *putItem) (*item, error) {
	name, hash, switches := *i.TypeName, text(i.ContentHash), p.sandbox.switches
	stored := p.items[i.key()]
	if stored != nil && (stored.expired(p.now) || stored.deleted) {
		stored = nil
	}
	same := stored != nil && hash != "" && stored.hash == hash
	if same && switches.VersionChangesContent && i.content != nil {
		same = stored.version == *i.SchemaVersion
	}
	next := &item{version: *i.SchemaVersion, hash: hash, context: i.Context, content: i.content}
	switch {
	case same:
		*next = *stored
	case i.content != nil:
	case hash == "":
		return nil, switches.neitherError(name)
	case stored == nil && switches.InvalidWhenNothingStored:
		return nil, itemContentError(name, "There is nothing stored that the hash could confirm.")
	default:
		return nil, mismatchError(name, "The hash is not that of the stored item.")
	}
	next.captureTime, next.refreshed = *i.CaptureTime, p.now
	if stored != nil && switches.IgnoreOlderCapture && *i.CaptureTime < stored.captureTime {
		return nil, nil
	}
	return next, nil
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
	if !slices.ContainsFunc(p.accepted, func(i *putItem) bool { return *i.TypeName == complianceItem }) {
		return 0
	}
	sum := 0
	for key, i := range p.items {
		if key.typeName == complianceItem && !i.expired(p.now) {
			sum += p.sandbox.switches.contentSize(i.content)
		}
	}
	return sum
}

func itemContentError(typeName, message string) error {
	return &apiError{code: codeItemContent, message: message, typeName: typeName}
}
