// Package targets knows what a deployment makes of the file of targets: whether they can be served from where the stack goes, which roles its
// functions assume, and what these are to be asked for. It makes no resources.
package targets

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// mostRoles is how many roles of accounts one file lists at most: the policies of a role have room for 10,240 characters.
const mostRoles = 300

// mostARNs is how many roles are written out. More are one pattern, with a condition that lists the accounts.
const mostARNs = 40

// File is a file of targets that can be served from where the stack goes.
type File struct {
	*target.File
	Text      []byte
	Partition string // of all of its regions

	own target.Key // where the stack goes, as far as that is known
}

// Read reads the file of targets, for a stack of this account and region; either may be "": not known. What is wrong in it is a problem.List.
func Read(name string, own target.Key) (*File, error) {
	text, err := os.ReadFile(filepath.Clean(name))
	if err != nil {
		return nil, fmt.Errorf("targets: %s cannot be read: name a file that is there, or leave it out: %w", name, err)
	}
	name = filepath.ToSlash(name)
	parsed, err := target.ParseFile(name, text)
	if err != nil {
		return nil, err
	}
	f := &File{File: parsed, Text: text, own: own}
	f.Partition = target.Partition(f.home())
	if err := f.check(name); err != nil {
		return nil, err
	}
	return f, nil
}

// home is the region that decides about the partition: the stack's, else the first that is named.
func (f *File) home() string {
	switch {
	case f.own.Region != "":
		return f.own.Region
	case len(f.Targets) > 0:
		return f.Targets[0].Region
	case f.Organization != nil:
		return f.Organization.Regions[0]
	}
	return ""
}

// check refuses what ParseFile cannot know to be wrong. It reads the text once more, for the places.
func (f *File) check(name string) error {
	var problems problem.List
	root := yamlfile.ParseAs("", name, false, f.Text, &problems)[0]
	if root.Has("targets") {
		roles := map[string]bool{}
		for i, v := range root.Field("targets").Items() {
			f.checkTarget(v, f.Targets[i])
			roles[f.Targets[i].Role] = true
			if len(roles) > mostRoles {
				v.Problem("more than %d roles have no room in the policy of a function's role: name units of an organization instead", mostRoles)
				break
			}
		}
	}
	if root.Has("organization") {
		for _, v := range root.Field("organization").Field("regions").Items() {
			region, _ := v.Scalar("region")
			f.checkRegion(v, region)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

func (f *File) checkTarget(v yamlfile.Value, t target.Target) {
	f.checkRegion(v.Field("region"), t.Region)
	if v.Has("role") && !strings.HasPrefix(t.Role, "arn:"+target.Partition(t.Region)+":") {
		v.Field("role").Problem("the role is of another partition than the region")
	}
}

func (f *File) checkRegion(v yamlfile.Value, region string) {
	if p := target.Partition(region); p != f.Partition {
		v.Problem("the region is of the partition %s, and %s is of %s: roles can be assumed within one partition alone", p, f.home(), f.Partition)
	}
}

// Roles are what one statement lets a function assume.
type Roles struct {
	ARNs     []string // or one pattern
	Accounts []string // to which the pattern is bound; none: the ARNs are whole
}

// Roles returns the roles of the targets that are listed. That of the installation's own account and region needs none.
func (f *File) Roles() []Roles {
	byName := map[string][]string{}
	var whole, names []string
	for _, t := range target.NewSet(f.own, f.Targets).Targets() {
		_, name, _ := strings.Cut(t.Role, ":role/")
		if slices.Contains(whole, t.Role) {
			continue
		}
		whole = append(whole, t.Role)
		if byName[name] == nil {
			names = append(names, name)
		}
		byName[name] = append(byName[name], t.Account)
	}
	if len(whole) == 0 {
		return nil
	}
	if len(whole) <= mostARNs {
		return []Roles{{ARNs: whole}}
	}
	var list []Roles
	for _, name := range names {
		list = append(list, Roles{ARNs: []string{"arn:" + f.Partition + ":iam::*:role/" + name}, Accounts: byName[name]})
	}
	return list
}

// OrganizationRole is the pattern of the roles of accounts that are found in the organization.
func (f *File) OrganizationRole() string {
	return "arn:" + f.Partition + ":iam::*:role/" + f.Role
}

// Paths are patterns of where accounts stand that are found in an organization; its ID may be "": not known.
func (f *File) Paths(organization string) []string {
	if organization == "" {
		organization = "*"
	}
	var list []string
	for _, unit := range f.Organization.Units {
		if strings.HasPrefix(unit, "r-") {
			list = append(list, organization+"/"+unit+"/*")
			continue
		}
		list = append(list, organization+"/*/"+unit+"/*")
	}
	return list
}

// Parents are the ARNs of what is asked for accounts and units: units of the same roots, and the roots that are named. The organization's ID may
// be "".
func (f *File) Parents(organization string) []string {
	if organization == "" {
		organization = "*"
	}
	var list []string
	add := func(kind, pattern string) {
		arn := "arn:" + f.Partition + ":organizations::*:" + kind + "/" + organization + "/" + pattern
		if !slices.Contains(list, arn) {
			list = append(list, arn)
		}
	}
	for _, unit := range f.Organization.Units {
		root := strings.Split(unit, "-")[1]
		if strings.HasPrefix(unit, "r-") {
			add("root", unit)
		}
		add("ou", "ou-"+root+"-*")
	}
	return list
}
