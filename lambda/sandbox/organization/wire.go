package organization

import (
	"crypto/rand"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"
)

const (
	jsonContentType  = "application/x-amz-json-1.1"
	codeUnrecognized = "UnrecognizedClientException"
)

// messages are what the codes say that are answered for all operations.
var messages = map[string]string{
	codeUnrecognized:                      "The security token included in the request is invalid.",
	"ExpiredTokenException":               "The security token included in the request is expired",
	"AccessDeniedException":               "The caller is not authorized to perform the operation.",
	"MissingAuthenticationTokenException": "Missing Authentication Token",
	"InvalidAccessKeyId":                  "The AWS Access Key Id you provided does not exist in our records.",
	"ExpiredToken":                        "The provided token has expired.",
	"ParentNotFoundException":             "You provided a parent that is neither the root nor an organizational unit.",
	"AWSOrganizationsNotInUseException":   "The account is not a member of an organization.",
	"InvalidInputException":               "You provided a value that is none of the operation's.",
}

func writeJSONError(w http.ResponseWriter, code string) {
	body, _ := json.Marshal(map[string]string{"__type": code, "Message": messages[code]}) // strings
	w.Header().Set("Content-Type", jsonContentType)
	w.Header().Set("X-Amzn-Requestid", rand.Text())
	w.WriteHeader(statusOf(code))
	_, _ = w.Write(body) // a client that closed the connection needs no answer
}

// statusOf is the HTTP status of an error. XML's and JSON's services have the same for one code, but for what denies.
func statusOf(code string) int {
	switch {
	case strings.HasPrefix(code, "Internal"), strings.HasPrefix(code, "ServiceUnavailable"):
		return http.StatusInternalServerError
	case code == "AccessDenied", code == "ExpiredToken", code == "InvalidClientTokenId", code == "RegionDisabledException":
		return http.StatusForbidden
	}
	return http.StatusBadRequest
}

func writeXML(w http.ResponseWriter, status int, answer any) {
	body, err := xml.Marshal(answer)
	if err != nil {
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "text/xml")
	w.Header().Set("X-Amzn-Requestid", rand.Text())
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that closed the connection needs no answer
}
