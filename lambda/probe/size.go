package probe

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

type items []types.InventoryItem

// ruleCase is a put of items, and the codes that answer its question.
type ruleCase struct {
	id       string
	items    items
	outcomes [][]string
}

// The limits of one call, in either unit.
const (
	megabyte        = 1 << 20
	decimalMegabyte = 1_000_000
)

const (
	wideNames  = 20
	emptyEntry = 141 // bytes of JSON of an entry with all wide names and no values
	mostValue  = 4096
)

// wideNameOf is the n-th attribute of wide content, from 0: a letter from A to T.
func wideNameOf(n int) string { return "ABCDEFGHIJKLMNOPQRST"[n : n+1] }

// crowd is content with 51 attributes.
func crowd() []map[string]string {
	entries := []map[string]string{{}, {}}
	for n := range 51 {
		name := fmt.Sprintf("N%02d", n)
		if n < wideNames {
			name = wideNameOf(n)
		}
		entries[n%2][name] = "1"
	}
	return entries
}

// wideOf is content of exactly that size with all wide names in each entry: of its JSON, or of its names and values alone.
func wideOf(size int, pairs bool) []map[string]string {
	perEntry, once := emptyEntry+1, 1 // with a comma; the brackets, but for the comma that the last entry has not
	if pairs {
		perEntry, once = wideNames, 0
	}
	n := (size - once + perEntry + wideNames*mostValue - 1) / (perEntry + wideNames*mostValue)
	left := size - once - n*perEntry
	content := make([]map[string]string, n)
	for e := range content {
		content[e] = make(map[string]string, wideNames)
		for k := range wideNames {
			value := min(left, mostValue)
			content[e][wideNameOf(k)] = strings.Repeat("x", value)
			left -= value
		}
	}
	return content
}

// many is content of n entries with all wide names, each with that value.
func many(n int, value string) []map[string]string {
	entry := make(map[string]string, wideNames)
	for k := range wideNames {
		entry[wideNameOf(k)] = value
	}
	return slices.Repeat([]map[string]string{entry}, n)
}

// sizes finds out how sizes count: content that is too large by one way of counting and small by another, and content that is just below
// the limit.
func (r *run) sizes(ctx context.Context) error {
	// 1.26 MB of JSON with 178 KB of names; 1.3 MB of JSON with a quarter of the characters; 1.04 MB.
	ofPairs, err := r.fits(ctx, "sizesOfPairs", many(8900, ""), true)
	if err != nil {
		return err
	}
	if _, err = r.fits(ctx, "sizesInCharacters", many(16, strings.Repeat("😀", mostValue/4)), true); err != nil {
		return err
	}
	binary, err := r.fits(ctx, "sizesDecimal", wideOf(1_040_000, false), false)
	if err != nil {
		return err
	}
	if !r.known("sizesOfPairs", "sizesDecimal") {
		r.open("sizesOfItems", "how content counts was not found out")
		return nil
	}
	limit := megabyte
	if !binary {
		limit = decimalMegabyte
	}
	_, err = r.fits(ctx, "sizesOfItems", wideOf(limit-20, ofPairs), false)
	return err
}

// fits puts content, and reports whether it was taken. The question is a switch that is on where it was taken, or where it was not.
func (r *run) fits(ctx context.Context, id string, content []map[string]string, onWhereTaken bool) (bool, error) {
	code, err := r.put(ctx, r.item(wide, "", content))
	if err != nil {
		return false, err
	}
	taken, refused := []string{accepted}, []string{itemSize, totalSize}
	if onWhereTaken {
		r.byCode(id, code, refused, taken)
	} else {
		r.byCode(id, code, taken, refused)
	}
	return code == accepted, nil
}

// known reports whether all those questions have one of their outcomes.
func (r *run) known(ids ...string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool {
		f, asked := r.found[id]
		return !asked || f.outcome < 0
	})
}
