package adopt

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cfn "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

const (
	ours   = "111122223333"
	keyArn = "arn:aws:kms:eu-central-1:111122223333:key/one"
	oldArn = "arn:aws:kms:eu-central-1:111122223333:key/two"
	stack  = "arn:aws:cloudformation:eu-central-1:111122223333:stack/InventoryBridge/1"
	other  = "arn:aws:cloudformation:eu-central-1:111122223333:stack/Other/2"
)

// scene is an account in which two buckets and a key stayed behind, and settings that take them up.
type scene struct {
	account fakeAccount
	state   ledger.Options
	lost    bool // the state's installation.json
	props   settings.Props
}

func stayed() *scene {
	left := func() *fakeBucket {
		return &fakeBucket{
			region: "eu-central-1", versioning: "Enabled", key: keyArn, events: true, expires: []string{"staging/", "rejected/", "receipts/"},
			tags: map[string]string{"aws:cloudformation:stack-name": "InventoryBridge", "aws:cloudformation:stack-id": stack + "before"},
		}
	}
	enabled := func(arn string) *kmstypes.KeyMetadata {
		return &kmstypes.KeyMetadata{
			Arn: &arn, KeyState: kmstypes.KeyStateEnabled, KeySpec: kmstypes.KeySpecSymmetricDefault,
			KeyManager: kmstypes.KeyManagerTypeCustomer,
		}
	}
	s := &scene{props: settings.Defaults()}
	s.props.Uploads, s.props.State, s.props.Key = "their-uploads", "their-state", keyArn
	s.account = fakeAccount{
		buckets: map[string]*fakeBucket{"their-uploads": left(), "their-state": left()},
		keys:    map[string]*kmstypes.KeyMetadata{keyArn: enabled(keyArn), oldArn: enabled(oldArn), "two": enabled(oldArn)},
		stacks:  map[string]*cfn.Stack{},
		denied:  map[string]bool{},
		policy: `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"}},
			{"Effect":"Allow","Principal":{"Service":["events.amazonaws.com","s3.amazonaws.com"]}},
			{"Effect":"Allow","Principal":{"Service":"logs.eu-central-1.amazonaws.com"}}]}`,
	}
	return s
}

// deployed makes the stack be there, with these resources: ID, type and name by turns.
func (s *scene) deployed(resources ...string) {
	s.account.stacks["InventoryBridge"] = &cfn.Stack{StackId: aws.String(stack), Description: aws.String("Inventory Bridge: records"), StackStatus: cfn.StackStatusUpdateComplete}
	resources = append(resources, "Intake1234", "AWS::Lambda::Function", "intake")
	for i := 0; i < len(resources); i += 3 {
		s.account.made = append(s.account.made, cfn.StackResourceSummary{
			LogicalResourceId: &resources[i], ResourceType: &resources[i+1], PhysicalResourceId: &resources[i+2], ResourceStatus: cfn.ResourceStatusCreateComplete,
		})
	}
}

