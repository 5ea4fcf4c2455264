package settings

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// What names and ARNs look like; each may be unset.
const (
	keyPattern    = `^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}))?$`
	bucketPattern = `^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$`
)

// Who makes the roles in the accounts of an organization, where not others do.
const (
	WhoDelegated  = "delegated"  // the stack, in the account of a delegated administrator of CloudFormation
	WhoManagement = "management" // the stack, in the organization's management account
)

// fileSetting is what names the file of settings.
const fileSetting = "settings"

// Settings returns the table of all settings, in the order of infra/README.md. Each reads and writes a field of p.
func (p *Props) Settings() []Setting {
	return slices.Concat([]Setting{
		path(fileSetting, &p.File, "", "a file", "the file of settings in place of `inventory-bridge.yaml`. Only as `-c settings=FILE`, or `make … SETTINGS=FILE`").once(),
		path("mappings", &p.Mappings, "", "a directory", "your mappings and types"),
		list("awsTypes", &p.AWSTypes, `^AWS:[A-Za-z]+$`, "names of AWS: types", "that your mappings may fill"),
		list("limits", &p.Limits, limitPattern(), "limits as `name=number`", "what a document may ask for at most, where that is not [the default](../lambda/README.md#limits)"),
		toggle("findings", &p.Findings, "take in the events of AWS services for which a mapping has a `match`: findings, and recorded changes of configurations (those of other resources than machines are skipped)"),
		producers("producers", &p.Producers, "roles that may upload under a prefix. One of another account needs `customerKey` or `key`; without these, `account` says which is yours"),
		list("senders", &p.Senders, `^\d{12}$`, "accounts of twelve digits", "that may send to the stack's own bus"),
		text("organization", &p.Organization, "", `^(o-[a-z0-9]{10,32})?$`, "an organisation's ID, as o-abcdefghij", "whose accounts may all send to the stack's own bus"),
		path("targets", &p.Targets, "", "a file", "accounts and regions that are served besides the stack's own ([more](#from-one-account-to-an-organization))"),
		list("targetOperators", &p.Operators, RolePattern, "ARNs of roles", "of people in the stack's account, that may assume the targets' roles, too: for the command line"),
		text("stackSet", &p.StackSet, WhoDelegated, `^(delegated|management|none)$`, "delegated, management or none",
			"where `targets` has an `organization`, the stack makes the roles of its accounts by a StackSet: in the account of a delegated administrator, or in the management account; `none`: others make them"),
		toggle("customerKey", &p.CustomerKey, "buckets, queues, logs and variables are encrypted with a key of the stack's own"),
		text("key", &p.Key, "", keyPattern, "a key's ARN", "a key that is there already, in its place. [Taking up](#taking-up-what-stayed) says what it must allow"),
		text("previousKey", &p.PreviousKey, "", keyPattern, "a key's ARN", "the key before, when `customerKey` was turned off or the key changed: the functions may read what it encrypted"),
		text("uploads", &p.Uploads, "", bucketPattern, "a bucket's name", "a bucket that is there already, [taken up](#taking-up-what-stayed) for uploads"),
		text("state", &p.State, "", bucketPattern, "a bucket's name", "likewise for the state"),
		toggle("consumers", &p.Consumers, "a copy of the inventory in a bucket of its own, that can be asked with SQL ([more](#consumers))"),
		list("syncAccounts", &p.SyncAccounts, `^\d{12}$`, "accounts of twelve digits", "other accounts whose data syncs write into that bucket, too"),
		list("syncRegions", &p.SyncRegions, `^[a-z]{2}(-[a-z]+)+-\d$`, "regions", "other regions of such syncs"),
		number("queryMiB", &p.QueryMiB, 2000, 10, 1e6, "how much one query may read"),
		text("alarmTopic", &p.AlarmTopic, "", `^(arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+)?$`, "a standard topic's ARN", "where alarms go to. A topic with a key of its own must let CloudWatch use it"),
		alarms("alarms", &p.Alarms, "from which value on alarms go off, by [their names](#alarms); 0 or `false`: there is no such alarm"),
		tags("tags", &p.Tags, "of all resources that can have any"),
		decimal("rate", &p.Rate, 2, "PutInventory calls a second of all together. AWS publishes no limit; throttled calls are tried again"),
		toggle("tracing", &p.Tracing, "runs of the functions are traced in X-Ray"),
		toggle("canary", &p.Canary, "a new version of a function gets a tenth of its messages for five minutes, by CodeDeploy; the alarm on its errors puts the old one back"),
		number("partitions", &p.Partitions, 64, 1, 1024, "of a new state: 1024 for 10,000 nodes and more. It never changes afterwards"),
		text("architecture", &p.Architecture, "arm64", `^(arm64|x86_64)$`, "arm64 or x86_64", "of the functions"),
	}, p.Intake.settings("intake", Function{MemoryMiB: 1024, EphemeralMiB: 4096, TimeoutSeconds: 900, Concurrency: 5}),
		p.Delivery.settings("delivery", Function{MemoryMiB: 512, EphemeralMiB: 512, TimeoutSeconds: 180, Concurrency: 2}),
		[]Setting{
			number("logDays", &p.LogDays, 90, 1, 3653, "how long logs are kept").oneOf(logDays()),
			number("uploadDays", &p.UploadDays, 90, 1, 36500, "how long uploads are kept"),
			number("rejectedDays", &p.RejectedDays, 90, 1, 36500, "how long rejected records are kept"),
			number("receiptDays", &p.ReceiptDays, 400, 31, 36500, "how long receipts are kept. The sweep looks at those of 30 days"),
			number("parkedGrowth", &p.ParkedGrowth, 100, 1, 1e9, "how many more records than a day before may wait for a node without an alarm"),
			text("name", &p.Name, "InventoryBridge", `^[A-Za-z][A-Za-z0-9-]{0,127}$`, "letters, digits and dashes, the first a letter", "of the stack"),
			text("account", &p.Account, "", `^(\d{12})?$`, "twelve digits", "where the stack goes; unset: the account of your credentials"),
			text("region", &p.Region, "", "", "a region of the partitions aws, aws-cn and aws-us-gov", "where the stack goes; unset: the region of your credentials"),
			toggle("local", &p.Local, "a template for `sam local` instead: the function alone, set to a [sandbox on this machine](../testevents/README.md#in-lambdas-own-container)").once(),
			path("dist", &p.Dist, "dist", "a directory", "what `make build` made"),
		})
}

// settings are those of one function.
func (f *Function) settings(name string, unset Function) []Setting {
	return []Setting{
		number(name+"Memory", &f.MemoryMiB, unset.MemoryMiB, 128, 10240, "MiB of memory of "+name),
		number(name+"Ephemeral", &f.EphemeralMiB, unset.EphemeralMiB, 512, 10240, "MiB of temporary files of "+name),
		number(name+"Timeout", &f.TimeoutSeconds, unset.TimeoutSeconds, 30, 900, "seconds that one run of "+name+" may take"),
		number(name+"Concurrency", &f.Concurrency, unset.Concurrency, 2, 1000, "how many of "+name+" run at once. A queue's least maximum is 2"),
		number(name+"Reserved", &f.Reserved, 0, 0, 1000, "how much of the account's concurrency is kept for "+name+": as much as runs at once, or 0 for none"),
	}
}

// logDays are the numbers that CloudWatch Logs takes.
func logDays() []int {
	return []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
}

// limitPattern fits a limit with its number.
func limitPattern() string {
	var names []string
	for _, l := range limit.All() {
		names = append(names, string(l.Name))
	}
	return "^(" + strings.Join(names, "|") + `)=[1-9]\d{0,14}$`
}
