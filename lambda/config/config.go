// Package config knows the settings of the function, which stand in its environment: whoever deploys it writes them there, and it reads
// them. It knows the standard library and nothing else.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Settings are the function's settings. The zero value of a field means its default.
type Settings struct {
	Role        string   // intake, delivery, or "" for both in one process
	State       string   // where ledger, parked records and receipts live: s3://bucket/prefix
	Uploads     []string // buckets that a pointer in an event may name; empty: any that the role can read
	AWSTypes    []string // AWS: types that mappings may fill; empty: none
	Mappings    string   // directory of the user's mappings beside the program; "": built-ins only
	Targets     string   // file of the accounts and regions that are served besides its own, beside the program; "": none
	OwnTypes    []string // types that a bundle of the user's mappings may declare: those that the stack lets delivery put
	Partitions  int      // at first use; 0: the ledger's default
	Rate        float64  // PutInventory calls a second of all processes together; 0: the default, negative: no limit
	Concurrency int      // how many processes share the rate, this one among them; 0 or 1: this one alone
	Queue       string   // URL of the queue of deliveries; "": whoever handed the document in gets them instead
	Bus         string   // name or ARN of the bus for events about completed imports; "": none
	Metrics     bool     // write metrics to the log
	Limits      []string // of documents, as name=number; those that are not named have their defaults
	Stack       string   // name of the stack that the function is of, a dimension of its metrics; "": none
}

// DefaultRate is the number of PutInventory calls a second for all processes together. AWS publishes no figure.
const DefaultRate = 2.0

// prefix begins the name of each variable.
const prefix = "INVBRIDGE_"

// maxPartitions is how many a ledger can have.
const maxPartitions = 1024

// Read reads settings from the environment. The error names each variable that is wrong and what it must be, never its value.
func Read(getenv func(string) string) (Settings, error) {
	r := reader{getenv: getenv}
	s := Settings{
		Role:        r.word("ROLE", "", "intake", "delivery"),
		State:       r.place("STATE"),
		Uploads:     r.list("UPLOADS", "names of buckets", func(name string) bool { return !strings.ContainsAny(name, " :/") }),
		AWSTypes:    r.list("AWS_TYPES", "names of AWS: types", func(name string) bool { return strings.HasPrefix(name, "AWS:") }),
		Mappings:    getenv(prefix + "MAPPINGS"),
		Targets:     getenv(prefix + "TARGETS"),
		OwnTypes:    r.list("OWN_TYPES", "names of types", func(name string) bool { return strings.Contains(name, ":") }),
		Partitions:  r.number("PARTITIONS", maxPartitions),
		Rate:        r.rate("RATE"),
		Concurrency: r.number("CONCURRENCY", math.MaxInt32),
		Queue:       getenv(prefix + "QUEUE"),
		Bus:         getenv(prefix + "BUS"),
		Metrics:     r.word("METRICS", "", "on") != "",
		Limits:      r.list("LIMITS", "limits as name=number", func(limit string) bool { return strings.Count(limit, "=") == 1 }),
		Stack:       getenv(prefix + "STACK"),
	}
	return s, errors.Join(r.errs...)
}

// Environment is what Read reads: a variable for each setting that is not its default.
func (s Settings) Environment() map[string]string {
	all := map[string]string{
		"ROLE": s.Role, "STATE": s.State, "UPLOADS": strings.Join(s.Uploads, ","), "AWS_TYPES": strings.Join(s.AWSTypes, ","), "MAPPINGS": s.Mappings,
		"TARGETS": s.Targets, "OWN_TYPES": strings.Join(s.OwnTypes, ","), "LIMITS": strings.Join(s.Limits, ","),
		"PARTITIONS": number(float64(s.Partitions)), "RATE": number(s.Rate), "CONCURRENCY": number(float64(s.Concurrency)),
		"QUEUE": s.Queue, "BUS": s.Bus, "METRICS": map[bool]string{true: "on"}[s.Metrics], "STACK": s.Stack,
	}
	variables := map[string]string{}
	for name, value := range all {
		if value != "" {
			variables[prefix+name] = value
		}
	}
	return variables
}

// number is "" for a number that is the default.
func number(n float64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatFloat(n, 'g', -1, 64)
}

// PerProcess is this process's share of the rate: calls a second, +Inf for no limit.
func (s Settings) PerProcess() float64 {
	if s.Rate < 0 {
		return math.Inf(1)
	}
	return cmp.Or(s.Rate, DefaultRate) / float64(max(s.Concurrency, 1))
}

// Variable returns the name of the variable that holds a setting: Variable("QUEUE") is INVBRIDGE_QUEUE.
func Variable(setting string) string { return prefix + setting }

type reader struct {
	getenv func(string) string
	errs   []error
}

func (r *reader) word(name string, words ...string) string {
	text := r.getenv(prefix + name)
	if !slices.Contains(words, text) {
		r.fail(name, "one of: "+strings.Join(words[1:], ", "))
	}
	return text
}

// place reads where in S3 something lives.
func (r *reader) place(name string) string {
	text := r.getenv(prefix + name)
	rest, ok := strings.CutPrefix(text, "s3://")
	if bucket, _, _ := strings.Cut(rest, "/"); !ok || bucket == "" {
		r.fail(name, "s3://bucket/prefix")
	}
	return text
}

// list reads a list of words that are all good; what is what they are called.
func (r *reader) list(name, what string, good func(string) bool) []string {
	text := r.getenv(prefix + name)
	if text == "" {
		return nil
	}
	words := strings.Split(text, ",")
	if slices.ContainsFunc(words, func(word string) bool { return word == "" || !good(word) }) {
		r.fail(name, what+", separated by commas")
	}
	return words
}

func (r *reader) number(name string, most int) int {
	n, err := strconv.Atoi(cmp.Or(r.getenv(prefix+name), "0"))
	if err != nil || n < 0 || n > most {
		r.fail(name, fmt.Sprintf("a whole number from 0 to %d", most))
	}
	return n
}

func (r *reader) rate(name string) float64 {
	n, err := strconv.ParseFloat(cmp.Or(r.getenv(prefix+name), "0"), 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		r.fail(name, "a number of calls a second, negative for no limit")
	}
	return n
}

func (r *reader) fail(name, want string) {
	r.errs = append(r.errs, fmt.Errorf("config: the variable %s must be %s", Variable(name), want))
}
