package bridge

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/store"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

var errPower = errors.New("the power is gone")

// powerDisk is a file system in memory that forgets what was not synced when the power goes: content of files, and what stands in folders.
type powerDisk struct {
	names   map[string]*powerFile // as programs see it; nil: a folder
	kept    map[string]*powerFile // that the disk has for sure
	changes []nameChange          // that it may have, in order
	steps   int
	at      int // the step at which the power goes; 0: never
	off     func()
	isOff   bool
	lies    bool // Sync of files does nothing
}

type powerFile struct {
	disk *powerDisk
	name string
	data []byte
	safe []byte // that the disk has for sure
}

type nameChange struct {
	folder, remove, set string
	file                *powerFile
}

func newPowerDisk() *powerDisk {
	return &powerDisk{names: map[string]*powerFile{".": nil}, kept: map[string]*powerFile{".": nil}}
}

// step is a step that changes something.
func (d *powerDisk) step() error {
	d.steps++
	if d.steps == d.at {
		d.isOff = true
		d.off()
	}
	if d.isOff {
		return errPower
	}
	return nil
}

func (d *powerDisk) note(c nameChange) {
	d.changes = append(d.changes, c)
	c.apply(d.names)
}

func (c nameChange) apply(names map[string]*powerFile) {
	delete(names, c.remove)
	if c.set != "" {
		names[c.set] = c.file
	}
}

func (d *powerDisk) ReadFile(file string) ([]byte, error) {
	if d.isOff {
		return nil, errPower
	}
	f := d.names[file]
	if f == nil {
		return nil, fs.ErrNotExist
	}
	return bytes.Clone(f.data), nil
}

func (d *powerDisk) ReadAt(file string, data []byte, offset int64) (int, error) {
	whole, err := d.ReadFile(file)
	if err != nil {
		return 0, err
	}
	return bytes.NewReader(whole).ReadAt(data, offset)
}

func (d *powerDisk) Mkdir(folder string) error {
	if err := d.step(); err != nil {
		return err
	}
	if _, there := d.names[folder]; there {
		return fs.ErrExist
	}
	if _, there := d.names[path.Dir(folder)]; !there {
		return fs.ErrNotExist
	}
	d.note(nameChange{folder: path.Dir(folder), set: folder})
	return nil
}

func (d *powerDisk) CreateTemp(folder, pattern string) (store.File, error) {
	if err := d.step(); err != nil {
		return nil, err
	}
	if _, there := d.names[folder]; !there {
		return nil, fs.ErrNotExist
	}
	f := &powerFile{disk: d, name: folder + "/" + strings.Replace(pattern, "*", strconv.Itoa(d.steps), 1)}
	d.note(nameChange{folder: folder, set: f.name, file: f})
	return f, nil
}

func (d *powerDisk) Rename(file, to string) error {
	if err := d.step(); err != nil {
		return err
	}
	d.note(nameChange{folder: path.Dir(to), remove: file, set: to, file: d.names[file]})
	return nil
}

func (d *powerDisk) Remove(file string) error {
	if err := d.step(); err != nil {
		return err
	}
	if _, there := d.names[file]; !there {
		return fs.ErrNotExist
	}
	d.note(nameChange{folder: path.Dir(file), remove: file})
	return nil
}

func (d *powerDisk) SyncFolder(folder string) error {
	if err := d.step(); err != nil {
		return err
	}
	d.changes = slices.DeleteFunc(d.changes, func(c nameChange) bool {
		if c.folder == folder {
			c.apply(d.kept)
		}
		return c.folder == folder
	})
	return nil
}

func (d *powerDisk) Walk(folder string, each fs.WalkDirFunc) error {
	if d.isOff {
		return errPower
	}
	for _, name := range slices.Sorted(maps.Keys(d.names)) {
		if d.names[name] == nil || !strings.HasPrefix(name, folder+"/") {
			continue
		}
		if err := each(name, powerEntry(path.Base(name)), nil); err != nil {
			return err
		}
	}
	return nil
}

func (d *powerDisk) Lock(string) (func() error, error) { return func() error { return nil }, nil }

type powerEntry string

