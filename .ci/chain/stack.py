"""The deployed service on this machine, for the tests beside this file: moto for S3, SQS and EventBridge, the sandbox for Systems Manager,
and the built function under Lambda's runtime interface emulator in each of its two roles. Lambda's event source mappings are played here,
since nobody else does: they receive batches, delete what was done, and leave the rest to the queue's visibility timeout and redrive.
"""
import contextlib
import http.client
import json
import pathlib
import sys
import tempfile
import time
import urllib.request

import boto3

import local

UPLOADS, STATE, BUS = "uploads", "state", "bridge"
TRIES = 3  # before a message is a dead letter
HIDDEN = 6  # seconds for which a queue hides a message that was received
BATCH = 10
PATIENCE = 150  # seconds in which all must be done
LATER = "20m"  # for the sandbox's clock: longer than a deployed queue hides a delivery, and than any claim runs


class Function:
    """The function in one role. One that died is started anew with the next event, as Lambda does."""

    def __init__(self, variables, log):
        self.variables, self.log = variables, log
        self.rie = local.emulator()
        self.until = contextlib.ExitStack()
        self.port = self.process = None

    def invoke(self, event):
        """The answer; None where the invocation failed or the function died."""
        if self.process is None or self.process.poll() is not None:
            self.end()
            self.port, self.process = self.until.enter_context(local.function(self.rie, self.variables, self.log))
        try:
            status, answer = local.invoke(self.port, json.dumps(event).encode())
        except (OSError, http.client.HTTPException):
            self.process.wait(timeout=20)
            return None
        return None if local.is_error(status, answer) else json.loads(answer)

    def kill(self):
        local.kill(self.process)

    def end(self):
        self.until.close()


class Source:
    """An event source mapping: what comes to a queue is handed to a function."""

    def __init__(self, sqs, queue, function):
        self.sqs, self.queue, self.function = sqs, queue, function
        self.invocations = self.failed = 0

    def turn(self):
        """Hands over one batch. Whether there was any."""
        messages = self.sqs.receive_message(QueueUrl=self.queue.url, MaxNumberOfMessages=BATCH, AttributeNames=["All"],
                                            MessageAttributeNames=["All"]).get("Messages", [])
        if not messages:
            return False
        self.invocations += 1
        answer = self.function.invoke({"Records": [self.record(m) for m in messages]})
        if answer is not None:
            self.settle(messages, {f["itemIdentifier"] for f in answer["batchItemFailures"]})
        return True

    def settle(self, messages, failed):
        """Deletes what was done. What failed comes again: at once, where the function asked for half a minute or more."""
        for m in messages:
            call = {"QueueUrl": self.queue.url, "ReceiptHandle": m["ReceiptHandle"]}
            if m["MessageId"] not in failed:
                self.sqs.delete_message(**call)
            else:
                self.failed += 1
                self.sqs.change_message_visibility(**call, VisibilityTimeout=0)

    def record(self, m):
        """A message as Lambda hands it over."""
        return {"messageId": m["MessageId"], "receiptHandle": m["ReceiptHandle"], "body": m["Body"], "attributes": m["Attributes"],
                "messageAttributes": {}, "md5OfBody": m["MD5OfBody"], "eventSource": "aws:sqs", "eventSourceARN": self.queue.arn,
                "awsRegion": "us-east-1"}


class Queue:
    """A queue; with dead letters unless it is one for these."""

    def __init__(self, sqs, name, dead=None):
        attributes = {"VisibilityTimeout": str(HIDDEN)}
        if name.endswith(".fifo"):
            attributes |= {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
        if dead:
            attributes["RedrivePolicy"] = json.dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": TRIES})
        self.sqs = sqs
        self.url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        self.arn = self.attributes()["QueueArn"]

    def attributes(self):
        return self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])["Attributes"]

    def waiting(self):
        """How many messages there are, hidden ones too."""
        return sum(int(v) for k, v in self.attributes().items() if k.startswith("ApproximateNumberOfMessages"))

    def bodies(self):
        """Takes out all messages; gives what they say."""
        found = []
        while messages := self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages"):
            found += [json.loads(m["Body"]) for m in messages]
        return found

    def send(self, body, **more):
        self.sqs.send_message(QueueUrl=self.url, MessageBody=json.dumps(body), **more)


