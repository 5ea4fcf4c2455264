package identifier

import (
	"encoding/hex"
	"strings"
)

// Serial returns a serial number or system UUID in lower case. What stands for a UUID in another dress (braces, no hyphens, the
// spaces that hypervisors put in) becomes one.
func Serial(text string) string {
	text = strings.ToLower(Clean(text))
	for strings.HasPrefix(text, "'") { // with which programs have a spreadsheet take it for a text
		text = Clean(text[1:])
	}
	if len(text) > maxSerial || IsPlaceholder(text) {
		return ""
	}
	if uuid, ok := asUUID(text); ok {
		text = uuid
	}
	if worn(text) || isVersion(text) || isFirmwareText(text) || isExponent(text) {
		return ""
	}
	return text
}

// isExponent reports whether a string in lower case is what a spreadsheet left of a long number, 1.23457e+11: its last digits are lost.
func isExponent(text string) bool {
	before, after, ok := strings.Cut(text, "e+")
	return ok && before != "" && after != "" && strings.Trim(before, "0123456789.,") == "" && strings.Trim(after, "0123456789") == ""
}

// uuidDigits is how many hexadecimal digits a UUID has.
const uuidDigits = 32

// asUUID reads 32 hexadecimal digits whatever stands between them, also after a maker's name and a hyphen.
func asUUID(text string) (string, bool) {
	if len(text) < uuidDigits {
		return "", false
	}
	if maker, rest, ok := strings.Cut(text, "-"); ok && strings.Trim(maker, "abcdefghijklmnopqrstuvwxyz") == "" {
		if uuid, ok := hexUUID(rest); ok {
			return uuid, true
		}
	}
	return hexUUID(text)
}

func hexUUID(text string) (string, bool) {
	if len(text) < uuidDigits {
		return "", false
	}
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -{}", r) {
			return -1
		}
		return r
	}, text)
	if len(digits) != uuidDigits {
		return "", false
	}
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return "", false
	}
	return uuidText(raw), true
}

func uuidText(raw []byte) string {
	h := hex.EncodeToString(raw)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// SwappedUUID returns a UUID as it reads with the other byte order in its first three groups; "" for what is not a UUID. Firmware
// stores them little-endian, and tools disagree whether to turn them (SMBIOS 3, 7.2.1).
func SwappedUUID(text string) string {
	if !IsUUID(text) {
		return ""
	}
	raw, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err != nil || len(raw) != 16 {
		return ""
	}
	return uuidText([]byte{raw[3], raw[2], raw[1], raw[0], raw[5], raw[4], raw[7], raw[6], raw[8], raw[9], raw[10], raw[11], raw[12], raw[13], raw[14], raw[15]})
}

// IsUUID reports whether a normalised serial number has the form of a UUID.
func IsUUID(text string) bool {
	return len(text) == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-'
}

// MayBeOneSerial reports whether two normalised serial numbers do not tell two machines apart: they are equal, or UUIDs in either byte order, or numbers
// of which one has lost its zeros in front in a spreadsheet.
func MayBeOneSerial(a, b string) bool {
	switch {
	case a == b || IsUUID(a) && a == SwappedUUID(b):
		return true
	case len(a) == len(b) || strings.Trim(a, "0123456789") != "" || strings.Trim(b, "0123456789") != "":
		return false
	}
	return strings.TrimLeft(a, "0") == strings.TrimLeft(b, "0")
}

// isFirmwareText reports whether a string in lower case is what makers leave where a serial should stand.
func isFirmwareText(text string) bool {
	if strings.HasPrefix(text, "to be filled") || strings.HasSuffix(text, "serial number") || strings.HasSuffix(text, "serialnumber") {
		return true
	}
	return Builtin().serials[text]
}

// worn reports whether a serial is one character again and again, zeros and ones, or counted: 0000000, ffffffff-ffff-…,
// 0101, 123456789.
func worn(text string) bool {
	bare := text
	if !isAlphanumeric(text) {
		bare = strings.Map(func(r rune) rune {
			if strings.ContainsRune("-:. ", r) {
				return -1
			}
			return r
		}, text)
	}
	if bare == "" || strings.Trim(bare, bare[:1]) == "" {
		return true
	}
	return bare[0] >= '0' && bare[0] <= '9' && (strings.Trim(bare, "01") == "" || isCounted(bare))
}

// isAlphanumeric reports whether a string in lower case is letters and digits alone.
func isAlphanumeric(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// isCounted reports whether a string is 1234…, with or without a 0 before; a long one also with several.
func isCounted(text string) bool {
	const digits = "012345678901234567890"
	from := strings.Index(digits, text)
	if len(text) > 3 && (from == 0 || from == 1) {
		return true
	}
	counted := strings.TrimLeft(text, "0")
	return len(counted) > 8 && strings.HasPrefix(digits[1:], counted)
}

// isVersion reports whether a string is the version of a board: 1.0, 2.0.1.
func isVersion(text string) bool {
	if len(text) != 3 && len(text) != 5 {
		return false
	}
	for i := range len(text) {
		if isDigit := text[i] >= '0' && text[i] <= '9'; isDigit != (i%2 == 0) || !isDigit && text[i] != '.' {
			return false
		}
	}
	return true
}
