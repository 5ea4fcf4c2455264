package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/infra/consumers"
	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/nodefile"
)

// consuming is a deployment with consumers, of several accounts and regions.
func consuming() settings.Props { return deployed("consumers") }

// TestConsumersAreAsked keeps that nothing of it is there by itself.
func TestConsumersAreAsked(t *testing.T) {
	tmpl, _ := synthesised(t, stub())
	for id, r := range tmpl.Resources {
		for _, service := range []string{"AWS::Glue::", "AWS::Athena::", "AWS::SSM::"} {
			if strings.HasPrefix(r.Type, service) {
				t.Errorf("%s is a %s", id, r.Type)
			}
		}
	}
}

// TestConsumersBucket keeps who may write there, and that nobody is told of it.
func TestConsumersBucket(t *testing.T) {
	own := consuming()
	own.CustomerKey = true
	for name, p := range map[string]settings.Props{"S3's keys": consuming(), "own key": own} {
		tmpl, _ := synthesised(t, p)
		b := tmpl.Resources["Inventory"]
		if b.at("NotificationConfiguration") != nil {
			t.Errorf("%s: the bucket tells others of its objects", name)
		}
		encryption := resolved(b.at("BucketEncryption.ServerSideEncryptionConfiguration"))
		if p.CustomerKey != strings.Contains(encryption, "KMSMasterKeyID=Key SSEAlgorithm=aws:kms") || p.CustomerKey == strings.Contains(encryption, "SSEAlgorithm=AES256") {
			t.Errorf("%s: encryption %s", name, encryption)
		}
		if got := resolved(b.at("LifecycleConfiguration.Rules")); !strings.Contains(got, "{ExpirationInDays=30 Id=old-results Prefix=results/ Status=Enabled}") || strings.Count(got, "ExpirationInDays") != 1 {
			t.Errorf("%s: %s", name, got)
		}
		sync := func(account string) string {
			return "{ArnLike={aws:SourceArn=arn:AWS::Partition:ssm:*:" + account + ":resource-data-sync/*} StringEquals={aws:SourceAccount=" + account
		}
		write := func(account string) string {
			return "{Service=ssm.amazonaws.com} | s3:PutObject | Inventory/inventory/*/accountid=" + account + "/* | " + sync(account) + " s3:x-amz-acl=bucket-owner-full-control}}"
		}
		want := []string{
			"Deny | {AWS=*} | s3:* | Inventory Inventory/* | {Bool={aws:SecureTransport=false}}",
			"{Service=ssm.amazonaws.com} | s3:GetBucketAcl | Inventory",
			write("AWS::AccountId"), write("444455556666"),
		}
		if diff := cmp.Diff(want, statements(tmpl.one(t, "InventoryPolicy").at("PolicyDocument"))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if !p.CustomerKey {
			continue
		}
		all := statements(tmpl.one(t, "Key").at("KeyPolicy"))
		for _, account := range []string{"AWS::AccountId", "444455556666"} {
			if want := "{Service=ssm.amazonaws.com} | kms:GenerateDataKey | * | " + sync(account) + "}}"; !slices.Contains(all, want) {
				t.Errorf("no %s among\n%s", want, strings.Join(all, "\n"))
			}
		}
	}
}

// TestSync keeps what the sync needs, and that another key makes it another one: CloudFormation replaces it, and not under the same name.
func TestSync(t *testing.T) {
	own := consuming()
	own.CustomerKey = true
	for want, p := range map[string]settings.Props{
		"InventoryBridge SyncToDestination {BucketName=Inventory BucketPrefix=inventory BucketRegion=AWS::Region SyncFormat=JsonSerDe}":                   consuming(),
		"InventoryBridge-key SyncToDestination {BucketName=Inventory BucketPrefix=inventory BucketRegion=AWS::Region KMSKeyArn=Key SyncFormat=JsonSerDe}": own,
	} {
		tmpl, _ := synthesised(t, p)
		sync := tmpl.one(t, "ConsumersSync")
		if got := resolved([]any{sync.at("SyncName"), sync.at("SyncType"), sync.at("S3Destination")}); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if !slices.ContainsFunc(sync.DependsOn, func(id string) bool { return plain(id) == "InventoryPolicy" }) {
			t.Errorf("the sync may be made before it can write: %v", sync.DependsOn)
		}
	}
}

// TestTables keeps that each type of the bundle has a table whose objects are where a sync writes them, and each attribute a column.
func TestTables(t *testing.T) {
	p := consuming()
	tmpl, _ := synthesised(t, p)
	set, err := load.Options{}.Load(p.Mappings)
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]resource{}
	for _, id := range tmpl.of("AWS::Glue::Table") {
		r := tmpl.Resources[id]
		location := resolved(r.at("TableInput.StorageDescriptor.Location"))
		typeName := strings.TrimSuffix(strings.TrimPrefix(location, "s3://Inventory/inventory/"), "/")
		tables[typeName] = r
		key := location + "accountid=1/region=eu-west-1/resourcetype=ManagedInstanceInventory/i-0123456789abcdef0.json"
		if !nodefile.IsSyncKey(strings.TrimPrefix(key, "s3://Inventory/")) {
			t.Errorf("%s is no key of a data sync", key)
		}
		if got := names(r.at("TableInput.PartitionKeys")); !slices.Equal(got, []string{"accountid", "region", "resourcetype"}) {
			t.Errorf("%s: partitions %v", typeName, got)
		}
		const projection = "AWS::AccountId,444455556666 AWS::Region,eu-west-1 ManagedInstanceInventory"
		parameter := func(name string) any {
			return r.Properties["TableInput"].(map[string]any)["Parameters"].(map[string]any)[name]
		}
		if got := resolved([]any{parameter("projection.accountid.values"), parameter("projection.region.values"), parameter("projection.resourcetype.values")}); got != projection || parameter("projection.enabled") != "true" {
			t.Errorf("%s: %s", typeName, got)
		}
		if got := resolved(r.at("DatabaseName")); got != "ConsumersDatabase" {
			t.Errorf("%s is in %s", typeName, got)
		}
	}
	if len(tables) != len(set.Types())+1 || tables["AWS:InstanceInformation"].Type == "" || tables["Custom:BackupJob"].Type == "" || tables["Custom:VulnerabilitySummary"].Type == "" {
		t.Errorf("there are %d tables for %d types", len(tables), len(set.Types()))
	}
	for _, declared := range set.Types() {
		columns := names(tables[declared.Name()].at("TableInput.StorageDescriptor.Columns"))
		if len(columns) != len(declared.Attributes)+3 {
			t.Errorf("%s has %d attributes, and the columns %v", declared.Name(), len(declared.Attributes), columns)
		}
		for _, a := range declared.Attributes {
			if !slices.Contains(columns, strings.ToLower(a.Name)) {
				t.Errorf("%s of %s has no column", a.Name, declared.Name())
			}
		}
	}
}

