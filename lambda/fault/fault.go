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

// row is what some codes mean. Codes of all services stand in one table: no two services mean different things by one.
type row struct {
	class Class
	codes []string
}

// table has every code that is known. What is not in it is classed by its HTTP status.
func table() []row {
	return []row{
		// All services: AWS General Reference, and the SDKs' own tables of what is tried again.
		{Throttled, []string{
			"ThrottlingException", "Throttling", "ThrottledException", "TooManyRequestsException", "TooManyRequests",
			"RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "BandwidthLimitExceeded", "LimitExceededException",
			"PriorRequestNotComplete",
		}},
		{Retry, []string{
			"InternalServerError", "InternalFailure", "InternalError", "ServiceUnavailable", "ServiceUnavailableException",
			"ServiceFailure", "RequestTimeout", "RequestTimeoutException",
		}},
		{Denied, []string{"AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "NotAuthorized"}},
		{Halt, []string{
			"UnrecognizedClientException", "InvalidSignatureException", "SignatureDoesNotMatch", "InvalidClientTokenId",
			"InvalidAccessKeyId", "MissingAuthenticationToken", "MissingAuthenticationTokenException", "IncompleteSignature",
			"ExpiredToken", "ExpiredTokenException", "RequestExpired", "RequestTimeTooSkewed", "OptInRequired", "UnknownOperationException",
			"RegionDisabledException",
		}},
		{Refused, []string{"ValidationException", "ValidationError", "SerializationException"}},

		// PutInventory, ListInventoryEntries, GetInventorySchema, GetInventory and DescribeInstanceInformation.
		{Gone, []string{"InvalidInstanceId"}},
		{Tomorrow, []string{"TotalSizeLimitExceededException"}},
		{Mismatch, []string{"ItemContentMismatchException"}},
		{Retry, []string{"InvalidNextToken"}},
		{Refused, []string{
			"InvalidItemContentException", "ItemSizeLimitExceededException", "InvalidTypeNameException",
			"UnsupportedInventorySchemaVersionException", "UnsupportedInventoryItemContextException",
			"InvalidInventoryItemContextException", "CustomSchemaCountLimitExceededException", "SubTypeCountLimitExceededException",
			"InvalidFilter",
		}},

		// S3.
		{Throttled, []string{"SlowDown"}},
		{Conflict, []string{"PreconditionFailed", "ConditionalRequestConflict", "OperationAborted"}},
		{Missing, []string{"NoSuchKey", "NoSuchVersion", "NotFound", "MethodNotAllowed"}}, // the last: the version is a delete marker
		{Halt, []string{"NoSuchBucket", "PermanentRedirect"}},
		{Refused, []string{"InvalidObjectState"}},

		// Organizations.
		{Retry, []string{"ServiceException", "ConcurrentModificationException"}},
		{Halt, []string{"AWSOrganizationsNotInUseException"}},
		{Missing, []string{"ParentNotFoundException"}},
		{Refused, []string{"InvalidInputException"}},

		// SQS, and the key service behind it.
		{Throttled, []string{"OverLimit", "KmsThrottled"}},
		{Denied, []string{"KmsAccessDenied"}},
		{Halt, []string{"QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "KmsDisabled"}},
		{Refused, []string{"InvalidMessageContents"}},
	}
}

// Of returns the class of an error, and the service's code, or one of ours where it has none. It never holds a value from the data.
func Of(err error) (Class, string) {
	if err == nil {
		return None, ""
	}
	if class, code, ok := assuming(err); ok {
		return class, code
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() != "" {
		code := api.ErrorCode()
		for _, r := range table() {
			if slices.Contains(r.codes, code) {
				return r.class, code
			}
		}
		return ofStatus(status(err)), code
	}
	if _, ok := errors.AsType[smithy.InvalidParamsError](err); ok {
		return Refused, "InvalidParameters"
	}
	if s := status(err); s >= http.StatusBadRequest {
		return ofStatus(s), http.StatusText(s)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Retry, "timeout"
	}
	if errors.Is(err, context.Canceled) {
		return Retry, "stopped"
	}
	return Retry, "connection failed"
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
	response, ok := errors.AsType[*smithyhttp.ResponseError](err)
	if ok && response.Response != nil && response.Response.Response != nil {
		return response.HTTPStatusCode()
	}
	return 0
}

// Item is the type that an error of PutInventory is about; "": it names none.
func Item(err error) string {
	if e, ok := errors.AsType[*types.ItemContentMismatchException](err); ok {
		return aws.ToString(e.TypeName)
	}
	if e, ok := errors.AsType[*types.InvalidItemContentException](err); ok {
		return aws.ToString(e.TypeName)
	}
	if e, ok := errors.AsType[*types.ItemSizeLimitExceededException](err); ok {
		return aws.ToString(e.TypeName)
	}
	if e, ok := errors.AsType[*types.UnsupportedInventoryItemContextException](err); ok {
		return aws.ToString(e.TypeName)
	}
	return ""
}
