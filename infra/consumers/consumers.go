// Package consumers makes what people ask the inventory with: a resource data sync, tables over its objects, and a workgroup of Athena with
// saved queries. It knows how a sync lays out its objects, and nothing of how inventory comes about.
package consumers

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsathena"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Folders of the bucket.
const (
	Inventory = "inventory" // the sync's objects
	Results   = "results"   // of queries
)

// resourceType is the last folder of a sync's objects: it has no others for nodes.
const resourceType = "ManagedInstanceInventory"

// Props are what the parts are made of.
type Props struct {
	Sync, Database, Workgroup string // names
	Bucket                    awss3.IBucket
	Written                   constructs.IDependable // what must be there before the sync writes: the bucket's policy
	Key                       awskms.IKey            // nil: the bucket's objects are encrypted with S3's keys
	Region                    string                 // of the bucket
	Account                   string                 // of the bucket and the catalogue
	Accounts, Regions         []string               // whose syncs write into the bucket
	QueryBytes                int                    // what a query may read
	Tables                    []Table
}

// Add makes all of it below a scope.
func Add(scope constructs.Construct, p Props) {
	within := constructs.NewConstruct(scope, new("Consumers"))
	p.addSync(within)
	database := awsglue.NewCfnDatabase(within, new("Database"), &awsglue.CfnDatabaseProps{
		CatalogId: &p.Account,
		DatabaseInput: &awsglue.CfnDatabase_DatabaseInputProperty{
			Name: &p.Database, Description: new("Systems Manager Inventory: a table for each type"),
		},
	})
	for _, t := range p.Tables {
		p.addTable(within, database, t)
	}
	workgroup := p.addWorkgroup(within)
	for _, q := range Queries() {
		awsathena.NewCfnNamedQuery(within, new(identifier(q.File)), &awsathena.CfnNamedQueryProps{
			Name: &q.Name, Description: &q.About, QueryString: &q.SQL, Database: database.Ref(), WorkGroup: workgroup.Ref(),
		})
	}
}

// addSync makes the sync of the stack's own account and region. It writes a first object at once, so what lets it must be there.
func (p *Props) addSync(scope constructs.Construct) {
	destination := &awsssm.CfnResourceDataSync_S3DestinationProperty{
		BucketName: p.Bucket.BucketName(), BucketPrefix: new(Inventory), BucketRegion: &p.Region, SyncFormat: new("JsonSerDe"),
	}
	if p.Key != nil {
		destination.KmsKeyArn = p.Key.KeyArn()
	}
	sync := awsssm.NewCfnResourceDataSync(scope, new("Sync"), &awsssm.CfnResourceDataSyncProps{
		SyncName: &p.Sync, SyncType: new("SyncToDestination"), S3Destination: destination,
	})
	sync.Node().AddDependency(p.Written)
}

// addTable makes a table that needs neither a crawler nor a repair: its partitions follow from their names.
func (p *Props) addTable(scope constructs.Construct, database awsglue.CfnDatabase, t Table) {
	parameters := map[string]string{"EXTERNAL": "TRUE", "classification": "json", "projection.enabled": "true"}
	for name, values := range map[string][]string{"accountid": p.Accounts, "region": p.Regions, "resourcetype": {resourceType}} {
		parameters["projection."+name+".type"] = "enum"
		parameters["projection."+name+".values"] = strings.Join(values, ",")
	}
	awsglue.NewCfnTable(scope, new(t.Type), &awsglue.CfnTableProps{
		CatalogId: &p.Account, DatabaseName: database.Ref(),
		TableInput: &awsglue.CfnTable_TableInputProperty{
			Name: &t.Name, Description: given(t.About), TableType: new("EXTERNAL_TABLE"), Parameters: parameters, PartitionKeys: columns(Partitions()),
			StorageDescriptor: &awsglue.CfnTable_StorageDescriptorProperty{
				Columns: columns(t.Columns), Location: new("s3://" + *p.Bucket.BucketName() + "/" + Inventory + "/" + t.Type + "/"),
				InputFormat:  new("org.apache.hadoop.mapred.TextInputFormat"),
				OutputFormat: new("org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"),
				SerdeInfo: &awsglue.CfnTable_SerdeInfoProperty{
					SerializationLibrary: new("org.openx.data.jsonserde.JsonSerDe"), Parameters: t.Serde,
				},
			},
		},
	})
}

// columns are strings all: Systems Manager Inventory has nothing else.
func columns(list []Column) []any {
	made := make([]any, len(list))
	for i, c := range list {
		made[i] = &awsglue.CfnTable_ColumnProperty{Name: &c.Name, Type: new("string"), Comment: given(c.About)}
	}
	return made
}

// given is nil for a text that is not there.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (p *Props) addWorkgroup(scope constructs.Construct) awsathena.CfnWorkGroup {
	encryption := &awsathena.CfnWorkGroup_EncryptionConfigurationProperty{EncryptionOption: new("SSE_S3")}
	if p.Key != nil {
		encryption.EncryptionOption, encryption.KmsKey = new("SSE_KMS"), p.Key.KeyArn()
	}
	return awsathena.NewCfnWorkGroup(scope, new("Workgroup"), &awsathena.CfnWorkGroupProps{
		Name: &p.Workgroup, Description: new("Queries over Systems Manager Inventory"),
		RecursiveDeleteOption: true, // one that was ever used cannot be deleted otherwise
		WorkGroupConfiguration: &awsathena.CfnWorkGroup_WorkGroupConfigurationProperty{
			BytesScannedCutoffPerQuery: jsii.Number(p.QueryBytes), EnforceWorkGroupConfiguration: true, PublishCloudWatchMetricsEnabled: true,
			EngineVersion: &awsathena.CfnWorkGroup_EngineVersionProperty{SelectedEngineVersion: new("AUTO")},
			ResultConfiguration: &awsathena.CfnWorkGroup_ResultConfigurationProperty{
				OutputLocation: new("s3://" + *p.Bucket.BucketName() + "/" + Results + "/"), ExpectedBucketOwner: &p.Account, EncryptionConfiguration: encryption,
			},
		},
	})
}

// identifier makes a construct's name of a file's: "critical-findings" is CriticalFindings.
func identifier(file string) string {
	words := strings.Split(file, "-")
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}
