package sandbox

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// HookPrefix begins the paths of the sandbox's own requests. No bucket's name can: an underscore is not allowed in one.
const HookPrefix = "/_sandbox/"

// serveHook answers the sandbox's own requests, which need no signature:
//
//	GET  start                        {"start":"…","now":"…"}
//	GET  counts[?node=…]              Counts, and with a node its "days", bytes by day, and its "nodeCalls"
//	GET  events                       {"events":[…]}
//	GET  inventory?node=…&type=…      {"item":Item}, null where the node holds none
//	GET  clock                        {"now":"…"}
//	POST clock    {"advance":"24h"}   {"now":"…"}
//	GET  switches                     Switches
//	POST switches {"partialCommit":true,…}   Switches as they stand then; others stay
//	POST faults   a Fault or a list   {}
//	DELETE faults                     {}
//	POST rate     {"perSecond","burst"}   {}
//	POST nodes    as ParseNodes reads     {}; a known node gets new names, addresses and state, and keeps its inventory
//	DELETE nodes?node=…                   {}
//	POST state    {"node","state"}        {}
func (s *Sandbox) serveHook(w http.ResponseWriter, r *http.Request) {
	answer, err := s.hook(r)
	AnswerHook(w, answer, err)
}

// AnswerHook answers one of the sandbox's own requests.
func AnswerHook(w http.ResponseWriter, answer any, err error) {
	status := http.StatusOK
	if err != nil {
		status, answer = http.StatusBadRequest, map[string]string{"error": err.Error()}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // a client that closed the connection needs no answer
}

func (s *Sandbox) hook(r *http.Request) (any, error) {
	done := struct{}{}
	switch r.Method + " " + r.URL.Path[len(HookPrefix):] {
	case "GET start":
		return map[string]string{"start": s.StartID(), "now": s.Now().Format(time.RFC3339Nano)}, nil
	case "GET counts":
		return s.hookCounts(r), nil
	case "GET events":
		return map[string]any{"events": append([]Event{}, s.Events()...)}, nil
	case "GET inventory":
		return s.hookInventory(r), nil
	case "GET clock":
		return s.hookNow(), nil
	case "GET switches":
		return s.Switches(), nil
	case "POST switches":
		return s.hookSwitches(r)
	case "POST clock":
		return s.hookClock(r)
	case "POST faults":
		return done, s.hookFaults(r)
	case "DELETE faults":
		s.ClearFaults()
		return done, nil
	case "POST rate":
		var rate struct {
			PerSecond float64
			Burst     int
		}
		err := hookBody(r, &rate)
		s.SetRate(rate.PerSecond, rate.Burst)
		return done, err
	case "POST nodes":
		return done, s.hookNodes(r)
	case "DELETE nodes":
		s.RemoveNode(r.URL.Query().Get("node"))
		return done, nil
	case "POST state":
		var state struct{ Node, State string }
		return done, errors.Join(hookBody(r, &state), s.SetNodeState(state.Node, state.State))
	}
	return nil, errors.New("sandbox: there is no such hook, or not with this method")
}

func hookBody(r *http.Request, into any) error {
	return json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxRequestBytes)).Decode(into)
}

func (s *Sandbox) hookCounts(r *http.Request) any {
	node := r.URL.Query().Get("node")
	if node == "" {
		return s.Counts()
	}
	return struct {
		Counts
		Days  map[string]int64 `json:"days"`
		Calls map[string]int   `json:"nodeCalls"`
	}{s.Counts(), s.DayBytes(node), s.NodeCalls(node)}
}

func (s *Sandbox) hookInventory(r *http.Request) any {
	query := r.URL.Query()
	found := map[string]*Item{"item": nil}
	if i, ok := s.Inventory(query.Get("node"), query.Get("type")); ok {
		found["item"] = &i
	}
	return found
}

func (s *Sandbox) hookClock(r *http.Request) (any, error) {
	var move struct{ Advance string }
	if err := hookBody(r, &move); err != nil {
		return nil, err
	}
	d, err := time.ParseDuration(move.Advance)
	if err != nil {
		return nil, err
	}
	s.Advance(d)
	return s.hookNow(), nil
}

func (s *Sandbox) hookNow() any { return map[string]string{"now": s.Now().Format(time.RFC3339)} }

func (s *Sandbox) hookSwitches(r *http.Request) (any, error) {
	var given map[string]bool
	if err := hookBody(r, &given); err != nil {
		return nil, err
	}
	to := s.Switches()
	for name, on := range given {
		if err := to.Set(name, on); err != nil {
			return nil, err
		}
	}
	s.SetSwitches(to)
	return to, nil
}

func (s *Sandbox) hookFaults(r *http.Request) error {
	var body json.RawMessage
	if err := hookBody(r, &body); err != nil {
		return err
	}
	list := []Fault{{}}
	into := any(&list[0])
	if body[0] == '[' {
		into = &list
	}
	if err := json.Unmarshal(body, into); err != nil {
		return err
	}
	for _, f := range list {
		s.Inject(f)
	}
	return nil
}

func (s *Sandbox) hookNodes(r *http.Request) error {
	nodes, err := ParseNodes(http.MaxBytesReader(nil, r.Body, maxRequestBytes))
	if err != nil {
		return err
	}
	for _, n := range nodes {
		if err := s.AddNode(n); err != nil {
			return err
		}
	}
	return nil
}
