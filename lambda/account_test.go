package main

import (
	"context"
	"testing"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

func TestAccount(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("AWS_ENDPOINT_URL_SSM", "")
	invoked := func(arn string) context.Context {
		return lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{InvokedFunctionArn: arn})
	}
	for name, test := range map[string]struct {
		ctx  context.Context
		want string
	}{
		"function":   {invoked("arn:aws:lambda:eu-west-1:111122223333:function:intake"), "111122223333"},
		"alias":      {invoked("arn:aws-cn:lambda:cn-north-1:111122223333:function:intake:live"), "111122223333"},
		"no ARN":     {invoked(""), ""},
		"no context": {t.Context(), ""},
	} {
		if got := account(test.ctx); got != test.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4599")
	if got := account(invoked("arn:aws:lambda:us-east-1:012345678912:function:test")); got != "" {
		t.Errorf("a local runtime's account is taken for one: %q", got)
	}
}
