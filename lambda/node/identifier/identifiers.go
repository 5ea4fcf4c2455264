package identifier

import (
	"encoding/hex"
	"net/netip"
	"strings"
)

// NodeID returns a node's ID from the ID itself, an ARN that ends in it, or any path that does; "" where there is none.
func NodeID(text string) string {
	text = strings.ToLower(Clean(text))
	text = text[max(strings.LastIndexByte(text, '/'), strings.LastIndexByte(text, ':'))+1:]
	if !isNodeID(text) {
		return ""
	}
	return text
}

// isNodeID follows the service's pattern (^i-(\w{8}|\w{17})$)|(^mi-\w{17}$).
func isNodeID(text string) bool {
	rest, hybrid := strings.CutPrefix(text, "mi-")
	if !hybrid {
		var instance bool
		if rest, instance = strings.CutPrefix(text, "i-"); !instance {
			return false
		}
	}
	if len(rest) != 17 && (hybrid || len(rest) != 8) {
		return false
	}
	for _, c := range []byte(rest) {
		if c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// OwnerOf returns account and region of the first ARN that names a node.
func OwnerOf(ids []string) (account, region string) {
	for _, id := range ids {
		if strings.IndexByte(id, ':') < 0 { // as in nearly all
			continue
		}
		parts := strings.SplitN(strings.ToLower(Clean(id)), ":", 6)
		if len(parts) == 6 && parts[0] == "arn" && NodeID(id) != "" {
			return parts[4], parts[3]
		}
	}
	return "", ""
}

// Owner drops what is not an account (12 digits) and no region.
func Owner(account, region string) (string, string) {
	if len(account) != accountDigits || strings.Trim(account, "0123456789") != "" {
		account = ""
	}
	if len(region) > 32 || strings.Trim(region, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		region = ""
	}
	return account, region
}

// Hostname returns a host name in lower case, without DOMAIN\, scheme, port, quotes, trailing dot, or the dollar sign of machine accounts.
// An address stays an address. What does not settle is no name.
func Hostname(text string) string {
	text = strings.ToLower(Clean(text))
	for range 4 {
		bare := bareName(text)
		if bare != text {
			text = bare
			continue
		}
		if len(text) > maxHostname || IsPlaceholder(text) || isLocalName(text) {
			return ""
		}
		return text
	}
	return ""
}

func bareName(text string) string {
	if isBareName(text) {
		return text
	}
	if quoted := strings.Trim(text, "[](){}<>\"'"); IsHostName(quoted) {
		text = quoted
	}
	if _, rest, ok := strings.Cut(text, "://"); ok {
		text, _, _ = strings.Cut(rest, "/")
	}
	text = text[strings.LastIndexByte(text, '\\')+1:]
	if name, port, ok := strings.Cut(text, ":"); ok && port != "" && strings.Trim(port, "0123456789") == "" {
		text = name
	}
	return Clean(strings.TrimRight(text, ".$"))
}

// isBareName reports whether a name in lower case has nothing to take off, as nearly all: it is letters, digits, hyphens and dots, and does
// not end in a dot.
func isBareName(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != '_' {
			return false
		}
	}
	return text != "" && text[len(text)-1] != '.'
}

// isLocalName reports whether every machine has a name.
func isLocalName(name string) bool {
	switch FirstLabel(name) {
	case "localhost", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback", "broadcasthost":
		return true
	}
	return false
}

// IsAddress reports whether a host name is an address.
func IsAddress(name string) bool {
	_, ok := parseAddress(name)
	return ok
}

// Address returns an address as netip writes it, without prefix length, zone and port; "" for those that many machines have.
func Address(text string) string {
	ip, ok := parseAddress(Clean(text))
	if !ok || ip.IsUnspecified() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return ""
	}
	var buffer [64]byte
	if canonical := ip.AppendTo(buffer[:0]); string(canonical) != text {
		return string(canonical)
	}
	return text
}

// mayBeAddress sorts names out before they are parsed in vain: an address has dots or colons, and no letters beyond f but in its
// zone.
func mayBeAddress(text string) bool {
	separated := false
	for i := range len(text) {
		switch c := text[i] | 0x20; { // letters in lower case; digits, dot and colon stay
		case text[i] == '%':
			return separated
		case text[i] == '.' || text[i] == ':':
			separated = true
		case c >= 'g' && c <= 'z':
			return false
		}
	}
	return separated
}

func parseAddress(text string) (netip.Addr, bool) {
	if len(text) > 64 || !mayBeAddress(text) {
		return netip.Addr{}, false
	}
	text, length, _ := strings.Cut(text, "/")
	if length != "" && strings.Trim(length, ".0123456789") != "" { // a further value
		return netip.Addr{}, false
	}
	bare := text
	if strings.ContainsRune(text, '[') || strings.ContainsRune(text, ']') {
		bare = strings.Trim(text, "[]")
	}
	if ip, err := netip.ParseAddr(bare); err == nil {
		return ip.Unmap().WithZone(""), true
	}
	if withPort, err := netip.ParseAddrPort(text); err == nil {
		return withPort.Addr().Unmap().WithZone(""), true
	}
	return netip.Addr{}, false
}

// HardwareAddress returns a MAC as aa:bb:cc:dd:ee:ff, read with colons, hyphens, dots, blanks or nothing between, leading zeros of a pair left
// out or not; "" for what is none or belongs to no machine.
func HardwareAddress(text string) string {
	text = Clean(text)
	raw, ok := parseHardwareAddress(text)
	if !ok || raw[0]&1 == 1 || raw == [6]byte{} { // the lowest bit marks multicast and broadcast
		return ""
	}
	var buffer [17]byte
	canonical := buffer[:0]
	for i, b := range raw {
		if i > 0 {
			canonical = append(canonical, ':')
		}
		canonical = hex.AppendEncode(canonical, []byte{b})
	}
	if string(canonical) != text {
		return string(canonical)
	}
	return text
}

func parseHardwareAddress(text string) (raw [6]byte, ok bool) {
	text = strings.TrimRight(strings.ReplaceAll(text, " ", ":"), ":-")
	paired := isPaired(text)
	at, digits := 0, 0 // the byte being read, and how many digits it has
	for i := range len(text) {
		c := text[i]
		value, isDigit := hexDigit(c)
		switch {
		case paired && (c == ':' || c == '-') && digits > 0, !paired && c == '.' && digits%2 == 0:
			if paired {
				at, digits = at+1, 0
			}
			continue
		case !isDigit || paired && digits == 2:
			return raw, false
		}
		if !paired && digits == 2 {
			at, digits = at+1, 0
		}
		if at >= len(raw) {
			return raw, false
		}
		raw[at], digits = raw[at]<<4|value, digits+1
	}
	return raw, at == len(raw)-1 && (digits == 2 || paired && digits == 1)
}

// isPaired reports whether something stands between the bytes of an address.
func isPaired(text string) bool {
	return strings.IndexByte(text, ':') >= 0 || strings.IndexByte(text, '-') >= 0
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// FirstLabel returns a host name without its domain.
func FirstLabel(name string) string {
	label, _, _ := strings.Cut(name, ".")
	return label
}
