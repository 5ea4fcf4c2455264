"""Which call an HTTP request is: the actions that a service asks permission for, the resources, and the keys of their conditions.
A request that is not known here has no calls, and is refused.
"""
import collections
import json
import re
import urllib.parse

from template import ACCOUNT, PARTITION, REGION

# What is asked: an action on a resource with keys. The holder is the resource whose policy counts; in parts an upload may come.
Ask = collections.namedtuple("Ask", "action resource holder keys parts", defaults=({}, False))

CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d+/[^/]+/([^/]+)/aws4_request")
SQS = {"SendMessage": "SendMessage", "SendMessageBatch": "SendMessage", "ReceiveMessage": "ReceiveMessage", "DeleteMessage": "DeleteMessage",
       "DeleteMessageBatch": "DeleteMessage", "ChangeMessageVisibility": "ChangeMessageVisibility", "GetQueueAttributes": "GetQueueAttributes"}
SSM = {"DescribeInstanceInformation", "GetInventory", "GetInventorySchema", "ListInventoryEntries"}


def caller(authorization):
    """The access key's ID and the service of a signed request; None where it has no signature."""
    m = CREDENTIAL.search(authorization or "")
    return (m[1], m[2]) if m else (None, None)


def operation(target):
    return (target or "").rpartition(".")[2]


def asks(service, method, path, query, headers, body):
    """What a request asks permission for."""
    query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    name = operation(headers.get("X-Amz-Target"))
    if service == "s3":
        return s3(method, path, query, headers)
    if service == "sqs":
        return sqs(name, json.loads(body))
    if service == "events" and name == "PutEvents":
        return put_events(json.loads(body))
    if service == "ssm":
        return ssm(name, json.loads(body))
    return []


def s3(method, path, query, headers):
    bucket, _, key = urllib.parse.unquote(path).lstrip("/").partition("/")
    holder = f"arn:{PARTITION}:s3:::{bucket}"
    if key and (query.keys() & {"uploads", "uploadId"}):
        return multipart(method, query, f"{holder}/{key}", holder)
    known = {"x-id", "versionId"} if key else {"list-type", "prefix", "max-keys", "delimiter", "start-after", "continuation-token",
                                              "encoding-type", "x-id", "fetch-owner"}
    if query.keys() - known or "X-Amz-Copy-Source" in headers:
        return []
    if key:
        action = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject"}.get(method)
        if action and "versionId" in query:
            action += "Version"
        return [Ask(f"s3:{action}", f"{holder}/{key}", holder)] if action else []
    keys = {"s3:prefix": query["prefix"]} if "prefix" in query else {}
    return [Ask("s3:ListBucket", holder, holder, keys)] if method == "GET" and "list-type" in query else []


def multipart(method, query, arn, holder):
    """A part of an upload in parts: what is written is read again with the key, when all of it is put together."""
    if query.keys() - {"uploads", "uploadId", "partNumber", "x-id"}:
        return []
    if method == "DELETE":
        return [Ask("s3:AbortMultipartUpload", arn, holder)]
    return [Ask("s3:PutObject", arn, holder, parts=True)] if method in ("POST", "PUT") else []


def may_know(bucket):
    """Asked where an object is missing: whoever may not list is told that it may not read, instead of that nothing is there."""
    return Ask("s3:ListBucket", bucket, bucket)


def queue_arn(url):
    return f"arn:{PARTITION}:sqs:{REGION}:{ACCOUNT}:{url.rpartition('/')[2]}"


def sqs(name, body):
    if name not in SQS:
        return []
    arn = queue_arn(body["QueueUrl"])
    return [Ask(f"sqs:{SQS[name]}", arn, arn)]


def bus_arn(name):
    return name if name.startswith("arn:") else f"arn:{PARTITION}:events:{REGION}:{ACCOUNT}:event-bus/{name}"


def put_events(body):
    """Each entry by itself."""
    found = []
    for entry in body["Entries"]:
        arn = bus_arn(entry.get("EventBusName", "default"))
        found.append(Ask("events:PutEvents", arn, arn, {"events:source": entry["Source"], "events:detail-type": entry["DetailType"]}))
    return found


def ssm(name, body):
    everything = "*"  # these actions have no finer resource
    if name == "PutInventory":
        types = [item["TypeName"] for item in body["Items"]]
        return [Ask("ssm:PutInventory", everything, everything, {"ssm:InventoryTypeName": types} if types else {})]
    return [Ask(f"ssm:{name}", everything, everything)] if name in SSM else []


def key_use(ask):
    """What a service that encrypts with a customer's key does with it on behalf of the caller."""
    return KEY_USE.get(ask.action, []) + (["kms:Decrypt"] if ask.parts else [])


KEY_USE = {"s3:GetObject": ["kms:Decrypt"], "s3:GetObjectVersion": ["kms:Decrypt"], "s3:PutObject": ["kms:GenerateDataKey"],
           "sqs:SendMessage": ["kms:GenerateDataKey", "kms:Decrypt"], "sqs:ReceiveMessage": ["kms:Decrypt"]}


def refusal(service, ask):
    """How a service refuses: status, type of content, body."""
    said = f"is not authorized to perform: {ask.action} on resource: {ask.resource}" if ask else "unknown action"
    if service == "s3":
        return 403, "application/xml", f"<Error><Code>AccessDenied</Code><Message>{said.replace('&', '').replace('<', '')}</Message></Error>"
    code = "AccessDenied" if service == "sqs" else "AccessDeniedException"
    prefix = {"sqs": "com.amazonaws.sqs", "events": "com.amazon.coral.service", "ssm": "com.amazonaws.ssm"}.get(service, "com.amazonaws")
    return (403 if service == "sqs" else 400), "application/x-amz-json-1.1", json.dumps({"__type": f"{prefix}#{code}", "message": said})
