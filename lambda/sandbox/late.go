package sandbox

import (
	"slices"
	"time"
)

// lateCall is a call whose connection was cut and that is executed all the same, when it is due.
type lateCall struct {
	due time.Time
	req request
}

// enter takes the lock and does first what has fallen due.
func (s *Sandbox) enter() {
	s.mu.Lock()
	s.settle()
}

// settle does what has fallen due, deletions and late calls, one after the other and each at its own time.
func (s *Sandbox) settle() {
	if len(s.deletions) == 0 && len(s.late) == 0 {
		return
	}
	now := s.now()
	for due, do := s.next(); do != nil && !now.Before(due); due, do = s.next() {
		s.pinned = due
		do()
		s.pinned = time.Time{}
	}
}

// next is what falls due first and when that is; nil where nothing is open.
func (s *Sandbox) next() (due time.Time, do func()) {
	for _, d := range s.deletions {
		if !d.done && (do == nil || d.due.Before(due)) {
			due, do = d.due, func() { s.finish(d) }
		}
	}
	for i, l := range s.late {
		if do == nil || l.due.Before(due) {
			due, do = l.due, func() {
				s.late = slices.Delete(s.late, i, i+1)
				s.execute(l.req)
			}
		}
	}
	return due, do
}

// postpone lets a call be executed after a while.
func (s *Sandbox) postpone(req request, after time.Duration) {
	s.enter()
	defer s.mu.Unlock()
	s.late = append(s.late, lateCall{due: s.now().Add(after), req: req})
}

// execute does what a late call asks for. Nobody waits for its answer.
func (s *Sandbox) execute(req request) {
	if shape(req, s.switches) == nil {
		_, _ = req.run(s)
	}
}
