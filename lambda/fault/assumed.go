package fault

import "errors"

// Assuming is an error of assuming a role: no call of it was made.
type Assuming struct{ Err error }

// Error returns what went wrong.
func (e *Assuming) Error() string { return "the role cannot be assumed: " + e.Err.Error() }

// Unwrap returns the service's error.
func (e *Assuming) Unwrap() error { return e.Err }

// assuming is the class of an error of assuming a role, and the service's code behind the name of the call: what refuses the role refuses all
// calls with it.
func assuming(err error) (class Class, code string, ok bool) {
	e, ok := errors.AsType[*Assuming](err)
	if !ok {
		return None, "", false
	}
	class, code = Of(e.Err)
	if class != Throttled && class != Retry {
		class = Halt
	}
	return class, "AssumeRole." + code, true
}
