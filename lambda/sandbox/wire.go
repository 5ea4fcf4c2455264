package sandbox

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	jsonContentType = "application/x-amz-json-1.1"
	targetPrefix    = "AmazonSSM."

	// maxRequestBytes is far over PutInventory's own limits, so that those answer first.
	maxRequestBytes = 32 << 20
)

// input is the input of one operation. Its methods are called in this order.
type input interface {
	// about returns the node and the types that the call is about, for faults to match.
	about() (node string, types []string)
	// shape collects what the input violates by itself, whatever the service holds. An error means that its form can't be read at all.
	shape(v *violations) error
	// run executes the operation, under the sandbox's lock.
	run(s *Sandbox) (response any, err error)
}

// operations are the inventory operations by name, each with an empty input.
var operations = map[string]func() input{
	"DeleteInventory":             func() input { return new(deleteInventory) },
	"DescribeInstanceInformation": func() input { return new(describeInstanceInformation) },
	"DescribeInventoryDeletions":  func() input { return new(describeInventoryDeletions) },
	"GetInventory":                func() input { return new(getInventory) },
	"GetInventorySchema":          func() input { return new(getInventorySchema) },
	"ListInventoryEntries":        func() input { return new(listInventoryEntries) },
	"PutInventory":                func() input { return new(putInventory) },
}

func (s *Sandbox) serveInventory(w http.ResponseWriter, r *http.Request) {
	operation, _ := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	newInput := operations[operation]
	if newInput == nil {
		s.answer(w, nil, &apiError{code: codeUnknownOperation, message: "the sandbox does not have the operation"})
		return
	}
	s.count(operation)
	response, met, err := s.call(r, operation, newInput())
	if met.cutAfter {
		cutConnection()
	}
	s.answer(w, response, err)
}

// call makes the service's checks in their order (credentials, form, rate and faults, shape) and executes the operation.
func (s *Sandbox) call(r *http.Request, operation string, in input) (response any, met effects, err error) {
	if err := read(r, in); err != nil {
		return nil, met, err
	}
	node, types := in.about()
	s.countNode(operation, node)
	switches := s.Switches()
	if switches.ShapeBeforeRate {
		if err := s.first(in, switches); err != nil {
			return nil, met, err
		}
	}
	if err := s.admit(); err != nil {
		return nil, met, err
	}
	met = s.meet(operation, node, types)
	if met.late {
		s.postpone(in, met.lateAfter)
		cutConnection()
	}
	if err := met.before(r.Context()); err != nil {
		return nil, met, err
	}
	if !switches.ShapeBeforeRate {
		if err := s.first(in, switches); err != nil {
			return nil, met, err
		}
	}
	if page, ok := in.(interface{ emptyPage() any }); ok && met.emptyPage {
		return page.emptyPage(), met, nil
	}
	s.enter()
	defer s.mu.Unlock()
	response, err = in.run(s)
	return response, met, err
}

// read reads the body of a signed request as the operation's input.
func read(r *http.Request, into input) error {
	if !signed(r) {
		return &apiError{code: codeUnrecognized, message: "The security token included in the request is invalid."}
	}
	body, err := readBody(r)
	if err != nil {
		return &apiError{code: codeSerialization, message: "the request's body could not be read"}
	}
	if len(body) > maxRequestBytes {
		return &apiError{code: "RequestEntityTooLargeException", message: "the request's body is over 32 MB"}
	}
	if err := json.Unmarshal(body, into); err != nil {
		return errForm()
	}
	return nil
}

