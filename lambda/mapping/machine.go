package mapping

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format"
)

// maxInterned bounds how many identifiers are remembered so that equal ones need no memory of their own.
const maxInterned = 4096

// intern gives a text that stays valid when the record is gone.
func (r *reader) intern(text string) string {
	if text == "" {
		return ""
	}
	if known, ok := r.interns[text]; ok {
		return known
	}
	if r.interns == nil || len(r.interns) >= maxInterned {
		r.interns = make(map[string]string)
	}
	text = strings.Clone(text)
	r.interns[text] = text
	return text
}

// Slots of identifiers, for remembering those of the record before; tags come behind.
const (
	slotNodeID = iota
	slotSerial
	slotHostname
	slotIP
	slotMAC
	slotReverse
	slotTags
)

// machine evaluates which machine a record speaks about.
func (r *reader) machine(b *block, host *format.Node) {
	r.record.Subject = Subject{}
	r.record.Outside = b.key == nil && b.identity == nil
	r.record.Key = r.key(b, host)
	if b.identity == nil {
		return
	}
	i := b.identity
	r.record.Subject = Subject{
		NodeID: r.identifiers(i.nodeID, host, slotNodeID), Serial: r.identifiers(i.serial, host, slotSerial),
		Hostname: r.identifiers(i.hostname, host, slotHostname), IP: r.identifiers(i.ip, host, slotIP), MAC: r.identifiers(i.mac, host, slotMAC),
		Reverse: r.identifiers(i.reverse, host, slotReverse),
	}
	for n, tag := range i.tags {
		if values := r.identifiers(tag.value, host, slotTags+n); len(values) > 0 {
			if r.record.Subject.Tags == nil {
				r.record.Subject.Tags = make(map[string][]string, len(i.tags))
			}
			r.record.Subject.Tags[tag.key] = values
		}
	}
}

// key gives the machine's key; "" makes the record a machine of its own.
func (r *reader) key(b *block, host *format.Node) string {
	if b.key == nil {
		return ""
	}
	texts := r.word("key").texts(b.key, host, r.maker.texts[:0])
	r.maker.texts = texts
	switch len(texts) {
	case 0:
		return ""
	case 1:
		if text := clean(texts[0]); text == r.lastKey {
			return r.lastKey
		}
	}
	r.lastKey = r.intern(clean(strings.Join(once(texts), ",")))
	return r.lastKey
}

// identifiers gives the candidates of one kind, each once. Records of one machine often follow each other: equal ones
// share their memory.
func (r *reader) identifiers(v *value, host *format.Node, slot int) []string {
	if v == nil {
		return nil
	}
	texts := r.word("identify").texts(v, host, r.maker.texts[:0])
	r.maker.texts = texts
	texts = keep(once(texts), 0, clean)
	r.maker.trace.value(v, len(texts) > 0)
	if len(texts) == 0 {
		return nil
	}
	for len(r.last) <= slot {
		r.last = append(r.last, nil)
	}
	if slices.Equal(r.last[slot], texts) {
		return r.last[slot]
	}
	candidates := make([]string, len(texts))
	for i, text := range texts {
		candidates[i] = r.intern(text)
	}
	r.last[slot] = candidates
	return candidates
}
