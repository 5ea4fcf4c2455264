package put

import (
	"context"
	"iter"
	"sync"
)

// AtOnce is how many nodes a program should put to at once: what it does while it waits for an answer spares it from being put to sleep and woken.
const AtOnce = 4

// togetherBytes is of how much content answers are waited for while another node is begun.
const togetherBytes = 256 << 10

// Each puts the items of the nodes that it is given, each node's in as few calls as they fit in, and notes in each item what became of it. Then
// the rows are forgotten. Up to Together nodes are put to at once: the sequence makes the next one ready while answers are waited for. All but the
// waiting is done by one goroutine at a time, that of the sequence included.
func (s *Service) Each(ctx context.Context, nodes iter.Seq2[*Node, []*Item]) {
	f := flight{s: s, freed: sync.NewCond(&s.mu), jobs: make(chan job, max(1, s.Together))}
	defer close(f.jobs)
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, items := range nodes {
		f.add(ctx, job{n, items, total(items)})
		for f.nodes > 0 && (f.nodes == s.Together || f.bytes >= togetherBytes) {
			f.freed.Wait() // before the next node is asked for: whether there is time for it is found out then
		}
	}
	for f.nodes > 0 {
		f.freed.Wait()
	}
}

// Put puts the items of one node.
func (s *Service) Put(ctx context.Context, n *Node, items []*Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.putNode(ctx, n, items)
}

// flight is the nodes that are put to now.
type flight struct {
	s       *Service
	freed   *sync.Cond // of s.mu: a node is done
	jobs    chan job
	workers int
	nodes   int
	bytes   int64
}

// job is a node and what is put to it.
type job struct {
	node  *Node
	items []*Item
	bytes int64
}

// add puts to a node at once, or has a worker do it.
func (f *flight) add(ctx context.Context, j job) {
	if f.s.Together <= 1 {
		f.s.do(ctx, j)
		return
	}
	if f.nodes == f.workers {
		f.workers++
		go f.work(ctx)
	}
	f.nodes++
	f.bytes += j.bytes
	f.jobs <- j // which has room for all
}

// work puts to one node after the other: its stack has grown to what a call needs.
func (f *flight) work(ctx context.Context) {
	for j := range f.jobs {
		f.s.mu.Lock()
		f.s.do(ctx, j)
		f.nodes--
		f.bytes -= j.bytes
		f.freed.Signal()
		f.s.mu.Unlock()
	}
}

func (s *Service) do(ctx context.Context, j job) {
	s.putNode(ctx, j.node, j.items)
	for _, i := range j.items {
		i.Rows, i.JSON = nil, nil // they may be large
	}
}

// unlocked does what waits.
func (s *Service) unlocked(wait func() error) error {
	s.mu.Unlock()
	defer s.mu.Lock()
	return wait()
}