// readBody reads a body up to one byte more than is allowed.
func readBody(r *http.Request) ([]byte, error) {
	limited := io.LimitReader(r.Body, maxRequestBytes+1)
	if r.ContentLength <= 0 || r.ContentLength > maxRequestBytes {
		return io.ReadAll(limited)
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(limited, body)
	return body, err
}

// first checks what comes before the operation itself: the shape and, where a switch puts it first, the node.
func (s *Sandbox) first(in input, switches Switches) error {
	if about, ok := in.(interface{ checkNode(s *Sandbox) error }); ok && switches.NodeBeforeShape {
		s.enter()
		err := about.checkNode(s)
		s.mu.Unlock()
		if err != nil {
			return err
		}
	}
	return shape(in, switches)
}

// shape is the error of an input that violates the model by itself.
func shape(in input, switches Switches) error {
	v := violations{switches: switches}
	return cmp.Or(in.shape(&v), v.err())
}

// errForm is the error of a body that is not JSON, or JSON of another form than the operation's.
func errForm() error {
	return &apiError{code: codeSerialization, message: "The request's body is not JSON of the operation's form."}
}

// postpone has a call executed after a while. Nobody waits for its answer.
func (s *Sandbox) postpone(in input, after time.Duration) {
	s.enter()
	defer s.mu.Unlock()
	s.schedule(s.now().Add(after), func() {
		if shape(in, s.switches) == nil {
			_, _ = in.run(s)
		}
	})
}

// signed reports whether the request carries a signature, in the header or presigned. Whose it is does not matter here.
func signed(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-") || r.URL.Query().Get("X-Amz-Credential") != ""
}

func (s *Sandbox) answer(w http.ResponseWriter, response any, err error) {
	status := http.StatusOK
	if err != nil {
		refusal := new(apiError)
		if !errors.As(err, &refusal) {
			refusal = &apiError{code: codeInternal, message: err.Error()}
		}
		s.countError(refusal.code)
		status, response = http.StatusBadRequest, refusal.body()
		if refusal.code == codeInternal {
			status = http.StatusInternalServerError
		}
	}
	body, err := json.Marshal(response, json.Deterministic(true))
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"__type":"`+codeInternal+`"}`)
	}
	w.Header().Set("Content-Type", jsonContentType)
	w.Header().Set("X-Amzn-Requestid", newUUID())
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that closed the connection needs no answer
}

// epoch is a time in the wire's form: seconds since 1970, with the fraction to the millisecond.
func epoch(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// The error codes of the inventory operations and of the framework around them.
const (
	codeAggregator         = "InvalidAggregatorException"
	codeContentMismatch    = "ItemContentMismatchException"
	codeDeletionID         = "InvalidDeletionIdException"
	codeFilter             = "InvalidFilter"
	codeFilterKey          = "InvalidFilterKey"
	codeFilterValue        = "InvalidInstanceInformationFilterValue"
	codeInstanceID         = "InvalidInstanceId"
	codeInternal           = "InternalServerError"
	codeItemContent        = "InvalidItemContentException"
	codeItemContext        = "InvalidInventoryItemContextException"
	codeItemSize           = "ItemSizeLimitExceededException"
	codeNextToken          = "InvalidNextToken"
	codeOption             = "InvalidOptionException"
	codeResultAttribute    = "InvalidResultAttributeException"
	codeSchemaCount        = "CustomSchemaCountLimitExceededException"
	codeSchemaVersion      = "UnsupportedInventorySchemaVersionException"
	codeSerialization      = "SerializationException"
	codeSubTypeCount       = "SubTypeCountLimitExceededException"
	codeThrottling         = "ThrottlingException"
	codeTotalSize          = "TotalSizeLimitExceededException"
	codeTypeName           = "InvalidTypeNameException"
	codeUnknownOperation   = "UnknownOperationException"
	codeUnrecognized       = "UnrecognizedClientException"
	codeUnsupportedContext = "UnsupportedInventoryItemContextException"
	codeValidation         = "ValidationException"
)

// apiError is an error in the service's answer.
type apiError struct {
	code     string
	message  string
	typeName string // only on the errors that name one
}

func (e *apiError) Error() string { return "sandbox: " + e.code + ": " + e.message }

// body is the error on the wire. Throttling has its message under a name in lower case, as was seen of AWS.
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
