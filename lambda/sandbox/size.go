package sandbox

import (
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
)

// The size limits in KB. That of a call is 1 MB.
const (
	maxItemKB       = 1024
	maxDayKB        = 5000
	maxComplianceKB = 800
)

// kilobyte is the unit of the size limits; a megabyte is its square.
func (w Switches) kilobyte() int {
	if w.SizesDecimal {
		return 1000
	}
	return 1024
}

// sizeOf is what an item counts against the size limits: its content and context, nothing where it only confirms a hash.
func (w Switches) sizeOf(i *putItem) int {
	n := 0
	if w.SizesOfItems {
		n += w.frameSize(i)
	}
	if i.content == nil {
		return n
	}
	n += w.contentSize(i.content)
	if len(i.Context) > 0 {
		n += w.contentSize(contentOf([]map[string]string{i.Context}))
		if !w.SizesOfPairs {
			n -= len("[]")
		}
	}
	return n
}

func (w Switches) contentSize(c *content) int {
	n := c.bytes()
	if w.SizesOfPairs {
		n = c.textBytes
	}
	if w.SizesInCharacters {
		n -= len(c.raw) - utf8.RuneCount(c.raw) // continuation bytes of UTF-8: JSON escapes none of them
	}
	return n
}

// frameSize is the size of an item's JSON without what content and context add to it.
func (w Switches) frameSize(i *putItem) int {
	frame, _ := json.Marshal(struct { // strings
		TypeName, SchemaVersion, CaptureTime string
		ContentHash                          string `json:",omitempty"`
	}{text(i.TypeName), text(i.SchemaVersion), text(i.CaptureTime), text(i.ContentHash)})
	n := len(frame)
	if w.SizesInCharacters {
		n = utf8.RuneCount(frame)
	}
	if i.content != nil {
		n += len(`,"Content":`)
	}
	if len(i.Context) > 0 {
		n += len(`,"Context":`)
	}
	return n
}

// checkItemSize judges an item by itself.
func (p *putCheck) checkItemSize(i *putItem) error {
	w := p.sandbox.switches
	if w.sizeOf(i) > maxItemKB*w.kilobyte() {
		return &apiError{code: codeItemSize, message: "The item is over 1024 KB.", typeName: text(i.TypeName)}
	}
	return nil
}

// checkCallSize judges items together, as a call and as a part of the node's day.
func (p *putCheck) checkCallSize(items []*putItem) error {
	w := p.sandbox.switches
	sum := 0
	for _, i := range items {
		sum += w.sizeOf(i)
	}
	day := p.sandbox.dayBytes[nodeDay{p.node.InstanceID, p.now.Format(time.DateOnly)}]
	switch {
	case sum > w.kilobyte()*w.kilobyte():
		return &apiError{code: codeTotalSize, message: "The call is over 1 MB."}
	case sum > 0 && day+int64(sum) > int64(maxDayKB*w.kilobyte()):
		return w.dayQuotaError(text(items[0].TypeName))
	}
	return nil
}

func (w Switches) dayQuotaError(typeName string) error {
	const message = "The node's 5,000 KB of this day are used up."
	switch {
	case w.DayQuotaIsThrottling:
		return errThrottled()
	case w.DayQuotaIsItemSize:
		return &apiError{code: codeItemSize, message: message, typeName: typeName}
	}
	return &apiError{code: codeTotalSize, message: message}
}

// checkSizes judges the sizes of all items and of the call, before anything else.
func (p *putCheck) checkSizes(items []*putItem) error {
	for _, i := range items {
		if err := p.checkItemSize(i); err != nil {
			return err
		}
	}
	return p.checkCallSize(items)
}

// totals judges what the call changes as a whole.
func (p *putCheck) totals() error {
	if err := p.checkCallSize(p.accepted); err != nil {
		return err
	}
	if p.complianceBytes() > maxComplianceKB*p.sandbox.switches.kilobyte() {
		return &apiError{code: codeTotalSize, message: "The node's AWS:ComplianceItem is over 800 KB."}
	}
	return nil
}
