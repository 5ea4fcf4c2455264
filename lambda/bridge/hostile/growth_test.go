package hostile

import (
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// TestGrowth reads documents of doubling sizes: what is allocated for them grows about as they do, and where INVBRIDGE_HOSTILE is set, the CPU
// time too, which is not the same twice on a machine that has other work.
func TestGrowth(t *testing.T) {
	timed := os.Getenv("INVBRIDGE_HOSTILE") != ""
	least, rounds := 1<<16, 1
	if timed {
		least, rounds = 1<<19, 3
	}
	in := newReader(t)
	for _, s := range syntaxes() {
		for _, shape := range shapes() {
			t.Run(s.name+"/"+shape.name, func(t *testing.T) {
				bytes, cpu, last := in.growth(t, s, shape, least, rounds)
				for again := 0; timed && cpu > most && again < 2; again++ { // other work on the machine makes it seem more
					bytes, cpu, last = in.growth(t, s, shape, least, rounds)
				}
				t.Logf("%-10s %-36s allocated n^%.2f (%.1f MiB), CPU n^%.2f (%v)", s.name, shape.name, bytes, last.allocated/(1<<20), cpu, last.cpu)
				if bytes > most {
					t.Errorf("what is allocated grows as n^%.2f", bytes)
				}
				if timed && cpu > most {
					t.Errorf("the time grows as n^%.2f", cpu)
				}
			})
		}
	}
}

// growth is the exponents with which bytes and CPU time grow, and what the largest document took.
func (in *reader) growth(t *testing.T, s syntax, shape shape, least, rounds int) (bytes, cpu float64, last cost) {
	t.Helper()
	const doublings = 4
	var costs []cost
	for i := range doublings {
		costs = append(costs, in.cost(t, s, shape, least<<i, rounds))
	}
	bytes = exponent(costs, func(c cost) float64 { return c.allocated }, 8<<20)
	cpu = exponent(costs, func(c cost) float64 { return c.cpu.Seconds() }, 0.02)
	return bytes, cpu, costs[len(costs)-1]
}

// most is the greatest exponent with which anything may grow: slices that grow take up to twice what they need.
const most = 1.3

// exponent is e where twice the size costs 2^e times more: of what the last doubling added, beside the first. What a reader has from its
// beginning is in neither. 0: nothing worth the name was added.
func exponent(costs []cost, of func(cost) float64, least float64) float64 {
	n := len(costs)
	first, last := of(costs[1])-of(costs[0]), of(costs[n-1])-of(costs[n-2])
	if last < least || first <= 0 {
		return 0
	}
	return math.Log2(last/first) / float64(n-2)
}

type cost struct {
	allocated float64
	cpu       time.Duration
}

// cost is the least that reading a document of the size took, of several times.
func (in *reader) cost(t *testing.T, s syntax, shape shape, size, rounds int) cost {
	t.Helper()
	text := s.write(t, shape.make(rand.New(rand.NewPCG(1, 1)), size))
	var least cost
	for i := range rounds {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := cpuTime()
		_ = in.read(t, s.name, text, nil, nil) // what it is refused for is for others to see
		took := cpuTime() - start
		runtime.ReadMemStats(&after)
		now := cost{float64(after.TotalAlloc - before.TotalAlloc), took}
		if i == 0 || now.cpu < least.cpu {
			least.cpu = now.cpu
		}
		if i == 0 || now.allocated < least.allocated {
			least.allocated = now.allocated
		}
	}
	return least
}

// cpuTime is what the process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
