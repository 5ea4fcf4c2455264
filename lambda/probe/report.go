package probe

import (
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
)

// finding is what was found out about a question: an outcome, or another answer in words.
type finding struct {
	outcome int // -1: another answer, or none
	other   string
	open    bool // it was not found out; other is why
}

func (r *run) answer(id string, outcome int) { r.found[id] = finding{outcome: outcome} }

// odd notes an answer that is none of the question's outcomes.
func (r *run) odd(id, text string) {
	if text == "" {
		text = "accepted"
	}
	r.found[id] = finding{outcome: -1, other: text}
}

// open notes why a question stays open.
func (r *run) open(id, why string) { r.found[id] = finding{outcome: -1, other: why, open: true} }

// byCode answers a question by the code of an answer: the place of the first outcome's codes, then of the second's.
func (r *run) byCode(id, code string, outcomes ...[]string) {
	for n, codes := range outcomes {
		if slices.Contains(codes, code) {
			r.answer(id, n)
			return
		}
	}
	if r.class == fault.Denied || r.class == fault.Retry || r.class == fault.Throttled {
		r.open(id, "the call failed: "+code)
		return
	}
	r.odd(id, code)
}

// Answer is what was found out about one question.
type Answer struct {
	ID       string `json:"id"`
	Section  string `json:"section"`
	Question string `json:"question"`
	Stated   string `json:"stated"`
	Found    string `json:"found,omitempty"` // "": it stays open
	Open     string `json:"open,omitempty"`  // why
	Agrees   bool   `json:"agrees"`
}

// Rate is at which rate calls were throttled.
type Rate struct {
	Calls     int     `json:"calls"` // that were accepted before the first that was throttled
	PerSecond float64 `json:"perSecond"`
	Reads     bool    `json:"reads"` // reads were throttled at the same moment
}

// Report is what a probe found out. Its switches are those of the sandbox that make it answer in the same way.
type Report struct {
	Node     string          `json:"node"`
	Type     string          `json:"type"`
	Calls    int             `json:"calls"`
	Switches map[string]bool `json:"switches"`
	Rate     *Rate           `json:"rate,omitempty"`
	Answers  []Answer        `json:"answers"`
	Left     Left            `json:"left"`
}

func (r *run) report(left Left) Report {
	report := Report{Node: r.Node, Type: r.Type, Calls: r.calls, Switches: map[string]bool{}, Rate: r.rate, Left: left}
	for _, q := range questions() {
		a := Answer{ID: q.id, Section: q.section, Question: q.text, Stated: q.outcomes[0].text}
		f, asked := r.found[q.id]
		switch {
		case !asked:
			a.Open = "not asked"
		case f.open:
			a.Open = f.other
		case f.outcome < 0:
			a.Found = f.other
		default:
			a.Found, a.Agrees = q.outcomes[f.outcome].text, f.outcome == 0
			maps.Copy(report.Switches, q.outcomes[f.outcome].switches)
		}
		report.Answers = append(report.Answers, a)
	}
	return report
}
