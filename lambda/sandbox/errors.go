package sandbox

import "net/http"

// The error codes that the inventory operations answer with, and those of the framework round them.
const (
	codeAggregator        = "InvalidAggregatorException"
	codeContentMismatch   = "ItemContentMismatchException"
	codeDeletionID        = "InvalidDeletionIdException"
	codeFilter            = "InvalidFilter"
	codeFilterKey         = "InvalidFilterKey"
	codeFilterValue       = "InvalidInstanceInformationFilterValue"
	codeInstanceID        = "InvalidInstanceId"
	codeInternal          = "InternalServerError"
	codeItemContent       = "InvalidItemContentException"
	codeItemContext       = "InvalidInventoryItemContextException"
	codeItemSize          = "ItemSizeLimitExceededException"
	codeNextToken         = "InvalidNextToken"
	codeOption            = "InvalidOptionException"
	codeResultAttribute   = "InvalidResultAttributeException"
	codeSchemaCount       = "CustomSchemaCountLimitExceededException"
	codeSchemaVersion     = "UnsupportedInventorySchemaVersionException"
	codeSerialization     = "SerializationException"
	codeSubTypeCount      = "SubTypeCountLimitExceededException"
	codeThrottling        = "ThrottlingException"
	codeTotalSize         = "TotalSizeLimitExceededException"
	codeTypeName          = "InvalidTypeNameException"
	codeUnknownOperation  = "UnknownOperationException"
	codeUnrecognized      = "UnrecognizedClientException"
	codeUnsupportedContext = "UnsupportedInventoryItemContextException"
	codeValidation        = "ValidationException"
)

// apiError is an answer that is no success: it goes onto the wire as it is.
type apiError struct {
	code     string
	message  string
	typeName string // only on the errors that name one
}

func (e *apiError) Error() string { return "sandbox: " + e.code + ": " + e.message }

// status is 500 for the service's own failure and 400 for the caller's.
func (e *apiError) status() int {
	if e.code == codeInternal {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// body is the error in the wire's form. Throttling spells its message's name in lower case, as has been seen of AWS.
func (e *apiError) body() map[string]string {
	b := map[string]string{"__type": e.code}
	if e.code == codeThrottling {
		b["message"] = e.message
	} else {
		b["Message"] = e.message
	}
	if e.typeName != "" {
		b["TypeName"] = e.typeName
	}
	return b
}
