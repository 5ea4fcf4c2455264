package identifier

import (
	_ "embed"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed shared.tsv
var table string

// SharedValue is an identifier that many machines have, so that it does not distinguish them.
type SharedValue struct {
	Kind  string // one of SharedKinds
	Value string
}

// SharedKinds are the kinds of values that many machines have: those of identifiers, names that images give, and domains that are not
// of a machine's owner.
func SharedKinds() []string {
	return []string{KindIP, KindMAC, KindSerial, KindHostname, kindImage, kindDomain}
}

// The kinds of identifiers of which values may be those of many machines.
const (
	KindSerial   = "serial"
	KindHostname = "hostname"
	KindIP       = "ip"
	KindMAC      = "mac"

	kindImage  = "image"
	kindDomain = "domain"
)

// Table finds values in the table of those that many machines have.
type Table struct {
	ips, macs, serials, hostnames map[string]bool

	networks []netip.Prefix
	begins   []SharedValue // without the * at their end
	images   []string      // patterns of first labels: ? is a letter or digit, * at the end any number of them
	domains  []string
	suffixes []string // of domains, with the dot before
}

// builtin is the table that is part of the program. A test reads it, so it has no mistakes.
var builtin = sync.OnceValue(func() *Table {
	t := newTable()
	for _, fields := range tableLines() {
		_ = t.add(SharedValue{fields[0], fields[1]})
	}
	return t
})

// Builtin returns the table that is part of the program.
func Builtin() *Table { return builtin() }

// tableLines are the columns of the table's lines, without comments.
func tableLines() [][]string {
	var lines [][]string
	for line := range strings.Lines(table) {
		if fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(fields) > 1 {
			lines = append(lines, fields)
		}
	}
	return lines
}

func newTable() *Table {
	return &Table{ips: map[string]bool{}, macs: map[string]bool{}, serials: map[string]bool{}, hostnames: map[string]bool{}}
}

// exact are the values of a kind that are written out.
func (t *Table) exact(kind string) map[string]bool {
	switch kind {
	case KindIP:
		return t.ips
	case KindMAC:
		return t.macs
	case KindSerial:
		return t.serials
	}
	return t.hostnames
}

// With returns the built-in table with further values.
func With(more []SharedValue) *Table {
	t := Builtin()
	if len(more) == 0 {
		return t
	}
	own := newTable()
	for _, kind := range []string{KindIP, KindMAC, KindSerial, KindHostname} {
		maps.Copy(own.exact(kind), t.exact(kind))
	}
	own.networks, own.begins = slices.Clone(t.networks), slices.Clone(t.begins)
	own.images = slices.Clone(t.images)
	own.domains, own.suffixes = slices.Clone(t.domains), slices.Clone(t.suffixes)
	for _, v := range more {
		_ = own.add(v) // Check has reported what is wrong
	}
	return own
}

// Check returns what is wrong with a value that many machines are stated to have.
func (v SharedValue) Check() error { return newTable().add(v) }

func (t *Table) add(v SharedValue) error {
	text := strings.ToLower(Clean(v.Value))
	begin, open := strings.CutSuffix(text, "*")
	switch {
	case !slices.Contains(SharedKinds(), v.Kind):
		return fmt.Errorf("unknown kind: expected one of %s", strings.Join(SharedKinds(), ", "))
	case text == "" || text == "*":
		return fmt.Errorf("the value is empty")
	case v.Kind == KindIP:
		return t.addNetwork(text)
	case v.Kind == kindDomain:
		t.addDomain(text)
		return nil
	case v.Kind == kindImage:
		if strings.Trim(text, "?*-") == "" || strings.Contains(begin, "*") {
			return fmt.Errorf("expected a first label such as win-???????????, or its beginning such as setup-*")
		}
		t.images = append(t.images, text)
		return nil
	case v.Kind == KindMAC && open:
		if strings.Trim(begin, "0123456789abcdef:") != "" || len(begin) < 3 || begin[len(begin)-1] != ':' {
			return fmt.Errorf("expected a MAC address as aa:bb:cc:dd:ee:ff, or its beginning as aa:bb:cc:*")
		}
	case v.Kind == KindMAC:
		if text = HardwareAddress(text); text == "" {
			return fmt.Errorf("expected a MAC address as aa:bb:cc:dd:ee:ff, or its beginning as aa:bb:cc:*")
		}
	case v.Kind == KindSerial && !open:
		if uuid, ok := asUUID(text); ok {
			text = uuid
		}
	}
	if open {
		t.begins = append(t.begins, SharedValue{v.Kind, begin})
	} else {
		t.exact(v.Kind)[text] = true
	}
	return nil
}

func (t *Table) addNetwork(text string) error {
	if network, err := netip.ParsePrefix(text); err == nil {
		if network.Bits() < 8 {
			return fmt.Errorf("expected a network of /8 or smaller: this one would mean nearly all addresses")
		}
		t.networks = append(t.networks, network.Masked())
		return nil
	}
	if begin, end, each := strings.Cut(text, "*"); each {
		return t.addEach(begin, end)
	}
	ip, ok := parseAddress(text)
	if !ok {
		return fmt.Errorf("expected an IP address or a network as 10.0.0.0/8")
	}
	t.ips[ip.String()] = true
	return nil
}

// addEach adds the addresses with each number between two parts.
func (t *Table) addEach(begin, end string) error {
	for n := range 256 {
		ip, ok := parseAddress(begin + strconv.Itoa(n) + end)
		if !ok || !strings.HasSuffix(begin, ".") {
			return fmt.Errorf("expected an IP address with * in the place of a number, such as 10.42.*.1")
		}
		t.ips[ip.String()] = true
	}
	return nil
}

func (t *Table) addDomain(text string) {
	if domain, deep := strings.CutPrefix(text, "*."); deep {
		t.suffixes = append(t.suffixes, "."+domain)
		text = domain
	}
	t.domains = append(t.domains, text)
}

// Has reports whether many machines have a normalised value.
func (t *Table) Has(kind, value string) bool {
	if t.exact(kind)[value] {
		return true
	}
	for _, b := range t.begins {
		if b.Kind == kind && strings.HasPrefix(value, b.Value) {
			return true
		}
	}
	if kind != KindIP || len(t.networks) == 0 {
		return false
	}
	ip, err := netip.ParseAddr(value)
	return err == nil && slices.ContainsFunc(t.networks, func(n netip.Prefix) bool { return n.Contains(ip) })
}

// isImage reports whether an image or installer gives such a first label.
func (t *Table) isImage(label string) bool {
	return slices.ContainsFunc(t.images, func(pattern string) bool { return fitsImage(pattern, label) })
}

// fitsImage compares a label with a pattern. Letters alone in the places of ? are a word: desktop-finance.
func fitsImage(pattern, label string) bool {
	if begin, open := strings.CutSuffix(pattern, "*"); open {
		if len(label) <= len(begin) || strings.Contains(label[len(begin):], "-") {
			return false
		}
		pattern, label = begin, label[:len(begin)]
	}
	if len(label) != len(pattern) {
		return false
	}
	digits := 0
	for i := range len(label) {
		isDigit := label[i] >= '0' && label[i] <= '9'
		switch {
		case pattern[i] == '?' && isDigit:
			digits++
		case pattern[i] == '?' && (label[i] < 'a' || label[i] > 'z'), pattern[i] != '?' && label[i] != pattern[i]:
			return false
		}
	}
	return digits > 0 || !strings.Contains(pattern, "?")
}

// isForeign reports whether a domain is not one of a machine's owner.
func (t *Table) isForeign(domain string) bool {
	return slices.Contains(t.domains, domain) ||
		slices.ContainsFunc(t.suffixes, func(s string) bool { return strings.HasSuffix(domain, s) })
}
