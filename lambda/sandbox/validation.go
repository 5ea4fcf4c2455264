package sandbox

import (
	"fmt"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// The patterns of the API model.
var (
	instanceIDPattern    = regular.Expression(`(^i-(\w{8}|\w{17})$)|(^mi-\w{17}$)`)
	typeNamePattern      = regular.Expression(`^(AWS|Custom):.*$`)
	schemaVersionPattern = regular.Expression(`^([0-9]{1,6})(\.[0-9]{1,6})$`)
	captureTimePattern   = regular.Expression(
		`^(20)[0-9][0-9]-(0[1-9]|1[012])-([12][0-9]|3[01]|0[1-9])(T)(2[0-3]|[0-1][0-9])(:[0-5][0-9])(:[0-5][0-9])(Z)$`)
	uuidPattern = regular.Expression(`[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}`)
)

const (
	maxReportedViolations = 10
	unlimited             = 1 << 30
)

// violations collects what an input's members violate of the API model, for one error about all of them as AWS has it.
type violations struct {
	switches Switches
	item     int // the number of the item that is being checked, from 1; 0: none, paths are those of the input
	list     []string
}

// path is the whole path of what is at a path within the item being checked. It is made only where there is a violation.
func (v *violations) path(within string) string {
	if v.item == 0 {
		return within
	}
	return strings.TrimSuffix(fmt.Sprintf("items.%d.member.%s", v.item, within), ".")
}

// add notes one violation. Paths are in camel case, elements of lists numbered from 1: items.1.member.typeName.
func (v *violations) add(value, path, constraint string) {
	if len(v.list) < maxReportedViolations {
		v.list = append(v.list, fmt.Sprintf("Value '%s' at '%s' failed to satisfy constraint: %s", value, v.path(path), constraint))
	}
}

func (v *violations) err() error {
	if len(v.list) == 0 {
		return nil
	}
	noun := "errors"
	if len(v.list) == 1 {
		noun = "error"
	}
	return &apiError{
		code:    codeValidation,
		message: fmt.Sprintf("%d validation %s detected: %s", len(v.list), noun, strings.Join(v.list, "; ")),
	}
}

// required notes a member that is missing and reports whether it is there.
func (v *violations) required(present bool, path string) bool {
	if !present {
		v.list = append(v.list, fmt.Sprintf("Value null at '%s' failed to satisfy constraint: Member must not be null", v.path(path)))
	}
	return present
}

// bounds checks a measure of a member: its length or its value.
func (v *violations) bounds(n, least, most int, measure, value, path string) {
	if n < least {
		v.add(value, path, fmt.Sprintf("Member must have %s greater than or equal to %d", measure, least))
	}
	if n > most {
		v.add(value, path, fmt.Sprintf("Member must have %s less than or equal to %d", measure, most))
	}
}

// length checks a string's length in the sandbox's unit.
func (v *violations) length(value, path string, least, most int) {
	n := len(value)
	if !v.switches.LengthsInBytes {
		n = utf8.RuneCountInString(value)
	}
	v.bounds(n, least, most, "length", value, path)
}

// size checks the number of a list's or a map's elements.
func (v *violations) size(n int, path string, least, most int) {
	value := "[...]"
	if n < least {
		value = "[]"
	}
	v.bounds(n, least, most, "length", value, path)
}

// maxResults checks the page size that an input asks for.
func (v *violations) maxResults(p paging, least, most int) {
	if p.MaxResults != nil {
		v.bounds(int(*p.MaxResults), least, most, "value", strconv.FormatInt(*p.MaxResults, 10), "maxResults")
	}
}

func (v *violations) pattern(value, path string, p func() *regexp.Regexp) {
	if !p().MatchString(value) {
		v.add(value, path, "Member must satisfy regular expression pattern: "+p().String())
	}
}

// day checks that a capture time of the right form names a day that exists, where the switch asks for it.
func (v *violations) day(value, path string) {
	if !v.switches.CheckCalendar || !captureTimePattern().MatchString(value) {
		return
	}
	if _, err := time.Parse(wireTime, value); err != nil {
		v.add(value, path, "Member must be a valid date")
	}
}

// text checks a required string: its presence, its length and, where there is one, its pattern.
func (v *violations) text(value *string, path string, least, most int, p func() *regexp.Regexp) {
	if !v.required(value != nil, path) {
		return
	}
	v.length(*value, path, least, most)
	if p != nil {
		v.pattern(*value, path, p)
	}
}

func (v *violations) enum(value, path string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		v.add(value, path, "Member must satisfy enum value set: ["+strings.Join(allowed, ", ")+"]")
	}
}

// text is an optional string's value, "" where it is absent.
func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// sorted yields a map in the order of its keys.
func sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
