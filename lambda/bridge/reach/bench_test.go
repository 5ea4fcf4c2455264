package reach

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/listed"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/held"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// empty is an account without nodes.
type empty struct{ SSM }

func (empty) DescribeInstanceInformation(context.Context, *ssm.DescribeInstanceInformationInput, ...func(*ssm.Options)) (*ssm.DescribeInstanceInformationOutput, error) {
	return &ssm.DescribeInstanceInformationOutput{}, nil
}

func (empty) GetInventory(context.Context, *ssm.GetInventoryInput, ...func(*ssm.Options)) (*ssm.GetInventoryOutput, error) {
	return &ssm.GetInventoryOutput{}, nil
}

// BenchmarkDirectoryOfTargets makes the directory of 300 targets with 1,000 nodes each out of what the sweep has stored, and says how much memory it
// takes, and how much the making does.
func BenchmarkDirectoryOfTargets(b *testing.B) {
	const targets, nodes = 300, 1000
	store := ledger.Dir(b.TempDir())
	objects, known := listed.In(store), &listed.Targets{}
	stored, err := objects.Targets(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var list []target.Target
	size := 0
	for i := range targets {
		k := target.Key{Account: fmt.Sprintf("%012d", i/2+1), Region: []string{"eu-central-1", "us-east-1"}[i%2]}
		list = append(list, target.Target{Key: k, Role: target.RoleARN(k, target.RoleName)})
		all := make([]held.Node, nodes)
		for n := range all {
			all[n] = held.Node{
				ID: fmt.Sprintf("i-%017x", i*nodes+n), ComputerName: fmt.Sprintf("host-%d-%d.corp.example", i, n), IPAddress: fmt.Sprintf("10.%d.%d.%d", i%256, n>>8, n&255),
				PingStatus: "Online", PlatformType: "Linux", ResourceType: "EC2Instance",
			}
		}
		encoded := held.Encode(all)
		size += len(encoded)
		if err := objects.PutShard(b.Context(), &listed.Shard{Key: k, Nodes: encoded}); err != nil {
			b.Fatal(err)
		}
		known.Targets = append(known.Targets, listed.State{Target: list[i], Listed: time.Now()})
	}
	stored.Targets = known.Targets
	if err := objects.SaveTargets(b.Context(), stored); err != nil {
		b.Fatal(err)
	}
	var before, after runtime.MemStats
	b.ReportAllocs()
	for b.Loop() {
		n := NewNodes(NewClients(empty{}, nil, nil, 0, 1), target.NewSet(target.Key{}, list), nil, time.Now)
		n.StoredIn(store)
		runtime.GC()
		runtime.ReadMemStats(&before)
		d, err := n.Load(b.Context(), node.Options{})
		if err != nil || d.Len() != targets*nodes || len(d.Unreachable()) > 0 {
			b.Fatal(d.Len(), err)
		}
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(int64(after.HeapSys)-int64(before.HeapSys))/(1<<20), "MiB-of-heap-more")
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(targets*nodes), "bytes/node")
		runtime.KeepAlive(d)
	}
	b.ReportMetric(float64(size)/(targets*nodes), "encoded-bytes/node")
}
