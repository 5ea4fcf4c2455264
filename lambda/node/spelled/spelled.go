// Package spelled finds IP addresses in host names. It knows how networks and providers spell them, and nothing of machines.
package spelled

import (
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
)

// Only reports whether a name only spells an address, whoever has it: 10-0-0-1.static.example, ip-10-0-0-1, ip-0a000001,
// ec2-54-0-0-1, 1.0.0.10.in-addr.arpa. Which address that is, is known of those that EC2 gives inside a network and of names of reverse
// DNS; providers turn the order round.
func Only(name string) (address string, only bool) {
	label, _, _ := strings.Cut(name, ".")
	if digits, ok := strings.CutPrefix(label, "ip-"); ok && len(digits) == 8 {
		if raw, err := hex.DecodeString(digits); err == nil {
			return netip.AddrFrom4([4]byte(raw)).String(), true
		}
	}
	before, numbers, after := fourNumbers(strings.TrimPrefix(name, "ec2-"))
	switch {
	case numbers == [4]byte{} || after != "" && after[0] != '.':
		return "", false
	case before == "" && after == ".in-addr.arpa":
		return turned(numbers).String(), true
	case before == "ip-":
		return netip.AddrFrom4(numbers).String(), true
	}
	switch strings.TrimSuffix(before, "-") {
	case "", "host", "dhcp", "static", "dynamic", "dyn", "pool", "client", "cpe", "ppp", "customer", "user":
		return "", true
	}
	return "", false
}

// Addresses returns the address that is in a name, in both orders of its numbers: vm-10-0-0-1. Whether the name says more than that is
// not known.
func Addresses(name string) []string {
	_, numbers, _ := fourNumbers(name)
	if numbers == [4]byte{} {
		return nil
	}
	return []string{netip.AddrFrom4(numbers).String(), turned(numbers).String()}
}

func turned(n [4]byte) netip.Addr { return netip.AddrFrom4([4]byte{n[3], n[2], n[1], n[0]}) }

// fourNumbers finds in a name four numbers that form an address, with - or . between them and after them: no more and no less than
// four in a row. Without such numbers it returns zeros.
func fourNumbers(name string) (before string, numbers [4]byte, after string) {
	const digits = "0123456789"
	for from := 0; from < len(name); {
		at := strings.IndexAny(name[from:], digits)
		if at < 0 {
			break
		}
		from += at
		rest := strings.TrimLeft(name[from:], digits+"-.")
		row := strings.TrimRight(name[from:len(name)-len(rest)], "-.")
		after = name[from+len(row):]
		if numbers, ok := addressIn(row); ok && (after == "" || after[0] == '-' || after[0] == '.') {
			return name[:from], numbers, after
		}
		from = len(name) - len(rest)
	}
	return "", [4]byte{}, ""
}

func addressIn(row string) (numbers [4]byte, ok bool) {
	parts := strings.Split(strings.ReplaceAll(row, ".", "-"), "-")
	if len(parts) != len(numbers) {
		return numbers, false
	}
	for i, part := range parts {
		number, err := strconv.ParseUint(part, 10, 8)
		if err != nil || len(part) > 3 {
			return numbers, false
		}
		numbers[i] = byte(number)
	}
	return numbers, true
}