func (e powerEntry) Name() string             { return string(e) }
func (powerEntry) IsDir() bool                { return false }
func (powerEntry) Type() fs.FileMode          { return 0 }
func (powerEntry) Info() (fs.FileInfo, error) { return nil, errors.ErrUnsupported }

func (f *powerFile) Name() string { return f.name }
func (f *powerFile) Close() error { return nil }

func (f *powerFile) Write(data []byte) (int, error) {
	if err := f.disk.step(); err != nil {
		return 0, err
	}
	f.data = append(f.data, data...)
	return len(data), nil
}

func (f *powerFile) Sync() error {
	if err := f.disk.step(); err != nil {
		return err
	}
	if !f.disk.lies {
		f.safe = bytes.Clone(f.data)
	}
	return nil
}

// comesBack makes the disk what is left when the power is there again: of what was not synced any part, in any order. Without rng all is left, as
// when the process is killed.
func (d *powerDisk) comesBack(rng *rand.Rand) {
	for _, c := range d.changes {
		if rng == nil || rng.IntN(2) == 0 {
			c.apply(d.kept)
		}
	}
	for name := range d.kept {
		if _, there := d.kept[path.Dir(name)]; !there && name != "." {
			delete(d.kept, name) // its folder is lost
		}
	}
	left := map[*powerFile]*powerFile{}
	for name, f := range d.kept {
		if f == nil {
			continue
		}
		if left[f] == nil {
			data := f.left(rng)
			left[f] = &powerFile{disk: d, name: name, data: data, safe: data}
		}
		d.kept[name] = left[f]
	}
	d.names, d.changes, d.isOff, d.at = maps.Clone(d.kept), nil, false, 0
}

// left is what is left of a file: what was synced, or any part of what was written since.
func (f *powerFile) left(rng *rand.Rand) []byte {
	if rng == nil || bytes.Equal(f.data, f.safe) {
		return f.data
	}
	return [][]byte{f.safe, f.data, f.data[:rng.IntN(len(f.data)+1)], make([]byte, len(f.data))}[rng.IntN(4)]
}

// powerScene is what happens before the power goes, and the work during which it does.
type powerScene struct {
	before func(*testing.T, *rig)
	work   func(context.Context, *rig, *Bridge) error
	id     func(*rig) string // of the import whose receipt is compared
}

func powerScenes() map[string]powerScene {
	full := tagged("f", 0, "web-1,a,1", "web-1,b,2", "web-2,a,1", "web-3,a,1", "web-4,a,1")
	changed := tagged("f", time.Minute, "web-1,a,9", "web-2,a,1", "web-3,c,2", "web-5,x,1")
	second := listed("l", time.Minute, "web-1,a", "web-1,z", "web-4,z", "web-5,z")
	sweeps := func(ctx context.Context, _ *rig, b *Bridge) error {
		_, err := b.Sweep(ctx)
		return err
	}
	return map[string]powerScene{
		"put": {
			func(_ *testing.T, r *rig) {
				r.put(full)
				r.put(second)
			},
			func(ctx context.Context, _ *rig, b *Bridge) error {
				_, err := b.Import(ctx, changed, Options{})
				return err
			},
			func(r *rig) string { return r.importID(changed) },
		},
		"first put": {
			func(*testing.T, *rig) {},
			func(ctx context.Context, _ *rig, b *Bridge) error {
				_, err := b.Import(ctx, full, Options{})
				return err
			},
			func(r *rig) string { return r.importID(full) },
		},
		"sweep": {
			func(t *testing.T, r *rig) {
				r.put(full)
				r.box.Inject(sandbox.Fault{Operation: "PutInventory", Times: -1, Kind: sandbox.FaultError})
				if got, err := r.bridge().Import(t.Context(), changed, Options{}); err != nil || got.Counts.Of("pending") == 0 {
					t.Fatal(got.Counts, err)
				}
				r.box.ClearFaults()
				r.now = r.now.Add(24 * time.Hour)
			},
			sweeps, func(r *rig) string { return r.importID(changed) },
		},
		"redrive": {
			func(t *testing.T, r *rig) {
				r.put(full)
				if got := r.put(second); got.Counts.Of("parked") == 0 {
					t.Fatal(got.Counts)
				}
				if err := r.box.AddNode(fleet(5)[4]); err != nil {
					t.Fatal(err)
				}
				r.now = r.now.Add(time.Hour)
			},
			func(ctx context.Context, _ *rig, b *Bridge) error {
				_, err := b.SweepParked(ctx)
				return err
			},
			func(r *rig) string { return r.importID(second) },
		},
	}
}

