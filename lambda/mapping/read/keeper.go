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
	singles memo.Memo[string]
	lists   memo.Memo[[]string]
}

// one returns a string.
func (k *keeper) one(text string) string {
	if text == "" {
		return ""
	}
	known := k.singles.At(maphash.String(k.seed, text))
	if *known != text {
		*known = strings.Clone(text)
		k.singles.Added()
	}
	return *known
}

// list returns a list of strings, which nobody changes.
func (k *keeper) list(texts []string) []string {
	var hash uint64
	for _, text := range texts {
		hash = hash*31 + maphash.String(k.seed, text)
	}
	known := k.lists.At(hash)
	if !slices.Equal(*known, texts) {
		list := make([]string, len(texts))
		for i, text := range texts {
			list[i] = strings.Clone(text)
		}
		*known = list
		k.lists.Added()
	}
	return *known
}
