package organization

import (
	"crypto/rand"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

const (
	formContentType = "application/x-www-form-urlencoded"
	tokensVersion   = "2011-06-15"

	// A role that takes on another has it for an hour at most, and no role is to be had for less than a quarter.
	shortestSession, defaultSession, longestSession = 900, 3600, 3600 // seconds

	maxFormBytes = 1 << 20
)

var (
	rolePattern        = regular.Expression(`^arn:aws[a-z-]*:iam::(\d{12}):role/([\w+=,.@/-]{1,576})$`)
	sessionNamePattern = regular.Expression(`^[\w+=,.@-]{2,64}$`)
)

// tokenError is an error in the form of services that speak XML.
type tokenError struct {
	XMLName   xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ ErrorResponse"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
	status    int
}

// Error returns the code.
func (e *tokenError) Error() string { return "organization: " + e.Code }

func refuse(status int, code, message string) *tokenError {
	return &tokenError{Type: "Sender", Code: code, Message: message, RequestID: rand.Text(), status: status}
}

// objectError is an error in S3's form.
type objectError struct {
	XMLName       xml.Name `xml:"Error"`
	Code, Message string
}

// serveTokens answers calls of STS.
func (o *Organization) serveTokens(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes)
	if err := r.ParseForm(); err != nil {
		writeXML(w, http.StatusBadRequest, refuse(0, "ValidationError", "The request's form could not be read."))
		return
	}
	answer, refused := o.tokens(r)
	if refused != nil {
		writeXML(w, refused.status, refused)
		return
	}
	writeXML(w, http.StatusOK, answer)
}

func (o *Organization) tokens(r *http.Request) (any, *tokenError) {
	o.mu.Lock()
	defer o.mu.Unlock()
	operation := r.PostForm.Get("Action")
	o.calls[operation]++
	c := o.caller(r)
	if c.key == "" {
		return nil, refuse(http.StatusForbidden, "MissingAuthenticationToken", "Request is missing Authentication Token")
	}
	switch o.wrong(c) {
	case codeUnrecognized:
		return nil, refuse(http.StatusForbidden, "InvalidClientTokenId", messages[codeUnrecognized])
	case "ExpiredTokenException":
		return nil, refuse(http.StatusForbidden, "ExpiredToken", messages["ExpiredTokenException"])
	}
	if r.PostForm.Get("Version") != tokensVersion {
		return nil, refuse(http.StatusBadRequest, "InvalidAction", "The version of the API must be "+tokensVersion+".")
	}
	switch operation {
	case "AssumeRole":
		return o.assume(c, r.PostForm)
	case "GetCallerIdentity":
		return o.identity(c), nil
	}
	return nil, refuse(http.StatusBadRequest, "InvalidAction", "The sandbox does not have the operation.")
}

// assumed is the answer of AssumeRole.
type assumed struct {
	XMLName         xml.Name  `xml:"https://sts.amazonaws.com/doc/2011-06-15/ AssumeRoleResponse"`
	RoleID          string    `xml:"AssumeRoleResult>AssumedRoleUser>AssumedRoleId"`
	ARN             string    `xml:"AssumeRoleResult>AssumedRoleUser>Arn"`
	AccessKeyID     string    `xml:"AssumeRoleResult>Credentials>AccessKeyId"`
	SecretAccessKey string    `xml:"AssumeRoleResult>Credentials>SecretAccessKey"`
	SessionToken    string    `xml:"AssumeRoleResult>Credentials>SessionToken"`
	Expiration      time.Time `xml:"AssumeRoleResult>Credentials>Expiration"`
	RequestID       string    `xml:"ResponseMetadata>RequestId"`
}

// assume is AssumeRole: what is malformed first, then who may have the role at all.
func (o *Organization) assume(c caller, form url.Values) (any, *tokenError) {
	parts := rolePattern().FindStringSubmatch(form.Get("RoleArn"))
	if parts == nil {
		return nil, refuse(http.StatusBadRequest, "ValidationError", "RoleArn is not the ARN of a role.")
	}
	name := form.Get("RoleSessionName")
	if !sessionNamePattern().MatchString(name) {
		return nil, refuse(http.StatusBadRequest, "ValidationError", "RoleSessionName must be 2 to 64 characters of [\\w+=,.@-].")
	}
	seconds, err := sessionLength(form.Get("DurationSeconds"))
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "ValidationError", err.Error())
	}
	if asked := o.refusal("AssumeRole", parts[1]); asked != "" {
		return nil, refuse(statusOf(asked), asked, "A fault asks for this.")
	}
	if o.off[Place{parts[1], c.region}] { // it is the role's account that must have the region of the endpoint
		return nil, refuse(http.StatusForbidden, "RegionDisabledException", "STS is not activated in this region for the account.")
	}
	if !o.trusts(c, parts[1], parts[2], form.Get("ExternalId")) {
		return nil, refuse(http.StatusForbidden, "AccessDenied", "The caller is not authorized to perform: sts:AssumeRole on the resource")
	}
	s := &session{account: parts[1], name: name, token: rand.Text() + rand.Text(), ends: o.Now().Add(seconds).Truncate(time.Second)}
	key := keyPrefix + rand.Text()[:9]
	o.sessions[key] = s
	return assumed{
		RoleID: o.roleID(s), ARN: o.sessionARN(s), AccessKeyID: key, SecretAccessKey: rand.Text() + rand.Text()[:14], SessionToken: s.token,
		Expiration: s.ends, RequestID: rand.Text(),
	}, nil
}

// sessionLength is how long a role is to be had; "": the usual time.
func sessionLength(text string) (time.Duration, error) {
	if text == "" {
		return defaultSession * time.Second, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < shortestSession || n > longestSession {
		return 0, fmt.Errorf("DurationSeconds must be from %d to %d", shortestSession, longestSession)
	}
	return time.Duration(n) * time.Second, nil
}

// trusts reports whether a role's trust lets the caller have it: one of the own account, who knows the external ID.
func (o *Organization) trusts(c caller, id, role, externalID string) bool {
	a := o.accounts[id]
	if a == nil || a.suspended || a.revoked || role != o.config.Role || c.session != nil {
		return false
	}
	want := o.config.ExternalID
	if a.externalID != "" {
		want = a.externalID
	}
	return externalID == want
}

func (o *Organization) roleID(s *session) string {
	return "AROASANDBOX" + s.account[:10] + ":" + s.name
}

func (o *Organization) sessionARN(s *session) string {
	return "arn:aws:sts::" + s.account + ":assumed-role/" + o.config.Role + "/" + s.name
}

// identified is the answer of GetCallerIdentity.
type identified struct {
	XMLName   xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ GetCallerIdentityResponse"`
	ARN       string   `xml:"GetCallerIdentityResult>Arn"`
	UserID    string   `xml:"GetCallerIdentityResult>UserId"`
	Account   string   `xml:"GetCallerIdentityResult>Account"`
	RequestID string   `xml:"ResponseMetadata>RequestId"`
}

func (o *Organization) identity(c caller) identified {
	if c.session != nil {
		return identified{ARN: o.sessionARN(c.session), UserID: o.roleID(c.session), Account: c.session.account, RequestID: rand.Text()}
	}
	return identified{ARN: "arn:aws:iam::" + o.own.Account + ":user/sandbox", UserID: "AIDASANDBOX", Account: o.own.Account, RequestID: rand.Text()}
}
