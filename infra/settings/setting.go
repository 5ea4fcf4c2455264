package settings

import (
	"fmt"
	"strconv"
	"strings"
)

// Setting is one setting: all that is known of it.
type Setting struct {
	Name    string
	Want    string // what it must be, for messages and the README
	About   string // one line for the README
	Pattern string // of a string, or of each of a list; "": any
	Least   int    // of a whole number
	Most    int
	Of      []int // the whole numbers that it may be; nil: all from Least to Most

	at     any // the field
	unset  any // its default; nil: the zero value
	isPath bool
	isOnce bool // as a rule given for one run
}

func text(name string, at *string, unset, pattern, want, about string) Setting {
	return Setting{Name: name, at: at, unset: unset, Pattern: pattern, Want: want, About: about}
}

// path is a file or directory. In a file of settings it is relative to that file.
func path(name string, at *string, unset, want, about string) Setting {
	return Setting{Name: name, at: at, unset: unset, Want: want, About: about, isPath: true}
}

func toggle(name string, at *bool, about string) Setting {
	return Setting{Name: name, at: at, unset: false, Want: "true or false", About: about}
}

func number(name string, at *int, unset, least, most int, about string) Setting {
	return Setting{Name: name, at: at, unset: unset, Least: least, Most: most, Want: fmt.Sprintf("a whole number from %d to %d", least, most), About: about}
}

func decimal(name string, at *float64, unset float64, about string) Setting {
	return Setting{Name: name, at: at, unset: unset, Want: "a number, more than 0", About: about}
}

func list(name string, at *[]string, pattern, want, about string) Setting {
	return Setting{Name: name, at: at, Pattern: pattern, Want: want, About: about}
}

func producers(name string, at *[]Producer, about string) Setting {
	return Setting{Name: name, at: at, Want: "a list of `role` and `prefix`", About: about}
}

func alarms(name string, at *Alarms, about string) Setting {
	return Setting{Name: name, at: at, Want: "names with whole numbers, or with false", About: about}
}

func tags(name string, at *Tags, about string) Setting {
	return Setting{Name: name, at: at, Want: "names with values", About: about}
}

// once marks a setting that is as a rule given for one run.
func (s Setting) once() Setting {
	s.isOnce = true
	return s
}

// oneOf are the numbers that a setting may be.
func (s Setting) oneOf(numbers []int) Setting {
	s.Of, s.Want = numbers, "one of "+strings.Trim(strings.ReplaceAll(fmt.Sprint(numbers), " ", ", "), "[]")
	return s
}

// Kind is what a setting's value is: string, boolean, number, decimal, list, producers, alarms, tags.
func (s Setting) Kind() string {
	switch s.at.(type) {
	case *string:
		return "string"
	case *bool:
		return "boolean"
	case *int:
		return "number"
	case *float64:
		return "decimal"
	case *[]string:
		return "list"
	}
	return s.Name
}

// Default is the setting's default; "" where there is none.
func (s Setting) Default() string {
	if s.unset == nil {
		return ""
	}
	return fmt.Sprint(s.unset)
}

// reset sets the field to its default.
func (s Setting) reset() {
	switch at := s.at.(type) {
	case *string:
		*at, _ = s.unset.(string)
	case *bool:
		*at, _ = s.unset.(bool)
	case *int:
		*at, _ = s.unset.(int)
	case *float64:
		*at, _ = s.unset.(float64)
	}
}

// Set sets the field to what would stand on the command line, and reports whether that is of the setting's kind.
func (s Setting) Set(text string) bool { return s.parse(text) }

// parse sets the field to what stands on the command line, and reports whether that is of the setting's kind.
func (s Setting) parse(text string) bool {
	var err error
	switch at := s.at.(type) {
	case *string:
		*at = text
	case *bool:
		*at = text == "true"
		return text == "true" || text == "false"
	case *int:
		*at, err = strconv.Atoi(text)
	case *float64:
		*at, err = strconv.ParseFloat(text, 64)
	case *[]string:
		*at = strings.Split(text, ",")
	case *[]Producer:
		*at, err = parseProducers(text)
	case *Alarms:
		*at, err = parsePairs(text, threshold)
	case *Tags:
		*at, err = parsePairs(text, func(text string) (string, error) { return text, nil })
	}
	return err == nil
}

// asText is what a setting must be on the command line.
func (s Setting) asText() string {
	switch s.at.(type) {
	case *[]string:
		return s.Want + ", separated by commas"
	case *[]Producer:
		return "ROLE=PREFIX, several separated by spaces"
	case *Alarms:
		return "NAME=NUMBER, several separated by commas"
	case *Tags:
		return "NAME=VALUE, several separated by commas"
	}
	return s.Want
}

// parseProducers cuts each at its last equals sign: a role's name may hold one.
func parseProducers(text string) (list []Producer, err error) {
	for field := range strings.FieldsSeq(text) {
		i := strings.LastIndex(field, "=")
		if i < 0 {
			return nil, strconv.ErrSyntax
		}
		list = append(list, Producer{field[:i], field[i+1:]})
	}
	return list, nil
}

// parsePairs cuts each at its first equals sign.
func parsePairs[T any](text string, parse func(string) (T, error)) (map[string]T, error) {
	pairs := map[string]T{}
	for pair := range strings.SplitSeq(text, ",") {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, strconv.ErrSyntax
		}
		parsed, err := parse(value)
		if err != nil {
			return nil, err
		}
		pairs[name] = parsed
	}
	return pairs, nil
}

// threshold reads the threshold of an alarm. false is 0.
func threshold(text string) (int, error) {
	if text == "false" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 31)
	return int(n), err
}
