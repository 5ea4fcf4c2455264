package fault

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

func answered(status int, err error) error {
	return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}}, Err: err}
}

func TestOf(t *testing.T) {
	named := "Custom:Asset"
	for _, c := range []struct {
		err   error
		class Class
		code  string
		item  string
	}{
		{nil, None, "", ""},
		{&smithy.GenericAPIError{Code: "ThrottlingException"}, Throttled, "ThrottlingException", ""},
		{fmt.Errorf("putting: %w", &types.InvalidItemContentException{TypeName: &named}), Refused, "InvalidItemContentException", named},
		{&types.ItemContentMismatchException{TypeName: &named}, Mismatch, "ItemContentMismatchException", named},
		{&types.TotalSizeLimitExceededException{}, Tomorrow, "TotalSizeLimitExceededException", ""},
		{&types.ItemSizeLimitExceededException{}, Refused, "ItemSizeLimitExceededException", ""},
		{&types.CustomSchemaCountLimitExceededException{}, Refused, "CustomSchemaCountLimitExceededException", ""},
		{&smithy.GenericAPIError{Code: "ExpiredTokenException"}, Halt, "ExpiredTokenException", ""},
		{&smithy.GenericAPIError{Code: "AccessDeniedException"}, Denied, "AccessDeniedException", ""},
		{fmt.Errorf("get identity: %w", &Assuming{&smithy.GenericAPIError{Code: "AccessDenied"}}), Halt, "AssumeRole.AccessDenied", ""},
		{&Assuming{answered(http.StatusBadRequest, &smithy.GenericAPIError{Code: "ValidationError"})}, Halt, "AssumeRole.ValidationError", ""},
		{&Assuming{&smithy.GenericAPIError{Code: "Throttling"}}, Throttled, "AssumeRole.Throttling", ""},
		{&Assuming{errors.New("connection reset by peer")}, Retry, "AssumeRole.connection failed", ""},
		{smithy.InvalidParamsError{}, Refused, "InvalidParameters", ""},
		{&types.InvalidInstanceId{}, Gone, "InvalidInstanceId", ""},
		{answered(http.StatusServiceUnavailable, errors.New("x")), Retry, "Service Unavailable", ""},
		{answered(http.StatusTooManyRequests, errors.New("x")), Throttled, "Too Many Requests", ""},
		{answered(http.StatusInternalServerError, &smithy.GenericAPIError{Code: "NeverHeardOf"}), Retry, "NeverHeardOf", ""},
		{answered(http.StatusBadRequest, &smithy.GenericAPIError{Code: "NeverHeardOf"}), Refused, "NeverHeardOf", ""},
		{answered(http.StatusPreconditionFailed, errors.New("x")), Conflict, "Precondition Failed", ""},
		{fmt.Errorf("x: %w", context.DeadlineExceeded), Retry, "timeout", ""},
		{errors.New("connection reset by peer"), Retry, "connection failed", ""},
	} {
		class, code := Of(c.err)
		if class != c.class || code != c.code || Item(c.err) != c.item {
			t.Errorf("%v: class %d, code %q, item %q", c.err, class, code, Item(c.err))
		}
	}
}

func TestEveryCodeStandsOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range table() {
		for _, code := range r.codes {
			if seen[code] {
				t.Errorf("%s stands twice", code)
			}
			seen[code] = true
		}
	}
}
