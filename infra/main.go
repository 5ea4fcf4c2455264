// Command infra is the CDK app: one stack that is the whole service. What it is made of stands in inventory-bridge.yaml, and for one run in
// the context (`-c mappings=DIR`). Every mistake in it is an error of the synthesis that names the way out.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
)

func main() {
	stderr := os.Stderr
	err := errors.New("give no arguments, or release and a directory to write to, or target, a file to write to and arguments of the CDK's command line")
	switch {
	case len(os.Args) == 1:
		err = synth()
	case len(os.Args) == 3 && os.Args[1] == "release":
		err = writeRelease(settings.Defaults().Dist, os.Args[2])
		closeRuntime()
	case len(os.Args) > 2 && os.Args[1] == "target":
		err = writeTargetOf(os.Args[2], os.Args[3:])
		closeRuntime()
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "infra:", err)
		os.Exit(1)
	}
}

// synth writes the cloud assembly to where the CDK's command line wants it, else to cdk.out.
func synth() error {
	defer closeRuntime()
	app := awscdk.NewApp(nil)
	props, notes, err := propsOf(app.Node())
	if err != nil {
		return err
	}
	for _, note := range notes {
		fmt.Fprintln(os.Stderr, "infra:", note)
	}
	b, err := newBundle(props)
	if err != nil {
		return err
	}
	newStack(app, props, b)
	app.Synth(nil) // copies the bundle
	return b.remove()
}

// writeTargetOf writes the template of a target's role. It takes the arguments of the CDK's command line.
func writeTargetOf(path string, args []string) error {
	line, err := settings.ParseLine(args)
	if err != nil {
		return err
	}
	p, _, err := settings.Read(line.Context, "")
	if err != nil {
		return err
	}
	return writeTarget(p, path)
}

// propsOf reads the settings: those of the file, and over them those of the context.
func propsOf(node constructs.Node) (p settings.Props, notes []string, err error) {
	context, _ := node.GetAllContext(nil).(map[string]any)
	return settings.Read(context, "")
}
