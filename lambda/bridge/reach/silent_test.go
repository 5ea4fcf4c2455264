package reach

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// silent is an account that does not answer.
type silent struct{ SSM }

func (silent) DescribeInstanceInformation(ctx context.Context, _ *ssm.DescribeInstanceInformationInput, _ ...func(*ssm.Options)) (*ssm.DescribeInstanceInformationOutput, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// TestNoTargetAnswers: a document is read all the same, in a bounded time, however many targets there are.
func TestNoTargetAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var list []target.Target
		for i := range 400 {
			list = append(list, target.Target{Key: target.Key{Account: fmt.Sprintf("%012d", i), Region: "eu-central-1"}})
		}
		set := target.NewSet(target.Key{Account: "999999999999", Region: "eu-central-1"}, list)
		n := NewNodes(NewClients(empty{}, set, func(target.Target) SSM { return silent{} }, 0, 1), set, nil, time.Now)
		began := time.Now()
		d, err := n.Load(t.Context(), node.Options{})
		if err != nil || len(d.Unreachable()) != len(list) {
			t.Errorf("%v", err)
		}
		if took := time.Since(began); took > 3*time.Minute+time.Second {
			t.Errorf("it took %s", took)
		}
	})
}