// performWithoutPower plays a scene on a disk whose power goes at a step of the work, which is then done again. A sweep follows.
func performWithoutPower(t *testing.T, s powerScene, disk *powerDisk, at int, rng *rand.Rand) (r *rig, steps int, err error) {
	t.Helper()
	r = newQuickRig(t, store.On(disk, "state"))
	s.before(t, r)
	a := &axe{}
	disk.steps, disk.at, disk.off = 0, at, func() { a.dead = true }
	first := s.work(t.Context(), r, r.underTheAxe(a))
	steps = disk.steps
	if at == 0 {
		return r, steps, first
	}
	disk.comesBack(rng)
	l, err := ledger.Open(t.Context(), r.store, ledger.Options{
		Now: func() time.Time { return r.now }, Partitions: r.partitions(), Endpoint: "http://sandbox", Start: r.box.StartID(),
	})
	if err != nil {
		return r, steps, err
	}
	r.config.Ledger = l
	return r, steps, s.work(t.Context(), r, r.bridge())
}

// summedUp is the outcome with the receipt as its parts have it now: the one that was written may have been before the last part, as after a kill.
func (r *rig) summedUp(id string) outcome {
	r.t.Helper()
	o := r.outcome(id)
	var err error
	o.receipt, err = r.bridge().book.Read(r.t.Context(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return o
}

// TestPowerCuts lets the power go while a directory holds the state: in the end all is as it is undisturbed, or as it is when the process is killed
// there. INVBRIDGE_CUTS is how often, for each kind of work.
func TestPowerCuts(t *testing.T) {
	cuts := 60
	if n, err := strconv.Atoi(os.Getenv("INVBRIDGE_CUTS")); err == nil {
		cuts = n
	}
	for name, s := range powerScenes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, steps := endWithoutPower(t, s, 0, nil)
			kills := map[int]outcome{}
			asKilled := 0
			for cut := range cuts {
				rng := rand.New(rand.NewPCG(uint64(cut), 0))
				at := 1 + rng.IntN(steps)
				got, _ := endWithoutPower(t, s, at, rng)
				diff := got.diff(want, false)
				for earlier := range min(at, lateSteps) { // what the last steps did may be lost
					if diff == "" {
						break
					}
					killed, known := kills[at-earlier]
					if !known {
						killed, _ = endWithoutPower(t, s, at-earlier, nil)
						kills[at-earlier] = killed
					}
					if got.diff(killed, false) == "" {
						diff = ""
						asKilled++
					}
				}
				if diff != "" {
					t.Fatalf("cut %d, at step %d of %d: %s", cut, at, steps, diff)
				}
			}
			t.Logf("%d steps, %d cuts, of which %d end as a kill does and not as undisturbed work", steps, cuts, asKilled)
		})
	}
}

// lateSteps is how many steps writing one object takes.
const lateSteps = 6

// endWithoutPower is how a scene ends that performWithoutPower plays, after a sweep.
func endWithoutPower(t *testing.T, s powerScene, at int, rng *rand.Rand) (o outcome, steps int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { // pauses take no time
		var r *rig
		var err error
		r, steps, err = performWithoutPower(t, s, newPowerDisk(), at, rng)
		if err != nil {
			t.Fatalf("at step %d: %v", at, err)
		}
		r.sweep()
		o = r.summedUp(s.id(r))
	})
	return o, steps
}

// TestPowerCutsOfADiskThatLies: where files are not synced, the cuts are noticed.
func TestPowerCutsOfADiskThatLies(t *testing.T) {
	s, lost := powerScenes()["put"], 0
	_, steps, err := performWithoutPower(t, s, newPowerDisk(), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range 40 {
		rng := rand.New(rand.NewPCG(uint64(cut), 0))
		disk := newPowerDisk()
		disk.lies = true
		_, _, err := performWithoutPower(t, s, disk, steps/2+rng.IntN(steps/2), rng)
		if err != nil {
			lost++
		}
	}
	if lost == 0 {
		t.Error("what was never synced is there after all")
	}
}
