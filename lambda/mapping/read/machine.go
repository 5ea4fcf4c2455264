package read

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// Slots of identifiers, for remembering those of the record before; tags come behind.
const (
	slotNodeID = iota
	slotSerial
	slotHostname
	slotIP
	slotMAC
	slotReverse
	slotAccount
	slotRegion
	slotTags
)

// machine evaluates which machine a record is about.
func (r *reader) machine(b *mapping.Block, host *tree.Value) {
	r.record.Subject = Subject{}
	r.record.Outside = b.Key == nil && b.Identity == nil
	r.record.Key = r.key(b, host)
	if b.Identity == nil {
		return
	}
	i := b.Identity
	r.record.Subject = Subject{
		NodeID: r.identifiers(i.NodeID, host, slotNodeID), Serial: r.identifiers(i.Serial, host, slotSerial),
		Hostname: r.identifiers(i.Hostname, host, slotHostname), IP: r.identifiers(i.IP, host, slotIP), MAC: r.identifiers(i.MAC, host, slotMAC),
		Reverse: r.identifiers(i.Reverse, host, slotReverse), Account: r.identifiers(i.Account, host, slotAccount), Region: r.identifiers(i.Region, host, slotRegion),
	}
	for n, tag := range i.Tags {
		if values := r.identifiers(tag.Value, host, slotTags+n); len(values) > 0 {
			if r.record.Subject.Tags == nil {
				r.record.Subject.Tags = make(map[string][]string, len(i.Tags))
			}
			r.record.Subject.Tags[tag.Key] = values
		}
	}
}

// key returns the machine's key; "" makes the record a machine of its own.
func (r *reader) key(b *mapping.Block, host *tree.Value) string {
	if b.Key == nil {
		return ""
	}
	texts := r.word("key").texts(b.Key, host, r.maker.texts[:0])
	r.maker.texts = texts
	switch len(texts) {
	case 0:
		return ""
	case 1:
		if text := clean(texts[0]); text == r.lastKey {
			return r.lastKey
		}
	}
	r.lastKey = r.kept.one(r.maker.clean(strings.Join(once(texts), ",")))
	return r.lastKey
}

// identifiers returns the candidates of one kind, each once. Records of one machine often follow each other: equal ones
// share their memory.
func (r *reader) identifiers(v *mapping.Value, host *tree.Value, slot int) []string {
	if v == nil {
		return nil
	}
	texts := r.word("identify").texts(v, host, r.maker.texts[:0])
	r.maker.texts = texts
	texts = keep(once(texts), 0, r.maker.clean)
	r.maker.trace.Value(v, len(texts) > 0)
	if len(texts) == 0 {
		return nil
	}
	for len(r.last) <= slot {
		r.last = append(r.last, nil)
	}
	if slices.Equal(r.last[slot], texts) {
		return r.last[slot]
	}
	r.last[slot] = r.kept.list(texts)
	return r.last[slot]
}
