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
		*known = keptText{hash, strings.Clone(text)}
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
		list := make([]string, len(texts))
		for i, text := range texts {
			list[i] = strings.Clone(text)
		}
		*known = keptList{hash, list}
		k.lists.Added()
	}
	return known.texts
}
