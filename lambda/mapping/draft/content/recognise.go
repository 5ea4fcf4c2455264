package content

import (
	"net/netip"
	"strings"
	"unicode"

	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// NodeIDAtEnd is a regular expression whose group is the ID of a managed node at the end of a longer name.
const NodeIDAtEnd = `(?:^|[^0-9A-Za-z])(i-(?:[0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})$`

var (
	nodeIDEnds = regular.Expression(NodeIDAtEnd)
	nodeIDs    = regular.Expression(`(?i)^(?:[^ \n]*[/:])?(?:i-(?:[0-9a-z]{8}|[0-9a-z]{17})|mi-[0-9a-z]{17})$`)
	macs       = regular.Expression(`^(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$|^(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}$`)
	bareMACs   = regular.Expression(`^[0-9A-Fa-f]{12}$`)
	numbers    = regular.Expression(`^[+-]?[0-9]+(?:[.,][0-9]+)*$`)
	hosts      = regular.Expression(`^[\pL0-9_](?:[\pL0-9_-]*[\pL0-9_$])?(?:\.[\pL0-9_-]+)*\.?$`)
	domains    = regular.Expression(`^[A-Za-z0-9_](?:[A-Za-z0-9_-]*)(?:\.[A-Za-z0-9_-]+)*\.(?:[A-Za-z]{2,})\.?$`)
	extensions = regular.Expression(`(?i)\.(?:exe|dll|sys|log|txt|csv|xml|json|conf|cfg|ini|so|jar|py|sh|bat|nasl|msi|rpm|deb|zip|gz|html?|php|aspx?|pdf|docx?|xlsx?|service|rb|ya?ml|toml|lock|java|jsx?|tsx?|cpp|class|csproj)$`)
	cves       = regular.Expression(`(?i)\bCVE-[0-9]{4}-[0-9]{4,}\b`)
	between    = regular.Expression(`[,;|\s]+`)
	hashes     = regular.Expression(`^[0-9a-fA-F]{24,}$`)
	uuids      = regular.Expression(`(?i)^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$`)
	answers    = regular.Expression(`(?i)^(?:true|false|yes|no|none|unknown)$`)
	amounts    = regular.Expression(`^[0-9]+(\.[0-9]+)?$`)
)

// IsNodeID recognises the ID of a managed node, also at the end of a longer name of it.
func IsNodeID(text string) bool { return nodeIDs().MatchString(text) }

// EndsInNodeID recognises a name that ends in the ID of a managed node; a sentence is none.
func EndsInNodeID(text string) bool {
	return nodeIDEnds().MatchString(text) && !strings.ContainsAny(text, " \n")
}

// IsMAC recognises a MAC address with separators.
func IsMAC(text string) bool { return macs().MatchString(text) }

// IsBareMAC recognises what may be a MAC address without separators.
func IsBareMAC(text string) bool { return bareMACs().MatchString(text) }

// IsAmount recognises a number that one can count with.
func IsAmount(text string) bool { return amounts().MatchString(text) }

// CVEs counts the CVE identifiers in a text, up to two.
func CVEs(text string) int { return len(cves().FindAllString(text, 2)) }

// IsAddress recognises an IP address of a machine, also with a prefix's length behind it: no network, and none of those that look like a version
// (0.4.20.1).
func IsAddress(text string) bool {
	text, length, isPrefix := strings.Cut(text, "/")
	text, _, _ = strings.Cut(text, "%")
	a, err := netip.ParseAddr(text)
	if err != nil || a.IsUnspecified() || a.IsLoopback() || a.IsMulticast() || a.Is4() && a.As4()[0] == 0 {
		return false
	}
	network, err := netip.ParsePrefix(text + "/" + length)
	return !isPrefix || err != nil || network.IsSingleIP() || network.Masked().Addr() != a
}

// Several makes a test of one value one of several in one text.
func Several(test func(string) bool) func(string) bool {
	return func(text string) bool {
		for _, part := range between().Split(strings.Trim(text, "[]{}()\"' "), -1) {
			if !test(strings.Trim(part, `"'`)) {
				return false
			}
		}
		return true
	}
}

// IsHost recognises what may be a machine's name.
func IsHost(text string) bool {
	if _, after, domain := strings.Cut(text, `\`); domain {
		text = after
	}
	return len(text) <= 253 && hosts().MatchString(text) && strings.ContainsFunc(text, unicode.IsLetter) && !IsNodeID(text) && !uuids().MatchString(text) && !hashes().MatchString(text) && !answers().MatchString(text)
}

// IsDomainName recognises a name that nothing but a machine has as a rule: web-1.example.com. What ends in capitals and others is from a program:
// Parser.ParseAll.
func IsDomainName(text string) bool {
	last := text[strings.LastIndexByte(strings.TrimSuffix(text, "."), '.')+1:]
	return domains().MatchString(text) && !extensions().MatchString(text) && len(text) <= 253 && (last == strings.ToLower(last) || last == strings.ToUpper(last))
}

// IsSerial recognises what may be a serial number: letters and digits, no words, and no name of a document (urn:uuid:…).
func IsSerial(text string) bool {
	return !strings.HasPrefix(text, "urn:") && len(text) >= 4 && len(text) <= 64 && strings.ContainsAny(text, "0123456789") && strings.Count(text, " ") <= 2
}

// NamesNothing recognises values that name no column.
func NamesNothing(text string) bool {
	return numbers().MatchString(text) || IsAddress(text) || IsMAC(text) || IsNodeID(text) || len(text) > 200 ||
		LayoutOf(&Column{Values: []string{text}}, false) != nil
}
