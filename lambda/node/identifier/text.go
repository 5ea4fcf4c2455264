// Package identifier knows how the identifiers of machines are spelled: node IDs, serial numbers, host names, addresses and MAC
// addresses, each in one spelling, and which of them many machines have. It does not know the managed nodes, nor of which machine an
// identifier is.
package identifier

import (
	"slices"
	"strings"
	"unicode"
)

// What is longer is no identifier, and what goes beyond MaxCandidates is left out: a document cannot make the ledger grow without bound.
const (
	MaxCandidates  = 32
	maxHostname    = 253 // RFC 1035
	maxSerial      = 128
	maxPlaceholder = 32
)

// Each normalises a list. It allocates nothing where nothing is left.
func Each(texts []string, normal func(string) string) []string {
	var out []string
	for _, text := range texts {
		out = Append(out, normal(text))
	}
	return out
}

// Append appends a value that is neither empty nor there yet, up to MaxCandidates.
func Append(list []string, text string) []string {
	if text == "" || len(list) >= MaxCandidates || slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// Clean takes white space off the ends and what cannot be printed out of the middle.
func Clean(text string) string { return strings.TrimSpace(printable(text, "")) }

// printable takes out what cannot be printed, but for some characters.
func printable(text, but string) string {
	if isPlain(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if (r == unicode.ReplacementChar || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) && !strings.ContainsRune(but, r) {
			return -1
		}
		return r
	}, text)
}

// isPlain reports whether a text has printable ASCII only, as nearly all identifiers do.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// IsPlaceholder reports whether a string in lower case is what people, firmware and products write where they know nothing, or show nothing:
// none, ***hidden***, and the error of a program that did not find it out ("sensor-error: timed out").
func IsPlaceholder(text string) bool {
	if len(text) > maxPlaceholder && strings.IndexByte(text, ':') < 0 {
		return false
	}
	if what, _, ok := strings.Cut(text, ": "); ok && strings.HasSuffix(what, "error") {
		return true
	}
	if len(text) > maxPlaceholder {
		return false
	}
	switch undressed(text) {
	case "", "none", "null", "nil", "nan", "n/a", "na", "unknown", "undefined", "not available", "not applicable", "not specified",
		"not set", "not known", "no value", "empty", "tbd", "tba", "default", "default string", "invalid", "unspecified", "unassigned",
		"hidden", "redacted", "masked", "removed", "not reported", "not found", "not detected", "no result", "no results", "no data", "current result unavailable",
		"k.a", "k. a", "n.a", "n. a", "n.v", "n. v", "keine", "keiner", "keines", "keine angabe", "unbekannt", "nicht vorhanden", "nicht verfügbar", "inconnu", "inconnue", "aucun", "aucune",
		"non disponible", "desconocido", "desconocida", "ninguno", "ninguna", "no disponible", "sconosciuto", "nessuno", "nessuna", "onbekend", "geen":
		return true
	}
	return isCellError(text)
}

// isCellError reports whether a string in lower case is what a spreadsheet shows in place of a formula's value, in its user's language: #ref!,
// #bezug!, #name?, #div/0!, #n/a, #nv.
func isCellError(text string) bool {
	if len(text) < 3 || text[0] != '#' {
		return false
	}
	return text == "#n/a" || text == "#nv" || text == "#nd" || text[len(text)-1] == '!' || text[len(text)-1] == '?'
}

// undressed takes off what people put around a word that stands for nothing.
func undressed(text string) string {
	for text != "" && isDressing(text[0]) {
		text = text[1:]
	}
	for text != "" && isDressing(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}

func isDressing(c byte) bool {
	switch c {
	case '<', '>', '(', ')', '[', ']', '"', '\'', '.', '*', '-', '_', '?', '/', ' ':
		return true
	}
	return false
}
