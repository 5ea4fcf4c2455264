package simulation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// errCut is a connection that ends without an answer.
var errCut = errors.New("connection reset by peer")

// Do is the service of an account as a process reaches it, without a network: it makes the leg an HTTP client of the SDK.
func (l *leg) Do(req *http.Request) (res *http.Response, err error) {
	p := l.process
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	c := call{operation: strings.TrimPrefix(req.Header.Get("X-Amz-Target"), "AmazonSSM."), request: req, body: body, target: l.target}
	if err := json.Unmarshal(body, &c.asked); err != nil {
		return nil, err
	}
	err = l.outside(req.Context(), c.String(), func() (err error) {
		if res, err = l.isRefused(&c); res != nil || err != nil { //nolint:bodyclose // it is in memory
			return err
		}
		res, err = p.asks(&c) //nolint:bodyclose // it is in memory
		return err
	})
	if err != nil {
		return nil, err
	}
	return res, nil
}

// call is one request to the service.
type call struct {
	operation string
	target    int // the account that is called
	request   *http.Request
	body      []byte
	asked     struct {
		InstanceID string `json:"InstanceId"`
		NextToken  string
		Filters    []any
		Items      []struct {
			TypeName string
			Content  []map[string]string
		}
	}
}

func (c *call) String() string {
	text := c.operation
	if c.target > 0 {
		text += fmt.Sprint(" of target ", c.target)
	}
	if c.asked.InstanceID != "" {
		text += " " + c.asked.InstanceID
	}
	for _, i := range c.asked.Items {
		text += " " + strings.TrimPrefix(i.TypeName, "Custom:Sim")
		if i.Content == nil {
			text += "=hash"
			continue
		}
		text += "["
		for _, e := range i.Content {
			entry := entryText(i.TypeName, e)
			text += " " + entry[:min(len(entry), 40)] + ";"
		}
		text += " ]"
	}
	return text
}

// asks hands a call to the service, and keeps account of what the oracle has to know of it.
func (p *process) asks(c *call) (*http.Response, error) {
	w := p.world
	w.isOf(c)
	if c.operation == "PutInventory" {
		return p.puts(c)
	}
	if c.target == 0 && c.operation == "DescribeInstanceInformation" && c.asked.NextToken == "" {
		p.beginsReading()
	}
	res, err := w.serve(context.WithoutCancel(c.request.Context()), c)
	answered := err == nil && res.StatusCode == http.StatusOK
	if answered && c.target == 0 && c.operation == "GetInventory" && p.reading && !bytes.Contains(res.body, []byte(`"NextToken"`)) {
		p.names = w.fleet.identifiers()
		p.stopsReading()
	}
	return res.answer(), err
}

// puts is a call of PutInventory: it must have a reason, it may be lost, and it may come to effect when nobody waits for it any more.
func (p *process) puts(c *call) (*http.Response, error) {
	w, node := p.world, c.asked.InstanceID
	if d := w.lateness(); d > 0 {
		w.tell("service", "keeps the put for "+d.String())
		w.doubt(node, 1)
		w.later(d, c)
		return nil, errCut
	}
	same := w.holdsAlready(c)
	res, err := w.serve(context.WithoutCancel(c.request.Context()), c)
	switch {
	case err != nil || res.StatusCode != http.StatusOK:
		w.doubt(node, 1)
		w.refused(node, res)
	case same:
		w.needless(p, c)
	}
	return res.answer(), err
}

// serve hands a call to the sandbox, and reads the answer.
func (w *world) serve(ctx context.Context, c *call) (*reply, error) {
	req := c.request.Clone(ctx)
	req.Body = io.NopCloser(bytes.NewReader(c.body))
	res, err := w.boxes[c.target].Transport().RoundTrip(req) //nolint:bodyclose // it is in memory
	if err != nil {
		return nil, err
	}
	res.Header.Del("X-Amzn-Requestid") // it is another one at each run
	body, err := io.ReadAll(res.Body)
	return &reply{res, body}, err
}

// reply is an answer of the service, whose body was read.
type reply struct {
	*http.Response
	body []byte
}

func (r *reply) answer() *http.Response {
	if r == nil {
		return nil
	}
	r.Body = io.NopCloser(bytes.NewReader(r.body))
	return r.Response
}

// later brings a put to effect after a while.
func (w *world) later(d time.Duration, c *call) {
	w.actors.Go(func() {
		time.Sleep(d)
		w.tell("service", "puts late: "+c.String())
		w.lateAt(c.asked.InstanceID)
		_, _ = w.serve(context.Background(), c) // nobody waits for the answer
	})
}
