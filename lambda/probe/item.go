package probe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// attribute is the one of narrow content.
const attribute = "A"

const (
	mostReads = 8
	settles   = 2 * time.Second // by then a put can be read
	usual     = 50              // entries of a page, as the contract states it
	few       = 10
)

func parse(capture string) (time.Time, error) { return time.Parse(wireTime, capture) }

// sixty is content in an order of its own, with a duplicate.
func sixty() []map[string]string {
	content := make([]map[string]string, 60)
	for n := range content {
		content[n] = map[string]string{attribute: fmt.Sprintf("%02d", (97-n)%60)}
	}
	content[2] = content[0]
	return content
}

// first puts the first entries, and waits until they can be read.
func (r *run) first(ctx context.Context) error {
	content := sixty()
	i := r.item(narrow, "first", content)
	code, err := r.put(ctx, i)
	if err != nil {
		return err
	}
	if r.Offline == r.Node {
		r.byCode("refuseConnectionLost", code, []string{accepted}, []string{noNode})
	}
	if code != accepted {
		return fmt.Errorf("a put of the type is refused (%s): nothing more can be found out", code)
	}
	r.hash = "first"
	p, err := r.waitFor(ctx, *i.CaptureTime)
	if err != nil {
		return err
	}
	r.answerPage(p, content)
	return nil
}

// waitFor reads until a put is seen, and notes how long that took.
func (r *run) waitFor(ctx context.Context, capture string) (page, error) {
	began := r.Now()
	for reads, pause := 1, 125*time.Millisecond; ; reads, pause = reads+1, 2*pause {
		p, err := r.seen(ctx)
		switch {
		case err != nil:
			return p, err
		case p.capture == capture && reads == 1:
			r.answer(seenAfter, 0)
			return p, nil
		case p.capture == capture:
			r.delay = r.Now().Sub(began)
			r.odd(seenAfter, "after "+r.delay.Round(10*time.Millisecond).String())
			return p, nil
		case reads == mostReads:
			return p, errors.New("what was put cannot be read after half a minute: nothing more can be found out")
		}
		if err := r.Sleep(ctx, pause); err != nil {
			return p, err
		}
	}
}

// seen lists the type, of which the node may hold nothing yet.
func (r *run) seen(ctx context.Context) (page, error) {
	p, code, err := r.list(ctx, r.Type)
	if err == nil && code != accepted && code != typeName {
		err = fmt.Errorf("what was put cannot be read (%s): nothing more can be found out", code)
	}
	return p, err
}

func (r *run) answerPage(p page, content []map[string]string) {
	switch n := len(p.entries); n {
	case usual:
		r.answer("shortPages", 0)
	case few:
		r.answer("shortPages", 1)
	default:
		r.odd("shortPages", fmt.Sprintf("%d entries", n))
	}
	same := func(a, b map[string]string) bool { return a[attribute] == b[attribute] }
	if n := min(len(p.entries), len(content)); n > 0 && slices.EqualFunc(p.entries[:n], content[:n], same) {
		r.answer(keepsOrder, 0)
	} else {
		r.answer(keepsOrder, 1)
	}
}

