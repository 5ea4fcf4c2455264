package parameters

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/infra/release"
)

// Stack is what stands for the stack's name, and Database for that of its database, which CloudFormation cannot make of the stack's.
const (
	Stack    = "PlaceholderStack"
	Database = "placeholderstack"
)

// Groups are all inputs. What follows from a setting is derived by its name.
func Groups(derivations map[string]Derived) ([]Group, error) {
	all, err := ofSettings(derivations)
	return []Group{
		{"Where the release lies", codeInputs()},
		{"Mappings of your own, as `invbridge mapping bundle` prints it", mappingsInputs()},
		{"Settings", append(all, nameInput())},
	}, err
}

// bucketPattern is what a bucket's name must be.
const bucketPattern = `^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`

// codeInputs say where the functions' program lies.
func codeInputs() []Input {
	const bucket, prefix = "placeholder-code-bucket", "placeholder-code-prefix/"
	return []Input{
		{
			Parameters: []Parameter{{"CodeBucket", release.Object{
				"Type": "String", "AllowedPattern": bucketPattern, "Description": "the bucket, of the stack's region, that the zips of the release were copied to",
			}}},
			Placeholders: []release.Placeholder{{Text: bucket, By: ref("CodeBucket")}},
			Set:          func(d *Deployment) { d.Code.Bucket = bucket },
		},
		{
			Parameters:   []Parameter{{"CodePrefix", textParameter("", "[^/].*/", "the prefix of their keys, which ends in /")}},
			Placeholders: []release.Placeholder{{Text: prefix, By: ref("CodePrefix")}},
			Set:          func(d *Deployment) { d.Code.Key = prefix },
		},
	}
}

// mappingsInputs say where mappings of the user's own lie, and what the stack must allow for them.
func mappingsInputs() []Input {
	const bucket, key = "placeholder-mappings-bucket", "placeholder-mappings.zip"
	mappings := optional("MappingsKey", "", ".+", "key of the bundle. Another bundle needs another key: a layer is not made anew for the same", key,
		func(d *Deployment) { d.Layer = Object{bucket, key} })
	mappings.Parameters = slices.Insert(mappings.Parameters, 0,
		Parameter{"MappingsBucket", textParameter("", bucketPattern, "the bundle's bucket, of the stack's region; unset: CodeBucket")})
	mappings.Conditions = release.Object{"WithMappingsBucket": not(equals(ref("MappingsBucket"), ""))}
	mappings.Placeholders = append(mappings.Placeholders, release.Placeholder{
		Text: bucket, By: release.Object{"Fn::If": []any{"WithMappingsBucket", ref("MappingsBucket"), ref("CodeBucket")}},
	})
	return []Input{
		mappings,
		optionalList("OwnTypes", `(Custom|AWS):[^,]+`, "types that the mappings declare, which delivery may put", "Custom:Placeholder",
			func(d *Deployment) { d.Types = []string{"Custom:Placeholder"} }),
		optionalList("OwnEventSources", `aws\.[a-z0-9.-]+`, "sources of the events of AWS services that the mappings match. They need Findings", "aws.placeholder",
			func(d *Deployment) { d.Sources = []string{"aws.placeholder"} }),
		optionalList("OwnDetailTypes", ".+", "detail types of these events; none: all", "Placeholder Detail Type",
			func(d *Deployment) { d.Details = []string{"Placeholder Detail Type"} }),
	}
}

// nameInput is about names that follow from the stack's.
func nameInput() Input {
	return Input{
		Parameters: []Parameter{{"QueryDatabase", release.Object{
			"Type": "String", "Default": "inventorybridge", "AllowedPattern": "^[a-z0-9_]{1,128}$",
			"Description": "name of the consumers' database. Stacks of one account need one each",
		}}},
		Placeholders: []release.Placeholder{{Text: Stack, By: ref("AWS::StackName")}, {Text: Database, By: ref("QueryDatabase")}},
		Set:          func(d *Deployment) { d.Name = Stack },
		Rules: rule("Buckets", not(release.Object{"Fn::And": []any{
			equals(ref("ExistingUploads"), ref("ExistingState")), not(equals(ref("ExistingState"), "")),
		}}), "ExistingUploads and ExistingState need a bucket each: what is written to the state must not be taken in"),
	}
}