// names are those of columns.
func names(columns any) []string {
	var list []string
	for _, c := range columns.([]any) {
		list = append(list, c.(map[string]any)["Name"].(string))
	}
	return list
}

// TestWorkgroup keeps that results are encrypted and lie where they expire, that a query may not read without bound, and which are saved.
func TestWorkgroup(t *testing.T) {
	own := consuming()
	own.CustomerKey, own.QueryMiB, own.Name = true, 10, "My-Bridge"
	for want, p := range map[string]settings.Props{
		"InventoryBridge inventorybridge 2097152000 true {EncryptionConfiguration={EncryptionOption=SSE_S3} ExpectedBucketOwner=AWS::AccountId OutputLocation=s3://Inventory/results/}": consuming(),
		"My-Bridge my_bridge 10485760 true {EncryptionConfiguration={EncryptionOption=SSE_KMS KmsKey=Key} ExpectedBucketOwner=AWS::AccountId OutputLocation=s3://Inventory/results/}":   own,
	} {
		tmpl, _ := synthesised(t, p)
		w := tmpl.one(t, "ConsumersWorkgroup")
		bytes := int(w.at("WorkGroupConfiguration.BytesScannedCutoffPerQuery").(float64))
		got := resolved([]any{
			w.at("Name"), tmpl.one(t, "ConsumersDatabase").at("DatabaseInput.Name"), bytes,
			w.at("WorkGroupConfiguration.EnforceWorkGroupConfiguration"), w.at("WorkGroupConfiguration.ResultConfiguration"),
		})
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if n := len(tmpl.of("AWS::Athena::NamedQuery")); n != len(consumers.Queries()) || n < 4 {
			t.Errorf("%d queries of %d files", n, len(consumers.Queries()))
		}
		for _, id := range tmpl.of("AWS::Athena::NamedQuery") {
			q := tmpl.Resources[id]
			if where := resolved([]any{q.at("Database"), q.at("WorkGroup")}); where != "ConsumersDatabase ConsumersWorkgroup" {
				t.Errorf("%s is in %s", id, where)
			}
		}
	}
}

// TestConsumersReachNobody keeps that no role of ours may read it and no rule takes in what comes out: who asks gets rights of the account's own.
func TestConsumersReachNobody(t *testing.T) {
	tmpl, _ := synthesised(t, consuming())
	for _, kind := range []string{"AWS::IAM::Role", "AWS::Events::Rule", "AWS::Lambda::Function", "AWS::SQS::QueuePolicy"} {
		for _, id := range tmpl.of(kind) {
			text, err := json.Marshal(tmpl.Resources[id])
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), `"Inventory"`) || strings.Contains(string(text), `"Consumers`) {
				t.Errorf("%s has to do with the inventory's copy", id)
			}
		}
	}
	for _, action := range actions(tmpl) {
		if strings.HasPrefix(action, "athena:") || strings.HasPrefix(action, "glue:") {
			t.Errorf("a role may %s", action)
		}
	}
	if n := len(tmpl.of("AWS::IAM::Role")); n != 3 {
		t.Errorf("there are %d roles", n)
	}
}
