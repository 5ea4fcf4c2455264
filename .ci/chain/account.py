"""An account on this machine: moto for S3, SQS and EventBridge, the sandbox for Systems Manager, the guard in front of both, and a clock
that can be moved. What a queue hides comes back when that clock says so, so that nobody waits and every time-out counts.
"""
import contextlib
import datetime
import json
import os
import subprocess
import urllib.request
from unittest import mock

import boto3
import moto.sqs.models
from botocore.config import Config
from moto.moto_api._internal.models import moto_api_backend
from moto.sqs.models import sqs_backends

import local
from guard import OPERATOR, Guard
from policy import Policies
from template import ACCOUNT, REGION

UNIX_TIME, UNIX_TIME_MILLIS = moto.sqs.models.unix_time, moto.sqs.models.unix_time_millis
NO_RETRIES = Config(retries={"total_max_attempts": 1, "mode": "standard"})


class Account:
    """An account with managed nodes, (ID, name), until a stack of contexts is left. One at a time: moto has one memory."""

    def __init__(self, nodes, folder, until):
        self.folder, self.until, self.ahead, self.nodes = folder, until, 0, nodes
        (folder / "nodes.csv").write_text("InstanceId,ComputerName,IPAddress\n" + "".join(f"{i},{name},\n" for i, name in nodes))
        (folder / "objects").mkdir()
        self.sandbox = until.enter_context(local.sandbox(nodes=folder / "nodes.csv", objects=folder / "objects"))
        moto_api_backend.reset()
        for name, real, unit in (("unix_time", UNIX_TIME, 1), ("unix_time_millis", UNIX_TIME_MILLIS, 1000)):
            until.enter_context(mock.patch.object(moto.sqs.models, name, lambda _=None, real=real, unit=unit: real() + self.ahead * unit))
        self.policies = Policies(ACCOUNT)
        self.guard = Guard(self.policies, self.sandbox)
        self.guard.mover = self.move_back
        self.endpoint = self.guard.serve(until)
        self.s3, self.sqs, self.events = (self.client(name) for name in ("s3", "sqs", "events"))

    def client(self, service, caller=None):
        """A client for a caller; without one for the operator."""
        key = self.guard.introduce(caller) if caller else OPERATOR
        return boto3.client(service, endpoint_url=self.endpoint, region_name=REGION, aws_access_key_id=key, aws_secret_access_key="x", config=NO_RETRIES)

    def hook(self, method, path, body=None):
        """Asks the sandbox for something of its own."""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.sandbox}/_sandbox/{path}", data, method=method), timeout=20) as answer:
            return json.load(answer)

    def advance(self, seconds):
        """Moves the clock, the sandbox's too."""
        self.ahead += seconds
        self.hook("POST", "clock", {"advance": f"{seconds:.3f}s"})

    def now(self):
        return datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=self.ahead)

    def queue(self, url):
        return sqs_backends[ACCOUNT][REGION].queues[url.rpartition("/")[2]]

    def waiting(self, url):
        """How many messages there are, hidden ones too."""
        return len(self.queue(url)._messages)

    def next_due(self, urls):
        """After how many seconds the next hidden message can be received; None where none is hidden."""
        now = moto.sqs.models.unix_time_millis()
        due = [m.visible_at - now for url in urls for m in self.queue(url)._messages if not m.visible]
        return max(min(due), 0) / 1000 + 0.01 if due else None

    def take(self, url):
        """Takes all messages that can be received out of a queue."""
        found = []
        while self.waiting(url) and (messages := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"],
                                                   MessageAttributeNames=["All"]).get("Messages")):
            for m in messages:
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=m["ReceiptHandle"])
            found += messages
        return found

    def move_back(self, arn):
        """Moves all dead letters to the queue whose they are. False where it is a queue of another kind."""
        backend = sqs_backends[ACCOUNT][REGION]
        dead, = [q for q in backend.queues.values() if q.queue_arn == arn]
        origins = [q for q in backend.queues.values() if q.dead_letter_queue is dead]
        for m in list(dead._messages) if origins else ():
            dead._messages.remove(m)
            m.approximate_receive_count = 0
            origins[0].add_message(m)
        return bool(origins)

    def command(self, *arguments):
        """Runs the command line as the operator; returns what it prints, line by line."""
        environment = os.environ | local.CREDENTIALS | {"AWS_ENDPOINT_URL": self.endpoint, "AWS_ACCESS_KEY_ID": OPERATOR}
        p = subprocess.run([local.BRIDGE, *arguments, "--json"], env=environment, cwd=self.folder, stdout=subprocess.PIPE, check=True)
        return [json.loads(line) for line in p.stdout.splitlines()]


@contextlib.contextmanager
def logs_shown(folder):
    """Shows the logs of a run that goes wrong."""
    try:
        yield
    except BaseException:
        for f in sorted(folder.glob("*.log")):
            print(f"{f.name}:\n{f.read_text(errors='replace')[-4000:]}")
        raise
