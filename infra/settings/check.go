package settings

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
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
	problems = append(problems, p.checkRegion()...)
	problems = append(problems, p.checkConsumers()...)
	for i, producer := range p.Producers {
		problems = append(problems, p.checkKeyOf(i, producer)...)
	}
	return problems
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
	}
	return nil
}

func (s Setting) checkProducers(all []Producer) []Problem {
	var problems []Problem
	for i, p := range all {
		part := "/" + strconv.Itoa(i)
		problems = append(problems, s.matches(part+"/role", `^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$`, p.Role, "a role's ARN")...)
		problems = append(problems, s.matches(part+"/prefix", `^[A-Za-z0-9!_.'()/-]+/$`, p.Prefix, "a prefix that ends in /, without wildcards")...)
	}
	return problems
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

// checkKeyOf refuses a role of another account where it could not encrypt: AWS's own keys are an account's own.
func (p Props) checkKeyOf(i int, producer Producer) []Problem {
	if p.CustomerKey || p.Account == "" || strings.Contains(producer.Role, ":"+p.Account+":") {
		return nil
	}
	return []Problem{{"producers", "/" + strconv.Itoa(i) + "/role", fmt.Sprintf(
		"%s is of another account, and cannot upload what AWS's key of this account encrypts: set customerKey to true (-c customerKey=true)", producer.Role)}}
}

// checkRegion refuses regions of which nobody has looked whether they have what the stack is made of: Lambda on arm64 with
// provided.al2023, EventBridge Scheduler, Systems Manager Inventory. Those of the partitions aws, aws-cn and aws-us-gov are assumed to.
func (p Props) checkRegion() []Problem {
	if p.Region == "" || !strings.Contains(p.Region, "iso") && regexp.MustCompile(`^[a-z]{2}(-gov)?-[a-z]+-\d$`).MatchString(p.Region) {
		return nil
	}
	return []Problem{{"region", "", p.Region + " is no region of the partitions aws, aws-cn and aws-us-gov, for which this stack is made: " +
		"name one of theirs, or none, and the region of your credentials is taken"}}
}

// checkConsumers refuses a name that cannot be that of a data sync, which has 64 characters, the last four of which are ours.
func (p Props) checkConsumers() []Problem {
	if !p.Consumers || len(p.Name) <= 60 {
		return nil
	}
	return []Problem{{"name", "", "must have 60 characters or fewer where consumers is true: a data sync is named after it"}}
}
