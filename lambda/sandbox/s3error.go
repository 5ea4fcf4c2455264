package sandbox

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"

	"github.com/johannesboyne/gofakes3"
)

// writeObjectFault answers with an error of the store or one that a fault asks for.
func writeObjectFault(w http.ResponseWriter, err error) {
	var asked *apiError
	var stored interface{ ErrorCode() gofakes3.ErrorCode }
	switch {
	case errors.As(err, &asked) && asked.code == codeThrottling:
		writeObjectError(w, http.StatusServiceUnavailable, "SlowDown", "Please reduce your request rate.")
	case errors.As(err, &asked) && asked.code == codeInternal:
		writeObjectError(w, http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again.")
	case errors.As(err, &asked):
		writeObjectError(w, objectStatus(asked.code), asked.code, asked.message)
	case errors.As(err, &stored):
		code := stored.ErrorCode()
		writeObjectError(w, code.Status(), string(code), "The request could not be answered.")
	default:
		writeObjectError(w, http.StatusInternalServerError, "InternalError", "The object could not be read.")
	}
}

// objectStatus is the status of an S3 error code that a fault asks for.
func objectStatus(code string) int {
	if code == "AccessDenied" {
		return http.StatusForbidden
	}
	return gofakes3.ErrorCode(code).Status()
}

func writeObjectError(w http.ResponseWriter, status int, code, message string) {
	type body struct {
		XMLName   xml.Name `xml:"Error"`
		Code      string
		Message   string
		RequestID string `xml:"RequestId"`
	}
	id := newUUID()
	text, _ := xml.Marshal(body{Code: code, Message: message, RequestID: id}) // strings
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("X-Amz-Request-Id", id)
	w.Header().Set("Content-Length", decimal(int64(len(xml.Header)+len(text))))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, xml.Header+string(text)) // a client that has gone needs no answer
}