@contextlib.contextmanager
def moto(folder):
    """AWS without Systems Manager; gives its endpoint."""
    port = local.free_port()
    with open(folder / "moto.log", "wb") as log, local.ended(
            sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port), stdout=log, stderr=log):
        local.wait_for(port, seconds=60)
        yield f"http://127.0.0.1:{port}"


class Stack:
    """The service, installed anew in a folder, until a stack of contexts is left."""

    def __init__(self, nodes, folder, until):
        self.folder, self.until = folder, until
        (self.folder / "nodes.csv").write_text("InstanceId,ComputerName,IPAddress\n" + "".join(f"{i},{name},\n" for i, name in nodes))
        (self.folder / "objects").mkdir()
        self.sandbox = self.until.enter_context(local.sandbox(nodes=self.folder / "nodes.csv", objects=self.folder / "objects"))
        self.aws = self.until.enter_context(moto(self.folder))
        self.s3, self.sqs, self.events = (self.client(name) for name in ("s3", "sqs", "events"))
        self.make_buckets()
        self.dead = [Queue(self.sqs, name) for name in ("arriving-dead", "deliveries-dead.fifo")]
        self.arriving = Queue(self.sqs, "arriving", self.dead[0])
        self.deliveries = Queue(self.sqs, "deliveries.fifo", self.dead[1])
        self.completed = Queue(self.sqs, "completed")
        self.make_rules()
        self.intake = self.source("intake", self.arriving)
        self.delivery = self.source("delivery", self.deliveries)

    def client(self, service):
        return boto3.client(service, endpoint_url=self.aws, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")

    def make_buckets(self):
        for bucket in (UPLOADS, STATE):
            self.s3.create_bucket(Bucket=bucket)
            self.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        self.s3.put_bucket_notification_configuration(Bucket=UPLOADS, NotificationConfiguration={"EventBridgeConfiguration": {}})

    def make_rules(self):
        self.events.create_event_bus(Name=BUS)
        uploaded = {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": {"bucket": {"name": [UPLOADS]}}}
        for name, bus, pattern, queue in (("objects", "default", uploaded, self.arriving),
                                          ("completed", BUS, {"source": ["inventory-bridge"]}, self.completed)):
            self.events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(pattern))
            self.events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": name, "Arn": queue.arn}])

    def source(self, role, queue):
        variables = {f"AWS_ENDPOINT_URL_{service}": self.aws for service in ("S3", "SQS", "EVENTBRIDGE")} | {
            "AWS_ENDPOINT_URL_SSM": self.sandbox, "INVBRIDGE_ROLE": role, "INVBRIDGE_STATE": f"s3://{STATE}", "INVBRIDGE_UPLOADS": UPLOADS,
            "INVBRIDGE_QUEUE": self.deliveries.url, "INVBRIDGE_BUS": BUS, "INVBRIDGE_RATE": "-1", "INVBRIDGE_METRICS": "on"}
        function = Function(variables, self.folder / f"{role}.log")
        self.until.callback(function.end)
        return Source(self.sqs, queue, function)

    def hook(self, method, path, body=None):
        """Asks the sandbox for something of its own."""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.sandbox}/_sandbox/{path}", data, method=method), timeout=20) as answer:
            return json.load(answer)

    def run(self):
        """Hands over all that comes, until both queues are empty."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.delivery.turn() or self.intake.turn():
                continue
            if not self.arriving.waiting() and not self.deliveries.waiting():
                return
            time.sleep(0.2)
        raise TimeoutError(f"not done after {PATIENCE} s")

    def logs(self):
        return "\n".join(f"{f.name}:\n{f.read_text(errors='replace')[-4000:]}" for f in sorted(self.folder.glob("*.log")))

    def state(self, prefix):
        """What the state holds under a prefix: JSON by key."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=STATE, Prefix=prefix)
        keys = [o["Key"] for page in pages for o in page.get("Contents", [])]
        return {key: json.load(self.s3.get_object(Bucket=STATE, Key=key)["Body"]) for key in keys}


@contextlib.contextmanager
def installed(nodes):
    """The service with these nodes, (ID, name), for a while. Logs are shown where that goes wrong."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as end:
        stack = Stack(nodes, pathlib.Path(folder), end)
        try:
            yield stack
        except BaseException:
            print(stack.logs())
            raise
