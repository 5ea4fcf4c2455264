// Package reading shows what is made of documents before anything is put: records and entries, and which nodes their machines are. It does not know the
// other commands.
package reading

import (
	"context"
	"fmt"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// ExplainLine is a machine in `explain --json`.
type ExplainLine struct {
	Record  int           `json:"record"`
	Records int           `json:"records"`
	Key     string        `json:"key,omitempty"`
	Source  string        `json:"source"`
	Subject *node.Subject `json:"subject,omitempty"`
	Node    string        `json:"node,omitempty"`
	Account string        `json:"account,omitempty"` // of the node; "": that of the installation
	Region  string        `json:"region,omitempty"`
	Outcome node.Outcome  `json:"outcome"`
	Reason  string        `json:"reason,omitempty"`
	Rule    string        `json:"rule,omitempty"`
	Detail  string        `json:"detail,omitempty"`
	Nodes   []string      `json:"nodes,omitempty"` // between which nothing decides, or which an address alone names
	Steps   []stepLine    `json:"steps,omitempty"`
}

// stepLine is whether one kind of identifiers agrees with a node.
type stepLine struct {
	Rule    string   `json:"rule"`
	Nodes   []string `json:"nodes,omitempty"`
	About   string   `json:"about,omitempty"`
	Verdict string   `json:"verdict"`
	Note    string   `json:"note,omitempty"`
}

// explainSummary is the last line of `explain --json`, for each file.
type explainSummary struct {
	File     string         `json:"file,omitempty"`
	Mapping  string         `json:"mapping"`
	Why      string         `json:"why"`
	Machines int            `json:"machines"`
	Matched  int            `json:"matched"`
	Records  int            `json:"records"`
	Outcomes receipt.Counts `json:"outcomes"` // of the records that reach no node
	Complete bool           `json:"complete"`
	receipt.PartOf
}

// explainer reads files and shows which nodes their machines are.
type explainer struct {
	s         *session.Session
	bridge    *bridge.Bridge
	directory *node.Directory
	out       *output.Lines
	many      bool
	failed    bool
	parks     bool // some machine has no node
}

// Explain shows which mapping is chosen and why, and which nodes the machines of files are.
func Explain(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	config, err := s.WithNumbers(ctx)
	if err != nil {
		return err
	}
	docs, err := s.Documents(ctx, args)
	if err != nil {
		return err
	}
	c := &explainer{s: s, bridge: bridge.New(config), out: out, many: len(docs) > 1}
	c.directory, err = c.bridge.Directory(ctx)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if err := c.file(ctx, d); err != nil {
			return err
		}
	}
	if c.failed {
		return session.ErrShown
	}
	if c.parks {
		return session.ErrPartial
	}
	return nil
}

func (c *explainer) file(ctx context.Context, d intake.Document) error {
	var sum explainSummary
	own, why, err := c.bridge.Explain(ctx, d, bridge.Options{Machines: func(m intake.Machine) {
		sum.Machines++
		if m.Decision.Outcome == node.Matched {
			sum.Matched++
		}
		c.machine(m)
	}})
	if err != nil {
		c.failed = true
		fmt.Fprintln(c.s.Err, "invbridge:", err)
	}
	sum.Mapping, sum.Why, sum.Records, sum.Outcomes, sum.Complete = own.Mapping, why, own.Read, own.Counts, err == nil
	sum.PartOf = own.PartOf
	c.parks = c.parks || sum.Matched < sum.Machines || !own.Counts.Good()
	if c.many {
		sum.File = d.Source.Name
	}
	c.summary(d.Source.Name, sum)
	return c.out.Flush()
}

// LineOf is a machine as `explain` shows it.
func LineOf(nodes *node.Directory, m *intake.Machine) ExplainLine {
	d := m.Decision
	line := ExplainLine{
		Record: m.First, Records: m.Records, Key: m.Key, Source: m.Source, Subject: lineOf(m.Subject),
		Node: d.Node, Outcome: d.Outcome, Reason: d.Reason, Rule: d.Rule, Detail: d.Detail, Nodes: d.Nodes,
	}
	if n, ok := nodes.Lookup(d.Node); ok {
		line.Account, line.Region = n.Target.Account, n.Target.Region
	}
	for _, s := range nodes.Steps(m.Subject, m.Rules, d) {
		line.Steps = append(line.Steps, stepLine{s.Rule, s.Nodes, s.About, s.Verdict.String(), s.Note})
	}
	return line
}

func (c *explainer) machine(m intake.Machine) {
	line := LineOf(c.directory, &m)
	if c.s.JSON {
		c.out.Object(line)
		return
	}
	c.text(line)
}

// Result is which node the machine is, and by which rule, or why none.
func (line ExplainLine) Result() string {
	result := string(line.Outcome)
	if line.Node != "" {
		result = line.Node + target.Key{Account: line.Account, Region: line.Region}.In() + " by " + line.Rule
	} else if line.Reason != "" {
		result += ": " + line.Reason
	}
	if line.Detail != "" {
		result += " (" + line.Detail + ")"
	}
	return result
}

func (c *explainer) text(line ExplainLine) {
	fmt.Fprintf(c.out, "record %d (%s of this machine): %s\n", line.Record, output.Plural(line.Records, "record"), line.Result())
	for _, s := range line.Steps {
		fmt.Fprintf(c.out, "    %-10s %s\n", s.Rule, s.Text())
	}
}

// Text is the verdict of a kind about the node in question, and to which other nodes the kind leads.
func (s stepLine) Text() string {
	text := s.Verdict
	if s.About != "" && s.Note == "" {
		text += " with " + s.About
	}
	if s.Note != "" {
		text += ": " + s.Note
	}
	if len(s.Nodes) > 0 && (len(s.Nodes) > 1 || s.Nodes[0] != s.About) {
		text += " (it leads to " + strings.Join(s.Nodes, ", ") + ")"
	}
	return text
}

func (c *explainer) summary(name string, sum explainSummary) {
	if sum.Complete && !c.s.JSON {
		text := fmt.Sprintf("%s: mapping %s, because of %s; %d of %s matched", name, sum.Mapping, sum.Why, sum.Matched, output.Plural(sum.Machines, "machine"))
		if sum.AddsOnly {
			text += "; " + sum.PartText()
		}
		fmt.Fprintln(c.out, text)
	}
	c.out.Summary(sum)
}
