package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
)

const (
	complianceItem      = "AWS:ComplianceItem"
	instanceInformation = "AWS:InstanceInformation"
	networkType         = "AWS:Network"
	patchSummary        = "AWS:PatchSummary"
	resourceGroupType   = "AWS:ResourceGroup"
	tagType             = "AWS:Tag"
)

const dataTypeString = "STRING"

// attribute is one attribute of a schema on the wire.
type attribute struct {
	Name     string
	DataType string
}

// builtinType is one of AWS's own types: a single version that nobody can change.
type builtinType struct {
	version    string
	attributes []attribute
}

func (b *builtinType) has(name string) bool {
	return slices.ContainsFunc(b.attributes, func(a attribute) bool { return a.Name == name })
}

// serviceWritten reports whether the service alone writes the type.
func serviceWritten(typeName string) bool {
	return typeName == instanceInformation || typeName == tagType || typeName == resourceGroupType
}

// builtinAttributes lists AWS's types with their attributes as GetInventorySchema reports them; # marks a number.
const builtinAttributes = `
AWSComponent: Name ApplicationType Publisher Version InstalledTime Architecture URL
Application: Name ApplicationType Publisher Version Release Epoch InstalledTime Architecture URL Summary PackageId
BillingInfo: BillingProductId
ComplianceItem: ComplianceType ExecutionId ExecutionType ExecutionTime Id Title Status Severity DocumentName DocumentVersion Classification PatchBaselineId PatchSeverity PatchState PatchGroup InstalledTime InstallOverrideList DetailedText DetailedLink CVEIds
File: Name Size Description FileVersion InstalledDate ModificationTime LastAccessTime ProductName InstalledDir ProductLanguage CompanyName ProductVersion
InstanceDetailedInformation: CPUModel #CPUCores #CPUs #CPUSpeedMHz #CPUSockets CPUHyperThreadEnabled OSServicePack KernelVersion
InstanceInformation: AgentType AgentVersion ComputerName InstanceId IpAddress PlatformName PlatformType PlatformVersion ResourceType AgentStatus InstanceStatus
Network: Name SubnetMask Gateway DHCPServer DNSServer MacAddress IPV4 IPV6
PatchCompliance: Title KBId Classification Severity State InstalledTime
PatchSummary: PatchGroup BaselineId SnapshotId OwnerInformation #InstalledCount #InstalledPendingRebootCount #InstalledOtherCount #InstalledRejectedCount #NotApplicableCount #UnreportedNotApplicableCount #MissingCount #FailedCount OperationType OperationStartTime OperationEndTime InstallOverrideList RebootOption LastNoRebootInstallOperationTime ExecutionId NonCompliantSeverity #SecurityNonCompliantCount #CriticalNonCompliantCount #OtherNonCompliantCount
ResourceGroup: Name Arn
Service: Name DisplayName ServiceType Status DependentServices ServicesDependedOn StartType
Tag: Key Value
WindowsRegistry: KeyPath ValueName ValueType Value
WindowsRole: Name DisplayName Path FeatureType DependsOn Description Installed InstalledState SubFeatures ServerComponentDescriptor Parent
WindowsUpdate: HotFixId Description InstalledTime InstalledBy
`

// newBuiltinTypes returns AWS's own types by name.
func newBuiltinTypes() map[string]*builtinType {
	types := map[string]*builtinType{}
	for line := range strings.Lines(strings.TrimSpace(builtinAttributes)) {
		name, attributes, _ := strings.Cut(line, ":")
		t := &builtinType{version: "1.0"}
		if name == "Application" {
			t.version = "1.1"
		}
		for a := range strings.FieldsSeq(attributes) {
			if number, ok := strings.CutPrefix(a, "#"); ok {
				t.attributes = append(t.attributes, attribute{Name: number, DataType: "NUMBER"})
			} else {
				t.attributes = append(t.attributes, attribute{Name: a, DataType: dataTypeString})
			}
		}
		types["AWS:"+name] = t
	}
	return types
}

