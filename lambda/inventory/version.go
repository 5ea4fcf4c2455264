package inventory

import (
	"cmp"
	"strconv"
	"strings"
)

// CompareVersions compares two schema versions, "1.10" after "1.9". A part that is no number counts as 0.
func CompareVersions(a, b string) int {
	amajor, aminor := versionParts(a)
	bmajor, bminor := versionParts(b)
	return cmp.Or(cmp.Compare(amajor, bmajor), cmp.Compare(aminor, bminor))
}

func versionParts(v string) (major, minor int) {
	first, second, _ := strings.Cut(v, ".")
	major, _ = strconv.Atoi(first)
	minor, _ = strconv.Atoi(second)
	return major, minor
}
