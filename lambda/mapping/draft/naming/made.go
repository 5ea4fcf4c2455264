package naming

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	notOfNames = regexp.MustCompile(`[^a-z0-9]+`)
	datesAtEnd = regexp.MustCompile(`(?:-[0-9]+)+$`)
)

// OfFile makes a mapping's name of a file's: without its extensions and without the day that often stands in it.
func OfFile(file string) string {
	base, _, _ := strings.Cut(strings.TrimLeft(path.Base(strings.ReplaceAll(file, `\`, "/")), "."), ".")
	name := notOfNames.ReplaceAllString(Plain(base), "-")
	name = strings.Trim(datesAtEnd.ReplaceAllString(name, ""), "-")
	if name == "" {
		return "drafted"
	}
	return strings.Trim(fmt.Sprintf("%.50s", name), "-")
}

// OfType makes a type's name that is not taken yet, also not in other letter case.
func OfType(text string, taken []string) string {
	base := fmt.Sprintf("Custom:%.80s", cmp.Or(Pascal(strings.ReplaceAll(text, "-", " ")), "Drafted"))
	name := base
	for n := 1; slices.ContainsFunc(taken, func(other string) bool { return strings.EqualFold(other, name) }); n++ {
		name = base + "Record"
		if n > 1 {
			name += strconv.Itoa(n)
		}
	}
	return name
}
