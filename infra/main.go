// Command infra is the CDK app: one stack that is the whole service. What it is made of stands in inventory-bridge.yaml, and for one run in
// the context (`-c mappings=DIR`). Every mistake in it is an error of the synthesis that names the way out.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

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
		fmt.Fprintln(stderr, "infra:", err)
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

// waitedTwice is what the CDK's runtime writes to standard error when it ends, sometimes: it waits for its Node process in two places at
// once, and reports that one of them came too late. Nothing is wrong then.
const waitedTwice = "Runtime process exited abnormally: waitid: no child processes"

// closeRuntime ends the CDK's runtime, and passes on what it writes meanwhile, but for waitedTwice.
func closeRuntime() {
	stderr := os.Stderr
	read, write, err := os.Pipe()
	if err != nil {
		jsii.Close()
		return
	}
	os.Stderr = write // for good: one of the two may come after the other has ended
	written := make(chan []byte)
	go func() {
		text, _ := io.ReadAll(read) //nolint:errcheck // a pipe of our own
		written <- text
	}()
	jsii.Close()
	write.Close() //nolint:errcheck,gosec // likewise
	stderr.Write(bytes.ReplaceAll(<-written, []byte(waitedTwice), nil))
}
