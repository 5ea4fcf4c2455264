package read

import (
	"hash/maphash"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/memo"
)

// keeper makes strings that stay valid when their record is gone: the same ones for equal ones that come again.
type keeper struct {
	seed    maphash.Seed
	singles memo.Memo[keptText]
	lists   memo.Memo[keptList]

	text  strings.Builder // the strings that were kept last lie here one behind the other, …
	slots []string        // … and their lists here: a machine's identifiers are one piece of memory or two
}

// How much is made at a time. It is little, since it stays as long as one of the strings does.
const (
	keptBytes = 256
	keptSlots = 8
)

// clone returns a copy of a string.
func (k *keeper) clone(text string) string {
	if k.text.Cap()-k.text.Len() < len(text) {
		k.text = strings.Builder{}
		k.text.Grow(max(keptBytes, len(text)))
	}
	start := k.text.Len()
	k.text.WriteString(text)
	return k.text.String()[start:]
}

// cloneList returns a copy of a list and of its strings.
func (k *keeper) cloneList(texts []string) []string {
	if cap(k.slots)-len(k.slots) < len(texts) {
		k.slots = make([]string, 0, max(keptSlots, len(texts)))
	}
	start := len(k.slots)
	for _, text := range texts {
		k.slots = append(k.slots, k.clone(text))
	}
	return slices.Clip(k.slots[start:])
}

// keptText and keptList have the hash of what is kept: another one is told by it, without a look at strings that lie all over the memory.
type keptText struct {
	hash uint64
	text string
}

type keptList struct {
	hash  uint64
	texts []string
}

// one returns a string.
func (k *keeper) one(text string) string {
	if text == "" {
		return ""
	}
	hash := maphash.String(k.seed, text)
	known := k.singles.At(hash)
	if known.hash != hash || known.text != text {
		*known = keptText{hash, k.clone(text)}
		k.singles.Added()
	}
	return known.text
}

// list returns a list of strings, which nobody changes.
func (k *keeper) list(texts []string) []string {
	var hash uint64
	for _, text := range texts {
		hash = hash*31 + maphash.String(k.seed, text)
	}
	known := k.lists.At(hash)
	if known.hash != hash || !slices.Equal(known.texts, texts) {
		*known = keptList{hash, k.cloneList(texts)}
		k.lists.Added()
	}
	return known.texts
}