// again puts what is like what is stored, and reads which of it stays.
func (r *run) again(ctx context.Context) error {
	for _, part := range []func(context.Context) error{r.partly, r.sameHash, r.hashOnly, r.earlier} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// holds reports whether the page is one entry of that value.
func (p page) holds(value string) bool {
	return len(p.entries) == 1 && p.entries[0][attribute] == value
}

// partly puts a good item and one that is refused.
func (r *run) partly(ctx context.Context) error {
	const id = "partialCommit"
	good := r.one(narrow, "partly", "partly")
	code, err := r.put(ctx, good, r.nothing())
	if err != nil {
		return err
	}
	p, err := r.read(ctx, *good.CaptureTime)
	if err != nil {
		return err
	}
	stored := p.holds("partly")
	if stored {
		r.hash = "partly"
	}
	switch {
	case code == accepted:
		r.odd(id, "the call was not refused")
	case stored:
		r.answer(id, 1)
	default:
		r.answer(id, 0)
	}
	return nil
}

// sameHash puts other content with the stored hash, under another version; where that is stored, under the same version, too.
func (r *run) sameHash(ctx context.Context) error {
	const id = "versionChangesContent"
	i := r.one(other, r.hash, "version")
	code, err := r.put(ctx, i)
	if err != nil {
		return err
	}
	p, err := r.read(ctx, *i.CaptureTime)
	switch {
	case err != nil:
		return err
	case code != accepted:
		r.odd(id, code)
		return nil
	case !p.holds("version"):
		r.answer(id, 0)
		r.refreshed(refreshes, p, *i.CaptureTime)
		return nil
	}
	r.answer(id, 1)
	i = r.one(other, r.hash, "hash")
	if code, err = r.put(ctx, i); err != nil || code != accepted {
		r.odd(refreshes, code)
		return err
	}
	p, err = r.read(ctx, *i.CaptureTime)
	if p.holds("hash") {
		r.odd(refreshes, "stored in place of the other content")
	} else {
		r.refreshed(refreshes, p, *i.CaptureTime)
	}
	return err
}

// refreshed answers whether the capture time is that of the last put.
func (r *run) refreshed(id string, p page, capture string) {
	if p.capture == capture {
		r.answer(id, 0)
	} else {
		r.answer(id, 1)
	}
}

// hashOnly confirms the stored hash.
func (r *run) hashOnly(ctx context.Context) error {
	i := r.item(narrow, r.hash, nil)
	code, err := r.put(ctx, i)
	if err != nil {
		return err
	}
	if code != accepted {
		r.odd(confirms, code)
		return nil
	}
	p, err := r.read(ctx, *i.CaptureTime)
	r.refreshed(confirms, p, *i.CaptureTime)
	return err
}

// earlier puts other content with a capture time before the stored one.
func (r *run) earlier(ctx context.Context) error {
	const id = "ignoreOlderCapture"
	i := r.one(narrow, "earlier", "earlier")
	at := r.capture.AddDate(0, 0, -1).Format(wireTime)
	i.CaptureTime = &at
	code, err := r.put(ctx, i)
	if err != nil {
		return err
	}
	p, err := r.read(ctx, at)
	switch {
	case code != accepted:
		r.odd(id, code)
	case p.holds("earlier"):
		r.answer(id, 0)
	default:
		r.answer(id, 1)
	}
	return err
}

// rules puts what breaks a rule of items.
func (r *run) rules(ctx context.Context) error {
	february := r.one(narrow, "", "february")
	day := fmt.Sprintf("%d-02-31T00:00:00Z", r.capture.Year()-1)
	february.CaptureTime = &day
	content, size := []string{itemContent, validation}, []string{itemSize, totalSize}
	clash := r.item(narrow, "", []map[string]string{{attribute: "1"}, {strings.ToLower(attribute): "2"}})
	crowd := r.item(crowded, "", crowd())
	further := r.item(narrow, "", []map[string]string{{attribute: "1", "B": "2"}})
	long := r.one(narrow, "", strings.Repeat("ä", 2049))
	large := r.item(wide, "", append(wideOf(1_250_000, false), map[string]string{strings.ToLower(attribute): "2"}))
	for _, c := range []ruleCase{
		{"refuseNewAttributes", items{further}, [][]string{{accepted}, {itemContent}}},
		{"attributeCaseIsValidation", items{clash}, [][]string{{itemContent}, {validation}}},
		{"tooManyAttributesIsSchemaCount", items{crowd}, [][]string{{itemContent}, {schemaCount}}},
		{"lengthsInBytes", items{long}, [][]string{{accepted}, {validation}}},
		{"checkCalendar", items{february}, [][]string{{accepted}, {validation}}},
		{"acceptTypeTwice", items{r.one(narrow, "", "one"), r.one(narrow, "", "two")}, [][]string{{validation}, {accepted}}},
		{"sizesBeforeItems", items{large}, [][]string{content, size}},
	} {
		code, err := r.put(ctx, c.items...)
		if err != nil {
			return err
		}
		r.byCode(c.id, code, c.outcomes...)
	}
	return nil
}
