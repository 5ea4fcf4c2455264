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
	err := errors.New("give no arguments, or release and a directory to write to")
	switch {
	case len(os.Args) == 1:
		err = synth()
	case len(os.Args) == 3 && os.Args[1] == "release":
		err = writeRelease(settings.Defaults().Dist, os.Args[2])
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

// propsOf reads the settings: those of the file, and over them those of the context.
func propsOf(node constructs.Node) (p settings.Props, notes []string, err error) {
	context, _ := node.GetAllContext(nil).(map[string]any)
	return settings.Read(context, "")
}
