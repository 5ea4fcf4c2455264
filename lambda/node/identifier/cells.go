package identifier

import (
	"slices"
	"strings"
)

// Addresses returns the IP addresses of a list of texts, each of which may hold several.
func Addresses(texts []string) []string { return cells(texts, Address, IsAddressCell) }

// HardwareAddresses returns the MAC addresses of a list of texts, each of which may hold several.
func HardwareAddresses(texts []string) []string { return cells(texts, HardwareAddress, IsMAC) }

// Hostnames returns the host names of a list of texts, each of which may hold several, and the addresses that stand among them.
func Hostnames(texts []string) (names, addresses []string) {
	names = cells(texts, func(text string) string {
		name := Hostname(text)
		if IsAddress(name) {
			addresses = Append(addresses, Address(name))
			return ""
		}
		return name
	}, isOneName)
	return names, addresses
}

// cells normalises a list of texts, each of which may hold several values. What is one value as it stands is not taken apart.
func cells(texts []string, normal func(string) string, isOne func(string) bool) []string {
	var out []string
	for _, text := range texts {
		text = printable(text, "\t\n\r")
		if !separated(text) || isOne(text) {
			one := normal(text)
			if one == text || !separated(one) || isOne(one) {
				out = Append(out, one)
				continue
			}
			text = one // a list behind a domain or scheme
		}
		for _, part := range strings.FieldsFunc(text, separates) {
			out = Append(out, normal(part))
		}
	}
	return out
}

// separated reports whether there may be several values in a text.
func separated(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= ':' || c >= '_' && c <= 'z' || c == '.' || c == '-':
		case separates(rune(c)) || c >= 0x80:
			return true
		}
	}
	return false
}

// separates reports whether a character stands between values of one cell.
func separates(r rune) bool {
	switch r {
	case ',', ';', '|', ' ', '\t', '\n', '\r', '\u00a0', '[', ']', '(', ')', '{', '}', '<', '>', '"', '\'':
		return true
	}
	return false
}

// IsAddressCell reports whether a text is an IP address.
func IsAddressCell(text string) bool {
	_, ok := parseAddress(text)
	return ok
}

// IsMAC reports whether a text is a MAC address.
func IsMAC(text string) bool {
	_, ok := parseHardwareAddress(text)
	return ok
}

// isOneName reports whether a text is one host name at most. What is not a list of host names stays whole: an asset may be called "Gateway,
// hall 2". A blank separates names only where each is a full name or an address, or one is a name and the others are addresses.
func isOneName(text string) bool {
	text = strings.TrimSpace(text)
	if !strings.ContainsAny(text, ",;|\n\r\t [(") {
		return true
	}
	text = strings.ReplaceAll(text, " / ", ",")
	parts := strings.FieldsFunc(text, func(r rune) bool { return r != ' ' && r != '\u00a0' && separates(r) })
	if len(parts) < 2 {
		fields := strings.Fields(text)
		return !areNames(fields, true) && !isNameWithAddresses(fields)
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return !areNames(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), false)
}

// isNameWithAddresses reports whether of several texts one is a host name and all others are addresses.
func isNameWithAddresses(parts []string) bool {
	names := slices.DeleteFunc(slices.Clone(parts), IsAddress)
	return len(parts) > 1 && len(names) == 1 && IsHostName(names[0])
}

// areNames reports whether several texts are host names or addresses, and full ones if need be.
func areNames(parts []string, full bool) bool {
	for _, part := range parts {
		if !IsAddress(part) && (!IsHostName(part) || full && !strings.Contains(strings.Trim(part, "."), ".")) {
			return false
		}
	}
	return len(parts) > 1
}

// IsHostName reports whether a text could be a host name, with a Windows domain before it or not.
func IsHostName(text string) bool {
	for _, c := range []byte(text) {
		if c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 || strings.IndexByte("-_.$\\", c) >= 0 {
			continue
		}
		return false
	}
	return text != ""
}

// Unreadable counts the texts out of which no value can be read, though they are neither empty nor a placeholder.
func Unreadable(texts []string, is func(string) bool) int {
	n := 0
	for _, text := range texts {
		if is(text) || IsPlaceholder(strings.ToLower(Clean(text))) {
			continue
		}
		readable := false
		for part := range strings.FieldsFuncSeq(text, separates) {
			readable = readable || is(part)
		}
		if !readable {
			n++
		}
	}
	return n
}
