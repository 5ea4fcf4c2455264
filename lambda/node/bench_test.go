package node

import (
	"fmt"
	"runtime"
	"testing"
)

// large is a fleet of 100,000 nodes, and a record about each as a register gives it.
func large() ([]Node, []Subject) {
	const n = 100_000
	nodes, subjects := make([]Node, n), make([]Subject, n)
	for i := range nodes {
		name, ip := fmt.Sprintf("host-%d.corp.example", i), fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)
		nodes[i] = Node{ID: fmt.Sprintf("i-%017x", i), ComputerName: name, IPAddress: ip}
		subjects[i] = Subject{Serial: []string{fmt.Sprintf("S%d", i)}, Hostname: []string{name, fmt.Sprintf("HOST-%d", i)}, IP: []string{ip}, MAC: []string{fmt.Sprintf("02:00:00:%02x:%02x:%02x", i>>16, i>>8&255, i&255)}}
		switch i % 4 {
		case 1: // a short name alone
			subjects[i].Hostname = subjects[i].Hostname[1:]
		case 2: // an address alone
			subjects[i].Hostname = nil
		case 3: // no node
			subjects[i].Hostname = []string{fmt.Sprintf("other-%d.test.example", i), fmt.Sprintf("other-%d", i)}
			subjects[i].IP = []string{fmt.Sprintf("11.%d.%d.%d", i>>16, i>>8&255, i&255)}
		}
	}
	return nodes, subjects
}

// BenchmarkMatch normalises and matches 100,000 records against 100,000 nodes.
func BenchmarkMatch(b *testing.B) {
	nodes, subjects := large()
	d := New(nodes)
	b.ReportAllocs()
	for b.Loop() {
		for i := range subjects {
			d.Resolve(subjects[i].Normalise(), Rules{})
		}
	}
}

// BenchmarkDirectory makes a directory of 100,000 nodes, and says how much memory it takes beside them.
func BenchmarkDirectory(b *testing.B) {
	nodes, _ := large()
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		d := New(nodes)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB")
		runtime.KeepAlive(d)
	}
}
