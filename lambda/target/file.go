package target

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// RoleName is the name of the role that is assumed in each account, where a file says no other.
const RoleName = "InventoryBridgeTarget"

// File is a file of targets.
type File struct {
	ExternalID   string        // that each role's trust asks for
	Role         string        // name of the role in each account
	Rate         float64       // PutInventory calls a second of each target; 0: the installation's
	Targets      []Target      // that are listed
	Organization *Organization // nil: no more than these
}

// Organization is where more targets are found: each account below some units, in each of some regions.
type Organization struct {
	Units   []string // IDs of organizational units, or of the root
	Regions []string
}

// form is how a word must be written, and how long it may be. A pattern that counts far takes milliseconds of each start.
type form struct {
	expression  func() *regexp.Regexp
	least, most int
}

var (
	accountForm  = form{regular.Expression(`^\d+$`), 12, 12}
	regionForm   = form{regular.Expression(`^[a-z][a-z](-[a-z]+)+-\d$`), 9, 32}
	roleForm     = form{regular.Expression(`^arn:(aws[a-z-]*):iam::(\d{12}):role/[\w+=,.@/-]+$`), 32, 640}
	roleNameForm = form{regular.Expression(`^[\w+=,.@-]+$`), 1, 64}
	externalForm = form{regular.Expression(`^[\w+=,.@:/-]+$`), 2, 1224}
	unitForm     = form{regular.Expression(`^(r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32})$`), 6, 68}
)

// ParseFile parses a file of targets. What is wrong in it is a problem.List, with file, line and column.
func ParseFile(name string, content []byte) (*File, error) {
	var problems problem.List
	documents := yamlfile.ParseAs("targets: [{account: …, region: …}]", name, false, content, &problems)
	f := &File{Role: RoleName}
	for i, d := range documents {
		if i > 0 {
			d.Problem("a file of targets is one document")
			break
		}
		f.read(d)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return f, nil
}

var fields = []string{"externalId", "role", "rate", "targets", "organization"}

func (f *File) read(d yamlfile.Value) {
	for _, field := range d.Fields() {
		switch at := field.At; field.Name {
		case "externalId":
			f.ExternalID = pattern(at, externalForm, "externalId must be 2 to 1224 letters, digits and characters of _+=,.@:/-")
		case "role":
			f.Role = pattern(at, roleNameForm, "role must be the name of a role: a target may have an ARN of its own")
		case "rate":
			f.Rate = decimal(at)
		case "targets", "organization":
		default:
			field.Unknown(fields, "%s is unknown in a file of targets", field.Name)
		}
	}
	if d.Has("targets") {
		f.readTargets(d.Field("targets"))
	}
	if d.Has("organization") {
		f.readOrganization(d.Field("organization"))
	}
	switch {
	case !d.Has("targets") && !d.Has("organization"):
		d.Problem("a file of targets has targets or organization")
	case f.ExternalID == "" && !d.Has("externalId"):
		d.Problem("externalId is missing: the roles are assumed with it, and refuse whoever does not know it")
	}
}

// readTargets reads the list, after what holds for all of it.
func (f *File) readTargets(list yamlfile.Value) {
	lines := map[Key]int{}
	f.Targets = yamlfile.Each(list, func(v yamlfile.Value) (Target, bool) {
		t, ok := f.target(v)
		if line, twice := lines[t.Key]; ok && twice {
			v.Problem("the target is given twice, first in line %d", line)
			return t, false
		}
		lines[t.Key] = v.Place().Line
		return t, ok
	})
}

func (f *File) target(v yamlfile.Value) (Target, bool) {
	t := Target{ExternalID: f.ExternalID, Rate: f.Rate}
	for _, field := range v.Fields() {
		switch at := field.At; field.Name {
		case "account":
			t.Account = pattern(at, accountForm, "account must be twelve digits in quotes")
		case "region":
			t.Region = pattern(at, regionForm, "region must be one such as eu-central-1")
		case "role":
			t.Role = pattern(at, roleForm, "role must be the ARN of a role, such as arn:aws:iam::111122223333:role/"+RoleName)
		case "rate":
			t.Rate = decimal(at)
		default:
			field.Unknown([]string{"account", "region", "role", "rate"}, "%s is unknown in a target", field.Name)
		}
	}
	for _, name := range []string{"account", "region"} {
		if v.IsMapping() && !v.Has(name) {
			v.Problem("%s is missing in a target", name)
		}
	}
	if parts := roleForm.expression().FindStringSubmatch(t.Role); parts != nil && t.Account != "" && parts[2] != t.Account {
		v.Field("role").Problem("the role is of another account than the target")
		return t, false
	}
	if t.Account == "" || t.Region == "" {
		return t, false
	}
	if t.Role == "" {
		t.Role = RoleARN(t.Key, f.Role)
	}
	return t, true
}

func (f *File) readOrganization(v yamlfile.Value) {
	o := &Organization{}
	for _, field := range v.Fields() {
		switch at := field.At; field.Name {
		case "units":
			o.Units = words(at, unitForm, "units must be IDs of organizational units, as ou-ab12-11111111, or of the root, as r-ab12")
		case "regions":
			o.Regions = words(at, regionForm, "regions must be regions such as eu-central-1")
		default:
			field.Unknown([]string{"units", "regions"}, "%s is unknown in organization", field.Name)
		}
	}
	for _, name := range []string{"units", "regions"} {
		if v.IsMapping() && (!v.Has(name) || v.Field(name).IsEmpty()) {
			v.Problem("%s is missing in organization", name)
		}
	}
	f.Organization = o
}

// Of returns the targets of an account that was found in the organization.
func (f *File) Of(account string) []Target {
	var list []Target
	for _, region := range f.Organization.Regions {
		k := Key{account, region}
		list = append(list, Target{Key: k, Role: RoleARN(k, f.Role), ExternalID: f.ExternalID, Rate: f.Rate})
	}
	return list
}

// RoleARN is the ARN of a role of an account, in the partition of a region.
func RoleARN(k Key, name string) string {
	return fmt.Sprintf("arn:%s:iam::%s:role/%s", Partition(k.Region), k.Account, name)
}

// Partition returns the partition of a region.
func Partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

func pattern(v yamlfile.Value, want form, what string) string {
	text, ok := v.Scalar(strings.Fields(what)[0])
	if !ok {
		return ""
	}
	if len(text) < want.least || len(text) > want.most || !want.expression().MatchString(text) {
		v.Problem("%s", what)
		return ""
	}
	return text
}

// words reads a list of words that fit a pattern, each once.
func words(v yamlfile.Value, want form, what string) []string {
	var list []string
	for _, item := range v.Items() {
		word := pattern(item, want, what)
		if slices.Contains(list, word) && word != "" {
			item.Problem("it is given twice")
			continue
		}
		list = append(list, word)
	}
	return list
}

func decimal(v yamlfile.Value) float64 {
	text, _ := v.Scalar("rate")
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n <= 0 || math.IsInf(n, 0) || math.IsNaN(n) {
		v.Problem("rate must be a number of calls a second, more than 0")
	}
	return n
}
