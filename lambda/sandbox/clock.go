package sandbox

import (
	"slices"
	"time"
)

// Now is the sandbox's time: the configured clock and all that Advance has added.
func (s *Sandbox) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// now is Now for those who hold the lock.
func (s *Sandbox) now() time.Time {
	if !s.pinned.IsZero() {
		return s.pinned
	}
	return s.config.Clock().Add(s.offset).UTC()
}

// Advance moves the sandbox's clock forward: retention, the day quota, deletions and late calls follow it.
func (s *Sandbox) Advance(d time.Duration) {
	s.enter()
	defer s.mu.Unlock()
	s.offset += d
	s.settle()
}

// task is something that is done later: the end of a deletion, or a call whose connection was cut and that is executed all the same.
type task struct {
	due time.Time
	do  func()
}

// schedule has something done at a time. The caller holds the lock.
func (s *Sandbox) schedule(due time.Time, do func()) {
	s.tasks = append(s.tasks, task{due, do})
	slices.SortStableFunc(s.tasks, func(a, b task) int { return a.due.Compare(b.due) })
}

// enter takes the lock and first does what is due.
func (s *Sandbox) enter() {
	s.mu.Lock()
	s.settle()
}

// settle does what is due, one task after the other and each at its own time.
func (s *Sandbox) settle() {
	for len(s.tasks) > 0 && !s.now().Before(s.tasks[0].due) {
		first := s.tasks[0]
		s.tasks = s.tasks[1:]
		s.pinned = first.due
		first.do()
		s.pinned = time.Time{}
	}
}
