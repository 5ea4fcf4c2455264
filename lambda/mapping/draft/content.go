package draft

import (
	"net/netip"
	"regexp"
	"strings"
	"unicode"
)

var (
	nodeIDs    = regexp.MustCompile(`(?i)^(?:.*[/:])?(?:i-(?:[0-9a-z]{8}|[0-9a-z]{17})|mi-[0-9a-z]{17})$`)
	macs       = regexp.MustCompile(`^(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$|^(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}$`)
	bareMACs   = regexp.MustCompile(`^[0-9A-Fa-f]{12}$`)
	numbers    = regexp.MustCompile(`^[+-]?[0-9]+(?:[.,][0-9]+)*$`)
	hosts      = regexp.MustCompile(`^[\pL0-9_](?:[\pL0-9_-]*[\pL0-9_$])?(?:\.[\pL0-9_-]+)*\.?$`)
	domains    = regexp.MustCompile(`^[A-Za-z0-9_](?:[A-Za-z0-9_-]*)(?:\.[A-Za-z0-9_-]+)*\.(?:[A-Za-z]{2,})\.?$`)
	extensions = regexp.MustCompile(`(?i)\.(?:exe|dll|sys|log|txt|csv|xml|json|conf|cfg|ini|so|jar|py|sh|bat|msi|rpm|deb|zip|gz|html?|php|aspx?|js|pdf|docx?|xlsx?|service)$`)
	cves       = regexp.MustCompile(`(?i)\bCVE-[0-9]{4}-[0-9]{4,}\b`)
	between    = regexp.MustCompile(`[,;|\s]+`)
	hashes     = regexp.MustCompile(`^[0-9a-fA-F]{24,}$`)
	uuids      = regexp.MustCompile(`(?i)^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$`)
)

func isNodeID(text string) bool {
	return nodeIDs.MatchString(text) && !strings.ContainsAny(text, " \n")
}

func isMAC(text string) bool { return macs.MatchString(text) }

func isBareMAC(text string) bool { return bareMACs.MatchString(text) }

func isNumber(text string) bool { return numbers.MatchString(text) }

func isCVE(text string) bool { return cves.MatchString(text) }

// isAddress recognises an IP address of a machine, also with a prefix's length behind it.
func isAddress(text string) bool {
	text, _, _ = strings.Cut(text, "/")
	text, _, _ = strings.Cut(text, "%")
	a, err := netip.ParseAddr(text)
	return err == nil && !a.IsUnspecified() && !a.IsLoopback() && !a.IsMulticast()
}

// areAddresses recognises several addresses in one text.
func areAddresses(text string) bool { return every(text, isAddress) }

func areMACs(text string) bool { return every(text, isMAC) }

func every(text string, test func(string) bool) bool {
	parts := between.Split(strings.Trim(text, "[]{}()\"' "), -1)
	for _, part := range parts {
		if !test(strings.Trim(part, `"'`)) {
			return false
		}
	}
	return true
}

// isHost recognises what may be a machine's name.
func isHost(text string) bool {
	_, after, domain := strings.Cut(text, `\`)
	if domain {
		text = after
	}
	return len(text) <= 253 && hosts.MatchString(text) && strings.ContainsFunc(text, unicode.IsLetter) && !isNodeID(text) && !uuids.MatchString(text) && !hashes.MatchString(text)
}

// isDomainName recognises a name that nothing but a machine has as a rule: web-1.example.com.
func isDomainName(text string) bool {
	return domains.MatchString(text) && !extensions.MatchString(text) && len(text) <= 253
}

// isSerial recognises what may be a serial number: letters and digits, no words.
func isSerial(text string) bool {
	return len(text) >= 4 && len(text) <= 64 && strings.ContainsAny(text, "0123456789") && strings.Count(text, " ") <= 2
}
