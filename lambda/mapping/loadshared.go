package mapping

import (
	"net"
	"net/netip"
	"slices"
	"strings"
)

// SharedIdentifier is an identifier that many machines have, so that it tells none of them apart.
type SharedIdentifier struct{ Kind, Value string }

var (
	sharedFileWords = []string{"version", "about", "sharedIdentifiers"}
	sharedKinds     = []string{"ip", "mac", "serial", "hostname", "image", "domain"}
)

// sharedOf reads a file of identifiers that many machines have.
func (l *loader) sharedOf(root place) {
	for _, f := range root.fields() {
		switch f.name {
		case "version":
			f.at.version()
		case "about":
			f.at.scalar("about")
		case "sharedIdentifiers":
			for _, kind := range f.at.fields() {
				l.sharedKind(kind)
			}
		default:
			f.key.suggest(nearest(f.name, sharedFileWords), "unknown word %s in a file of shared identifiers", f.name)
		}
	}
}

func (l *loader) sharedKind(kind field) {
	if !slices.Contains(sharedKinds, kind.name) {
		kind.key.suggest(nearest(kind.name, sharedKinds), "unknown kind %s of shared identifiers: they are %s", kind.name, strings.Join(sharedKinds, ", "))
		return
	}
	for _, item := range kind.at.items() {
		text, ok := item.scalar("an identifier")
		if !ok {
			continue
		}
		if wrong := sharedProblem(kind.name, strings.TrimSpace(text)); wrong != "" {
			item.problem("%s", wrong)
			continue
		}
		l.shared = append(l.shared, SharedIdentifier{kind.name, text})
	}
}

// sharedProblem says what is wrong with an identifier that many machines are said to have.
func sharedProblem(kind, text string) string {
	begin, open := strings.CutSuffix(text, "*")
	switch kind {
	case "ip":
		_, noNetwork := netip.ParsePrefix(text)
		if _, noAddress := netip.ParseAddr(text); noNetwork != nil && noAddress != nil {
			return "expected an IP address, or a network such as 10.9.0.0/24"
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
	if begin == "" {
		return "expected an identifier: this one would stand for all"
	}
	return ""
}
