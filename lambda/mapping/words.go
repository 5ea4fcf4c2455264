package mapping

import "strings"

// words maps whole texts to others, without case.
type words struct {
	to       map[string]string // lower case, and the usual other spellings so that nothing need be folded
	other    string            // for all other texts
	hasOther bool
	order    []string // what texts are mapped to, each once, in the order of the file
}

func (w *words) empty() bool { return len(w.to) == 0 && !w.hasOther }

// add maps a text; of equal ones the first counts.
func (w *words) add(from, to string) {
	if from == "*" {
		w.other, w.hasOther = to, true
	} else {
		if w.to == nil {
			w.to = make(map[string]string)
		}
		lower := strings.ToLower(from)
		for _, spelling := range [...]string{lower, from, strings.ToUpper(from), title(lower)} {
			if _, known := w.to[spelling]; !known {
				w.to[spelling] = to
			}
		}
	}
	for _, known := range w.order {
		if known == to {
			return
		}
	}
	w.order = append(w.order, to)
}

func title(lower string) string {
	if lower == "" {
		return ""
	}
	return strings.ToUpper(lower[:1]) + lower[1:]
}

// lookup gives what a text is mapped to; a text that is not mapped stays as it is.
func (w *words) lookup(text string) string {
	if to, ok := w.to[text]; ok {
		return to
	}
	if hasUpper(text) && len(w.to) > 0 {
		if to, ok := w.to[strings.ToLower(text)]; ok {
			return to
		}
	}
	if w.hasOther {
		return w.other
	}
	return text
}

func hasUpper(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c >= 'A' && c <= 'Z' || c >= 0x80 {
			return true
		}
	}
	return false
}
