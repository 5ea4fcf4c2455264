package keyvalue

import (
	"bytes"
	"encoding/base64"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// flush makes marks of the key that was held, now that its value is whole.
func (k *reader) flush() error {
	if !k.pending {
		return nil
	}
	k.pending = false
	if k.section != nil && k.section(k.key) {
		if err := k.openSection(); err != nil {
			return err
		}
	}
	if k.skip {
		return nil
	}
	value, err := k.decoded()
	if err != nil || len(value) == 0 {
		return err
	}
	texts := scan.TextsOf(k.v)
	action, err := texts.OpenText(k.key, scan.Text, &k.at)
	if err != nil || action == scan.Skip {
		return err
	}
	return texts.CloseText(value)
}

func (k *reader) openSection() error {
	if err := k.closeSection(); err != nil {
		return err
	}
	k.sections++
	if k.sections > k.l.Records {
		return &scan.SyntaxError{Place: k.at, Msg: fmt.Sprintf("more than %d objects", k.l.Records), Err: scan.ErrLimit, Limit: limit.Records}
	}
	action, err := k.v.Open(k.key, scan.Object, k.at)
	k.inside, k.skip = action == scan.Enter, action == scan.Skip
	return err
}

func (k *reader) closeSection() error {
	if !k.inside {
		return nil
	}
	k.inside = false
	return k.v.Close()
}

// decoded returns the value that was held. What a URL names is not loaded, and is no value.
func (k *reader) decoded() ([]byte, error) {
	value := bytes.TrimSpace(k.value)
	switch {
	case !k.ldif:
		return value, nil
	case bytes.HasPrefix(value, []byte{'<'}):
		return nil, nil
	}
	encoded, ok := bytes.CutPrefix(value, []byte{':'})
	if !ok {
		return value, nil
	}
	plain, err := base64.StdEncoding.AppendDecode(nil, bytes.TrimSpace(encoded))
	if err != nil {
		return nil, &scan.SyntaxError{Place: k.at, Msg: "the value of this key is not base64, as its two colons say"}
	}
	return bytes.TrimSpace(bytes.ToValidUTF8(plain, []byte("\uFFFD"))), nil
}

// Keys returns the keys at the beginning of key-value text, each once, in their order. The head may be cut anywhere. Of text of another
// kind it returns few or none.
func Keys(head []byte) []string {
	c := &keyCollector{known: map[string]bool{}}
	l := scan.Limits{}.OrDefaults()
	k := &reader{w: scan.NewWindow(bytes.NewReader(head), l.Record), v: c, l: l}
	_ = k.read() // why it ends is reported when the document is read
	_ = k.flush()
	return c.keys
}

// maxKeys is how many different keys are looked at.
const maxKeys = 1000

type keyCollector struct {
	scan.Passing
	known map[string]bool
	keys  []string
}

// Open passes over each value.
func (c *keyCollector) Open(name []byte, _ scan.Kind, _ scan.Place) (scan.Action, error) {
	if !c.known[string(name)] && len(c.keys) < maxKeys {
		c.known[string(name)] = true
		c.keys = append(c.keys, string(name))
	}
	return scan.Skip, nil
}