const (
	customPrefix        = "Custom:"
	maxCustomTypes      = 20
	maxCustomAttributes = 50
)

// version is a schema version in its order: by major number, then by minor.
type version struct{ major, minor int }

func parseVersion(s string) version {
	major, minor, _ := strings.Cut(s, ".")
	var v version
	v.major, _ = strconv.Atoi(major) // the pattern has admitted digits only
	v.minor, _ = strconv.Atoi(minor)
	return v
}

func (v version) compare(w version) int {
	return cmp.Or(cmp.Compare(v.major, w.major), cmp.Compare(v.minor, w.minor))
}

func (v version) String() string { return fmt.Sprintf("%d.%d", v.major, v.minor) }

// customType is a type that puts have created: its versions, each with the attributes put so far, and which are disabled. It is never
// changed once stored: with and disable make the next one.
type customType struct {
	versions []customVersion   // in order
	spelled  map[string]string // each attribute name of any version, folded, and how it is spelled
	disabled *version          // this version and all before it are disabled
}

type customVersion struct {
	version version
	text    string   // as it was first put
	names   []string // in order of first appearance
}

// customTypeName reports whether a name that begins with Custom: goes on with an upper-case letter.
func customTypeName(name string) bool {
	rest := strings.TrimPrefix(name, customPrefix)
	return rest != "" && rest[0] >= 'A' && rest[0] <= 'Z'
}

// ignores reports whether data of the version is ignored because the version is disabled.
func (t *customType) ignores(v version) bool {
	return t != nil && t.disabled != nil && v.compare(*t.disabled) <= 0
}

// has reports whether a version of the type has all those attributes, so that content with them changes nothing of it.
func (t *customType) has(text string, names []string) bool {
	if t == nil {
		return false
	}
	i, found := t.find(parseVersion(text))
	return found && !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(t.versions[i].names, name) })
}

func (t *customType) find(v version) (int, bool) {
	return slices.BinarySearchFunc(t.versions, v, func(c customVersion, v version) int { return c.version.compare(v) })
}

var (
	errAttributeCase  = errors.New("attribute names differ only in case, within the item or from the schema's")
	errAttributeCount = fmt.Errorf("more than %d attributes in one schema", maxCustomAttributes)
)

// with returns the type as accepted content of that version leaves it. t is nil where the type is new.
func (t *customType) with(text string, names []string, refuseNew bool) (*customType, error) {
	next := &customType{spelled: map[string]string{}}
	if t != nil {
		next = &customType{versions: slices.Clone(t.versions), spelled: maps.Clone(t.spelled), disabled: t.disabled}
	}
	v := next.admit(text)
	first := len(v.names) == 0
	for _, name := range names {
		if slices.Contains(v.names, name) {
			continue
		}
		folded := strings.ToLower(name)
		if spelled, known := next.spelled[folded]; known && spelled != name {
			return nil, errAttributeCase
		}
		if !first && refuseNew {
			return nil, fmt.Errorf("an attribute is not in the schema of version %s", text)
		}
		next.spelled[folded] = name
		v.names = append(slices.Clip(v.names), name)
	}
	if len(v.names) > maxCustomAttributes {
		return nil, errAttributeCount
	}
	return next, nil
}

// admit returns the type's version of that text, and adds it where it is new.
func (t *customType) admit(text string) *customVersion {
	v := parseVersion(text)
	i, found := t.find(v)
	if !found {
		t.versions = slices.Insert(t.versions, i, customVersion{version: v, text: text})
	}
	return &t.versions[i]
}

// disable returns the type with all its versions disabled.
func (t *customType) disable() *customType {
	next := *t
	if n := len(t.versions); n > 0 {
		next.disabled = &t.versions[n-1].version
	}
	return &next
}

