package spill

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestGroupsComeBackWhole(t *testing.T) {
	for _, budget := range []int{0, 1000, 1 << 30} {
		for _, size := range []int{10, 40_000} {
			t.Run(fmt.Sprintf("budget %d, %d bytes a frame", budget, size), func(t *testing.T) {
				dir := t.TempDir()
				b := New(dir, 20, budget)
				want := fill(t, b, size)
				if err := b.Settle(); err != nil {
					t.Fatal(err)
				}
				if got := read(t, b); !equal(got, want) {
					t.Error("the groups differ from what was added")
				}
				if got := read(t, b); !equal(got, want) {
					t.Error("a second reading differs")
				}
				if err := b.Close(); err != nil {
					t.Fatal(err)
				}
				if left, _ := os.ReadDir(dir); len(left) > 0 {
					t.Errorf("%d files left", len(left))
				}
			})
		}
	}
}

// fill adds 600 frames to 50 groups in random order and returns them by group.
func fill(t *testing.T, b *Buckets, size int) map[string][]string {
	t.Helper()
	rnd := rand.New(rand.NewPCG(1, 2))
	want := map[string][]string{}
	for i := range 600 {
		name := fmt.Sprint("group-", rnd.IntN(50))
		frame := fmt.Sprintf("%s/%d/%0*d", name, i, size, 0)
		g := GroupOf(name)
		if err := b.Add(b.BucketOf(g), g, []byte(frame)); err != nil {
			t.Fatal(err)
		}
		want[name] = append(want[name], frame)
	}
	return want
}

func read(t *testing.T, b *Buckets) map[string][]string {
	t.Helper()
	got := map[string][]string{}
	for i := range b.Len() {
		for frames, err := range b.Groups(i) {
			if err != nil {
				t.Fatal(err)
			}
			var name string
			var texts []string
			for f, err := range frames.All() {
				if err != nil {
					t.Fatal(err)
				}
				texts = append(texts, string(f))
				name, _, _ = strings.Cut(string(f), "/")
			}
			if got[name] != nil {
				t.Fatalf("group %s came twice", name)
			}
			got[name] = texts
		}
	}
	return got
}

func equal(a, b map[string][]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if !slices.Equal(a[k], b[k]) {
			return false
		}
	}
	return true
}

// TestLargeGroup: the frames of a group that is larger than what is loaded come one after the other, as often as they are asked for, and the
// groups beside it come whole.
func TestLargeGroup(t *testing.T) {
	for _, beside := range []int{0, 20} {
		b := New(t.TempDir(), 1, 1<<20)
		for i := range 3000 {
			name := "large"
			if i < beside {
				name = fmt.Sprint("beside ", i)
			}
			if err := b.Add(0, GroupOf(name), fmt.Appendf(nil, "%s/%d/%01000d", name, i, 0)); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Settle(); err != nil {
			t.Fatal(err)
		}
		large, groups := 0, 0
		for frames, err := range b.Groups(0) {
			if err != nil {
				t.Fatal(err)
			}
			groups++
			for range 2 {
				n := 0
				for f, err := range frames.All() {
					if want := fmt.Sprintf("/%d/", beside+n); err != nil || frames.Large() && !strings.Contains(string(f), want) {
						t.Fatal(err, string(f[:20]), want)
					}
					n++
				}
				if frames.Large() {
					large += n
				}
			}
			for range frames.All() {
				break
			}
		}
		if large != 2*(3000-beside) || groups != beside+1 {
			t.Errorf("%d frames of a large group, %d groups", large, groups)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestFilesGoOneAfterTheOther: buckets share files, and each file is removed with the last of its buckets.
func TestFilesGoOneAfterTheOther(t *testing.T) {
	dir := t.TempDir()
	b := New(dir, 2*bucketsAFile+1, 0)
	for range 2 {
		for i := range b.Len() {
			if err := b.Add(i, GroupOf(fmt.Sprint(i)), []byte("frame")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := b.Settle(); err != nil {
		t.Fatal(err)
	}
	for i := range b.Len() {
		for frames, err := range b.Groups(i) {
			n := 0
			for range frames.All() {
				n++
			}
			if err != nil || n != 2 {
				t.Errorf("bucket %d: %d frames, %v", i, n, err)
			}
		}
		left, _ := os.ReadDir(dir)
		if want := 3 - i/bucketsAFile; len(left) != want {
			t.Errorf("before bucket %d goes: %d files, want %d", i, len(left), want)
		}
		if err := b.Drop(i); err != nil {
			t.Error(err)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%d files left", len(left))
	}
}

func TestDamagedFile(t *testing.T) {
	b := New(t.TempDir(), 1, 0)
	defer func() { _ = b.Close() }()
	if err := b.Add(0, GroupOf("x"), []byte("frame")); err != nil {
		t.Fatal(err)
	}
	if err := b.files[0].file.Truncate(10); err != nil {
		t.Fatal(err)
	}
	for _, err := range b.Groups(0) {
		if err == nil {
			t.Error("no error")
		}
	}
}
