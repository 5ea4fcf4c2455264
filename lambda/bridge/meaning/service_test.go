package meaning

import (
	"fmt"
	"strings"
	"testing"
)

// Documents of AWS itself, made here.

// described is an answer of DescribeInstances: each "instance state"; next is the mark of a next page.
func described(next string, instances ...string) string {
	var list []string
	for _, i := range instances {
		id, state, _ := strings.Cut(i, " ")
		list = append(list, fmt.Sprintf(`{"ReservationId":"r-1","OwnerId":"111122223333","Instances":[{"InstanceId":"%s","ImageId":"ami-1","InstanceType":"t3.micro","State":{"Name":"%s"},"Placement":{"AvailabilityZone":"eu-west-1a"}}]}`, id, state))
	}
	if next != "" {
		next = `,"NextToken":"` + next + `"`
	}
	return `{"Reservations":[` + strings.Join(list, ",") + `]` + next + `}`
}

func TestInstancesAreListed(t *testing.T) {
	said := func(webIs, dbIs string) []holds {
		return []holds{on(web, asset, "AssetId Status", strings.Fields(webIs)...), on(db, asset, "AssetId Status", strings.Fields(dbIs)...)}
	}
	wants(t, []row{
		{name: "ec2: two pages", docs: texts("", described("x", web+" running"), described("", db+" running")), want: said(web+"|running", db+"|running")},
		{name: "ec2: a list without one of them", docs: texts("", described("", web+" running", db+" running"), described("", web+" stopped")), want: said(web+"|stopped", db+"|running")},
		{name: "ec2: terminated", docs: texts("", described("", web+" running"), described("", web+" terminated")), want: said(web+"|terminated", "")},
		{name: "ec2: none", docs: texts("", described("", web+" running"), described("")), want: said(web+"|running", "")},
		{name: "ec2: a page of none", docs: texts("", described("", web+" running"), described("x")), want: said(web+"|running", "")},
	})
}

// item is a configuration item of web-01, in a notice: of its instance, or of the inventory of its agent.
func item(hour int, status, kind, configuration string) string {
	return fmt.Sprintf(`{"messageType":"ConfigurationItemChangeNotification","notificationCreationTime":"2026-03-01T23:00:00Z","recordVersion":"1.3","configurationItem":{"configurationItemCaptureTime":"2026-03-01T%02d:00:00Z","configurationItemStatus":"%s",`+
		`"resourceType":"%s","resourceId":"%s","awsAccountId":"111122223333","awsRegion":"eu-west-1","configuration":%s}}`, hour, status, kind, web, configuration)
}

func TestConfigurationItems(t *testing.T) {
	const kind, agents = "AWS::EC2::Instance", "AWS::SSM::ManagedInstanceInventory"
	instance := func(state string) string { return `{"instanceId":"` + web + `","state":{"name":"` + state + `"}}` }
	inventory := func(names ...string) string {
		var apps []string
		for _, n := range names {
			apps = append(apps, fmt.Sprintf(`"%[1]s":{"Name":"%[1]s","Version":"1"}`, n))
		}
		return `{"AWS:InstanceInformation":{"Content":{"x":{"ComputerName":"web-01","InstanceStatus":"Active"}}},"AWS:Application":{"Content":{` + strings.Join(apps, ",") + `}}}`
	}
	oversized := strings.NewReplacer("configurationItem\"", "configurationItemSummary\"", `,"configuration":{}`, "").Replace(item(9, "OK", kind, "{}"))
	files := func(snapshot string, notices ...string) string {
		var items []string
		for _, n := range notices {
			_, one, _ := strings.Cut(n, `"configurationItem":`)
			items = append(items, strings.TrimSuffix(one, "}"))
		}
		return `{"fileVersion":"1.0"` + snapshot + `,"configurationItems":[` + strings.Join(items, ",") + `]}`
	}
	said := func(states, names string) []holds {
		return []holds{on(web, asset, "Status", strings.Fields(states)...), on(web, software, "Name", strings.Fields(names)...)}
	}
	running, stopped, found := item(5, "ResourceDiscovered", kind, instance("running")), item(6, "OK", kind, instance("stopped")), item(5, "OK", agents, inventory("alpha", "beta"))
	wants(t, []row{
		{name: "config: changes", docs: texts("", running, stopped), want: said("stopped", "")},
		{name: "config: deleted", docs: texts("", running, item(7, "ResourceDeleted", kind, "null"), stopped), want: said("", "")},
		{name: "config: too large for a notice", docs: texts("", running, oversized), want: said("running", "")},
		{name: "config: deleted, and too large", docs: texts("", running, strings.Replace(oversized, `"OK"`, `"ResourceDeleted"`, 1)), want: said("", "")},
		{name: "config: no longer recorded", docs: texts("", running, item(8, "ResourceNotRecorded", kind, "null")), want: said("running", "")},
		{name: "config: an instance and its agent's inventory", docs: texts("", running, found), want: said("running Active", "alpha beta")},
		{name: "config: fewer applications", docs: texts("", found, item(6, "OK", agents, inventory("beta")), running), want: said("running Active", "beta")},
		{name: "config: no inventory any more", docs: texts("", found, item(6, "ResourceDeleted", agents, "null"), running), want: said("running", "")},
		{name: "config: a history", docs: texts("", files("", stopped, running), found), want: said("stopped Active", "alpha beta")},
		{name: "config: a snapshot without the inventory", docs: texts("", found, files(`,"configSnapshotId":"s"`, running)), want: said("running Active", "alpha beta")},
		{name: "config: a query's fields", docs: texts("", running, strings.ReplaceAll(`{"Results":["{'resourceId':'`+web+`','resourceType':'AWS::EC2::Instance','configuration':{'instanceType':'t3.nano'}}"],"QueryInfo":{"SelectFields":[{"Name":"resourceId"}]}}`, "'", `\"`)), want: []holds{on(web, asset, "Status Model", "running|t3.nano")}},
		{name: "config: of other resources", docs: texts("", running, item(9, "OK", "AWS::EC2::Volume", `{}`)), want: said("running", "")},
	})
}