// knows reports whether the type is one of AWS's or has been created by a put.
func (s *Sandbox) knows(typeName string) bool {
	return s.builtin[typeName] != nil || s.custom[typeName] != nil
}

// hasAttribute reports whether any version of the type has the attribute.
func (s *Sandbox) hasAttribute(typeName, name string) bool {
	if b := s.builtin[typeName]; b != nil {
		return b.has(name)
	}
	if c := s.custom[typeName]; c != nil {
		return c.spelled[strings.ToLower(name)] == name
	}
	return false
}

func typeNameError(message string) error { return &apiError{code: codeTypeName, message: message} }

const maxSchemas = 200

// getInventorySchema is GetInventorySchema's input.
type getInventorySchema struct {
	TypeName   *string // a whole name or the beginning of names
	Aggregator *bool   // only what can be aggregated
	SubType    *bool   // only the type that has sub-types
	paging
}

type schemaResponse struct {
	Schemas   []schema
	NextToken string `json:",omitempty"`
}

type schema struct {
	TypeName    string
	Version     string
	DisplayName string `json:",omitempty"`
	Attributes  []attribute
}

func (g *getInventorySchema) about() (string, []string) { return "", []string{text(g.TypeName)} }

func (g *getInventorySchema) shape(v *violations) error {
	v.length(text(g.TypeName), "typeName", 0, 100)
	v.maxResults(g.paging, 50, maxSchemas)
	return nil
}

func (g *getInventorySchema) run(s *Sandbox) (any, error) {
	if !nameOrBeginning(text(g.TypeName)) {
		return nil, typeNameError("A type's name begins with AWS: or Custom:.")
	}
	if s.switches.RefuseUnknownSchema && s.unknownCustom(text(g.TypeName)) {
		return nil, typeNameError("There is no such custom type.")
	}
	asked := question("schema", g.TypeName, g.Aggregator, g.SubType)
	page, next, err := pageOf(g.paging, asked, maxSchemas, func(last string) iter.Seq2[string, schema] {
		return func(yield func(string, schema) bool) {
			for name, sch := range sorted(s.schemas()) {
				if name > last && g.wants(sch) && !yield(name, sch) {
					return
				}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return &schemaResponse{Schemas: page, NextToken: next}, nil
}

func nameOrBeginning(name string) bool {
	for _, prefix := range []string{"AWS:", customPrefix} {
		if strings.HasPrefix(name, prefix) || strings.HasPrefix(prefix, name) {
			return true
		}
	}
	return false
}

// unknownCustom reports whether no custom type begins with the name, where it is longer than Custom: alone.
func (s *Sandbox) unknownCustom(beginning string) bool {
	for name := range s.custom {
		if strings.HasPrefix(name, beginning) {
			return false
		}
	}
	return len(beginning) > len(customPrefix) && strings.HasPrefix(beginning, customPrefix)
}

func (g *getInventorySchema) wants(sch schema) bool {
	if g.Aggregator != nil && *g.Aggregator && sch.TypeName != instanceInformation {
		return false
	}
	if g.SubType != nil && *g.SubType && sch.TypeName != complianceItem {
		return false
	}
	return strings.HasPrefix(sch.TypeName, text(g.TypeName))
}

// schemas are all schemas there are, disabled ones too, by a name that sorts by type, then by version.
func (s *Sandbox) schemas() map[string]schema {
	all := map[string]schema{}
	for name, b := range s.builtin {
		all[name] = schema{TypeName: name, Version: b.version, DisplayName: strings.TrimPrefix(name, "AWS:"), Attributes: b.attributes}
	}
	for name, c := range s.custom {
		for _, v := range c.versions {
			sch := schema{TypeName: name, Version: v.text, Attributes: []attribute{}}
			for _, a := range v.names {
				sch.Attributes = append(sch.Attributes, attribute{Name: a, DataType: dataTypeString})
			}
			all[name+"\x00"+v.text] = sch
		}
	}
	return all
}
