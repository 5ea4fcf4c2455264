package settings

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What a producer's role and prefix must be.
const (
	RolePattern   = `^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$`
	PrefixPattern = `^[A-Za-z0-9!_.'()/-]+/$`
)

// Problem is what is wrong with a setting, or with a part of it.
type Problem struct {
	Setting string
	Part    string // JSON pointer below the setting, as "/0/role"; "": the whole
	Message string
}

// Error returns the problem as one of the command line.
func (p Problem) Error() string { return "-c " + p.Setting + ": " + p.Message }

// Check returns all that is wrong, with what to do about it.
func (p Props) Check() []Problem {
	var problems []Problem
	for _, s := range p.Settings() {
		problems = append(problems, s.check()...)
	}
	return append(problems, p.together()...)
}

// check returns what is wrong with the value of one setting alone.
func (s Setting) check() []Problem {
	switch at := s.at.(type) {
	case *string:
		return s.matches("", s.Pattern, *at, s.Want)
	case *int:
		if *at < s.Least || *at > s.Most || s.Of != nil && !slices.Contains(s.Of, *at) {
			return s.wrong("", "must be %s, not %d", s.Want, *at)
		}
	case *float64:
		if !(*at > 0) || math.IsInf(*at, 0) {
			return s.wrong("", "must be %s", s.Want)
		}
	case *[]string:
		var problems []Problem
		for i, text := range *at {
			problems = append(problems, s.matches("/"+strconv.Itoa(i), s.Pattern, text, s.Want)...)
		}
		return problems
	case *[]Producer:
		return s.checkProducers(*at)
	case *Alarms:
		return s.checkAlarms(*at)
	case *Tags:
		return s.checkTags(*at)
	}
	return nil
}

func (s Setting) checkProducers(all []Producer) []Problem {
	var problems []Problem
	for i, p := range all {
		part := "/" + strconv.Itoa(i)
		problems = append(problems, s.matches(part+"/role", RolePattern, p.Role, "a role's ARN")...)
		problems = append(problems, s.matches(part+"/prefix", PrefixPattern, p.Prefix, "a prefix that ends in /, without wildcards")...)
	}
	return problems
}

// mostTags is how many tags a stack may have.
const mostTags = 50

// checkTags refuses what one of the services would: they differ in the characters of tags, and these all of them take.
func (s Setting) checkTags(tags Tags) []Problem {
	var problems []Problem
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		part := below("", name)
		if !regexp.MustCompile(`^[\p{L}\p{N} _.:/=+@-]{1,128}$`).MatchString(name) || strings.HasPrefix(strings.ToLower(name), "aws:") {
			problems = append(problems, s.wrong(part, "a tag's name has 1 to 128 letters, digits, spaces and _.:/=+@-, and does not begin with aws:")...)
		}
		if !regexp.MustCompile(`^[\p{L}\p{N} _.:/=+@-]{0,256}$`).MatchString(tags[name]) {
			problems = append(problems, s.wrong(part, "a tag's value has up to 256 letters, digits, spaces and _.:/=+@-")...)
		}
	}
	if len(tags) > mostTags {
		problems = append(problems, s.wrong("", "%d tags are more than the %d that a stack may have", len(tags), mostTags)...)
	}
	return problems
}

// below is the JSON pointer of a member.
func below(part, name string) string {
	return part + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

func (s Setting) matches(part, pattern, text, want string) []Problem {
	if regexp.MustCompile(pattern).MatchString(text) {
		return nil
	}
	if _, field, ok := strings.Cut(strings.TrimPrefix(part, "/"), "/"); ok {
		want = field + " must be " + want
	} else {
		want = "must be " + want
	}
	return s.wrong(part, "%s", want)
}

func (s Setting) wrong(part, format string, args ...any) []Problem {
	return []Problem{{s.Name, part, fmt.Sprintf(format, args...)}}
}
