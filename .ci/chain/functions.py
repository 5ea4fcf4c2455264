"""Lambda: a function of the template, run with the credentials of its role under Lambda's runtime interface emulator, and the event source
mappings that hand over what comes to a queue.
"""
import contextlib
import http.client
import json
import os
import subprocess

import local
from guard import Caller
from calls import Ask
from template import ACCOUNT, REGION, NotKnown

BATCH = 10  # the most of one batch, without a window to wait in
MAXIMUM = range(2, 1001)  # of an event source mapping's concurrency
MOVED = 30  # seconds after which a function that waits sees a clock that was moved: it is started anew


class Refused(Exception):
    """A service would not make this resource."""


class Function:
    """A function. One that died is started anew with the next event, as Lambda does, and so is one for which the clock was moved."""

    def __init__(self, account, resource, role, log_group):
        self.account, self.id, self.arn, self.role, self.log_group = account, resource.id, resource.arn, role, log_group
        self.stack = resource.template.stack
        self.label = resource.id.rstrip("0123456789ABCDEF").lower()
        self.read(resource)
        self.log = account.folder / f"{self.label}.log"
        self.rie = local.emulator()
        self.until = contextlib.ExitStack()
        self.port = self.process = None
        self.started = 0

    def read(self, r):
        self.variables = dict(r.part("Environment").take("Variables"))
        self.timeout, self.memory = r.take("Timeout"), r.take("MemorySize")
        self.reserved = r.take("ReservedConcurrentExecutions", None)
        self.key = r.take("KmsKeyArn", None)
        tracing = r.part("TracingConfig")
        self.traced = tracing.take("Mode", "PassThrough") == "Active"
        tracing.end()
        architecture, = r.take("Architectures")
        self.code = code(r, architecture)
        r.expect("Runtime", "provided.al2023")
        r.expect("Handler", "bootstrap")
        r.leave(Description="for people", EphemeralStorage="the emulator does not limit it", Role="read before", LoggingConfig="read before",
                Tags="for people")
        r.end()

    def metrics(self):
        """What it wrote of metrics into its log."""
        return logged(self.log)

    def caller(self):
        return Caller(self.role, {}, self.label)

    def environment(self):
        """Its variables, and what Lambda adds. What is put in place of the template's is where services are, and no limit of calls."""
        lambdas = {"AWS_ACCESS_KEY_ID": self.account.guard.introduce(self.caller()), "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": REGION,
                   "AWS_DEFAULT_REGION": REGION, "AWS_LAMBDA_FUNCTION_TIMEOUT": str(self.timeout),
                   "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory), "AWS_LAMBDA_FUNCTION_NAME": self.arn.rpartition(":")[2]}
        if self.variables.get("INVBRIDGE_ROLE") == "delivery" and not float(self.variables.get("INVBRIDGE_RATE", 0)) > 0:
            raise NotKnown(f"{self.id} has no rate of its own")
        here = {"AWS_ENDPOINT_URL": self.account.endpoint, "INVBRIDGE_RATE": "-1"}
        return {"PATH": os.environ["PATH"]} | self.variables | lambdas | here

    def start(self):
        """Starts it as Lambda does: as its role, with a log, and its variables read with its key."""
        self.end()
        guard, mine = self.account.guard, self.caller()
        service = Caller("lambda.amazonaws.com", {"aws:SourceArn": self.arn, "aws:SourceAccount": ACCOUNT}, "lambda")
        if not guard.permits(service, Ask("sts:AssumeRole", self.role, self.role)):
            raise Refused(f"Lambda may not take the role of {self.id}")
        for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
            guard.permits(mine, Ask(action, f"{self.log_group.removesuffix(':*')}:log-stream:one", self.log_group))
        for action in ("xray:PutTraceSegments", "xray:PutTelemetryRecords") if self.traced else ():
            guard.permits(mine, Ask(action, "*", "*"))
        if self.key and not guard.permits(mine, Ask("kms:Decrypt", self.key, self.key)):
            raise Refused(f"{self.id} may not read its variables")
        for left in (2, 1, 0):  # what makes connections beside this may have taken a port that was free
            try:
                self.listen()
                break
            except SystemExit:
                self.end()
                if not left:
                    raise
        self.started = self.account.ahead

    def listen(self):
        port, api = local.free_port(), local.free_port()
        out = self.until.enter_context(open(self.log, "ab"))
        self.process = self.until.enter_context(local.ended(
            "timeout", "600", self.rie, "--log-level", "info", "--runtime-interface-emulator-address", f"127.0.0.1:{port}",
            "--runtime-api-address", f"127.0.0.1:{api}", local.ROOT / "dist/amd64/bootstrap", env=self.environment(), cwd=self.code,
            stdout=out, stderr=subprocess.STDOUT))
        local.wait_for(port)
        self.port = port

    def invoke(self, event):
        """The answer; None where the invocation failed or the function died."""
        if self.process is None or self.process.poll() is not None or self.account.ahead - self.started > MOVED:
            self.start()
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
        self.port = self.process = None


def logged(log):
    """The metrics in a log."""
    return [json.loads(line) for line in log.read_text(errors="replace").splitlines() if line.startswith("{") and '"_aws"' in line]


def code(r, architecture):
    """The directory that is deployed: what was built for the architecture, and the mappings beside it."""
    at = r.part("Code")
    at.take("S3Bucket")
    folder = r.template.assets / f"asset.{at.take('S3Key').removesuffix('.zip')}"
    at.end()
    built = {"arm64": "arm64", "x86_64": "amd64"}[architecture]
    if (folder / "bootstrap").read_bytes() != (local.ROOT / "dist" / built / "bootstrap").read_bytes():
        raise NotKnown(f"{r.id} deploys another program than dist/{built}/bootstrap")
    return folder


class Source:
    """An event source mapping: what comes to a queue is handed to a function, by the rights of the function's role."""

    def __init__(self, account, resource, queue, function):
        self.account, self.queue, self.function = account, queue, function
        self.batch = resource.take("BatchSize", BATCH)
        self.reports = resource.take("FunctionResponseTypes", []) == ["ReportBatchItemFailures"]
        scaling = resource.part("ScalingConfig")
        self.maximum = scaling.take("MaximumConcurrency", None)
        scaling.end()
        resource.leave(EventSourceArn="read before", FunctionName="read before", Tags="for people")
        resource.end()
        self.check(resource.id)
        self.sqs = account.client("sqs", function.caller())
        self.sqs.get_queue_attributes(QueueUrl=queue.url, AttributeNames=["All"])  # as Lambda asks
        self.invocations = self.failed = 0

    def check(self, id):
        """What Lambda and SQS refuse."""
        if self.queue.hidden < self.function.timeout:
            raise Refused(f"{id}: the queue hides a message for {self.queue.hidden} s, and the function may run for {self.function.timeout} s")
        if self.batch > BATCH:
            raise Refused(f"{id}: a batch of {self.batch} needs a window")
        if self.maximum is not None and self.maximum not in MAXIMUM:
            raise Refused(f"{id}: a maximum of {self.maximum}")
        if self.function.reserved is not None and self.maximum is not None and self.maximum > self.function.reserved:
            raise Refused(f"{id}: more than are reserved")

    def turn(self):
        """Hands over one batch. Whether there was any."""
        if not any(m.visible for m in self.account.queue(self.queue.url)._messages):
            return False  # a poll that finds nothing depends on the time, and would spoil the counts
        messages = self.sqs.receive_message(QueueUrl=self.queue.url, MaxNumberOfMessages=self.batch, AttributeNames=["All"],
                                            MessageAttributeNames=["All"]).get("Messages", [])
        if not messages:
            return False
        self.invocations += 1
        answer = self.function.invoke({"Records": [self.record(m) for m in messages]})
        if answer is not None:
            self.settle(messages, {f["itemIdentifier"] for f in answer.get("batchItemFailures", [])} if self.reports else set())
        return True

    def settle(self, messages, failed):
        """Deletes what was done. What failed comes again when the queue, or the function, shows it."""
        done = [m for m in messages if m["MessageId"] not in failed]
        self.failed += len(messages) - len(done)
        if done:
            self.sqs.delete_message_batch(QueueUrl=self.queue.url, Entries=[
                {"Id": str(k), "ReceiptHandle": m["ReceiptHandle"]} for k, m in enumerate(done)])

    def record(self, m):
        """A message as Lambda hands it over."""
        attributes = {k: {"stringValue": v["StringValue"], "dataType": v["DataType"], "stringListValues": [], "binaryListValues": []}
                      for k, v in m.get("MessageAttributes", {}).items()}
        return {"messageId": m["MessageId"], "receiptHandle": m["ReceiptHandle"], "body": m["Body"], "attributes": m["Attributes"],
                "messageAttributes": attributes, "md5OfBody": m["MD5OfBody"], "eventSource": "aws:sqs",
                "eventSourceARN": self.queue.arn, "awsRegion": REGION}
