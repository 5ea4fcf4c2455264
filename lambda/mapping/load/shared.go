package load

import (
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

var (
	sharedFileWords = []string{"version", "about", "sharedIdentifiers"}
	sharedKinds     = []string{"ip", "mac", "serial", "hostname", "image", "domain"}
)

// sharedOf reads a file of identifiers that many machines have.
func (l *loader) sharedOf(root yamlfile.Value) {
	if !root.Has("version") {
		root.Problem("version is missing: 1")
	}
	readListed(root, "sharedIdentifiers", "a file of shared identifiers", sharedFileWords, l.sharedKind)
}

func (l *loader) sharedKind(kind yamlfile.Field) {
	if !slices.Contains(sharedKinds, kind.Name) {
		kind.Unknown(sharedKinds, "unknown kind %s of shared identifiers: they are %s", kind.Name, strings.Join(sharedKinds, ", "))
		return
	}
	for _, item := range kind.At.Items() {
		text, ok := item.Scalar("an identifier")
		if !ok {
			continue
		}
		if wrong := sharedProblem(kind.Name, strings.TrimSpace(text)); wrong != "" {
			item.Problem("%s", wrong)
			continue
		}
		l.shared = append(l.shared, mapping.SharedIdentifier{Kind: kind.Name, Value: text})
	}
}

// sharedProblem returns what is wrong with an identifier that many machines are stated to have; "" where nothing is.
func sharedProblem(kind, text string) string {
	begin, open := strings.CutSuffix(text, "*")
	switch kind {
	case "ip":
		network, noNetwork := netip.ParsePrefix(text)
		if _, noAddress := netip.ParseAddr(text); noNetwork != nil && noAddress != nil {
			return "expected an IP address, or a network such as 10.9.0.0/24"
		}
		if noNetwork == nil && network.Bits() < 8 {
			return "expected a network of /8 or smaller: this one would mean nearly all addresses"
		}
		return ""
	case "mac":
		_, err := net.ParseMAC(text)
		isBegin := open && len(begin) > 2 && strings.HasSuffix(begin, ":") && strings.Trim(begin, "0123456789abcdefABCDEF:") == ""
		if err != nil && !isBegin {
			return "expected a MAC address such as 02:50:41:00:00:01, or its beginning such as 02:50:41:*"
		}
		return ""
	}
	if begin == "" || kind == "image" && strings.Trim(begin, "?*-") == "" {
		return "expected an identifier: this one would mean all"
	}
	return ""
}
