package testfiles

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Grants are what a role of the stack may do with objects of the state, as its template states it.
type Grants struct {
	patterns map[string][]string        // by action: of keys; of prefixes where objects are listed
	used     map[string]map[string]bool // by action: patterns without which something would have been refused
}

// Rights returns the grants of a role: intake or delivery.
func Rights(t testing.TB, role string) *Grants {
	t.Helper()
	var all map[string]map[string][]string
	if err := json.Unmarshal(Read(t, Path(t, "infra", "testdata", "grants.json")), &all); err != nil {
		t.Fatal(err)
	}
	if len(all[role]) == 0 {
		t.Fatalf("testfiles: there is no role %s", role)
	}
	return &Grants{patterns: all[role], used: map[string]map[string]bool{}}
}

// Allows reports whether the role may do something with an object, or list a prefix.
func (g *Grants) Allows(action, key string) bool {
	matching := slices.DeleteFunc(slices.Clone(g.patterns[action]), func(p string) bool { return !like(p, key) })
	if len(matching) == 1 {
		if g.used[action] == nil {
			g.used[action] = map[string]bool{}
		}
		g.used[action][matching[0]] = true
	}
	return len(matching) > 0
}

// Idle lists what was granted and not needed by anything that was asked of Allows, in order.
func (g *Grants) Idle() []string {
	var idle []string
	for action, patterns := range g.patterns {
		for _, p := range patterns {
			if !g.used[action][p] {
				idle = append(idle, action+" "+p)
			}
		}
	}
	slices.Sort(idle)
	return idle
}

// like compares a text with a pattern as IAM does: a * stands for any characters, slashes among them, a ? for one.
func like(pattern, text string) bool {
	quoted := regexp.QuoteMeta(pattern)
	quoted = strings.ReplaceAll(strings.ReplaceAll(quoted, `\*`, ".*"), `\?`, ".")
	return regexp.MustCompile("(?s)^" + quoted + "$").MatchString(text)
}
