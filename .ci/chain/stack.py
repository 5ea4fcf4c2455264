"""The service as its template describes it, made in an account of this machine by calls: buckets, queues, bus, rules, functions, event source
mappings, schedules, and the policies of all of these.
"""
import collections
import json
import time

from calls import Ask
from carriers import Rule, Schedule
from functions import Function, Refused, Source
from guard import Caller
from template import ACCOUNT, REGION, NotKnown

PATIENCE = 60  # seconds in which all must be done
MOST = 300  # invocations of one run; more are a circle
LONG = 14 * 86400  # seconds by the account's clock after which nothing is worth waiting for

Queue = collections.namedtuple("Queue", "id url arn hidden tries dead kept")
NAMES = {"VisibilityTimeout", "MessageRetentionPeriod", "FifoQueue", "ContentBasedDeduplication", "DelaySeconds", "MaximumMessageSize",
         "ReceiveMessageWaitTimeSeconds", "SqsManagedSseEnabled", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "DeduplicationScope",
         "FifoThroughputLimit"}

# What CloudWatch Logs does with a customer's key.
LOGS_USE = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:DescribeKey")


class Stack:
    """The template's resources in an account. A role is called what its function is."""

    def __init__(self, account, template):
        self.account, self.template = account, template
        template.check_types({t for types in MAKERS for t in types})
        self.buckets, self.queues, self.groups, self.logs, self.functions, self.sources, self.rules = {}, {}, {}, {}, {}, {}, []
        self.schedules, self.roles = [], set()
        for types, make in MAKERS.items():
            for r in sorted(template.resources(*types), key=lambda r: "RedrivePolicy" in r.values):  # dead letters first
                make(self, r)
        variables = template.origin.variables()
        self.uploads, self.state_bucket = variables["INVBRIDGE_UPLOADS"], variables["INVBRIDGE_STATE"].removeprefix("s3://")
        self.watch = self.watched()

    def key(self, r):
        """A customer's key, whose policy must let those use it who may."""
        self.account.policies.add(r.arn, r.id, r.take("KeyPolicy"), identity=False)
        r.leave(Description="for people", EnableKeyRotation="nothing is kept for so long", PendingWindowInDays="nothing is deleted", Tags="for people")
        r.end()

    def bucket(self, r):
        s3, name = self.account.s3, r.name
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": r.part("VersioningConfiguration").take("Status", "Suspended")})
        switch = r.part("NotificationConfiguration").part("EventBridgeConfiguration")
        if switch.take("EventBridgeEnabled", False):
            s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}})
        switch.end()
        rule, = r.part("BucketEncryption").parts("ServerSideEncryptionConfiguration")
        default = rule.part("ServerSideEncryptionByDefault")
        default.expect("SSEAlgorithm", "aws:kms")
        if key := default.take("KMSMasterKeyID", None):
            self.account.guard.keys[r.arn] = key
        default.end()
        rule.expect("BucketKeyEnabled", True)
        rule.end()
        self.buckets[name] = r.retained
        r.leave(LifecycleConfiguration="nothing is kept for so long", OwnershipControls="moto has no lists of access",
                PublicAccessBlockConfiguration="nobody is outside here", Tags="for people")
        r.end()

    def queue(self, r):
        redrive = r.part("RedrivePolicy")
        tries, dead = redrive.take("maxReceiveCount", None), redrive.take("deadLetterTargetArn", None)
        redrive.end()
        attributes = {n: self.template.text(v) for n, v in r.values.items() if n in NAMES}
        if key := r.values.get("KmsMasterKeyId"):
            self.account.guard.keys[r.arn] = key
        if tries:
            attributes["RedrivePolicy"] = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": tries})
            if r.arn.endswith(".fifo") != dead.endswith(".fifo"):
                raise Refused(f"{r.id} and its dead letters are not of one kind")
        r.leave(QueueName="it has it", Tags="for people", **dict.fromkeys(NAMES, "taken"))
        r.end()
        self.account.sqs.create_queue(QueueName=r.name, Attributes=attributes)
        self.queues[r.arn] = Queue(r.id, r.ref, r.arn, int(attributes.get("VisibilityTimeout", 30)), tries, dead,
                                   int(attributes.get("MessageRetentionPeriod", 4 * 86400)))

    def bus(self, r):
        self.account.events.create_event_bus(Name=r.take("Name"))
        r.leave(Description="for people", Tags="for people")
        r.end()

    def bus_policy(self, r):
        arn = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{r.take('EventBusName', 'default')}"
        document = {"Version": "2012-10-17", "Statement": [r.take("Statement")]}
        r.take("StatementId")
        r.end()
        self.account.policies.add(arn, r.id, document, identity=False)

    def queue_policy(self, r):
        document = r.take("PolicyDocument")
        for url in r.take("Queues"):
            self.account.policies.add(f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rpartition('/')[2]}", r.id, document, identity=False)
        r.end()

    def bucket_policy(self, r):
        self.account.policies.add(f"arn:aws:s3:::{r.take('Bucket')}", r.id, r.take("PolicyDocument"), identity=False)
        r.end()

    def role(self, r):
        self.roles.add(r.arn)
        self.account.policies.add(r.arn, f"{r.id}/trust", r.take("AssumeRolePolicyDocument"), identity=False)
        for p in r.parts("Policies"):
            self.account.policies.add(r.arn, f"{r.id}/{p.take('PolicyName')}", p.take("PolicyDocument"), identity=True)
            p.end()
        r.leave(Description="for people", Tags="for people")
        r.end()

    def log_group(self, r):
        """A log group. With a customer's key the service must be able to use it for this group."""
        self.logs[r.ref] = r.arn
        if key := r.take("KmsKeyId", None):
            context = {"kms:EncryptionContext:aws:logs:arn": r.arn.removesuffix(":*")}
            service = Caller(f"logs.{REGION}.amazonaws.com", context | {"aws:SourceAccount": ACCOUNT}, "logs")
            for action in LOGS_USE:
                if not self.account.guard.permits(service, Ask(action, key, key)):
                    raise Refused(f"{r.id}: the key is not for it")
        r.leave(RetentionInDays="nothing is kept for so long", LogGroupName="it has it", Tags="for people")
        r.end()

    def function(self, r):
        role, log = r.values["Role"], r.part("LoggingConfig")
        if role not in self.roles:
            raise NotKnown(f"{r.id} has a role that is not of the template")
        f = Function(self.account, r, role, self.logs[log.take("LogGroup")])
        log.end()
        self.account.until.callback(f.end)
        self.functions[r.ref] = f

    def source(self, r):
        f = self.functions[r.values["FunctionName"]]
        self.sources[f.label] = Source(self.account, r, self.queues[r.values["EventSourceArn"]], f)

    def rule(self, r):
        self.rules.append(Rule(self.account, r, self.url))

    def group(self, r):
        r.leave(Name="it has it", Tags="for people")
        r.end()
        self.groups[r.ref] = r.arn

    def schedule(self, r):
        self.schedules.append(Schedule(self.account, r, self.url, self.groups))

    def url(self, arn):
        return self.queues[arn].url

    def watched(self):
        """A queue of ours that takes what the stack's own bus is told."""
        sqs, events = self.account.sqs, self.account.events
        url = sqs.create_queue(QueueName="watch")["QueueUrl"]
        for b in self.template.resources("AWS::Events::EventBus"):
            events.put_rule(Name="watch", EventBusName=b.name, EventPattern=json.dumps({"source": ["inventory-bridge"]}))
            events.put_targets(Rule="watch", EventBusName=b.name, Targets=[{"Id": "one", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:watch"}])
        return url

    def source_of(self, role):
        """The event source mapping of the function in a role."""
        return self.sources[role]

    def dead(self):
        """All queues of dead letters, by what they are for: functions, rules, schedules."""
        urls = {s.function.label: s.queue.dead for s in self.sources.values()}
        urls |= {r.id: r.target.dead for r in self.rules} | {s.id: s.target.dead for s in self.schedules}
        return {name: self.url(arn) for name, arn in urls.items() if arn}

    def state(self, prefix):
        """What the state holds under a prefix: JSON by key."""
        s3 = self.account.s3
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=self.state_bucket, Prefix=prefix)
        keys = [o["Key"] for page in pages for o in page.get("Contents", [])]
        return {key: json.load(s3.get_object(Bucket=self.state_bucket, Key=key)["Body"]) for key in keys}

    def upload(self, key, body, s3=None):
        (s3 or self.account.s3).put_object(Bucket=self.uploads, Key=key, Body=body.encode())

    def message_again(self, key, which=0):
        """A message about an upload of before comes once more; of its versions the newest is 0, and the oldest -1."""
        version = self.account.s3.list_object_versions(Bucket=self.uploads, Prefix=key)["Versions"][which]["VersionId"]
        self.account.sqs.send_message(QueueUrl=self.source_of("intake").queue.url, MessageBody=json.dumps({"document": {
            "bucket": self.uploads, "key": key, "versionId": version}}))

    def run(self):
        """Carries and hands over all that comes, until nothing waits. What is hidden is waited for by moving the clock."""
        end, latest = time.monotonic() + PATIENCE, self.account.ahead + LONG
        most = self.invocations() + MOST
        while time.monotonic() < end and self.account.ahead < latest and self.invocations() < most:
            moved = [rule.carry() for rule in self.rules]
            if any(moved) or any(s.turn() for s in reversed(self.sources.values())):
                continue
            due = self.account.next_due([s.queue.url for s in self.sources.values()])
            if due is None:
                return
            self.account.advance(due)
        raise TimeoutError(f"not done after {PATIENCE} s, {LONG} s by the account's clock, or {MOST} invocations")

    def invocations(self):
        return sum(s.invocations for s in self.sources.values())

    def delete(self):
        """Takes the stack away, as an operator does. What is retained stays, with what its own policies say."""
        kept = {r.arn for r in self.template.resources("AWS::KMS::Key") if r.retained}
        for f in self.functions.values():
            f.end()
        for q in self.queues.values():
            self.account.sqs.delete_queue(QueueUrl=q.url)
        for r in self.rules:
            r.delete()
        for b in self.template.resources("AWS::Events::EventBus"):
            self.account.events.remove_targets(Rule="watch", EventBusName=b.name, Ids=["one"])
            self.account.events.delete_rule(Name="watch", EventBusName=b.name)
            self.account.events.delete_event_bus(Name=b.name)
        self.account.sqs.delete_queue(QueueUrl=self.watch)
        guard = self.account.guard
        guard.keys = {arn: key for arn, key in guard.keys.items() if arn.startswith("arn:aws:s3:")}
        for holder in self.account.policies.of.keys() - kept:
            del self.account.policies.of[holder]
        for name in (n for n, retained in self.buckets.items() if not retained):
            self.account.s3.delete_bucket(Bucket=name)


# What is made of each type, in this order.
MAKERS = {
    ("AWS::KMS::Key",): Stack.key,
    ("AWS::S3::Bucket",): Stack.bucket,
    ("AWS::SQS::Queue",): Stack.queue,
    ("AWS::Events::EventBus",): Stack.bus,
    ("AWS::Events::EventBusPolicy",): Stack.bus_policy,
    ("AWS::SQS::QueuePolicy",): Stack.queue_policy,
    ("AWS::S3::BucketPolicy",): Stack.bucket_policy,
    ("AWS::IAM::Role",): Stack.role,
    ("AWS::Logs::LogGroup",): Stack.log_group,
    ("AWS::Lambda::Function",): Stack.function,
    ("AWS::Lambda::EventSourceMapping",): Stack.source,
    ("AWS::Events::Rule",): Stack.rule,
    ("AWS::Scheduler::ScheduleGroup",): Stack.group,
    ("AWS::Scheduler::Schedule",): Stack.schedule,
}
