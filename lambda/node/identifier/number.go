package identifier

import "strings"

// maxNumber is the most bytes of a number: what is longer is none.
const maxNumber = 256

// Number returns a source's own number of a machine in one spelling; "" for what is none: a placeholder, zeros, what many machines have, or
// what is an identifier of another kind, such as an address or a node's ID.
func Number(text string) string {
	text = strings.ToLower(Clean(text))
	first := FirstLabel(text)
	switch {
	case len(text) > maxNumber, strings.HasPrefix(text, "-"), IsPlaceholder(text), isFirmwareText(text), isWornNumber(text):
		return ""
	case IsAddress(text), IsMAC(text) && strings.ContainsAny(text, ":-."), NodeID(text) != "":
		return ""
	case isLocalName(text), Builtin().Has(KindSerial, text), Builtin().Has(KindHostname, first), Builtin().isImage(first):
		return ""
	}
	return text
}

// isWornNumber reports whether a text is zeros, whatever separates them, or one character again and again where it is long.
func isWornNumber(text string) bool {
	bare := strings.Map(func(r rune) rune {
		if strings.ContainsRune("-:. {}", r) {
			return -1
		}
		return r
	}, text)
	return strings.Trim(bare, "0") == "" || len(bare) >= minUnique && strings.Trim(bare, bare[:1]) == ""
}

// minUnique is the fewest characters of a number that no two installations of a product give.
const minUnique = 16

// IsUnique reports whether a number is that of one machine wherever it was given, such as a UUID. A short one is given again by each
// installation of a product, and a name by each owner.
func IsUnique(number string) bool {
	return len(number) >= minUnique && strings.ContainsAny(number, "0123456789") && !strings.ContainsAny(number, ". ,/\\@")
}
