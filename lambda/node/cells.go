package node

import "strings"

// cells normalises a list of texts, each of which may hold several values. What is one value as it stands is not taken apart.
func cells(texts []string, normal func(string) string, isOne func(string) bool) []string {
	var out []string
	for _, text := range texts {
		if isOne(text) {
			out = appendNew(out, normal(text))
			continue
		}
		for _, part := range strings.FieldsFunc(text, separates) {
			out = appendNew(out, normal(part))
		}
	}
	return out
}

// separates reports whether a character stands between values of one cell.
func separates(r rune) bool {
	switch r {
	case ',', ';', '|', ' ', '\t', '\n', '\r', '\u00a0', '[', ']', '(', ')', '{', '}', '<', '>', '"', '\'':
		return true
	}
	return false
}

func isAddressCell(text string) bool {
	_, ok := parseAddress(text)
	return ok
}

func isMAC(text string) bool {
	_, ok := parseHardwareAddress(text)
	return ok
}

// isOneName reports whether a text is one host name at most. A blank separates names only where each is a full name or an address: an
// asset may be called "web 1".
func isOneName(text string) bool {
	if !strings.ContainsAny(text, ",;|\n\r\t [(") {
		return true
	}
	if strings.ContainsAny(text, ",;|\n\r") {
		return false
	}
	parts := strings.FieldsFunc(text, separates)
	for _, part := range parts {
		if !strings.Contains(strings.Trim(part, "."), ".") && !isAddress(part) {
			return true
		}
	}
	return len(parts) < 2
}

// Unreadable counts the texts of a subject, as a document gives them, out of which no address could be read though they are not empty:
// neither a placeholder nor an address that many machines have, but none at all.
type Unreadable struct{ IP, MAC int }

// Add adds what another subject has.
func (u *Unreadable) Add(other Unreadable) {
	u.IP += other.IP
	u.MAC += other.MAC
}

// Unreadable reads the texts of a subject that was not normalised yet.
func (s Subject) Unreadable() Unreadable {
	return Unreadable{unreadable(s.IP, isAddressCell), unreadable(s.MAC, isMAC)}
}

func unreadable(texts []string, is func(string) bool) int {
	n := 0
	for _, text := range texts {
		if is(text) || isPlaceholder(strings.ToLower(clean(text))) {
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