func (s *scene) check(t *testing.T) Report {
	t.Helper()
	store := ledger.Dir(t.TempDir())
	if !s.lost {
		store = storeOf(t, s.state)
	}
	a := Account{
		ID: ours, Region: "eu-central-1", Stacks: &s.account, Buckets: &s.account, Keys: &s.account, State: func(string) ledger.Store { return store },
	}
	got, err := a.Check(t.Context(), s.props)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestNothingWrong: what stayed is taken up, and what nobody set is not looked at.
func TestNothingWrong(t *testing.T) {
	bare := &scene{props: settings.Defaults()}
	again := stayed()
	again.deployed("UploadsPolicy1", "AWS::S3::BucketPolicy", "their-uploads", "StatePolicy1", "AWS::S3::BucketPolicy", "their-state")
	again.account.buckets["their-uploads"].policy, again.account.buckets["their-state"].policy = "{}", "{}"
	first := &scene{props: settings.Defaults()} // a bucket of the stack's own becomes one that is taken up: then it is still there
	first.props.Uploads, first.account = "their-uploads", stayed().account
	first.account.buckets["their-uploads"].key = "alias/aws/s3"
	first.account.buckets["their-uploads"].tags["aws:cloudformation:stack-id"] = stack
	first.deployed("Uploads", "AWS::S3::Bucket", "their-uploads", "State", "AWS::S3::Bucket", "own-state", "Key", "AWS::KMS::Key", "one")
	first.props.PreviousKey = keyArn
	reviewed := &scene{props: settings.Defaults()} // a first deployment that went no further than its change set
	reviewed.account.stacks = map[string]*cfn.Stack{"InventoryBridge": {StackStatus: cfn.StackStatusReviewInProgress}}
	for name, s := range map[string]*scene{"reviewed": reviewed, "nothing set": bare, "all stayed": stayed(), "deployed before": again, "becomes one that is taken up": first} {
		if got := s.check(t); got.Problems != nil || got.Notes != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestProblems changes one thing each.
func TestProblems(t *testing.T) {
	uploads := func(s *scene) *fakeBucket { return s.account.buckets["their-uploads"] }
	state := func(s *scene) *fakeBucket { return s.account.buckets["their-state"] }
	for _, c := range []struct {
		name string
		set  func(*scene)
		want []string // in the problem
	}{
		{"another account", func(s *scene) { s.props.Account = "444455556666" }, []string{"account: the credentials are of " + ours}},
		{"a topic of another region", func(s *scene) { s.props.AlarmTopic = "arn:aws:sns:us-east-1:111122223333:operators" }, []string{"alarmTopic: it is in us-east-1, and the stack goes to eu-central-1"}},
		{"no bucket", func(s *scene) { s.props.Uploads = "nowhere" }, []string{"uploads: there is no bucket nowhere", "leave uploads out"}},
		{"somebody else's", func(s *scene) { state(s).foreign = true }, []string{"state: their-state is another account's"}},
		{"another region", func(s *scene) { state(s).region = "us-east-1" }, []string{"their-state is in us-east-1, and the stack goes to eu-central-1"}},
		{"not versioned", func(s *scene) { state(s).versioning = "Suspended" }, []string{"state: their-state is not versioned", "Status=Enabled"}},
		{"no KMS", func(s *scene) { state(s).plain = true }, []string{"their-state is not encrypted with KMS"}},
		{"another key", func(s *scene) { uploads(s).key = oldArn }, []string{"their-uploads is encrypted with " + oldArn, "set key to it"}},
		{"AWS's key", func(s *scene) { uploads(s).key = "" }, []string{"their-uploads is encrypted with AWS's key"}},
		{"public", func(s *scene) { uploads(s).open = true }, []string{"public access to their-uploads is not blocked"}},
		{"a policy", func(s *scene) { uploads(s).policy = "{}" }, []string{"their-uploads has a policy", "delete-bucket-policy"}},
		{"no events", func(s *scene) { uploads(s).events = false }, []string{"their-uploads sends no events to EventBridge", "put-bucket-notification-configuration"}},
		{"no state", func(s *scene) { s.lost = true }, []string{"their-state holds no state", "leave state out"}},
		{"a sandbox's state", func(s *scene) { s.state.Endpoint = "http://127.0.0.1:4599" }, []string{"state: their-state: this state was made for http://127.0.0.1:4599"}},
		{"other partitions", func(s *scene) { s.state.Partitions = 1024 }, []string{"their-state has 1024 partitions", "set partitions to 1024"}},
		{
			"another stack's",
			func(s *scene) {
				state(s).tags = map[string]string{"aws:cloudformation:stack-name": "InventoryBridge", "aws:cloudformation:stack-id": other}
				s.account.stacks[other] = &cfn.Stack{StackStatus: cfn.StackStatusCreateComplete}
			},
			[]string{"their-state belongs to the stack InventoryBridge, which is at work", "Destroy that stack first"},
		},
		{
			"of two installations",
			func(s *scene) { state(s).tags["aws:cloudformation:stack-name"] = "Other" },
			[]string{"their-uploads was made by the stack InventoryBridge, and their-state by Other"},
		},
		{"a key that is pending deletion", func(s *scene) { s.account.keys[keyArn].KeyState = kmstypes.KeyStatePendingDeletion }, []string{"key: the key " + keyArn + " is pending deletion", "cancel-key-deletion"}},
		{
			"a previous key that is pending deletion",
			func(s *scene) {
				s.props.PreviousKey = oldArn
				s.account.keys[oldArn].KeyState = kmstypes.KeyStatePendingDeletion
			},
			[]string{"previousKey: the key " + oldArn + " is pending deletion"},
		},
		{"a disabled key", func(s *scene) { s.account.keys[keyArn].KeyState = kmstypes.KeyStateDisabled }, []string{"is disabled", "enable-key --key-id one"}},
		{"a key that signs", func(s *scene) { s.account.keys[keyArn].KeySpec = kmstypes.KeySpecRsa2048 }, []string{"does not encrypt symmetrically"}},
		{"no previous key", func(s *scene) { s.props.PreviousKey = oldArn[:len(oldArn)-1] }, []string{"previousKey: there is no key"}},
		{
			"a key without events",
			func(s *scene) {
				s.account.policy = strings.Replace(s.account.policy, "events.amazonaws.com", "sns.amazonaws.com", 1)
			},
			[]string{"key: the policy of " + keyArn + " lets no events.amazonaws.com use it"},
		},
		{
			"a key without logs",
			func(s *scene) {
				s.account.policy = strings.Replace(s.account.policy, "logs.eu-central-1", "logs.eu-west-1", 1)
			},
			[]string{"lets no logs.eu-central-1.amazonaws.com use it"},
		},
		{"a key without the data sync", func(s *scene) { s.props.Consumers = true }, []string{"lets no ssm.amazonaws.com use it"}},
		{
			"customerKey turned off",
			func(s *scene) {
				*s = scene{props: settings.Defaults(), account: s.account}
				s.deployed("State", "AWS::S3::Bucket", "own-state", "Uploads", "AWS::S3::Bucket", "own-uploads", "Key", "AWS::KMS::Key", "two")
			},
			[]string{"customerKey: what the stack has stored is encrypted with its key", "set previousKey to " + oldArn},
		},
		{
			"a setting that went",
			func(s *scene) {
				s.props.State = ""
				s.deployed("UploadsPolicy1", "AWS::S3::BucketPolicy", "their-uploads", "StatePolicy1", "AWS::S3::BucketPolicy", "their-state")
			},
			[]string{"state: the stack uses a bucket that it took up, and would make another, empty one: set state again"},
		},
		{
			"a stack of somebody else",
			func(s *scene) {
				s.account.stacks["InventoryBridge"] = &cfn.Stack{StackId: aws.String(other), Description: aws.String("A warehouse"), StackStatus: cfn.StackStatusCreateComplete}
			},
			[]string{"name: there is a stack InventoryBridge, and it is no Inventory Bridge"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := stayed()
			c.set(s)
			got := s.check(t)
			if len(got.Problems) != 1 {
				t.Fatalf("%d problems: %s", len(got.Problems), strings.Join(got.Problems, "\n"))
			}
			for _, want := range c.want {
				if !strings.Contains(got.Problems[0], want) {
					t.Errorf("no %q in: %s", want, got.Problems[0])
				}
			}
		})
	}
}

func TestARegionWithoutTheScheduler(t *testing.T) {
	got, err := Account{ID: ours, Region: "xx-nowhere-1", Stacks: &fakeAccount{}}.Check(t.Context(), settings.Defaults())
	if err != nil || len(got.Problems) != 1 || !strings.HasPrefix(got.Problems[0], "region: xx-nowhere-1 is not known to have EventBridge Scheduler") {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestNotes: what whoever deploys may not look at is said, and does not stop the deployment; so are objects that never expire.
func TestNotes(t *testing.T) {
	s := stayed()
	s.account.denied["GetKeyPolicy"], s.account.denied["GetBucketVersioning"] = true, true
	s.account.buckets["their-state"].expires = []string{"staging/", "receipts/"}
	got := s.check(t)
	want := []string{
		"the policy of the key " + keyArn + " could not be looked at: these credentials may not",
		"the versioning of their-uploads could not be looked at: these credentials may not",
		"the versioning of their-state could not be looked at: these credentials may not",
		"state: nothing under rejected/ of their-state ever expires: it has no lifecycle rule for it",
	}
	if strings.Join(got.Notes, "\n") != strings.Join(want, "\n") || got.Problems != nil {
		t.Errorf("%s\n%v", strings.Join(got.Notes, "\n"), got.Problems)
	}
}
