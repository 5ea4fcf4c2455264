package main

import (
	"bytes"
	"io"
	"os"

	"github.com/aws/jsii-runtime-go"
)

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
		text, _ := io.ReadAll(read)
		written <- text
	}()
	jsii.Close()
	_ = write.Close()
	_, _ = stderr.Write(bytes.ReplaceAll(<-written, []byte(waitedTwice), nil))
}
