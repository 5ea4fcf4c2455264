package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestServe(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	from, to := io.Pipe()
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, "127.0.0.1:0", Config{}, to) }()
	line, err := bufio.NewReader(from).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var printed struct{ Endpoint string }
	if err := json.Unmarshal(line, &printed); err != nil || !strings.HasPrefix(printed.Endpoint, "http://127.0.0.1:") {
		t.Fatalf("printed %q", line)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, printed.Endpoint+"/_sandbox/start", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%v %v", answer, err)
	}
	_ = answer.Body.Close()
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func TestServeErrors(t *testing.T) {
	for name, test := range map[string]struct {
		addr string
		c    Config
	}{
		"address": {addr: "nowhere:x"},
		"objects": {addr: "127.0.0.1:0", c: Config{Objects: "no/such/directory"}},
		"node":    {addr: "127.0.0.1:0", c: Config{Nodes: []ManagedNode{{InstanceID: "x"}}}},
		"twice":   {addr: "127.0.0.1:0", c: Config{Nodes: []ManagedNode{{InstanceID: nodeA}, {InstanceID: nodeA}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := Serve(t.Context(), test.addr, test.c, io.Discard); err == nil || !strings.HasPrefix(err.Error(), "sandbox: ") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestClock(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s, err := New(Config{Clock: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	s.Advance(time.Hour)
	if got := s.Now(); !got.Equal(at.Add(time.Hour)) {
		t.Errorf("it is %v", got)
	}
}

func TestInventory(t *testing.T) {
	w := newWorld(t, Config{Clock: func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }})
	w.mustPut(nodeA, with("Custom:T", "h", entries("A=1 B=2", "A=2")))
	got, ok := w.sandbox.Inventory(nodeA, "Custom:T")
	want := Item{
		TypeName: "Custom:T", SchemaVersion: "1.0", CaptureTime: "2026-01-02T03:04:05Z", ContentHash: "h",
		Entries: []map[string]string{{"A": "1", "B": "2"}, {"A": "2"}}, Refreshed: w.sandbox.Now(),
	}
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Error(diff)
	}
	for _, at := range [][2]string{{nodeB, "Custom:T"}, {nodeA, "Custom:U"}, {nodeUnknown, "Custom:T"}} {
		if _, ok := w.sandbox.Inventory(at[0], at[1]); ok {
			t.Errorf("%v holds something", at)
		}
	}
}

func TestNodeChanges(t *testing.T) {
	w := newWorld(t, Config{})
	w.mustPut(nodeA, with("Custom:T", "", entries("A=1")))
	if err := w.sandbox.SetNodeState(nodeA, StateTerminated); err != nil {
		t.Fatal(err)
	}
	w.refused(w.put(nodeA, with("Custom:T", "", entries())), codeInstanceID)
	w.hook(http.MethodPost, "state", `{"node":"`+nodeA+`","state":"running"}`)
	w.holds(nodeA, "Custom:T", "A=1")
	if got := w.hook(http.MethodGet, "inventory?node="+nodeA+"&type=Custom:T", "")["item"]; got == nil {
		t.Error("the node holds nothing")
	}
	w.hook(http.MethodDelete, "nodes?node="+nodeA, "")
	if got := w.hook(http.MethodGet, "inventory?node="+nodeA+"&type=Custom:T", "")["item"]; got != nil {
		t.Errorf("it holds %v", got)
	}
	w.refused(w.put(nodeA, with("Custom:T", "", entries())), codeInstanceID)
	w.hook(http.MethodPost, "nodes", `[{"InstanceId":"`+nodeA+`"}]`)
	w.holds(nodeA, "Custom:T")
	if w.sandbox.SetNodeState(nodeA, "asleep") == nil || w.sandbox.SetNodeState(nodeUnknown, StateRunning) == nil {
		t.Error("a state or a node that there is not was taken")
	}
}

func TestUpdateNode(t *testing.T) {
	w := newWorld(t, Config{})
	w.mustPut(nodeB, with("Custom:T", "", entries("A=1")))
	err := w.sandbox.UpdateNode(nodeB, func(n *ManagedNode) { n.ComputerName, n.IPAddress, n.InstanceID = "new", "10.0.0.9", nodeA })
	if err != nil {
		t.Fatal(err)
	}
	w.holds(nodeB, "Custom:T", "A=1")
	w.gets(nodeB, "AWS:InstanceInformation.ComputerName Equal new", "AWS:InstanceInformation.IpAddress Equal 10.0.0.9",
		"AWS:InstanceInformation.PlatformType Equal Windows", "AWS:Network.IPV4 Equal 10.0.0.9")
	if w.sandbox.UpdateNode(nodeUnknown, func(*ManagedNode) {}) == nil || w.sandbox.UpdateNode(nodeA, func(n *ManagedNode) { n.State = "asleep" }) == nil {
		t.Error("a node or a state that there is not was taken")
	}
}

func TestNodeCalls(t *testing.T) {
	w := newWorld(t, Config{})
	w.mustPut(nodeA, with("Custom:T", "", entries("A=1")))
	w.list(nodeA, "Custom:T")
	w.schemas("")
	w.sandbox.Inject(Fault{Kind: FaultCutBefore})
	if w.put(nodeA, with("Custom:T", "", entries())) == nil {
		t.Error("a cut connection is an answer")
	}
	want := map[string]int{"PutInventory": 2, "ListInventoryEntries": 1}
	if diff := cmp.Diff(want, w.sandbox.NodeCalls(nodeA)); diff != "" {
		t.Error(diff)
	}
	if n := len(w.sandbox.NodeCalls(nodeB)); n != 0 {
		t.Errorf("%d operations", n)
	}
}

func TestSwitches(t *testing.T) {
	var all Switches
	for _, name := range SwitchNames() {
		before := all
		if err := all.Set(name, true); err != nil || all == before {
			t.Errorf("%s: %v", name, err)
		}
		if field := strings.ToUpper(name[:1]) + name[1:]; !strings.Contains(fmt.Sprintf("%+v", all), field+":true") {
			t.Errorf("%s is not its field's name", name)
		}
	}
	if err := all.Set("nothing", true); err == nil || !strings.Contains(err.Error(), "partialCommit") {
		t.Errorf("%v", err)
	}
	s, err := New(Config{Switches: Switches{PartialCommit: true}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Switches(); got != (Switches{PartialCommit: true}) {
		t.Errorf("%+v", got)
	}
	s.SetSwitches(all)
	if got := s.Switches(); got != all {
		t.Errorf("%+v", got)
	}
}

func TestHookErrors(t *testing.T) {
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, request := range []string{
		"GET nothing ", "PUT clock ", "POST clock {", `POST switches {"nothing":true}`, `POST switches {"partialCommit":1}`,
		`POST faults {"kind":"delay","probability":2}`, `POST clock {"advance":"soon"}`, `POST faults {"kind":"fire"}`, `POST faults `,
		`POST faults {"kind":"delay","delay":"x"}`, "POST nodes x", `POST state {"node":"i-01234567","state":"running"}`, "POST rate x",
	} {
		parts := strings.SplitN(request, " ", 3)
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), parts[0], HookPrefix+parts[1], strings.NewReader(parts[2])))
		if answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), `"error"`) {
			t.Errorf("%s: %d %s", request, answer.Code, answer.Body)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	w := newWorld(t, Config{})
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for k := range 20 {
				if err := w.put(nodeA, with(fmt.Sprintf("Custom:T%d", n), "", entries(fmt.Sprintf("A=%d", k)))); err != nil {
					t.Error(err)
				}
				w.sandbox.Advance(time.Second)
				w.sandbox.Counts()
				w.list(nodeA, "AWS:Tag")
			}
		})
	}
	all.Wait()
	if got := w.sandbox.Counts().Items.Full; got != 160 {
		t.Errorf("%d items", got)
	}
}

// FuzzRequest sends any body to any operation, twice, however the switches stand: the answer is always JSON, and the service's own
// failure is never one.
func FuzzRequest(f *testing.F) {
	for k, seed := range [][2]string{
		{"PutInventory", rawItem(`"Content":[{"A":"b"}]`)},
		{"PutInventory", rawItem(`"Context":{"ComplianceType":"x"}`)},
		{"PutInventory", rawItem(`"TypeName":"AWS:Service"`, `"ContentHash":"h"`, `"Content":[{"Name":"b"}]`)},
		{"ListInventoryEntries", listBody(`,"Filters":[{"Key":"A","Values":["1"]}]`)},
		{"GetInventory", `{"Filters":[{"Key":"AWS:Tag.Key","Values":["x"]}]}`},
		{"GetInventorySchema", `{"TypeName":"Custom:"}`},
		{"DescribeInstanceInformation", `{"Filters":[{"Key":"tag:x","Values":["y"]}],"NextToken":"eA"}`},
		{"DeleteInventory", `{"TypeName":"Custom:T","DryRun":true}`},
		{"DescribeInventoryDeletions", `{"MaxResults":1}`},
	} {
		f.Add(seed[0], seed[1], uint64(0))
		f.Add(seed[0], seed[1], uint64(0x5a5a5a5a)>>k)
	}
	f.Fuzz(func(t *testing.T, operation, body string, turned uint64) {
		c := Config{Nodes: worldNodes()}
		for k, name := range SwitchNames() {
			if err := c.Switches.Set(name, turned>>k&1 == 1); err != nil {
				t.Fatal(err)
			}
		}
		s, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
			r.Header.Set("X-Amz-Target", targetPrefix+operation)
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 any")
			answer := httptest.NewRecorder()
			s.ServeHTTP(answer, r)
			if answer.Code == http.StatusInternalServerError || !json.Valid(answer.Body.Bytes()) {
				t.Errorf("%d %s", answer.Code, answer.Body)
			}
		}
	})
}

