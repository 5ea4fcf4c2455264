// Package fault knows what an error of a service means: one table classes every code that Systems Manager, S3 and SQS answer with, and
// what it means that no answer comes. It does not know what was asked for, nor how often to ask.
package fault

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Class is what is to be done about an error.
type Class int

// The classes.
const (
	None      Class = iota // there is no error
	Throttled              // again, after a while, and more slowly: there were too many calls. Nothing was done
	Retry                  // again: the service or the connection failed, perhaps after it was done
	Conflict               // again, from what is there now: somebody else has written meanwhile
	Mismatch               // again in full: the service holds something else than the hash is of
	Refused                // never again as it is: the service does not take this
	Gone                   // the service does not know the node
	Tomorrow               // the node's quota of the day is used up
	Denied                 // the caller may not do this; others of its calls may succeed
	Halt                   // no call will succeed now: credentials, region, endpoint
	Missing                // what was asked for is not there
)

// row is a code and what it means. Codes of all services stand in one table: no two services mean different things by one.
type row struct {
	code  string
	class Class
}

// table has every code that is known, by what it means. What is not in it is classed by its HTTP status.
func table() []row {
	var all []row
	for _, service := range [][]row{common(), systemsManager(), storage(), queues()} {
		all = append(all, service...)
	}
	return all
}

// of makes rows of codes of one class.
func of(class Class, codes ...string) []row {
	rows := make([]row, len(codes))
	for i, code := range codes {
		rows[i] = row{code, class}
	}
	return rows
}

// common are codes of all services: AWS General Reference, and the SDKs' own tables of what is tried again.
func common() []row {
	return slices.Concat(
		of(Throttled, "ThrottlingException", "Throttling", "ThrottledException", "TooManyRequestsException", "TooManyRequests",
			"RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "BandwidthLimitExceeded", "LimitExceededException",
			"PriorRequestNotComplete"),
		of(Retry, "InternalServerError", "InternalFailure", "InternalError", "ServiceUnavailable", "ServiceUnavailableException",
			"ServiceFailure", "RequestTimeout", "RequestTimeoutException"),
		of(Denied, "AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "NotAuthorized"),
		of(Halt, "UnrecognizedClientException", "InvalidSignatureException", "SignatureDoesNotMatch", "InvalidClientTokenId",
			"InvalidAccessKeyId", "MissingAuthenticationToken", "MissingAuthenticationTokenException", "IncompleteSignature",
			"ExpiredToken", "ExpiredTokenException", "RequestExpired", "RequestTimeTooSkewed", "OptInRequired", "UnknownOperationException"),
		of(Refused, "ValidationException", "ValidationError", "SerializationException"),
	)
}

// systemsManager are codes of PutInventory, ListInventoryEntries, GetInventorySchema, GetInventory and DescribeInstanceInformation.
func systemsManager() []row {
	return slices.Concat(
		of(Gone, "InvalidInstanceId"),
		of(Tomorrow, "TotalSizeLimitExceededException"),
		of(Mismatch, "ItemContentMismatchException"),
		of(Retry, "InvalidNextToken"),
		of(Refused, "InvalidItemContentException", "ItemSizeLimitExceededException", "InvalidTypeNameException",
			"UnsupportedInventorySchemaVersionException", "UnsupportedInventoryItemContextException",
			"InvalidInventoryItemContextException", "CustomSchemaCountLimitExceededException", "SubTypeCountLimitExceededException",
			"InvalidFilter"),
	)
}

// storage are codes of S3.
func storage() []row {
	return slices.Concat(
		of(Throttled, "SlowDown"),
		of(Conflict, "PreconditionFailed", "ConditionalRequestConflict", "OperationAborted"),
		of(Missing, "NoSuchKey", "NoSuchVersion", "NotFound", "MethodNotAllowed"), // the last: the version is a delete marker
		of(Halt, "NoSuchBucket", "PermanentRedirect"),
		of(Refused, "InvalidObjectState"),
	)
}

// queues are codes of SQS, and of the key service behind it.
func queues() []row {
	return slices.Concat(
		of(Throttled, "OverLimit", "KmsThrottled"),
		of(Denied, "KmsAccessDenied"),
		of(Halt, "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "KmsDisabled"),
		of(Refused, "InvalidMessageContents"),
	)
}

// Of returns the class of an error, and the service's code, or one of ours where it has none. It never holds a value from the data.
func Of(err error) (Class, string) {
	if err == nil {
		return None, ""
	}
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() != "" {
		return ofCode(api.ErrorCode(), status(err)), api.ErrorCode()
	}
	var invalid smithy.InvalidParamsError
	if errors.As(err, &invalid) {
		return Refused, "InvalidParameters"
	}
	if s := status(err); s >= http.StatusBadRequest {
		return ofStatus(s), http.StatusText(s)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Retry, "timeout"
	}
	return Retry, "connection failed"
}

func ofCode(code string, status int) Class {
	for _, r := range table() {
		if r.code == code {
			return r.class
		}
	}
	return ofStatus(status)
}

func ofStatus(status int) Class {
	switch {
	case status == http.StatusTooManyRequests:
		return Throttled
	case status == http.StatusPreconditionFailed, status == http.StatusConflict:
		return Conflict
	case status >= http.StatusInternalServerError, status == http.StatusRequestTimeout:
		return Retry
	}
	return Refused
}

// status is the HTTP status of an error's response; 0: there was none.
func status(err error) int {
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && response.Response != nil && response.Response.Response != nil {
		return response.HTTPStatusCode()
	}
	return 0
}

// Item is the type that an error of PutInventory is about; "": it names none.
func Item(err error) string {
	var mismatch *types.ItemContentMismatchException
	var content *types.InvalidItemContentException
	var size *types.ItemSizeLimitExceededException
	var unsupported *types.UnsupportedInventoryItemContextException
	switch {
	case errors.As(err, &mismatch):
		return aws.ToString(mismatch.TypeName)
	case errors.As(err, &content):
		return aws.ToString(content.TypeName)
	case errors.As(err, &size):
		return aws.ToString(size.TypeName)
	case errors.As(err, &unsupported):
		return aws.ToString(unsupported.TypeName)
	}
	return ""
}
