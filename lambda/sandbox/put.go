package sandbox

import (
	"cmp"
	"maps"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

const maxItems = 30

// putInventory is PutInventory's input.
type putInventory struct {
	InstanceID *string `json:"InstanceId"`
	Items      []*putItem
}

// putItem is one item of a call. A missing Content is not an empty one: without it the item only confirms a hash.
type putItem struct {
	TypeName      *string
	SchemaVersion *string
	CaptureTime   *string
	ContentHash   *string
	Content       jsontext.Value
	Context       map[string]string

	content *content // Content as it was read; nil where it is absent
}

func (p *putInventory) about() (string, []string) {
	types := make([]string, 0, len(p.Items))
	for _, i := range p.Items {
		if i != nil {
			types = append(types, text(i.TypeName))
		}
	}
	return text(p.InstanceID), types
}

func (p *putInventory) shape(v *violations) error {
	v.text(p.InstanceID, "instanceId", 0, unlimited, instanceIDPattern)
	if v.required(p.Items != nil, "items") {
		v.size(len(p.Items), "items", 1, maxItems)
	}
	keys := make(map[itemKey]bool, len(p.Items))
	for n, i := range p.Items {
		v.item = n + 1
		if !v.required(i != nil, "") {
			continue
		}
		if err := i.shape(v); err != nil {
			return err
		}
		if keys[i.key()] && !v.switches.AcceptTypeTwice {
			v.add(text(i.TypeName), "typeName", "Member must not repeat the type of another item")
		}
		keys[i.key()] = true
	}
	return nil
}

func (i *putItem) shape(v *violations) error {
	v.text(i.TypeName, "typeName", 1, 100, typeNamePattern)
	v.text(i.SchemaVersion, "schemaVersion", 0, unlimited, schemaVersionPattern)
	v.text(i.CaptureTime, "captureTime", 0, unlimited, captureTimePattern)
	v.day(text(i.CaptureTime), "captureTime")
	v.length(text(i.ContentHash), "contentHash", 0, 256)
	v.size(len(i.Context), "context", 0, maxPairs)
	for name, value := range sorted(i.Context) {
		v.length(name, "context.key", 1, maxAttributeName)
		v.length(value, "context.value", 0, maxAttributeValue)
	}
	if i.Content == nil || i.Content.Kind() == jsontext.KindNull {
		return nil
	}
	var err error
	i.content, err = readContent(i.Content, v)
	i.Content = nil // content holds it now
	return err
}

// key is the item's place on its node.
func (i *putItem) key() itemKey {
	key := itemKey{typeName: text(i.TypeName)}
	if key.typeName == complianceItem {
		key.compliance = i.Context["ComplianceType"]
	}
	return key
}

func (p *putInventory) run(s *Sandbox) (any, error) {
	n, noNode := s.writable(*p.InstanceID)
	if noNode != nil {
		if !s.switches.ItemsBeforeNode {
			return nil, noNode
		}
		n = &registeredNode{items: map[itemKey]*item{}} // one that holds nothing, to judge the items against
	}
	put := putCheck{sandbox: s, node: n, now: s.now(), items: maps.Clone(n.items), custom: map[string]*customType{}}
	if s.switches.SizesBeforeItems {
		if err := put.checkSizes(p.Items); err != nil {
			return nil, err
		}
	}
	refused := put.checkAll(p.Items)
	if noNode != nil {
		return nil, cmp.Or(refused, noNode)
	}
	if refused != nil && !s.switches.PartialCommit {
		return nil, refused
	}
	if err := put.totals(); err != nil {
		return nil, err
	}
	put.commit()
	return struct{}{}, refused
}

func (p *putInventory) checkNode(s *Sandbox) error {
	_, err := s.writable(text(p.InstanceID))
	return err
}

// writable returns the node of that ID where PutInventory may write it.
func (s *Sandbox) writable(instanceID string) (*registeredNode, error) {
	n, err := s.reachable(instanceID)
	if err == nil && s.switches.RefuseConnectionLost && n.PingStatus != "Online" {
		return nil, &apiError{code: codeInstanceID, message: "The managed node's agent is not online."}
	}
	return n, err
}

// commit makes the changes of the accepted items the state.
func (p *putCheck) commit() {
	s := p.sandbox
	for _, i := range p.ignored {
		s.emitIgnored(p.node.InstanceID, text(i.TypeName), text(i.SchemaVersion))
	}
	p.node.items = p.items
	maps.Copy(s.custom, p.custom)
	for _, i := range p.accepted {
		if i.content == nil {
			s.counts.Items.HashOnly++
		} else {
			s.counts.Items.Full++
		}
		if n := int64(s.switches.sizeOf(i)); n > 0 {
			s.counts.Bytes += n
			s.dayBytes[nodeDay{p.node.InstanceID, p.now.Format(time.DateOnly)}] += n
		}
	}
}
