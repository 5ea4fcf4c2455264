package content

import (
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

var (
	accounts = regular.Expression(`^[0-9]{12}$|^[0-9]{4}-[0-9]{4}-[0-9]{4}$`)
	regions  = regular.Expression(`^[a-z]{2}(?:-[a-z]+)+-[0-9][a-z]?$`)
)

// IsAccount recognises the number of an account.
func IsAccount(text string) bool { return accounts().MatchString(text) }

// IsRegion recognises a region, or an availability zone of it.
func IsRegion(text string) bool { return regions().MatchString(text) }

// Label is a name without its domains.
func Label(name string) string {
	if _, after, found := strings.Cut(name, `\`); found {
		name = after
	}
	short, _, _ := strings.Cut(name, ".")
	return short
}

// CommonPrefix is what two names begin with.
func CommonPrefix(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return strings.TrimRight(strings.ToValidUTF8(a[:n], ""), " ")
}
