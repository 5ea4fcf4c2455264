package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/inventory-bridge/inventory-bridge/infra/parameters"
	"github.com/inventory-bridge/inventory-bridge/infra/settings"
)

// stub is a deployment of a program that is none.
func stub() settings.Props { return deployed("plain") }

// everything is one with all that can be asked for.
func everything() settings.Props { return deployed("everything") }

// deployed are the settings of a file in testdata, with a program that is none.
func deployed(name string) settings.Props {
	p, _, err := settings.Read(map[string]any{"settings": "testdata/" + name + ".yaml", "dist": "testdata/dist"}, "")
	if err != nil {
		panic(err)
	}
	return p
}

type template struct {
	Resources map[string]resource
	Outputs   map[string]struct {
		Description string
		Value       any
		Export      struct{ Name string }
	}
	Metadata map[string]string
}

type resource struct {
	Type                string
	Properties          map[string]any
	DeletionPolicy      string
	UpdatePolicy        map[string]any
	UpdateReplacePolicy string
	DependsOn           []string
}

func newTestStack(t *testing.T, p settings.Props) (awscdk.App, awscdk.Stack) {
	t.Helper()
	return newPublished(t, p, nil)
}

// newPublished is a stack whose program, and perhaps mappings, lie in buckets.
func newPublished(t *testing.T, p settings.Props, published *parameters.Published) (awscdk.App, awscdk.Stack) {
	t.Helper()
	if problems := p.Check(); problems != nil {
		t.Fatal(problems)
	}
	b, err := newBundle(p)
	if err != nil {
		t.Fatal(err)
	}
	b.published = published
	t.Cleanup(func() {
		if err := b.remove(); err != nil {
			t.Error(err)
		}
	})
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: new(t.TempDir()), AnalyticsReporting: new(false)})
	return app, newStack(app, p, b)
}

func synthesised(t *testing.T, p settings.Props) (template, []byte) {
	t.Helper()
	app, stack := newTestStack(t, p)
	text, err := json.MarshalIndent(app.Synth(nil).GetStackByName(stack.StackName()).Template(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	var out template
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out, append(text, '\n')
}

// of lists the resources of a type, by their IDs.
func (t template) of(kind string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(t.Resources)), func(id string) bool { return t.Resources[id].Type != kind })
}

// one finds a resource by the name that the code gives it.
func (t template) one(tt *testing.T, name string) resource {
	tt.Helper()
	for id, r := range t.Resources {
		if plain(id) == name {
			return r
		}
	}
	tt.Fatalf("there is no %s", name)
	return resource{}
}

var hash = regexp.MustCompile(`[0-9A-F]{8}$`)

// plain is a logical ID without the part that the CDK makes up.
func plain(id string) string { return hash.ReplaceAllString(id, "") }

// at gives what stands at a path of a property: "ScalingConfig.MaximumConcurrency".
func (r resource) at(path string) any {
	var v any = r.Properties
	for name := range strings.SplitSeq(path, ".") {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

// resolved makes text of a value with intrinsic functions: what is referred to stands there by its name.
func resolved(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = resolved(v[i])
		}
		return strings.Join(parts, " ")
	case map[string]any:
		return resolvedFunction(v)
	}
	return fmt.Sprint(v)
}

func resolvedFunction(v map[string]any) string {
	if ref, ok := v["Ref"].(string); ok {
		return plain(ref)
	}
	if get, ok := v["Fn::GetAtt"].([]any); ok {
		return plain(get[0].(string))
	}
	if join, ok := v["Fn::Join"].([]any); ok {
		parts := join[1].([]any)
		texts := make([]string, len(parts))
		for i := range parts {
			texts[i] = resolved(parts[i])
		}
		return strings.Join(texts, join[0].(string))
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(v)) {
		parts = append(parts, key+"="+resolved(v[key]))
	}
	return "{" + strings.Join(parts, " ") + "}"
}

// statements are a policy's, one a line: effect where it denies, who, actions, resources, condition.
func statements(document any) []string {
	var lines []string
	for _, s := range document.(map[string]any)["Statement"].([]any) {
		m := s.(map[string]any)
		var parts []string
		if m["Effect"] != "Allow" {
			parts = append(parts, m["Effect"].(string))
		}
		for _, key := range []string{"Principal", "Action", "Resource", "Condition"} {
			if m[key] != nil {
				parts = append(parts, resolved(m[key]))
			}
		}
		lines = append(lines, strings.Join(parts, " | "))
	}
	return lines
}
