package organization

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// caller is who signed a request.
type caller struct {
	key, token string
	region     string
	session    *session // nil: the own account's own credentials
}

// session is a role that was assumed.
type session struct {
	account, name string
	token         string
	ends          time.Time
}

// keyPrefix begins the access keys that STS gives out here, so that one of a sandbox that has ended is none of the own account.
const keyPrefix = "ASIASANDBOX"

// caller reads the scope of a signature, in the header or presigned. Whether the signature is right is not looked at.
func (o *Organization) caller(r *http.Request) caller {
	query := r.URL.Query()
	credential := query.Get("X-Amz-Credential")
	c := caller{token: r.Header.Get("X-Amz-Security-Token"), region: o.own.Region}
	if _, rest, ok := strings.Cut(r.Header.Get("Authorization"), "Credential="); ok {
		credential, _, _ = strings.Cut(rest, ",")
	} else if c.token == "" {
		c.token = query.Get("X-Amz-Security-Token")
	}
	scope := strings.Split(strings.TrimSpace(credential), "/") // KEY/20260101/REGION/SERVICE/aws4_request
	if len(scope) == 5 {
		c.key, c.region = scope[0], scope[2]
	}
	c.session = o.sessions[c.key]
	return c
}

// wrong returns what is wrong with a caller's credentials, "" for nothing: as the services that speak JSON call it.
func (o *Organization) wrong(c caller) string {
	switch {
	case c.session == nil && strings.HasPrefix(c.key, keyPrefix), c.session != nil && c.token != c.session.token:
		return codeUnrecognized
	case c.session == nil:
		return ""
	case !o.Now().Before(c.session.ends):
		return "ExpiredTokenException"
	case o.account(c.session.account).revoked:
		return codeUnrecognized
	}
	return ""
}

// The inventory operations that the role may call: in sessions of a function that only looks for nodes, whose names end so, and in all others.
var (
	looking = []string{"DescribeInstanceInformation", "GetInventory"}
	allowed = append([]string{"GetInventorySchema", "ListInventoryEntries", "PutInventory"}, looking...)
)

const lookingSession = "-intake"

// may reports whether the role lets a session call an operation.
func (s *session) may(operation string) bool {
	if strings.HasSuffix(s.name, lookingSession) {
		return slices.Contains(looking, operation)
	}
	return slices.Contains(allowed, operation)
}

func (o *Organization) serveInventory(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	c := o.caller(r)
	at := Place{o.own.Account, c.region}
	if c.session != nil {
		at.Account = c.session.account
	}
	code := o.wrong(c)
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch {
	case code != "":
	case o.off[at]:
		code = codeUnrecognized // of a region that is off, no token is known
	case o.account(at.Account).suspended:
		code = "AccessDeniedException"
	case c.session != nil && !c.session.may(operation):
		code = "AccessDeniedException"
	}
	s := o.at(at)
	o.mu.Unlock()
	if code != "" {
		writeJSONError(w, code)
		return
	}
	s.ServeHTTP(w, r)
}

// serveObjects answers requests of S3. The roles in the accounts may not read or write an object.
func (o *Organization) serveObjects(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	c := o.caller(r)
	code := map[string]string{codeUnrecognized: "InvalidAccessKeyId", "ExpiredTokenException": "ExpiredToken"}[o.wrong(c)]
	s := o.places[o.own]
	o.mu.Unlock()
	switch {
	case code != "":
		writeXML(w, http.StatusForbidden, objectError{Code: code, Message: messages[code]})
	case c.session != nil:
		writeXML(w, http.StatusForbidden, objectError{Code: "AccessDenied", Message: "Access Denied"})
	default:
		s.ServeHTTP(w, r)
	}
}
