package memo

import "testing"

func TestMemoGrowsUpToItsBound(t *testing.T) {
	var m Memo[int]
	*m.At(1) = 7
	m.Added()
	if *m.At(1) != 7 {
		t.Error("what was put is not there")
	}
	for i := range 100_000 {
		*m.At(uint64(i)) = i
		m.Added()
	}
	if len(m.places) != manyPlaces {
		t.Errorf("%d places", len(m.places))
	}
	if got := *m.At(99_999); got != 99_999 {
		t.Errorf("the newest value is %d", got)
	}
}
