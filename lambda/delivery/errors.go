package delivery

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// class says what is to be done about the error of a call.
type class int

const (
	accepted  class = iota // there is none
	throttled              // again, after a while: there were too many calls
	retry                  // again: the service or the connection failed, perhaps after the put
	reject                 // never again: the service refuses the items
	gone                   // the service does not know the node
	tomorrow               // the node's quota of the day is used up
	denied                 // the call is not allowed; other nodes' calls may be
	halt                   // no call will succeed now
)

// classify is the one place that says what an error of PutInventory means. The code is the service's word, or ours where the call did
// not reach it.
func classify(err error) (class, string) {
	if err == nil {
		return accepted, ""
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		return classifyCode(api.ErrorCode(), status(err)), api.ErrorCode()
	}
	var invalid smithy.InvalidParamsError
	switch s := status(err); {
	case errors.As(err, &invalid):
		return reject, "InvalidParameters"
	case s == http.StatusTooManyRequests:
		return throttled, http.StatusText(s)
	case s >= http.StatusInternalServerError:
		return retry, http.StatusText(s)
	case s >= http.StatusBadRequest:
		return reject, http.StatusText(s)
	case errors.Is(err, context.DeadlineExceeded):
		return retry, "timeout"
	default:
		return retry, "connection failed"
	}
}

func classifyCode(code string, status int) class {
	switch code {
	case "ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded", "RequestThrottled", "SlowDown":
		return throttled
	case "InternalServerError", "InternalFailure", "ServiceUnavailable", "ServiceUnavailableException", "RequestTimeout", "RequestTimeoutException":
		return retry
	case "InvalidInstanceId":
		return gone
	case "TotalSizeLimitExceededException":
		return tomorrow
	case "AccessDeniedException", "AccessDenied":
		return denied
	case "UnrecognizedClientException", "InvalidSignatureException", "InvalidClientTokenId", "MissingAuthenticationToken",
		"MissingAuthenticationTokenException", "ExpiredToken", "ExpiredTokenException", "RequestExpired", "OptInRequired",
		"UnknownOperationException":
		return halt
	}
	switch {
	case status == http.StatusTooManyRequests:
		return throttled
	case status >= http.StatusInternalServerError:
		return retry
	}
	return reject
}

// status is the HTTP status of an error's response; 0: there was none.
func status(err error) int {
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && response.Response != nil && response.Response.Response != nil {
		return response.HTTPStatusCode()
	}
	return 0
}

// culprit is the type that an error names; "": none.
func culprit(err error) string {
	var mismatch *types.ItemContentMismatchException
	var content *types.InvalidItemContentException
	var size *types.ItemSizeLimitExceededException
	var context *types.UnsupportedInventoryItemContextException
	switch {
	case errors.As(err, &mismatch):
		return aws.ToString(mismatch.TypeName)
	case errors.As(err, &content):
		return aws.ToString(content.TypeName)
	case errors.As(err, &size):
		return aws.ToString(size.TypeName)
	case errors.As(err, &context):
		return aws.ToString(context.TypeName)
	}
	return ""
}
