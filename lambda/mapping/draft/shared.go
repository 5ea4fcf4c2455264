package draft

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/content"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/page"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
)

const (
	vulnerabilityType = "Custom:Vulnerability"
	softwareType      = "Custom:SoftwareComponent"
	assetType         = "Custom:Asset"
)

// clearly makes the fill of a shared type of which the fields clearly are; nil where there is none.
func clearly(of *shape.Shape, fields []*shape.Field) *fill {
	return cmp.Or(vulnerability(of, fields), software(of, fields))
}

// vulnerability reports whether the fields are clearly those of a weakness: something that names it, and how bad it is.
func vulnerability(of *shape.Shape, fields []*shape.Field) *fill {
	pairs := pair(vulnerabilityType, fields)
	listed := naming.Fit(naming.Tokens(listName(of)), naming.Words().Lists["vulnerabilities"]) >= naming.EndsWith
	cve := slices.IndexFunc(fields, func(f *shape.Field) bool {
		return f.Column.Share(func(v string) bool { return content.CVEs(v) > 0 }) >= 0.5 && f.Column.Longest < 2000
	})
	if cve < 0 {
		cve = slices.Index(fields, pairs["CVE"])
	}
	if cve >= 0 {
		pairs["CVE"] = fields[cve]
		maps.DeleteFunc(pairs, func(name string, f *shape.Field) bool { return f == fields[cve] && name != "CVE" && name != "Id" })
	}
	id := slices.IndexFunc(fields, func(f *shape.Field) bool { return naming.Joined(f.Tokens) == "id" })
	switch {
	case pairs["Id"] != nil:
	case listed && id >= 0:
		pairs["Id"] = fields[id]
	case cve >= 0:
		pairs["Id"] = fields[cve]
	}
	if pairs["Id"] == nil || pairs["Severity"] == nil && pairs["CVSS"] == nil || cve < 0 && !listed && pairs["Title"] == nil {
		return nil
	}
	f := sharedFill(vulnerabilityType, of, fields, pairs)
	if id := f.attribute("Id"); id != nil && id.Column.Filled < of.Objects {
		for _, other := range []string{"CVE", "Title"} {
			if a := f.attribute(other); a != nil && a.Field != id.Field {
				id.verbs += ", " + page.Text(a.Path)
			}
		}
	}
	return f
}

// software reports whether the fields are clearly those of an installed piece of software.
func software(of *shape.Shape, fields []*shape.Field) *fill {
	pairs := pair(softwareType, fields)
	listed := naming.Fit(naming.Tokens(listName(of)), naming.Words().Lists["software"]) >= naming.EndsWith
	if listed && pairs["Name"] == nil && of.Any {
		pairs["Name"] = &shape.Field{Shape: shape.NameShape, Path: "$name", Title: "the name of the field"}
	}
	if pairs["Name"] == nil || pairs["Version"] == nil {
		return nil
	}
	generic := slices.Contains([]string{"name", "displayname", "productname"}, naming.Joined(pairs["Name"].Tokens))
	if !listed && (generic || len(pairs)*10 < len(fields)*3) {
		return nil
	}
	return sharedFill(softwareType, of, fields, pairs)
}

// asset reports whether the fields are clearly those of a register of machines: several of its attributes, and most of what is there.
func asset(of *shape.Shape, fields []*shape.Field, ids []identifier) *fill {
	pairs := pair(assetType, fields)
	const few = 4
	if len(pairs) < few || len(pairs)*10 < len(fields)*6 {
		return nil
	}
	for _, id := range ids {
		name := map[string]string{"hostname": "Name", "serial": "SerialNumber"}[id.kind]
		if name != "" && pairs[name] == nil {
			pairs[name] = id.Field
		}
	}
	return sharedFill(assetType, of, fields, pairs)
}

func (f *fill) attribute(name string) *attribute {
	for _, a := range f.attributes {
		if a.name == name {
			return a
		}
	}
	return nil
}

// adapt makes a field's strings those of an attribute of a shared type, or returns why they cannot be.
func (a *attribute) adapt(typeName string) string {
	dated := strings.HasSuffix(a.name, "At") || a.name == "FirstSeen" || a.name == "LastSeen"
	if !dated {
		a.dating, a.note = nil, ""
	}
	switch {
	case dated && a.dating == nil:
		return "not all of its values are dates in a form that is known"
	case a.name == "Severity":
		return a.severity()
	case a.name == "MemoryMiB":
		return a.memory()
	case a.name == "CVE" && a.Column.Share(func(v string) bool { return content.CVEs(v) > 1 }) > 0:
		a.verbs = `, split: '[,;\s]+'`
	case a.name == "CVSS" && typeName == vulnerabilityType && !a.Column.All(content.IsAmount):
		a.note = "not only numbers"
	}
	return ""
}

// severity maps words of other languages; numbers mean something else everywhere.
func (a *attribute) severity() string {
	if a.Column.All(content.IsAmount) {
		return "its numbers could mean anything: fill Severity with {path: …, map: {\"4\": critical, \"3\": high, …}} as your source means them"
	}
	known := naming.Words().Words["Severity"]
	var pairs []string
	for _, v := range slices.Sorted(slices.Values(a.Column.Values)) {
		if to := known[strings.ToLower(v)]; to != "" {
			pairs = append(pairs, fmt.Sprintf("%s: %s", page.Text(strings.ToLower(v)), to))
		}
	}
	if len(pairs) > 0 {
		a.verbs = ", map: {" + strings.Join(slices.Compact(pairs), ", ") + "}"
	}
	return ""
}

// memory makes MiB of what the field's name states.
func (a *attribute) memory() string {
	has := func(units ...string) bool {
		return slices.ContainsFunc(units, func(unit string) bool {
			return slices.Contains(a.Tokens, unit) || strings.HasSuffix(naming.Joined(a.Tokens), unit)
		})
	}
	switch {
	case !a.Column.All(content.IsAmount):
		return "its values are not plain numbers, and MemoryMiB is one"
	case has("mb", "mib", "megabytes"):
		return ""
	case has("gb", "gib", "gigabytes"):
		a.verbs = "* 1024"
	case has("bytes"):
		a.verbs = "/ 1048576"
	default:
		return "its name does not name the unit: fill MemoryMiB with it, or with an expr that makes MiB of it"
	}
	a.note = "made MiB"
	return ""
}
