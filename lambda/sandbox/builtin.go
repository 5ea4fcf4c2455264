package sandbox

import (
	"slices"
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
