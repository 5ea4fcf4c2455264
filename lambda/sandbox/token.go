package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// A page token is opaque to clients: it names the question that it goes on with and the last thing told, so that a token of another
// question is refused.

// question is a short name of an operation with its arguments.
func question(operation string, arguments ...any) string {
	body, _ := json.Marshal(arguments, json.Deterministic(true)) // plain strings and lists of them
	sum := sha256.Sum256(body)
	return operation + "." + hex.EncodeToString(sum[:8])
}

// tokenAfter is the token for what comes after the one that is named last.
func tokenAfter(question, last string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(question + "/" + last))
}

// afterToken is what tokenAfter was given, "" without a token. A token of another question is InvalidNextToken.
func afterToken(question string, token *string) (last string, err error) {
	if text(token) == "" {
		return "", nil
	}
	plain, err := base64.RawURLEncoding.DecodeString(*token)
	last, ok := strings.CutPrefix(string(plain), question+"/")
	if err != nil || !ok {
		return "", &apiError{code: codeNextToken, message: "The token is not one that this request was answered with."}
	}
	return last, nil
}

// pageOf cuts the page after last out of a sorted list of names, and tells the token for the next one, "" at the end.
func pageOf(names []string, question, last string, most int) (page []string, next string) {
	begin := firstAfter(names, last)
	page = names[begin:min(begin+most, len(names))]
	if begin+most < len(names) {
		next = tokenAfter(question, page[len(page)-1])
	}
	return page, next
}

// firstAfter is where in a sorted list the first name after last stands.
func firstAfter(names []string, last string) int {
	i, found := slices.BinarySearch(names, last)
	if found {
		i++
	}
	return i
}

// pageOfNodes is pageOf for the IDs of the nodes that are wanted. It looks no further than the page needs.
func (s *Sandbox) pageOfNodes(question, last string, most int, wanted func(*registeredNode) bool) (page []*registeredNode, next string) {
	ids := s.nodeIDs()
	for _, id := range ids[firstAfter(ids, last):] {
		n := s.nodes[id]
		if !wanted(n) {
			continue
		}
		if len(page) == most {
			return page, tokenAfter(question, page[most-1].InstanceID)
		}
		page = append(page, n)
	}
	return page, ""
}