// entriesOf is an answer of ListInventoryEntries about web-01; each entry is JSON.
func entriesOf(day, typeName, next string, entries ...string) doc {
	if next != "" {
		next = `,"NextToken":"` + next + `"`
	}
	return doc{text: fmt.Sprintf(`{"TypeName":"%s","InstanceId":"%s","SchemaVersion":"1.0","CaptureTime":"2026-03-%sT06:00:00Z","Entries":[%s]%s}`, typeName, web, day, strings.Join(entries, ","), next)}
}

// synced is an object of a data sync about web-01; each entry is JSON.
func synced(day, typeName string, entries ...string) doc {
	var lines strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&lines, `%s,"resourceId":"%s","captureTime":"2026-03-%sT06:00:00Z","schemaVersion":"1.0"}`+"\n", strings.TrimSuffix(e, "}"), web, day)
	}
	return doc{text: lines.String(), key: "any/" + typeName + "/accountid=111122223333/region=eu-west-1/resourcetype=ManagedInstanceInventory/" + web + ".json"}
}

func TestWhatSystemsManagerKnows(t *testing.T) {
	app := func(name string) string {
		return `{"Name":"` + name + `","Version":"1","PackageId":"` + name + `.src.rpm"}`
	}
	const (
		update   = `{"HotFixId":"KB1","InstalledTime":"2026-01-01T00:00:00Z"}`
		agent    = `{"Name":"agent","Version":"3"}`
		info     = `{"ComputerName":"web-01","PlatformName":"Debian","InstanceStatus":"Active"}`
		stopped  = `{"ComputerName":"web-01","PlatformName":"Debian","InstanceStatus":"Stopped"}`
		detailed = `{"CPUModel":"x","CPUs":"4"}`
		ours     = `{"Source":"trivy","Name":"theirs","Version":"1","TypeRank":"0"}`
	)
	names := func(list ...string) []holds { return []holds{on(web, software, "Name", list...)} }
	machine := func(values string) []holds { return []holds{on(web, asset, "OS CPUs Status", values)} }
	for kind, object := range map[string]func(day, typeName string, entries ...string) doc{
		"inventory": func(day, typeName string, entries ...string) doc { return entriesOf(day, typeName, "", entries...) },
		"data sync": synced,
	} {
		wants(t, []row{
			{name: kind + ": fewer applications", docs: []doc{object("01", "AWS:Application", app("alpha"), app("beta")), object("02", "AWS:Application", app("beta"))}, want: names("beta")},
			{name: kind + ": each type is its own", docs: []doc{
				object("01", "AWS:Application", app("alpha"), app("beta")), object("02", "AWS:WindowsUpdate", update), object("03", "AWS:AWSComponent", agent), object("04", "AWS:Application", app("beta")),
			}, want: names("beta", "KB1", "agent")},
			{name: kind + ": two types of the machine", docs: []doc{object("01", "AWS:InstanceInformation", info), object("02", "AWS:InstanceDetailedInformation", detailed), object("03", "AWS:InstanceInformation", stopped)}, want: machine("Debian|4|Stopped")},
			{name: kind + ": what was put comes back", docs: []doc{object("01", "AWS:Application", app("alpha")), object("02", "Custom:SoftwareComponent", ours)}, want: names("alpha")},
			{name: kind + ": a type that fits none", docs: []doc{object("01", "AWS:Application", app("alpha")), object("02", "Custom:RackInfo", `{"RackLocation":"Bay"}`), object("03", "AWS:Tag", `{"Key":"a","Value":"b"}`)}, want: names("alpha")},
		})
	}
	wants(t, []row{
		{name: "inventory: a page", docs: []doc{entriesOf("01", "AWS:Application", "", app("alpha")), entriesOf("02", "AWS:Application", "x", app("beta"))}, want: names("alpha", "beta")},
		{name: "inventory: none of a type", docs: []doc{entriesOf("01", "AWS:Application", "", app("alpha")), entriesOf("02", "AWS:WindowsUpdate", "", update), entriesOf("03", "AWS:WindowsUpdate", "")}, want: names("alpha")},
		{name: "inventory: lines of it", docs: texts("", entriesOf("01", "AWS:Application", "", app("alpha")).text+"\n"+entriesOf("01", "AWS:WindowsUpdate", "", update).text+"\n"), want: names("alpha", "KB1")},
		{name: "data sync: whose type nothing says", docs: []doc{synced("01", "AWS:Application", app("alpha")), {text: synced("02", "AWS:Application", app("beta")).text}}, want: names("alpha", "beta")},
	})
}
