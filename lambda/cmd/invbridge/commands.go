package main

import (
	"context"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/life"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/own"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/reading"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/targets"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/trace"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/whole"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// command is one of the program's commands: what its help shows, what it takes and what it runs.
type command struct {
	use, short string
	example    string // command lines
	flags      func(*pflag.FlagSet, *session.Session)
	args       cobra.PositionalArgs // nil: any
	run        func(context.Context, *session.Session, *output.Lines, []string) error
	commands   []command // of a command that only has commands
	serves     bool      // it answers many at once
}

// groups are the commands, in the order of the help.
func groups() []group {
	return []group{
		{"Try it:", tryCommands()},
		{"Look before you put:", lookCommands()},
		{"Put:", putCommands()},
		{"Ask what is there:", append(askCommands(), command{
			use: "version", flags: jsonFlag, args: takes(0, 0, "version takes no arguments"), run: showVersion,
			short:   "Show which version of the program this is, and which states and mappings it reads",
			example: "invbridge version\ninvbridge version --json",
		})},
		{"Write mappings of your own:", []command{{
			use: "mapping", flags: mappingFlags, commands: mappingCommands(),
			short:   "Draft mappings, check, test and bundle them, list and show them, describe the types that they fill",
			example: "invbridge mapping new --from backups.csv --out mine\ninvbridge mapping check mine\ninvbridge mapping test mine",
		}}},
	}
}

func tryCommands() []command {
	var demo demoOptions
	var sandbox sandboxOptions
	return []command{
		{
			use: "demo", flags: demo.flags, args: takes(0, 0, "demo takes no arguments"), run: demo.run,
			short:   "Play the whole way of five documents, against a sandbox in this process: no AWS account needed",
			example: "invbridge demo\ninvbridge demo --keep state",
		},
		{
			use: "sandbox", flags: sandbox.flags, run: sandbox.run, serves: true,
			args:    takes(0, 0, "sandbox takes no arguments: nodes come from --nodes FILE, objects from --objects DIR"),
			short:   "Serve a local AWS: SSM Inventory with its real rules, and S3; its endpoint is printed",
			example: "invbridge sandbox --nodes nodes.csv\ninvbridge sandbox --addr 127.0.0.1:4599 --objects testevents/documents",
		},
	}
}

func lookCommands() []command {
	var plans planOptions
	var traced trace.Options
	return []command{
		{
			use: "records FILE…", flags: readFlags, run: reading.Records,
			short:   "Show what the chosen mapping makes of a file, before any node is looked for",
			example: "invbridge records weekly-scan.xml\ninvbridge records --mapping our-sbom --as hostname=web-1 sbom.json --json",
		},
		{
			use: "explain FILE…", flags: explainFlags(&traced), run: explain(&traced),
			short: "Show which mapping is chosen and why, and for each machine which node and by which rule, or why none; or how single records come about",
			example: "invbridge explain weekly-scan.xml\ninvbridge explain --nodes nodes.csv s3://uploads/backups/ --json\n" +
				"invbridge explain --record 3 backups.csv\ninvbridge explain --node app-07 backups.csv",
		},
		{
			use: "plan FILE…", flags: plans.flags, run: plans.run,
			short: "Show which rows would come, go and change, and how many calls that would take; puts nothing",
			example: "invbridge plan weekly-scan.xml\ninvbridge plan --state s3://bucket/prefix export.csv --json\n" +
				"invbridge plan --node app-07 --type Asset export.csv\ninvbridge plan --out plan.bin export.csv",
		},
	}
}

// explain asks about single records where a flag names some, else about all machines.
func explain(traced *trace.Options) func(context.Context, *session.Session, *output.Lines, []string) error {
	return func(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
		if traced.Asked() {
			return traced.Run(ctx, s, out, args)
		}
		return reading.Explain(ctx, s, out, args)
	}
}

func putCommands() []command {
	var redrive redriveOptions
	var undo rollbackOptions
	return []command{
		{
			use: "put FILE…", flags: fileFlags, run: put,
			short:   "Put what files state, or what a plan says",
			example: "invbridge put weekly-scan.xml\ninvbridge put plan.bin\ninvbridge put --as-of now last-week.xml\ninvbridge put --state s3://bucket/prefix --rate 1 s3://uploads/backups/",
		},
		{
			use: "invoke EVENT.json", flags: putFlags, args: takes(1, 1, "name one EVENT.json, or - for standard input"), run: invoke,
			short:   "Hand an event to the same handler that Lambda calls",
			example: "invbridge invoke testevents/s3-sqs.json\ninvbridge invoke - --json < event.json",
		},
		{
			use: "sweep", flags: sweepFlags, args: takes(0, 0, "sweep takes no arguments: it does all that is due"), run: sweepAll,
			short:   "Finish what is open, find nodes for parked records, confirm what grows old, delete what has expired",
			example: "invbridge sweep\ninvbridge sweep --state s3://bucket/prefix --json",
		},
		{
			use: "redrive [FILE…]", flags: redrive.flags, args: redrive.args, run: redrive.run,
			short: "List parked and rejected records, unconfirmed absences and misplaced rows, or try them again",
			example: "invbridge redrive\ninvbridge redrive --parked\ninvbridge redrive mended.csv\n" +
				"invbridge redrive --confirm-absent IMPORT",
		},
		{
			use: "rollback IMPORT", flags: undo.flags, args: takes(1, 1, "name one IMPORT: invbridge import list names them, and its first characters suffice"), run: undo.run,
			short:   "Undo an import: what it has changed goes back to what its source stated before",
			example: "invbridge rollback 46492d54 --plan\ninvbridge rollback 46492d54\ninvbridge rollback 46492d54 --node app-07",
		},
	}
}

func askCommands() []command {
	var shown nodeOptions
	var told life.Options
	var written receiptOptions
	var asked probeOptions
	return []command{
		{
			use: "node NODE", flags: shown.flags, args: takes(1, 1, "name one NODE: its ID (i-… or mi-…), its name or an address"), run: shown.run,
			short:   "Show what ledger and service hold of a node, from which source, why it is empty, and where they differ",
			example: "invbridge node app-07\ninvbridge node app-07 --entries\ninvbridge node app-07 --html app-07.html\ninvbridge node i-0123456789abcdef0 --repair\ninvbridge node mi-0123456789abcdef0 --state s3://bucket/prefix --json",
		},
		{
			use: "history NODE [TYPE]", flags: historyFlags(&told), args: takes(1, 2, "name one NODE (its ID, its name or an address), and perhaps a TYPE"), run: told.Run,
			short:   "Show what has happened to a node: which imports changed what, what was cleared, removed, put and confirmed",
			example: "invbridge history app-07\ninvbridge history app-07 Vulnerability --entries\ninvbridge history app-07 --state s3://bucket/prefix --most 0 --json",
		},
		{
			use: "import", flags: stateFlags, commands: importCommands(),
			short:   "List the imports: when, which document, by which mapping, and what became of its records",
			example: "invbridge import list",
		},
		{
			use: "receipt IMPORT", flags: written.flags, run: written.run,
			args:  takes(1, 1, "name one IMPORT: put, invoke and import list print it, and its first characters suffice; or name the key of an object for its latest one"),
			short: "Show what became of an import: its ID, or the key of an object for its latest one",
			example: "invbridge receipt 46492d54647450074e5d98e7\ninvbridge receipt backups/backups.csv --json\n" +
				"invbridge receipt 46492d54647450074e5d98e7 --html receipt.html\ninvbridge receipt 46492d54 --publish --state s3://bucket/prefix",
		},
		{
			use: "state", flags: stateOnlyFlags, commands: stateCommands(),
			short:   "Check the state, or repair it",
			example: "invbridge state check --state s3://bucket/prefix\ninvbridge state repair --plan --state s3://bucket/prefix",
		},
		{
			use: "source", flags: sweepFlags, commands: sourceCommands(),
			short:   "List the sources: for how many nodes they state rows, and when they were received last; or remove one",
			example: "invbridge source list\ninvbridge source remove backups",
		},
		{
			use: "target", flags: targetFlags, commands: targetCommands(),
			short:   "List the accounts and regions beside this one, or check whether each can be reached",
			example: "invbridge target list\ninvbridge target check --targets targets.yaml",
		},
		{
			use: "probe NODE", flags: asked.flags, args: takes(1, 1, "name one NODE that runs: its ID, i-… or mi-…"), run: asked.run,
			short:   "Find out on one node, with a throw-away custom type, what the service does where AWS documents nothing",
			example: "invbridge probe i-0123456789abcdef0\ninvbridge probe --yes -o account.json i-0123456789abcdef0\ninvbridge probe i-0123456789abcdef0 --yes",
		},
	}
}

func importCommands() []command {
	var listed importOptions
	return []command{{
		use: "list", flags: listed.flags, args: takes(0, 0, "import list takes no arguments"), run: listed.run,
		short:   "List the imports, the newest first",
		example: "invbridge import list\ninvbridge import list --most 0 --state s3://bucket/prefix --json",
	}}
}

func stateCommands() []command {
	var repair whole.RepairOptions
	return []command{
		{
			use: "check", args: takes(0, 0, "state check takes no arguments: --state names the state"), run: whole.Check,
			short:   "Look at every object of the state: what is damaged, missing, older than it should be, or of somebody else; changes nothing",
			example: "invbridge state check --state s3://bucket/prefix\ninvbridge state check --json",
		},
		{
			use: "repair", flags: repair.Flags, args: takes(0, 0, "state repair takes no arguments: --state names the state"), run: repair.Run,
			short:   "Put back what can be from the bucket's older versions, and say what cannot; deletes nothing",
			example: "invbridge state repair --plan --state s3://bucket/prefix\ninvbridge state repair --state s3://bucket/prefix",
		},
	}
}

func sourceCommands() []command {
	var remove removeOptions
	return []command{
		{
			use: "list", args: takes(0, 0, "source list takes no arguments"), run: listSources,
			short:   "List the sources",
			example: "invbridge source list --state s3://bucket/prefix --json",
		},
		{
			use: "remove SOURCE", flags: remove.flags, args: takes(1, 1, "name one SOURCE: invbridge source list names them"), run: remove.run,
			short:   "Remove what a source states, from all nodes or some, and put what the others state",
			example: "invbridge source remove backups --plan\ninvbridge source remove backups\ninvbridge source remove backups --node i-0123456789abcdef0",
		},
	}
}

func targetCommands() []command {
	return []command{
		{
			use: "list", args: takes(0, 0, "target list takes no arguments: --state names the state"), run: targets.List,
			short:   "List the accounts and regions beside this one: how many nodes each has, when they were listed, and since when and why it cannot be reached",
			example: "invbridge target list --state s3://bucket/prefix\ninvbridge target list --json",
		},
		{
			use: "check", args: takes(0, 0, "target check takes no arguments: --targets names the file"), run: targets.Check,
			short:   "Assume each role, ask for a page of the nodes there, and say what is wrong and what to do",
			example: "invbridge target check --targets targets.yaml\ninvbridge target check --json",
		},
	}
}

func mappingCommands() []command {
	var draft own.DraftOptions
	var check own.CheckOptions
	var bundled own.BundleOptions
	return []command{
		{
			use: "new --from FILE", flags: draft.Flags, args: draft.Args, run: draft.Run,
			short:   "Draft a mapping from a sample: CSV, XLSX, JSON, lines of JSON, XML",
			example: "invbridge mapping new --from backups.csv --out mine\ninvbridge mapping new --from backups.csv --name backup > backup.yaml",
		},
		{
			use: "check [DIR…]", flags: check.Flags, run: check.Run,
			short:   "Report every mistake in mapping and type files, or what a mapping misses in a sample",
			example: "invbridge mapping check mine\ninvbridge mapping check --sample backups.csv mine",
		},
		{
			use: "test [DIR…]", run: own.Test,
			short:   "Run the tests that mapping files hold; the exit code is 1 where one fails",
			example: "invbridge mapping test mine\ninvbridge mapping test --mappings mine --json",
		},
		{
			use: "bundle DIR", flags: bundled.Flags, run: bundled.Run,
			args:    takes(1, 1, "name one DIR that holds your mappings: invbridge mapping bundle DIR [-o FILE]"),
			short:   "Check your mappings as check does, and put them into a zip for a stack that was deployed without the CDK",
			example: "invbridge mapping bundle mine\ninvbridge mapping bundle mine -o mappings-1.zip --json",
		},
		{
			use: "types [TYPE]", run: own.Types,
			args:    takes(0, 1, "name one type, or none for all: invbridge mapping types [TYPE]"),
			short:   "Describe one type, or all: what they hold, in which form, and which mappings fill them",
			example: "invbridge mapping types\ninvbridge mapping types Vulnerability",
		},
		{
			use: "formats", args: takes(0, 0, "mapping formats takes no arguments: it describes all mappings"), run: own.Formats,
			short:   "Describe the formats that mappings read, as a table: forms, types, what names the machine, whether pages are known, versions seen",
			example: "invbridge mapping formats\ninvbridge mapping formats --mappings mine",
		},
		{
			use: "list", args: takes(0, 0, "mapping list takes no arguments: mapping show NAME shows one"), run: own.List,
			short:   "List the mappings, and the types that they fill",
			example: "invbridge mapping list\ninvbridge mapping list --mappings mine --json",
		},
		{
			use: "show NAME", args: takes(1, 1, "name one mapping to show: invbridge mapping list names them"), run: own.Show,
			short:   "Print the file of a mapping, or of a type",
			example: "invbridge mapping show backups",
		},
		{
			use: "schema", args: takes(0, 0, "mapping schema takes no arguments"), run: own.Schema,
			short:   "Print the JSON Schema of mapping files",
			example: "invbridge mapping schema > mapping.schema.json",
		},
	}
}
