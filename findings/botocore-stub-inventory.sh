#!/usr/bin/env bash
# What a test of PutInventory with botocore's Stubber proves. The Stubber "validates" parameters, as the real client does before it sends; but of the
# service's own model botocore 1.44.8 checks types, required members and least lengths alone. Patterns and greatest lengths stand in the same
# model and are left to the service: a CaptureTime by datetime.isoformat() (+00:00 in place of Z, or with fractions), a type without AWS: or
# Custom:, a version "1", 31 items, 51 attributes and a value of 4,097 characters pass, though the API reference (PutInventory,
# InventoryItem) allows none of them.
# So a test that a stub passes says nothing of these: look into the model, as this script does, or use a server that does. Needs Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check boto3==1.44.8 botocore==1.44.8

cat >main.py <<'EOF'
import datetime, re
import boto3
from botocore.exceptions import ParamValidationError
from botocore.stub import Stubber

client = boto3.client("ssm", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
model = client.meta.service_model.operation_model("PutInventory").input_shape

def broken(shape, value):
    """The constraints of the model that a value breaks."""
    meta = shape.metadata
    if hasattr(value, "__len__") and not meta.get("min", 0) <= len(value) <= meta.get("max", len(value)):
        yield "length"
    if "pattern" in meta and not re.search(meta["pattern"], value):
        yield "pattern"
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if name in value:
                yield from broken(member, value[name])
    for one in value if shape.type_name == "list" else []:
        yield from broken(shape.member, one)
    for name, one in value.items() if shape.type_name == "map" else []:
        yield from broken(shape.key, name)
        yield from broken(shape.value, one)

def item(**change):
    return {"TypeName": "Custom:Asset", "SchemaVersion": "1.0", "CaptureTime": "2026-11-28T10:00:00Z", "Content": [{"Name": "web-01"}], **change}

noon = datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.timezone.utc)
for title, *items in [
    ("as it should be", item()),
    ("isoformat()", item(CaptureTime=noon.isoformat())),
    ("fractions of a second", item(CaptureTime="2026-11-28T12:00:00.5Z")),
    ("type Asset", item(TypeName="Asset")),
    ("version 1", item(SchemaVersion="1")),
    ("31 items", *(item(TypeName=f"Custom:Asset{i}") for i in range(31))),
    ("51 attributes", item(Content=[{f"Attribute{i}": "" for i in range(51)}])),
    ("4,097 characters", item(Content=[{"Name": "x" * 4097}])),
    ("an attribute without a name", item(Content=[{"": "x"}])),
]:
    request = {"InstanceId": "i-0123456789abcdef0", "Items": items}
    with Stubber(client) as stub:
        stub.add_response("put_inventory", {}, request)
        try:
            client.put_inventory(**request)
            answer = "passes"
        except ParamValidationError:
            answer = "is refused"
    print(title, answer + "; the model's:", *sorted(set(broken(model, request))) or ["good"])
EOF
venv/bin/python main.py | tr -d '\r' | tee seen
diff seen - <<'EOF'
as it should be passes; the model's: good
isoformat() passes; the model's: pattern
fractions of a second passes; the model's: pattern
type Asset passes; the model's: pattern
version 1 passes; the model's: pattern
31 items passes; the model's: length
51 attributes passes; the model's: length
4,097 characters passes; the model's: length
an attribute without a name is refused; the model's: length
EOF
