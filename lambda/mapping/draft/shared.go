package draft

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const (
	vulnerabilityType = "Custom:Vulnerability"
	softwareType      = "Custom:SoftwareComponent"
	assetType         = "Custom:Asset"
)

// vulnerability reports whether the fields are clearly those of a weakness: something that names it, and how bad it is.
func vulnerability(of *shape, fields []*field) *fill {
	pairs := pair(vulnerabilityType, fields)
	listed := fit(tokens(listName(of)), words().Lists["vulnerabilities"]) >= endsWith
	cve := slices.IndexFunc(fields, func(f *field) bool { return f.column.share(isCVE) >= 0.5 && f.column.longest < 2000 })
	if cve < 0 {
		cve = slices.Index(fields, pairs["CVE"])
	}
	if cve >= 0 {
		pairs["CVE"] = fields[cve]
		unpair(pairs, "CVE", fields[cve])
	}
	if id := byName(fields, "id"); pairs["Id"] == nil && listed && id != nil {
		pairs["Id"] = id
	}
	if pairs["Id"] == nil && cve >= 0 {
		pairs["Id"] = fields[cve]
	}
	if pairs["Id"] == nil || pairs["Severity"] == nil && pairs["CVSS"] == nil || cve < 0 && !listed && pairs["Title"] == nil {
		return nil
	}
	f := sharedFill(vulnerabilityType, of, fields, pairs)
	id := f.attribute("Id")
	if id == nil || !id.everywhere(of) {
		for _, other := range []string{"CVE", "Title"} {
			if a := f.attribute(other); id != nil && a != nil && a.field != id.field {
				id.verbs += ", " + yamlText(a.path)
			}
		}
	}
	return f
}

// unpair takes a field away from all attributes but one, and from Id, which may be the same.
func unpair(pairs map[string]*field, keep string, f *field) {
	for name, other := range pairs {
		if other == f && name != keep && name != "Id" {
			delete(pairs, name)
		}
	}
}

func byName(fields []*field, name string) *field {
	for _, f := range fields {
		if joined(f.tokens) == name {
			return f
		}
	}
	return nil
}

// software reports whether the fields are clearly those of an installed piece of software.
func software(of *shape, fields []*field) *fill {
	pairs := pair(softwareType, fields)
	listed := fit(tokens(listName(of)), words().Lists["software"]) >= endsWith
	if listed && pairs["Name"] == nil && of.any {
		pairs["Name"] = &field{shape: nameShape, path: "$name", title: "the name of the field"}
	}
	if pairs["Name"] == nil || pairs["Version"] == nil {
		return nil
	}
	generic := slices.Contains([]string{"name", "displayname", "productname"}, joined(pairs["Name"].tokens))
	if !listed && (generic || len(pairs)*10 < len(fields)*3) {
		return nil
	}
	return sharedFill(softwareType, of, fields, pairs)
}

// asset reports whether the fields are clearly those of a register of machines: several of its attributes, and most of what is there.
func asset(of *shape, fields []*field, ids []identifier) *fill {
	pairs := pair(assetType, fields)
	const few = 4
	if len(pairs) < few || len(pairs)*10 < len(fields)*6 {
		return nil
	}
	for _, id := range ids {
		name := map[string]string{"hostname": "Name", "serial": "SerialNumber"}[id.kind]
		if name != "" && pairs[name] == nil {
			pairs[name] = id.field
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

// everywhere reports whether every object has the attribute.
func (a *attribute) everywhere(of *shape) bool { return a.column.filled >= of.objects }

var numeric = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

// adapt makes a field's strings those of an attribute of a shared type, or returns why they cannot be.
func (a *attribute) adapt(typeName string) string {
	switch {
	case strings.HasSuffix(a.name, "At") || a.name == "FirstSeen" || a.name == "LastSeen":
		if a.dating == nil {
			return "not all of its values are dates in a form that is known"
		}
	case a.name == "Severity":
		return a.severity()
	case a.name == "CVE" && a.column.share(func(v string) bool { return len(cves.FindAllString(v, 2)) > 1 }) > 0:
		a.verbs = `, split: '[,;\s]+'`
	case a.name == "MemoryMiB":
		return a.memory()
	}
	if !strings.HasSuffix(a.name, "At") && a.name != "FirstSeen" && a.name != "LastSeen" {
		a.dating, a.note = nil, ""
	}
	if a.name == "CVSS" && typeName == vulnerabilityType && !a.column.all(numeric.MatchString) {
		a.note = "not only numbers"
	}
	return ""
}

// severity maps words of other languages; numbers mean something else everywhere.
func (a *attribute) severity() string {
	a.dating = nil
	if a.column.all(numeric.MatchString) {
		return "its numbers could mean anything: fill Severity with {path: …, map: {\"4\": critical, \"3\": high, …}} as your source means them"
	}
	known := words().Words["Severity"]
	var pairs []string
	for _, v := range slices.Sorted(slices.Values(a.column.values)) {
		if to := known[strings.ToLower(v)]; to != "" {
			pairs = append(pairs, fmt.Sprintf("%s: %s", yamlText(strings.ToLower(v)), to))
		}
	}
	if len(pairs) > 0 {
		a.verbs = ", map: {" + strings.Join(slices.Compact(pairs), ", ") + "}"
	}
	return ""
}

// memory makes MiB of what the field's name states.
func (a *attribute) memory() string {
	a.dating = nil
	has := func(units ...string) bool {
		return slices.ContainsFunc(units, func(unit string) bool {
			return slices.Contains(a.tokens, unit) || strings.HasSuffix(joined(a.tokens), unit)
		})
	}
	switch {
	case !a.column.all(numeric.MatchString):
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
