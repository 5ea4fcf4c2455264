package main

import (
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// Props are what a deployment is made of. Their zero value is not meant to be deployed; defaults returns one that is.
type Props struct {
	Name        string     // of the stack
	Region      string     // ""; any: the template fits every region
	Account     string     // "": any
	Dist        string     // directory with <arch>/bootstrap
	Mappings    string     // directory of the user's mappings; "": the built-in ones alone
	AWSTypes    []string   // AWS: types that mappings may fill
	Local       bool       // for `sam local`: the function alone, against a sandbox on this machine
	Findings    bool       // let through the events of AWS services that mappings know
	CustomerKey bool       // a key of the stack's own in place of AWS's
	Producers   []Producer // who else may upload
	AlarmTopic  string     // ARN of the topic that alarms go to; "": nowhere

	Partitions int     // of a new state; it never changes afterwards
	Rate       float64 // PutInventory calls a second of all processes together

	Intake, Delivery FunctionProps

	LogDays      int // how long logs are kept
	UploadDays   int // how long uploads are kept
	RejectedDays int // how long rejected records are kept
	ReceiptDays  int // how long receipts are kept
	ParkedGrowth int // how many more parked records than a day before are worth an alarm
}

// Producer is a role that may upload under a prefix.
type Producer struct{ Role, Prefix string }

// FunctionProps are what one of the two functions gets.
type FunctionProps struct {
	MemoryMiB, EphemeralMiB, TimeoutSeconds, Concurrency int
}

func defaults() Props {
	return Props{
		Name: "InventoryBridge", Dist: "dist", Partitions: 64, Rate: 2,
		Intake:   FunctionProps{MemoryMiB: 1024, EphemeralMiB: 4096, TimeoutSeconds: 900, Concurrency: 5},
		Delivery: FunctionProps{MemoryMiB: 512, EphemeralMiB: 512, TimeoutSeconds: 180, Concurrency: 2},
		LogDays:  90, UploadDays: 90, RejectedDays: 90, ReceiptDays: 400, ParkedGrowth: 100,
	}
}

// arch is the architecture as the function's directory is called: arm64, and for a local run this machine's.
func (p Props) arch() string {
	if p.Local && runtime.GOARCH != "arm64" {
		return "amd64"
	}
	return "arm64"
}

// number is a property that is a whole number from least to most.
type number struct {
	name        string
	at          *int
	least, most int
}

func (p *Props) numbers() []number {
	return slices.Concat([]number{
		{"partitions", &p.Partitions, 1, 1024},
		{"uploadDays", &p.UploadDays, 1, 36500},
		{"rejectedDays", &p.RejectedDays, 1, 36500},
		{"receiptDays", &p.ReceiptDays, 31, 36500}, // the sweep looks at those of 30 days
		{"parkedGrowth", &p.ParkedGrowth, 1, 1e9},
	}, p.Intake.numbers("intake"), p.Delivery.numbers("delivery"))
}

func (f *FunctionProps) numbers(name string) []number {
	return []number{
		{name + "Memory", &f.MemoryMiB, 128, 10240},
		{name + "Ephemeral", &f.EphemeralMiB, 512, 10240},
		{name + "Timeout", &f.TimeoutSeconds, 30, 900},
		{name + "Concurrency", &f.Concurrency, 2, 1000}, // a queue's least maximum is 2
	}
}

// check returns all that is wrong, with what to do about it.
func (p Props) check() error {
	errs := []error{
		p.checkRegion(),
		matches("name", p.Name, `^[A-Za-z][A-Za-z0-9-]{0,127}$`, "letters, digits and dashes, the first a letter"),
		matches("account", p.Account, `^(\d{12})?$`, "twelve digits"),
		matches("alarmTopic", p.AlarmTopic, `^(arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+)?$`, "a standard topic's ARN"),
	}
	for _, n := range p.numbers() {
		if *n.at < n.least || *n.at > n.most {
			errs = append(errs, fmt.Errorf("-c %s: %d is not from %d to %d", n.name, *n.at, n.least, n.most))
		}
	}
	if p.Rate <= 0 {
		errs = append(errs, errors.New("-c rate: calls a second, more than 0"))
	}
	if !slices.Contains(logDays(), p.LogDays) {
		errs = append(errs, fmt.Errorf("-c logDays: CloudWatch keeps logs for one of %v days", logDays()))
	}
	for _, name := range p.AWSTypes {
		errs = append(errs, matches("awsTypes", name, `^AWS:[A-Za-z]+$`, "names of AWS: types, separated by commas"))
	}
	for _, producer := range p.Producers {
		errs = append(errs, producer.check(), p.checkKeyOf(producer))
	}
	return errors.Join(errs...)
}

func (p Producer) check() error {
	return errors.Join(
		matches("producers: role", p.Role, `^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$`, "a role's ARN"),
		matches("producers: prefix", p.Prefix, `^[A-Za-z0-9!_.'()/-]+/$`, "a prefix that ends in /, without wildcards"),
	)
}

// checkKeyOf refuses a role of another account where it could not encrypt: AWS's own keys are an account's own.
func (p Props) checkKeyOf(producer Producer) error {
	if p.CustomerKey || p.Account == "" || strings.Contains(producer.Role, ":"+p.Account+":") {
		return nil
	}
	return fmt.Errorf("-c producers: %s is of another account, and cannot upload what AWS's key of this account encrypts: add -c customerKey=true", producer.Role)
}

// checkRegion refuses regions of which nobody has looked whether they have what the stack is made of: Lambda on arm64 with
// provided.al2023, EventBridge Scheduler, Systems Manager Inventory. Those of the partitions aws, aws-cn and aws-us-gov are assumed to.
func (p Props) checkRegion() error {
	if p.Region == "" {
		return nil
	}
	if strings.Contains(p.Region, "iso") || !regexp.MustCompile(`^[a-z]{2}(-gov)?-[a-z]+-\d$`).MatchString(p.Region) {
		return fmt.Errorf("-c region: %s is no region of the partitions aws, aws-cn and aws-us-gov, for which this stack is made: "+
			"name one of theirs, or none, and the region of your credentials is taken", p.Region)
	}
	return nil
}

func matches(name, text, pattern, want string) error {
	if !regexp.MustCompile(pattern).MatchString(text) {
		return fmt.Errorf("-c %s: must be %s", name, want)
	}
	return nil
}

// logDays are the numbers that CloudWatch Logs takes.
func logDays() []int {
	return []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
}
