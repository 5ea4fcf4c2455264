//go:build unix

package session

import (
	"errors"
	"syscall"
)

// gone tells that no process has this ID.
func gone(pid int) bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }
