package session

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// writer is this process among all that write a state. Its ID names the system on which it runs. In a directory it holds a lock for as
// long as it lives, so that another writer that finds one of its intents can see whether it is still alive.
type writer struct {
	id     string // system/pid/random
	system string
	dir    string
	lock   *flock.Flock
}

// newWriter returns a writer; dir is the state's directory, "" where the state is not a directory.
func newWriter(dir string) (*writer, error) {
	w := &writer{dir: dir, system: system()}
	w.id = fmt.Sprintf("%s.%d.%s", w.system, os.Getpid(), rand.Text()[:8])
	if dir == "" {
		return w, nil
	}
	if err := os.MkdirAll(filepath.Join(dir, "writers"), 0o750); err != nil {
		return nil, fmt.Errorf("this command writes into the state: %w", err)
	}
	w.lock = flock.New(w.path(w.id))
	if err := w.lock.Lock(); err != nil {
		return nil, fmt.Errorf("this command writes into the state: %w", err)
	}
	return w, nil
}

// system identifies this machine since its last start, and the namespace of its process IDs; "x" where these are not known.
func system() string {
	boot, bootErr := os.ReadFile("/proc/sys/kernel/random/boot_id")
	space, spaceErr := os.Readlink("/proc/self/ns/pid")
	host, hostErr := os.Hostname()
	if errors.Join(bootErr, spaceErr, hostErr) != nil {
		return "x"
	}
	sum := sha256.Sum256([]byte(string(boot) + "\n" + space + "\n" + host))
	return hex.EncodeToString(sum[:6])
}

func (w *writer) path(id string) string { return filepath.Join(w.dir, "writers", id+".lock") }

// alive reports whether another writer may still be at work: in a directory by its lock, else by its process, where that is one of
// this system.
func (w *writer) alive(id string) bool {
	switch {
	case id == w.id:
		return true
	case w.lock != nil:
		return w.locked(id)
	default:
		return w.runs(id)
	}
}

func (w *writer) locked(id string) bool {
	if _, err := os.Stat(w.path(id)); err != nil {
		return false // it ended and deleted its lock, or it was never one of this directory's
	}
	other := flock.New(w.path(id))
	free, err := other.TryLock()
	if err != nil || !free {
		return true
	}
	_ = os.Remove(w.path(id)) // its writer is dead; a lock that stays does no harm
	_ = other.Unlock()
	return false
}

func (w *writer) runs(id string) bool {
	parts := strings.Split(id, ".")
	if len(parts) != 3 || parts[0] != w.system || w.system == "x" {
		return true
	}
	pid, err := strconv.Atoi(parts[1])
	if err != nil || pid <= 0 {
		return true
	}
	return !ended(pid)
}

func (w *writer) close() error {
	if w.lock == nil {
		return nil
	}
	return errors.Join(os.Remove(w.path(w.id)), w.lock.Unlock()) // a lock that stays does no harm: it is free
}
