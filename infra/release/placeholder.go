package release

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// replaced puts parameters where placeholders stand.
func (a App) replaced(template Object) Object {
	r := replacer{lists: map[string]any{}, whole: map[string]any{}}
	var texts []string
	for _, p := range a.Placeholders {
		r.whole[p.Text] = p.By
		if p.List {
			r.lists[p.Text], r.whole[p.Text] = p.By, commas(p.By)
		}
		texts = append(texts, regexp.QuoteMeta(p.Text))
	}
	slices.SortFunc(texts, func(a, b string) int { return len(b) - len(a) }) // the longest that fits is meant
	r.parts = regexp.MustCompile(strings.Join(texts, "|"))
	return r.value(template).(Object) //nolint:errcheck // an object stays one
}

type replacer struct {
	whole map[string]any
	lists map[string]any
	parts *regexp.Regexp
}

func (r replacer) value(v any) any {
	switch v := v.(type) {
	case string:
		return joined(r.text(v))
	case float64:
		if by, ok := r.whole[number(v)]; ok {
			return by
		}
	case []any:
		return r.list(v)
	case Object:
		if choice, ok := v["Fn::If"].([]any); ok {
			return choose(choice[0].(string), r.value(choice[1]), r.value(choice[2])) //nolint:errcheck // a condition is a name
		}
		if parts, ok := joinOf(v); ok {
			var all []any
			for _, part := range parts {
				if text, ok := part.(string); ok {
					all = append(all, r.text(text)...)
				} else {
					all = append(all, r.value(part))
				}
			}
			return joined(all)
		}
		made := Object{}
		for key, one := range v {
			made[key] = r.value(one)
		}
		return made
	}
	return v
}

// text cuts a text into what stands for itself and what stands for placeholders. A number is one only where no letters and digits are beside it.
func (r replacer) text(text string) []any {
	if by, ok := r.whole[text]; ok {
		return []any{by}
	}
	var parts []any
	at := 0
	for _, found := range r.parts.FindAllStringIndex(text, -1) {
		name := text[found[0]:found[1]]
		if isDigit(name[0]) && (found[0] > 0 && isWord(text[found[0]-1]) || found[1] < len(text) && isWord(text[found[1]])) {
			continue
		}
		if found[0] > at {
			parts = append(parts, text[at:found[0]])
		}
		parts, at = append(parts, r.whole[name]), found[1]
	}
	if at < len(text) || text == "" {
		parts = append(parts, text[at:])
	}
	return parts
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWord(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '.'
}

// list replaces in a list. A placeholder of a list stands for the whole list where it is alone in it; else its elements follow the others.
func (r replacer) list(list []any) any {
	for i, element := range list {
		condition, name := "", element
		if o, ok := element.(Object); ok {
			if choice, ok := o["Fn::If"].([]any); ok && same(choice[2], noValue()) {
				condition, name = choice[0].(string), choice[1] //nolint:errcheck // a condition is a name
			}
		}
		text, _ := name.(string)
		by, ok := r.lists[text]
		if !ok {
			continue
		}
		others := slices.Delete(slices.Clone(list), i, i+1)
		if len(others) == 0 {
			return by
		}
		rest := r.value(others)
		all := Object{"Fn::Split": []any{",", Object{"Fn::Join": []any{",", append(rest.([]any), commas(by))}}}} //nolint:errcheck // one placeholder a list
		if condition == "" {
			return all
		}
		return choose(condition, all, rest)
	}
	made := make([]any, len(list))
	for i := range list {
		made[i] = r.value(list[i])
	}
	return made
}

func commas(list any) any { return Object{"Fn::Join": []any{",", list}} }

// joinOf returns the parts of a function that joins them with nothing between.
func joinOf(o Object) ([]any, bool) {
	arguments, ok := o["Fn::Join"].([]any)
	if !ok || arguments[0] != "" {
		return nil, false
	}
	parts, ok := arguments[1].([]any)
	return parts, ok
}

// joined is what joins parts: a single one, or neighbouring texts, need no function.
func joined(parts []any) any {
	var made []any
	for _, part := range parts {
		if o, ok := part.(Object); ok {
			if inner, ok := joinOf(o); ok {
				made = append(made, inner...)
				continue
			}
		}
		made = append(made, part)
	}
	var short []any
	for _, part := range made {
		text, isText := part.(string)
		if isText && len(short) > 0 {
			if before, ok := short[len(short)-1].(string); ok {
				short[len(short)-1] = before + text
				continue
			}
		}
		short = append(short, part)
	}
	switch len(short) {
	case 0:
		return ""
	case 1:
		return short[0]
	}
	return Object{"Fn::Join": []any{"", short}}
}

// number is a number as a parameter's value is written.
func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