// BenchmarkPut is one put of 7,000 entries of 20 attributes, just under the size limit.
func BenchmarkPut(b *testing.B) {
	s, err := New(Config{Nodes: []ManagedNode{{InstanceID: nodeA}}})
	if err != nil {
		b.Fatal(err)
	}
	entry := []string{}
	for k := range 20 {
		entry = append(entry, fmt.Sprintf(`"%c":""`, 'A'+k))
	}
	content := strings.TrimSuffix(strings.Repeat("{"+strings.Join(entry, ",")+"},", 7000), ",")
	body := rawItem(`"Content":[` + content + `]`)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		s.Advance(day)
		r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Amz-Target", targetPrefix+"PutInventory")
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 any")
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, r)
		if answer.Code != http.StatusOK {
			b.Fatal(answer.Body)
		}
	}
}

// BenchmarkSmallPut is one put of three items of five entries, as a client puts in the process: what a simulator does all the time.
func BenchmarkSmallPut(b *testing.B) {
	s, err := New(Config{Nodes: []ManagedNode{{InstanceID: nodeA}}})
	if err != nil {
		b.Fatal(err)
	}
	transport := s.Transport()
	var items []string
	for _, name := range []string{"Custom:A", "Custom:B", "Custom:C"} {
		var list []string
		for k := range 5 {
			list = append(list, fmt.Sprintf(`{"Name":"package-%d","Version":"1.%d.0","Source":"scan","Severity":"HIGH"}`, k, k))
		}
		items = append(items, fmt.Sprintf(`{"TypeName":%q,"SchemaVersion":"1.0","CaptureTime":"2026-01-02T03:04:05Z","Content":[%s]}`, name, strings.Join(list, ",")))
	}
	body := fmt.Sprintf(`{"InstanceId":%q,"Items":[%s]}`, nodeA, strings.Join(items, ","))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if n%1000 == 0 {
			s.Advance(day)
		}
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "http://sandbox.invalid/", strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("X-Amz-Target", targetPrefix+"PutInventory")
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 any")
		answer, err := transport.RoundTrip(r)
		if err != nil || answer.StatusCode != http.StatusOK {
			b.Fatal(answer, err)
		}
		_ = answer.Body.Close()
	}
}
