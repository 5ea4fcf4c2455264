package identifier

import "strings"

// AccountOf returns the account that a text is: twelve digits, in groups of four with dashes or not, as a spreadsheet quotes or writes a number, or
// those of an ARN; "" where there is none.
func AccountOf(text string) string {
	text = strings.Trim(Clean(text), `='"`)
	if parts := strings.SplitN(text, ":", 6); len(parts) == 6 && strings.EqualFold(parts[0], "arn") {
		text = parts[4]
	}
	if len(text) == 14 && text[4] == '-' && text[9] == '-' {
		text = text[:4] + text[5:9] + text[10:]
	}
	account, _ := Owner(whole(text), "")
	return account
}

// ShortAccount returns the account that a number is of which a spreadsheet has dropped the zeros at its beginning; "" where a text is none.
func ShortAccount(text string) string {
	text = strings.Trim(Clean(text), `='"`)
	if text == "" || len(text) >= accountDigits || strings.Trim(text, "0123456789") != "" {
		return ""
	}
	return strings.Repeat("0", accountDigits-len(text)) + text
}

// accountDigits is how many digits an account has.
const accountDigits = 12

// shownDigits is how many digits of a number spreadsheets show behind the point at most, where they round it.
const shownDigits = 6

// whole returns a number with an exponent, as 1.11122223333E11, as a whole one; any other text, and a number that was rounded to be shown, is returned
// as it is.
func whole(text string) string {
	number, exponent, ok := strings.Cut(strings.ToUpper(text), "E")
	first, rest, _ := strings.Cut(number, ".")
	if !ok || strings.TrimPrefix(exponent, "+") != "11" || len(first) != 1 || len(rest) <= shownDigits || len(rest) > 11 {
		return text
	}
	return first + rest + strings.Repeat("0", 11-len(rest))
}

// RegionOf returns the region that a text is or has an availability zone of, or that of an ARN; "" where there is none.
func RegionOf(text string) string {
	text = strings.Trim(strings.ToLower(Clean(text)), `'"`)
	if parts := strings.SplitN(text, ":", 6); len(parts) == 6 && parts[0] == "arn" {
		text = parts[3]
	}
	parts := strings.Split(text, "-")
	for i, part := range parts {
		switch {
		case i == 0 && len(part) != 2, part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789") != "":
			return ""
		case part[0] >= '0' && part[0] <= '9':
			return region(parts, i)
		}
	}
	return ""
}

// region returns the region whose number stands at a place. Behind it may stand the letter of a zone, or the name of a local one.
func region(parts []string, at int) string {
	number, zone := parts[at][:1], parts[at][1:]
	isZone := len(zone) == 1 && zone[0] >= 'a' && zone[0] <= 'z'
	isLocal := zone == "" && len(parts) > at+2
	if at < 2 || zone != "" && !isZone || len(parts) > at+1 && !isLocal {
		return ""
	}
	return strings.Join(parts[:at], "-") + "-" + number
}
