// Command infra is the CDK app: one stack that is the whole service. What it is made of stands in the context (`-c mappings=DIR`), and
// every mistake in it is an error of the synthesis that names the way out.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	if err := synth(); err != nil {
		fmt.Fprintln(os.Stderr, "infra:", err)
		os.Exit(1)
	}
}

// synth writes the cloud assembly to where the CDK's command line wants it, else to cdk.out.
func synth() error {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	props, err := propsOf(app.Node())
	if err != nil {
		return err
	}
	b, err := newBundle(props)
	if err != nil {
		return err
	}
	if _, err := newStack(app, props, b); err != nil {
		return errors.Join(err, b.remove())
	}
	app.Synth(nil) // copies the bundle
	return b.remove()
}
