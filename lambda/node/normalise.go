package node

import (
	"slices"
	"strings"
	"unicode"
)

// What a subject may hold. Longer texts are no identifiers, and what goes beyond MaxCandidates is left out: a document cannot make
// the ledger grow without bound.
const (
	MaxCandidates  = 32
	maxTagKeys     = 16
	maxHostname    = 253 // RFC 1035
	maxSerial      = 128
	maxTagKeyBytes = 128 * 4 // AWS counts 128 characters
	maxTagBytes    = 256 * 4 // AWS counts 256 characters
	maxPlaceholder = 24
)

// Normalise returns the identifiers in one spelling each, without those that name no machine: empty ones, placeholders,
// link-local addresses, ids that are none. Several values in one cell become several. An address among the host names is taken for an
// address. The order stays, repetitions go, the argument is not changed. Normalising twice is the same as once.
func (s Subject) Normalise() Subject {
	n := Subject{
		NodeID: each(s.NodeID, nodeID), Serial: each(s.Serial, serial), IP: cells(s.IP, address, isAddressCell), MAC: cells(s.MAC, hardwareAddress, isMAC),
		Account: s.Account, Region: s.Region,
	}
	n.Hostname = cells(s.Hostname, func(text string) string {
		name := hostname(text)
		if isAddress(name) {
			n.IP = appendNew(n.IP, address(name))
			return ""
		}
		return name
	}, isOneName)
	if len(s.Reverse) > 0 {
		n.Reverse = cells(s.Reverse, hostname, isOneName)
	}
	n.Tags = tagsOf(s.Tags)
	if n.Account == "" && n.Region == "" {
		n.Account, n.Region = ownerOf(s.NodeID)
	}
	n.Account, n.Region = owner(n.Account, n.Region)
	return n
}

// each normalises a list. It allocates nothing where nothing is left.
func each(texts []string, normal func(string) string) []string {
	var out []string
	for _, text := range texts {
		out = appendNew(out, normal(text))
	}
	return out
}

func appendNew(list []string, text string) []string {
	if text == "" || len(list) >= MaxCandidates || slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// tagsOf keeps case: tag keys and values differ by it.
func tagsOf(tags map[string][]string) map[string][]string {
	var out map[string][]string
	for _, key := range sortedKeys(tags) {
		values := each(tags[key], tagValue)
		name := clean(key)
		if len(values) == 0 || name == "" || len(name) > maxTagKeyBytes {
			continue
		}
		if out == nil {
			out = map[string][]string{}
		}
		for _, value := range values {
			if len(out) < maxTagKeys || out[name] != nil {
				out[name] = appendNew(out[name], value)
			}
		}
	}
	return out
}

func tagValue(text string) string {
	text = clean(text)
	if len(text) > maxTagBytes || isPlaceholder(strings.ToLower(text)) {
		return ""
	}
	return text
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// clean takes white space off the ends and what cannot be printed out of the middle.
func clean(text string) string { return strings.TrimSpace(printable(text, "")) }

// printable takes out what cannot be printed, but for some characters.
func printable(text, but string) string {
	if isPlain(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if (r == unicode.ReplacementChar || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) && !strings.ContainsRune(but, r) {
			return -1
		}
		return r
	}, text)
}

// isPlain reports whether a text has printable ASCII only, as nearly all identifiers do.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// isPlaceholder reports whether a string in lower case is what people and firmware write where they know nothing.
func isPlaceholder(text string) bool {
	if len(text) > maxPlaceholder {
		return false
	}
	switch strings.Trim(text, "<>()[]\"'.*-_?/ ") {
	case "", "none", "null", "nil", "nan", "n/a", "na", "unknown", "undefined", "not available", "not applicable", "not specified",
		"not set", "not known", "no value", "empty", "tbd", "tba", "default", "default string", "invalid", "unspecified", "unassigned":
		return true
	}
	return false
}
