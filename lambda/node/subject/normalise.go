package subject

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
)

// What a subject may hold of tags: a document cannot make the ledger grow without bound.
const (
	maxTagKeys     = 16
	maxTagKeyBytes = 128 * 4 // AWS counts 128 characters
	maxTagBytes    = 256 * 4 // AWS counts 256 characters
)

// Normalise returns the identifiers in one spelling each, without those that name no machine: empty ones, placeholders,
// link-local addresses, ids that are none. Several values in one cell become several. An address among the host names is taken for an
// address. The order stays, repetitions go, the argument is not changed. Normalising twice is the same as once.
func (s Subject) Normalise() Subject {
	n := Subject{
		NodeID: identifier.Each(s.NodeID, identifier.NodeID), Serial: identifier.Each(s.Serial, identifier.Serial),
		IP: identifier.Addresses(s.IP), MAC: identifier.HardwareAddresses(s.MAC),
	}
	var addresses []string
	n.Hostname, addresses = identifier.Hostnames(s.Hostname)
	for _, ip := range addresses {
		n.IP = identifier.Append(n.IP, ip)
	}
	n.Reverse, _ = identifier.Hostnames(s.Reverse)
	n.Tags = tagsOf(s.Tags)
	n.Number = numbersOf(s.Number)
	n.Account, n.Region = identifier.Owner(s.Account, s.Region)
	n.Stated = s.Stated && (n.Account != "" || n.Region != "")
	if n.Account == "" && n.Region == "" {
		n.Account, n.Region = identifier.Owner(identifier.OwnerOf(s.NodeID))
	}
	return n
}

// tagsOf keeps case: tag keys and values differ by it.
func tagsOf(tags map[string][]string) map[string][]string {
	var out map[string][]string
	for _, key := range TagKeys(tags) {
		values := identifier.Each(tags[key], tagValue)
		name := identifier.Clean(key)
		if len(values) == 0 || name == "" || len(name) > maxTagKeyBytes {
			continue
		}
		if out == nil {
			out = map[string][]string{}
		}
		for _, value := range values {
			if len(out) < maxTagKeys || out[name] != nil {
				out[name] = identifier.Append(out[name], value)
			}
		}
	}
	return out
}

func tagValue(text string) string {
	text = identifier.Clean(text)
	if len(text) > maxTagBytes || identifier.IsPlaceholder(strings.ToLower(text)) {
		return ""
	}
	return text
}

// TagKeys are the keys of tags, sorted.
func TagKeys(tags map[string][]string) []string {
	keys := make([]string, 0, len(tags))
	for key := range tags {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
