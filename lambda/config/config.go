// Package config knows the settings of the function, which stand in its environment: whoever deploys it writes them there, and it reads
// them. It knows the standard library and nothing else.
package config

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Settings are the function's settings. The zero value of a field means its default.
type Settings struct {
	Role        string   // intake, delivery, or "" for both in one process
	State       string   // where ledger, parked records and receipts live: s3://bucket/prefix or a directory
	Uploads     []string // buckets that a pointer in an event may name; empty: any that the role can read
	AWSTypes    []string // AWS: types that mappings may fill; empty: none
	Mappings    string   // directory of the user's mappings beside the program; "": built-ins only
	OwnTypes    []string // types that a bundle of the user's mappings may declare: those that the stack lets delivery put
	Partitions  int      // at first use; 0: the ledger's default
	Rate        float64  // PutInventory calls a second of all processes together; 0: the default, negative: no limit
	Concurrency int      // how many processes share the rate, this one among them; 0 or 1: this one alone
	Queue       string   // URL of the queue of deliveries; "": whoever handed the document in gets them instead
	Bus         string   // name or ARN of the bus for events about completed imports; "": none
	Metrics     bool     // write metrics to the log
	Stack       string   // name of the stack that the function is of, a dimension of its metrics; "": none
}

// DefaultRate is the number of PutInventory calls a second for all processes together. AWS publishes no figure.
const DefaultRate = 2.0

// prefix begins the name of each variable.
const prefix = "INVBRIDGE_"

// Read reads settings from the environment. The error names the variable and what it must be, never its value.
func Read(getenv func(string) string) (Settings, error) {
	r := reader{getenv: getenv}
	s := Settings{
		Role:        r.word("ROLE", "", "intake", "delivery"),
		State:       getenv(prefix + "STATE"),
		Uploads:     r.list("UPLOADS"),
		AWSTypes:    r.list("AWS_TYPES"),
		Mappings:    getenv(prefix + "MAPPINGS"),
		OwnTypes:    r.list("OWN_TYPES"),
		Partitions:  r.number("PARTITIONS"),
		Rate:        r.rate("RATE"),
		Concurrency: r.number("CONCURRENCY"),
		Queue:       getenv(prefix + "QUEUE"),
		Bus:         getenv(prefix + "BUS"),
		Metrics:     r.word("METRICS", "", "on") != "",
		Stack:       getenv(prefix + "STACK"),
	}
	return s, r.err
}

// Environment is what Read reads: a variable for each setting that is not its default.
func (s Settings) Environment() map[string]string {
	all := map[string]string{
		"ROLE": s.Role, "STATE": s.State, "UPLOADS": strings.Join(s.Uploads, ","), "AWS_TYPES": strings.Join(s.AWSTypes, ","), "MAPPINGS": s.Mappings,
		"OWN_TYPES":  strings.Join(s.OwnTypes, ","),
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

type reader struct {
	getenv func(string) string
	err    error
}

func (r *reader) word(name string, words ...string) string {
	text := r.getenv(prefix + name)
	if !slices.Contains(words, text) {
		r.fail(name, "one of: "+strings.Join(words[1:], ", "))
	}
	return text
}

func (r *reader) list(name string) []string {
	text := r.getenv(prefix + name)
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

func (r *reader) number(name string) int {
	n, err := strconv.Atoi(cmp.Or(r.getenv(prefix+name), "0"))
	if err != nil || n < 0 {
		r.fail(name, "a whole number, 0 or more")
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
	if r.err == nil {
		r.err = fmt.Errorf("config: the variable %s%s must be %s", prefix, name, want)
	}
}
