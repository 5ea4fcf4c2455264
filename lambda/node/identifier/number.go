package identifier

import "strings"

// maxNumber is the most bytes of a number: what is longer is none.
const maxNumber = 256

// Number returns a source's own number of a machine in one spelling; "" for what is none: a placeholder, zeros, what many machines have, or
// what is an identifier of another kind, such as an address or a node's ID.
func Number(text string) string {
	text = strings.ToLower(Clean(text))
	switch {
	case len(text) > maxNumber, strings.HasPrefix(text, "-"), isWornNumber(text), Builtin().Has(KindSerial, text), isUUIDOfMany(text):
		return ""
	case len(text) >= minUnique && strings.Trim(text, "0123456789abcdef-") == "": // as nearly all are
		return text
	case IsPlaceholder(text), isFirmwareText(text), isOfOtherKind(text), isNameOfMany(text):
		return ""
	}
	return text
}

// isUUIDOfMany reports whether a number is a UUID without hyphens that many machines have.
func isUUIDOfMany(text string) bool {
	return len(text) == 32 && Builtin().Has(KindSerial, text[:8]+"-"+text[8:12]+"-"+text[12:16]+"-"+text[16:20]+"-"+text[20:])
}

// isOfOtherKind reports whether a number is an identifier of another kind.
func isOfOtherKind(text string) bool {
	return IsAddress(text) || IsMAC(text) && strings.ContainsAny(text, ":-.") || NodeID(text) != ""
}

// isNameOfMany reports whether a number is a host name that many machines have.
func isNameOfMany(text string) bool {
	first := FirstLabel(text)
	return isLocalName(text) || Builtin().Has(KindHostname, first) || Builtin().isImage(first)
}

// isWornNumber reports whether a text is zeros, whatever separates them, or one character again and again where it is long.
func isWornNumber(text string) bool {
	first, long := byte(0), 0
	for i := range len(text) {
		switch c := text[i]; c {
		case first:
			long++
		case '-', ':', '.', ' ', '{', '}':
		default:
			if first != 0 {
				return false
			}
			first, long = c, 1
		}
	}
	return first == 0 || first == '0' || long >= minUnique
}

// minUnique is the fewest characters of a number that no two installations of a product give.
const minUnique = 16

// IsUnique reports whether a number is that of one machine wherever it was given, such as a UUID. A short one is given again by each
// installation of a product, and a name by each owner.
func IsUnique(number string) bool {
	return len(number) >= minUnique && strings.ContainsAny(number, "0123456789") && !strings.ContainsAny(number, ". ,/\\@")
}
