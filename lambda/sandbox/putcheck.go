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

// check judges one item: type, context, hash, schema version, content, size. The version is judged where something of that version is to
// be stored: an item with the stored hash may have any, unless VersionBeforeHash is on.
func (p *putCheck) check(i *putItem) error {
	key := i.key()
	if err := p.checkType(key.typeName); err != nil {
		return err
	}
	if err := p.checkContext(key, i.Context); err != nil {
		return err
	}
	ignored, err := p.checkHashAndVersion(i)
	if ignored || err != nil {
		return err
	}
	custom, err := p.checkContent(i)
	if err != nil {
		return err
	}
	if err := p.checkItemSize(i); err != nil {
		return err
	}
	p.take(i, custom)
	return nil
}

// checkHashAndVersion judges both in the order that the switch asks for. It reports whether the item is to be ignored.
func (p *putCheck) checkHashAndVersion(i *putItem) (ignored bool, err error) {
	if p.sandbox.switches.VersionBeforeHash {
		ignored, err = p.checkVersion(i)
		if ignored || err != nil {
			return ignored, err
		}
		return false, p.checkHash(i)
	}
	if err := p.checkHash(i); err != nil || p.confirms(i) {
		return false, err
	}
	return p.checkVersion(i)
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

// checkVersion reports whether the item is to be ignored, since its version is disabled. An error is why it can't be taken.
func (p *putCheck) checkVersion(i *putItem) (ignored bool, err error) {
	var refused bool
	if b := p.sandbox.builtin[*i.TypeName]; b != nil {
		refused = *i.SchemaVersion != b.version
	} else {
		ignored = p.sandbox.custom[*i.TypeName].ignores(parseVersion(*i.SchemaVersion))
		refused = ignored && p.sandbox.switches.RefuseDisabledVersion
	}
	if refused {
		return false, &apiError{code: codeSchemaVersion, message: "The schema version is not one that the type has or admits."}
	}
	if ignored {
		p.ignored = append(p.ignored, i)
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

// stored is what a put finds stored in the item's place.
func (p *putCheck) stored(i *putItem) *item {
	stored := p.items[i.key()]
	if stored != nil && (stored.expired(p.now) || stored.deleted) {
		return nil
	}
	return stored
}

// confirms reports whether the item has the hash of what is stored, which then stays.
func (p *putCheck) confirms(i *putItem) bool {
	stored := p.stored(i)
	if stored == nil || stored.hash == "" || stored.hash != text(i.ContentHash) {
		return false
	}
	return i.content == nil || !p.sandbox.switches.VersionChangesContent || stored.version == *i.SchemaVersion
}

// checkHash judges an item without content by what is stored.
func (p *putCheck) checkHash(i *putItem) error {
	name, switches := *i.TypeName, p.sandbox.switches
	switch {
	case i.content != nil || p.confirms(i):
		return nil
	case text(i.ContentHash) == "":
		return switches.neitherError(name)
	case p.stored(i) == nil && switches.InvalidWhenNothingStored:
		return itemContentError(name, "There is nothing stored that the hash could confirm.")
	}
	return mismatchError(name, "The hash is not that of the stored item.")
}

// take makes the item what the node holds, and custom its type, unless what is stored was captured later and stays for that.
func (p *putCheck) take(i *putItem, custom *customType) {
	stored, next := p.stored(i), &item{version: *i.SchemaVersion, hash: text(i.ContentHash), context: i.Context, content: i.content}
	if stored != nil && p.sandbox.switches.IgnoreOlderCapture && *i.CaptureTime < stored.captureTime {
		return
	}
	if p.confirms(i) { // what is stored stays, and so does the schema
		*next, custom = *stored, nil
	}
	next.captureTime, next.refreshed = *i.CaptureTime, p.now
	if custom != nil {
		p.custom[*i.TypeName] = custom
	}
	p.items[i.key()] = next
	p.accepted = append(p.accepted, i)
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
