package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/probe"
	"github.com/spf13/pflag"
)

// probeOptions are the flags of `invbridge probe`.
type probeOptions struct {
	probe.Options
	yes  bool
	file string
}

func (o *probeOptions) flags(f *pflag.FlagSet, s *session.Session) {
	jsonFlag(f, s)
	f.BoolVar(&o.yes, "yes", false, "begin without asking")
	f.StringVarP(&o.file, "out", "o", "behaviour.json", "`file` to write what was found out to, for invbridge sandbox --behaviour")
	f.StringVar(&o.Type, "type", probe.TypeByDefault, "the throw-away custom `type`; it stays, and is one of the 20 of an account and region")
	f.StringVar(&o.Offline, "offline", "", "`node` whose agent is offline: it gets an empty list of the type")
	f.BoolVar(&o.AWSTypes, "aws-types", false, "put an entry of an AWS type that the node holds nothing of, and clear it")
	f.BoolVar(&o.DayQuota, "day-quota", false, "use up the 5,000 KB that the node may be put today: nobody's puts to it are taken until tomorrow (UTC)")
	f.BoolVar(&o.Throttle, "throttle", false, "call until calls are throttled: others of the account and region are throttled with it")
	f.Float64Var(&s.Rate, "rate", session.DefaultRate, "`calls` a second; 0: no limit, only where an endpoint is set")
}

// run asks before it begins, probes, and shows what was found out even where it was stopped.
func (o *probeOptions) run(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	o.Node, o.Now, o.Sleep = args[0], time.Now, fault.Sleep
	if err := cmp.Or(o.Check(), s.CheckRate()); err != nil {
		return session.UsageError(strings.TrimPrefix(err.Error(), "probe: "))
	}
	if s.Rate > 0 {
		o.Pause = time.Duration(float64(time.Second) / s.Rate)
	}
	api, err := s.Clients(ctx)
	if err != nil {
		return err
	}
	o.announce(s.Err)
	if err := o.agreed(ctx, s); err != nil {
		return err
	}
	report, failed := probe.Run(ctx, api.SSM, o.Options)
	if len(report.Switches) > 0 {
		if err := o.write(report); err != nil {
			return errors.Join(failed, err)
		}
	}
	o.show(out, report)
	if errors.Is(failed, context.Canceled) {
		fmt.Fprintln(s.Err, "invbridge: stopped:", report.Left.Text)
		return session.ErrStopped
	}
	return failed
}

// announce says what will be done before it is.
func (o *probeOptions) announce(w io.Writer) {
	lines, calls := o.Plan()
	fmt.Fprintf(w, "Probes %s with the custom type %s, in at most %d calls, more where some are throttled:\n", o.Node, o.Type, calls)
	for _, line := range lines {
		fmt.Fprintf(w, "  - %s\n", line)
	}
	fmt.Fprintf(w, `Afterwards the node holds no entries of the type, even where the probe is stopped by ^C. The type itself stays, as one of the 20 of the
account and region: only DeleteInventory, which acts on every node and which the probe never calls, deletes it:
  aws ssm delete-inventory --type-name %s --schema-delete-option DeleteSchema
`, o.Type)
}

// agreed returns nil where the operator wants the probe to begin.
func (o *probeOptions) agreed(ctx context.Context, s *session.Session) error {
	if o.yes {
		return nil
	}
	fmt.Fprint(s.Err, "Begin? [y/N] ")
	answered := make(chan string, 1)
	go func() { // ^C ends the question, but not the reading
		line, _ := bufio.NewReader(s.In).ReadString('\n') // no line is no
		answered <- line
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(s.Err, "\ninvbridge: stopped: nothing was put")
		return session.ErrStopped
	case line := <-answered:
		if word := strings.ToLower(strings.TrimSpace(line)); word == "y" || word == "yes" {
			return nil
		}
	}
	return session.UsageError("not begun: answer y, or give --yes")
}

// write writes what was found out, for the sandbox.
func (o *probeOptions) write(report probe.Report) error {
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(o.file, append(text, '\n'), 0o600)
}

// show shows what was found out, against the contract.
func (o *probeOptions) show(out *output.Lines, report probe.Report) {
	open, differ := 0, 0
	for _, a := range report.Answers {
		mark, text := "as stated ", a.Found
		switch {
		case a.Found == "":
			mark, text = "open      ", "? ("+a.Open+")"
			open++
		case !a.Agrees:
			mark, text = "OTHERWISE ", a.Found+" (stated: "+a.Stated+")"
			differ++
		}
		out.Print(a, fmt.Sprintf("%s %-5s %s: %s", mark, a.Section, a.Question, text))
	}
	out.Text("%s, %d answers not as stated, %d open. %s\n", output.Plural(report.Calls, "call"), differ, open, report.Left.Text)
	if len(report.Switches) > 0 {
		out.Text("Written to %s: invbridge sandbox --behaviour %s answers like this account\n", o.file, o.file)
	}
	out.Summary(map[string]any{"calls": report.Calls, "differ": differ, "left": report.Left, "open": open})
}
