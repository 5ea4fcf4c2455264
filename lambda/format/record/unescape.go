package record

import (
	"bytes"
	"html"
	"strings"
)

// unescape resolves the entities of HTML once: of &amp;lt; it makes &lt;. An ampersand that begins no entity stays, as does a name without its
// semicolon: nobody escaped these.
func unescape(text []byte) []byte {
	at := bytes.IndexByte(text, '&')
	if at < 0 {
		return text
	}
	resolved := make([]byte, 0, len(text))
	for at >= 0 {
		resolved, text = append(resolved, text[:at]...), text[at:]
		character, size := entity(text)
		resolved, text = append(resolved, character...), text[size:]
		at = bytes.IndexByte(text, '&')
	}
	return bytes.TrimSpace(append(resolved, text...))
}

// entity returns what the entity stands for that a text begins with, and its size; where it is none, the ampersand.
func entity(text []byte) (character string, size int) {
	const most = 33 // with its semicolon
	end := bytes.IndexByte(text[:min(len(text), most)], ';')
	if end < 0 || bytes.IndexByte(text[1:end], '&') >= 0 {
		return "&", 1
	}
	character = html.UnescapeString(string(text[:end+1]))
	if strings.HasSuffix(character, ";") && len(character) > 1 {
		return "&", 1 // a part of the name alone is known
	}
	return character, end + 1
}
