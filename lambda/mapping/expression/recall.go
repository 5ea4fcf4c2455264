package expression

import (
	"encoding/binary"
	"strings"
)

// running is an expression that is run again and again, with the results that it had. In most documents an expression meets the same values
// again: a kind, a port, a state.
type running struct {
	environment

	results      map[string]any // by the values that it was run over
	key          []byte         // those of this run; none where its result is not remembered
	asked, found int
}

// Bounds of what is remembered of an expression. One that is as good as never found is not looked for any more.
const (
	maxResults = 512
	maxKey     = 256 // bytes, also of a result
	trial      = 128 // how often it is asked for before that is decided
)

// recall returns the result that the expression had over the same values.
func (r *running) recall(c *Code) (result any, known bool) {
	r.key = r.key[:0]
	if c.Records || r.asked >= trial && r.found < r.asked/2 {
		return nil, false
	}
	r.asked++
	r.appendKey(c)
	if len(r.key) > maxKey {
		r.key = r.key[:0]
		return nil, false
	}
	result, known = r.results[string(r.key)]
	if known {
		r.found++
	}
	return result, known
}

func (r *running) appendKey(c *Code) {
	for i, path := range c.Texts {
		if path != "" {
			r.key = append(binary.AppendUvarint(r.key, uint64(len(r.Texts[i]))), r.Texts[i]...)
		}
	}
	for _, list := range r.Lists {
		r.key = binary.AppendUvarint(r.key, uint64(len(list)))
		for _, text := range list {
			r.key = append(binary.AppendUvarint(r.key, uint64(len(text))), text...)
		}
	}
	for _, is := range r.Present {
		if is {
			r.key = append(r.key, 1)
		} else {
			r.key = append(r.key, 0)
		}
	}
}

// remember keeps a result for longer than the values are valid.
func (r *running) remember(result any) {
	if len(r.key) == 0 {
		return
	}
	switch v := result.(type) {
	case string:
		if len(v) > maxKey {
			return
		}
		result = strings.Clone(v)
	case bool, int, float64:
	default:
		return // a list may be one of the values
	}
	if r.results == nil || len(r.results) >= maxResults {
		r.results = make(map[string]any)
	}
	r.results[string(r.key)] = result
}
