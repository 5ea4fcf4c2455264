package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"iter"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

const (
	defaultPage = 50
	shortPage   = 10 // of ShortPages
)

// page is the size of a page where a request does not name one.
func (w Switches) page() int {
	if w.ShortPages {
		return shortPage
	}
	return defaultPage
}

// paging is the part of an input that asks for one page of a list.
type paging struct {
	MaxResults *int64
	NextToken  *string
}

// A page token is opaque to clients: it holds the question that it belongs to and the name of the last element of the page, so that a
// token of another question is refused.

// question is a short name of an operation with its arguments.
func question(operation string, arguments ...any) string {
	body, _ := json.Marshal(arguments, json.Deterministic(true)) // plain strings and lists of them
	sum := sha256.Sum256(body)
	return operation + "." + hex.EncodeToString(sum[:8])
}

// tokenAfter is the token for what comes after the element named last.
func tokenAfter(question, last string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(question + "/" + last))
}

// after returns the name that the token was made of, "" without a token. A token of another question is InvalidNextToken.
func (p paging) after(question string) (last string, err error) {
	if text(p.NextToken) == "" {
		return "", nil
	}
	plain, err := base64.RawURLEncoding.DecodeString(*p.NextToken)
	last, ok := strings.CutPrefix(string(plain), question+"/")
	if err != nil || !ok {
		return "", &apiError{code: codeNextToken, message: "The token is not one that this request was answered with."}
	}
	return last, nil
}

// pageOf returns the page that p asks for, and the token of the next one, "" at the end. Elements yields what comes after the element
// named last, each element after its name. Usual is the size of a page where p names none.
func pageOf[T any](
	p paging, question string, usual int, elements func(last string) iter.Seq2[string, T],
) (page []T, next string, err error) {
	last, err := p.after(question)
	if err != nil {
		return nil, "", err
	}
	most := usual
	if p.MaxResults != nil {
		most = int(*p.MaxResults)
	}
	page = []T{} // an empty list on the wire, not null
	for name, element := range elements(last) {
		if len(page) == most {
			return page, tokenAfter(question, last), nil
		}
		page, last = append(page, element), name
	}
	return page, "", nil
}

// nodesAfter yields the nodes that are wanted, by ID, from the one after last on.
func (s *Sandbox) nodesAfter(last string, wanted func(*registeredNode) bool) iter.Seq2[string, *registeredNode] {
	return func(yield func(string, *registeredNode) bool) {
		ids := s.nodeIDs()
		begin, found := slices.BinarySearch(ids, last)
		if found {
			begin++
		}
		for _, id := range ids[begin:] {
			if n := s.nodes[id]; wanted(n) && !yield(id, n) {
				return
			}
		}
	}
}
