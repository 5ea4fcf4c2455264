"""Stands in front of moto and the sandbox, and lets through what the caller's policies allow; the rest it refuses as the service does.
Who calls is told by the ID of the access key. It counts what each caller does, and keeps what is needed to say which statements were used.
"""
import collections
import http.client
import io
import json
import threading
import urllib.parse

from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

import calls
from policy import with_keys
from template import ACCOUNT, REGION

# Who calls: a role's ARN or a service's name, the keys that all its calls have, and what its calls are counted as.
Caller = collections.namedtuple("Caller", "principal keys label")

OPERATOR = "OPERATOR"  # the access key of whoever installed the stack: it may do anything, and nothing that it does is counted
MOTO = DomainDispatcherApplication(create_backend_app)
HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "date", "server"}


class Guard:
    def __init__(self, policies, sandbox):
        self.policies, self.sandbox = policies, urllib.parse.urlsplit(sandbox)
        self.connections = []  # to the sandbox, those that nobody uses now
        self.callers = {}
        self.keys = {}  # customers' keys by what they encrypt: buckets and queues
        self.encrypted = {}  # and by object, which keeps the key with which it was written
        self.unavailable = collections.Counter()  # how many messages a queue will still not take
        self.refused, self.unknown, self.hidden = [], [], []
        self.counts = collections.Counter()
        self.allowed = {}  # a call for each way in which one was allowed
        self.lock = threading.Lock()

    def serve(self, until):
        """Serves on a port of its own until a stack of contexts is left; returns the endpoint."""
        server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=Quiet)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        until.callback(self.close)
        until.callback(server.server_close)
        until.callback(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def introduce(self, caller):
        """Makes an access key for a caller."""
        key = f"KEY{len(self.callers)}"
        self.callers[key] = caller
        return key

    def permits(self, caller, ask, is_call=True):
        """Whether a caller may, and may use the key that a customer has for it; a call is counted."""
        label = ask.action
        for ask in [ask, *ask.also, *self.key_asks(caller, ask)]:
            c = with_keys(caller.principal, ask.action, ask.resource, {**caller.keys, **ask.keys})
            with self.lock:
                if not self.policies.allows(c, ask.holder):
                    self.refused.append(f"{caller.label} {ask.action} {ask.resource}")
                    return False
                way = tuple((s.place, part) for s, part in self.policies.about(c, ask.holder))
                self.allowed.setdefault((c.principal, c.action, way), (c, ask.holder))
        if is_call:
            self.counts[caller.label, label] += 1
        return True

    def key_asks(self, caller, ask):
        key = self.keys.get(ask.holder)
        if ask.action == "s3:PutObject":
            self.encrypted[ask.resource] = key
        elif ask.resource in self.encrypted:
            key = self.encrypted[ask.resource]
        via = f"{ask.action.partition(':')[0]}.{REGION}.amazonaws.com"
        keys = {"kms:ViaService": via, "kms:CallerAccount": ACCOUNT}
        return [calls.Ask(action, key, key, keys) for action in calls.key_use(ask)] if key else []

    def __call__(self, environ, start_response):
        path, query, method = environ["PATH_INFO"].encode("latin-1").decode(), environ["QUERY_STRING"], environ["REQUEST_METHOD"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        key, service = calls.caller(environ.get("HTTP_AUTHORIZATION"))
        headers = {"X-Amz-Target": environ.get("HTTP_X_AMZ_TARGET"), "Content-Type": environ.get("CONTENT_TYPE")}
        headers |= {name: environ[key] for name, key in (("X-Amz-Copy-Source", "HTTP_X_AMZ_COPY_SOURCE"), ("If-Match", "HTTP_IF_MATCH")) if key in environ}
        if path.startswith("/_sandbox/"):  # not a call of AWS
            return self.forward(environ, path, query, method, body, start_response)
        asks = []
        if key != OPERATOR:
            asks = calls.asks(service, method, path, query, headers, body)
            if refusal := self.refuse(self.callers.get(key), service, asks, f"{service} {method} {path} {headers['X-Amz-Target']}"):
                return answer(start_response, *refusal)
        if service == "sqs" and (special := self.queues(calls.operation(headers["X-Amz-Target"]), json.loads(body))):
            return answer(start_response, *special)
        if service == "ssm":
            return self.forward(environ, path, query, method, body, start_response)
        return self.moto(environ, start_response, self.callers.get(key), asks)

    def refuse(self, caller, service, asks, what):
        """The refusal of a request; None where all that it asks is permitted."""
        if caller is None or not asks:
            self.unknown.append(what)
            return calls.refusal(service, None)
        for ask in asks:
            if not self.permits(caller, ask):
                return calls.refusal(service, ask)
        return None

    def moto(self, environ, start_response, caller, asks):
        """Has moto answer. Of an object that is missing only those are told who may list."""
        told = []
        chunks = MOTO(environ, lambda status, headers, _=None: told.append((status, headers)))
        (status, headers), body = told[0], b"".join(chunks)
        if caller and status.startswith("404") and asks and asks[0].action.startswith("s3:Get"):
            if not self.permits(caller, calls.may_know(asks[0].holder), is_call=False):
                return answer(start_response, *calls.refusal("s3", asks[0]))
        start_response(status, headers)
        return [body]

    def queues(self, name, body):
        """What moto does not have: a queue that is away, what a queue of this kind does not take, what was asked to be hidden, moving back."""
        url = body.get("QueueUrl", "")
        if name in ("SendMessage", "SendMessageBatch"):
            entries = body.get("Entries", [body])
            if self.unavailable[calls.queue_arn(url)] > 0:
                self.unavailable[calls.queue_arn(url)] -= 1
                return 503, "application/x-amz-json-1.0", json.dumps({"__type": "com.amazonaws.sqs#ServiceUnavailable", "message": "away"})
            if not url.endswith(".fifo") and any("MessageDeduplicationId" in e for e in entries):
                return self.invalid("MessageDeduplicationId is for FIFO queues")
        if name == "ChangeMessageVisibility":
            self.hidden.append((url, body["VisibilityTimeout"]))
        if name == "StartMessageMoveTask":
            return self.move(body)
        return None

    @staticmethod
    def invalid(message):
        return 400, "application/x-amz-json-1.0", json.dumps({"__type": "com.amazonaws.sqs#InvalidParameterValueException", "message": message})

    def move(self, body):
        """Moves messages back, as SQS does it: out of a queue of dead letters of another queue alone."""
        if body.keys() - {"SourceArn"}:
            return self.invalid("a destination of its own is not played here")
        if not self.mover(body["SourceArn"]):
            return self.invalid("Source queue must be configured as a Dead Letter Queue.")
        return 200, "application/x-amz-json-1.0", json.dumps({"TaskHandle": "one"})

    def forward(self, environ, path, query, method, body, start_response):
        """Has the sandbox answer."""
        headers = {k[5:].replace("_", "-"): v for k, v in environ.items() if k.startswith("HTTP_") and k != "HTTP_HOST"}
        headers["Content-Type"] = environ.get("CONTENT_TYPE", "")
        connection = self.connections.pop() if self.connections else http.client.HTTPConnection(self.sandbox.hostname, self.sandbox.port, timeout=60)
        connection.request(method, urllib.parse.quote(path) + (f"?{query}" if query else ""), body or None, headers)
        response = connection.getresponse()
        found = response.read()
        self.connections.append(connection)
        start_response(f"{response.status} {response.reason}", [(k, v) for k, v in response.getheaders() if k.lower() not in HOP]
                       + [("Content-Length", str(len(found)))])
        return [found]

    def close(self):
        while self.connections:
            self.connections.pop().close()


def answer(start_response, status, content_type, body):
    data = body.encode()
    start_response(f"{status} {http.client.responses[status]}", [("Content-Type", content_type), ("Content-Length", str(len(data)))])
    return [data]


class Quiet(MotoRequestHandler):
    disable_nagle_algorithm = True

    def log_request(self, *_):
        pass
