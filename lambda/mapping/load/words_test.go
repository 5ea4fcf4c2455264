package load

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// TestWordsAboutSources: what `source`, `every`, `absent`, `expireAfter` and `allow` take, and what is wrong with the rest.
func TestWordsAboutSources(t *testing.T) {
	const (
		duration = "a duration must be a number with a unit: 30m, 24h, 90d, 2w"
		between  = "between the paths of a source only letters, digits, . _ : - and slashes before a letter, a digit or a path are allowed"
		share    = "maxCleared must be a percentage of nodes: 5%, or 0.05"
		nodeID   = "a node's ID must be i- or mi- and digits, or a pattern of that with *: mi-*"
		tagValue = "a tag's value must be written out, in 1 to 256 characters"
		merges   = "absent: clear and update: merge exclude each other: a document that changes single entries states nothing of the machines that it does not name"
		nameless = "absent: clear needs documents that name their machines: this mapping has no identify, so each is about one machine and no other"
	)
	identified := "identify: {nodeId: a}\n"
	for _, test := range []struct{ lines, want string }{
		{"every: 24h", ""},
		{"every: 2w\nexpireAfter: 14d", ""},
		{"expireAfter: 90d", ""},
		{"every: 90", "a.yaml:7:8: /every: " + duration},
		{"every: 0h", "a.yaml:7:8: /every: " + duration},
		{"every: -1h", "a.yaml:7:8: /every: " + duration},
		{"every: +1h", "a.yaml:7:8: /every: " + duration},
		{"every: 1.5h", "a.yaml:7:8: /every: " + duration},
		{"every: 1h30m", "a.yaml:7:8: /every: " + duration},
		{"every: 3M", "a.yaml:7:8: /every: " + duration},
		{"every: \"\"", "a.yaml:7:8: /every: " + duration},
		{"every:", "a.yaml:7:7: /every: a duration must be a string"},
		{"every: [24h]", "a.yaml:7:8: /every: a duration must be a string"},
		{"expireAfter: 99999w", "a.yaml:7:14: /expireAfter: a duration must be ten years at most"},
		{"expireAfter: 999999999w", "a.yaml:7:14: /expireAfter: a duration must be ten years at most"},
		{"every: 24h\nexpireAfter: 12h", "a.yaml:8:14: /expireAfter: expireAfter is shorter than every: what was stated would be deleted before it is stated again"},

		{"absent: keep", ""},
		{"absent: clear\n" + identified, ""},
		{"absent: {clear: true, maxCleared: 0.1}\n" + identified, ""},
		{"absent: {clear: true, maxCleared: 12.5 %}\n" + identified, ""},
		{"absent: {clear: false, maxCleared: 5%}", ""},
		{"absent: delete", `a.yaml:7:9: /absent: absent must be keep or clear, not "delete"`},
		{"absent: [clear]", "a.yaml:7:9: /absent: absent must be a string"},
		{"absent: {}", "a.yaml:7:9: /absent: clear is missing: {clear: true, maxCleared: 5%}"},
		{"absent: {maxCleared: 5%}", "a.yaml:7:9: /absent: clear is missing: {clear: true, maxCleared: 5%}"},
		{"absent: {clear: yes}", `a.yaml:7:17: /absent/clear: clear must be true or false, not "yes"`},
		{"absent: {clear: true, maxcleared: 5%}\n" + identified, "a.yaml:7:23: /absent/maxcleared: unknown word maxcleared of absent (did you mean maxCleared?)"},
		{"absent: {clear: true, maxCleared: 5}\n" + identified, "a.yaml:7:35: /absent/maxCleared: " + share},
		{"absent: {clear: true, maxCleared: 101%}\n" + identified, "a.yaml:7:35: /absent/maxCleared: " + share},
		{"absent: {clear: true, maxCleared: -1%}\n" + identified, "a.yaml:7:35: /absent/maxCleared: " + share},
		{"absent: {clear: true, maxCleared: NaN}\n" + identified, "a.yaml:7:35: /absent/maxCleared: " + share},
		{"absent: {clear: true, maxCleared: five}\n" + identified, "a.yaml:7:35: /absent/maxCleared: " + share},
		{"absent: clear\nupdate: merge\n" + identified, "a.yaml:7:9: /absent: " + merges},
		{"update: merge\nabsent: {clear: true}\n" + identified, "a.yaml:8:9: /absent: " + merges},
		{"absent: clear\nupdate: newest\n" + identified, ""},
		{"absent: clear", "a.yaml:7:9: /absent: " + nameless},

		{"source: mine/prod", ""},
		{"source: mine/{$file.key.app}", "a.yaml:7:9: /source: no key pattern of match captures {app}"},
		{"source: mine/{app}/v1.2/{team.name}", ""},
		{"source: mine", "a.yaml:7:9: /source: a source must begin with the mapping's name and a slash: mine/{path}"},
		{"source: mine/", "a.yaml:7:9: /source: a source must begin with the mapping's name and a slash: mine/{path}"},
		{"source: \"{app}\"", "a.yaml:7:9: /source: a source must begin with the mapping's name and a slash: mine/{path}"},
		{"source: nessus/{app}", "a.yaml:7:9: /source: a source must begin with the mapping's name and a slash: mine/{path}"},
		{"source: mine/../nessus", "a.yaml:7:14: /source: " + between},
		{"source: mine//{app}", "a.yaml:7:14: /source: " + between},
		{"source: mine/{app}/../x", "a.yaml:7:19: /source: " + between},
		{"source: mine/{app}/", "a.yaml:7:19: /source: " + between},
		{"source: mine/a b/{app}", "a.yaml:7:14: /source: " + between},
		{"source: \"mine/a\\nb/{app}\"", "a.yaml:7:15: /source: " + between},
		{"source: mine/{app}}", "a.yaml:7:19: /source: " + between},
		{"source: mine/{a}{b}", "a.yaml:7:17: /source: a slash is missing between two paths of a source: their values could not be distinguished"},
		{"source: mine/{a}-{b}", "a.yaml:7:17: /source: a slash is missing between two paths of a source: their values could not be distinguished"},
		{"source: mine/{app", "a.yaml:7:14: /source: the brace is not closed"},
		{"source: mine/{}", "a.yaml:7:15: /source: path : a name is missing"},
		{"source: mine/x/{a..b}", "a.yaml:7:19: /source: path a..b: a name is missing"},

		{"source: {part: image}", ""},
		{"source: {part: {path: [image, other], match: '^(.+?):'}}", ""},
		{"source: {part: {expr: 'r.kind == \"image\" ? r.image : \"\"'}}", ""},
		{"source: {name: mine, part: image}", ""},
		{"source: {part: image, name: \"mine/x-{app}\"}", ""},
		{"source: {}", "a.yaml:7:9: /source: part is missing: the value that stands behind the name and a slash"},
		{"source: {name: \"mine/{app}\"}", "a.yaml:7:9: /source: part is missing: the value that stands behind the name and a slash"},
		{"source: {name: \"mine{/app}\", part: image}", "a.yaml:7:16: /source/name: a source has one part that may have no value: {/path} in its name, or part"},
		{"source: {name: mine/, part: image}", "a.yaml:7:16: /source/name: a source must begin with the mapping's name and a slash: mine/{path}"},
		{"source: {name: nessus, part: image}", "a.yaml:7:16: /source/name: a source must begin with the mapping's name and a slash: mine/{path}"},
		{"source: {name: [mine], part: image}", "a.yaml:7:16: /source/name: source must be a string"},
		{"source: {parts: image}", "a.yaml:7:10: /source/parts: unknown word parts of source (did you mean part?)"},
		{"source: {part: a..b}", "a.yaml:7:18: /source/part: path a..b: a name is missing"},
		{"source: {part: []}", "a.yaml:7:16: /source/part: the list is empty"},
		{"source: {part: {path: image, match: '^x'}}", "a.yaml:7:37: /source/part/match: match has 0 groups and must have one, which is what is taken: (?:…) groups without taking"},
		{"source: {part: {expr: 'r.a +'}}", "a.yaml:7:28: /source/part/expr: expression: unexpected token EOF"},
		{"source: {part: $file.key.app}", "a.yaml:7:9: /source: no key pattern of match captures {app}"},
		{"source: [mine]", "a.yaml:7:9: /source: source must be a string"},

		{"allow: {nodes: [i-0123456789abcdef0, mi-*], nodeTags: {ManagedBy: cmdb}}", ""},
		{"allow: {types: Custom:Vulnerability}", ""},
		{"allow: {}", "a.yaml:7:8: /allow: allow is empty: expected nodeTags, nodes or types"},
		{"allow: all", "a.yaml:7:8: /allow: expected a mapping"},
		{"allow: {tags: {a: b}}", "a.yaml:7:9: /allow/tags: unknown word tags of allow"},
		{"allow: {nodes: []}", "a.yaml:7:16: /allow/nodes: an empty list would allow no node"},
		{"allow: {nodes: [i-01, web-1]}", "a.yaml:7:23: /allow/nodes/1: " + nodeID},
		{"allow: {nodes: \"i-0[1]\"}", "a.yaml:7:16: /allow/nodes: " + nodeID},
		{"allow: {nodeTags: {}}", "a.yaml:7:19: /allow/nodeTags: nodeTags names no tag"},
		{"allow: {nodeTags: {a: \"*\"}}", "a.yaml:7:23: /allow/nodeTags/a: " + tagValue},
		{"allow: {nodeTags: {a: \"\"}}", "a.yaml:7:23: /allow/nodeTags/a: " + tagValue},
		{"allow: {types: [Custom:Vulnerabilty, Custom:Vulnerability]}", "a.yaml:7:17: /allow/types/0: the mapping does not fill Custom:Vulnerabilty (did you mean Custom:Vulnerability?)"},
		{"allow: {types: []}", "a.yaml:7:16: /allow/types: types leaves out all that the mapping fills"},
	} {
		t.Run(test.lines, func(t *testing.T) {
			got := strings.Join(problems(t, map[string]string{"a.yaml": mapped(test.lines + "\n" + rightFill)}), "\n")
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// loadOne loads a mapping called mine.
func loadOne(t *testing.T, file string) *mapping.Mapping {
	t.Helper()
	set, err := Options{}.Load(write(t, map[string]string{"a.yaml": file}))
	if err != nil {
		t.Fatal(err)
	}
	m, _ := set.Mapping("mine")
	return m
}

func TestWordsAboutSourcesAreTaken(t *testing.T) {
	m := loadOne(t, mapped("every: 36h\nexpireAfter: 2w\nabsent: {clear: true, maxCleared: 12.5%}\nallow: {nodes: mi-*, nodeTags: {A: b}}\nidentify: {nodeId: a}\n"+rightFill))
	want := []any{36 * time.Hour, 14 * 24 * time.Hour, mapping.Absent{Clear: true, MaxCleared: 0.125}, mapping.Allow{Nodes: []string{"mi-*"}, NodeTags: map[string]string{"A": "b"}}}
	if d := cmp.Diff(want, []any{m.Every, m.ExpireAfter, m.Absent, m.Allow}); d != "" {
		t.Error(d)
	}
	m = loadOne(t, mapped("absent: clear\nidentify: {nodeId: a}\n"+rightFill))
	if d := cmp.Diff(mapping.Absent{Clear: true, MaxCleared: 0.05}, m.Absent); d != "" {
		t.Error(d)
	}
}
