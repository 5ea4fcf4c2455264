#!/usr/bin/env bash
# The key of an object in S3's event "Object Created" of EventBridge stands there as it is; in S3's older notifications to queues and functions it is URL
# encoded. aws-lambda-powertools 3.37.0 (Python) has two readers of the event of EventBridge, and they differ: the Pydantic model leaves the key alone, as the
# same project's @aws-lambda-powertools/parser 2.35.0 (TypeScript) does, and the data class S3EventBridgeNotificationEvent decodes it, as if it were a
# notification's. So of a key with + or % it makes another one: sbom/libstdc++6.json is sbom/libstdc  6.json, which does not exist, or is another
# object. Whoever names uploads by packages or versions (1.2+dfsg) takes raw_event["detail"]["object"]["key"] there, or the model.
# Needs Node and Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check aws-lambda-powertools==3.37.0 pydantic==2.12.5
npm install --silent --no-audit --no-fund --cache npm @aws-lambda-powertools/parser@2.35.0 zod@4.6.7 >log 2>&1 || { cat log; exit 1; }

cat >event.json <<'EOF'
{"version": "0", "id": "17793124-05d4-b198-2fde-7ededc63b103", "detail-type": "Object Created", "source": "aws.s3", "account": "111122223333",
 "time": "2026-11-28T10:00:00Z", "region": "eu-central-1", "resources": ["arn:aws:s3:::uploads"],
 "detail": {"version": "0", "bucket": {"name": "uploads"}, "request-id": "N4N7GDK58NMKJ12R", "requester": "111122223333", "source-ip-address": "192.0.2.3",
  "reason": "PutObject", "object": {"key": "sbom/libstdc++6 100%25.json", "size": 5, "etag": "b1946ac92492d2347c6235b4d2611184",
  "version-id": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e", "sequencer": "617f08299329d189"}}}
EOF
cat >main.py <<'EOF'
import json
from aws_lambda_powertools.utilities.data_classes import S3EventBridgeNotificationEvent
from aws_lambda_powertools.utilities.parser.models import S3EventNotificationEventBridgeModel
event = json.load(open("event.json"))
print("the event   ", event["detail"]["object"]["key"])
print("data class  ", S3EventBridgeNotificationEvent(event).detail.object.key)
print("model       ", S3EventNotificationEventBridgeModel.model_validate(event).detail.object.key)
EOF
cat >main.mjs <<'EOF'
import { readFileSync } from 'fs'
import { S3EventNotificationEventBridgeSchema } from '@aws-lambda-powertools/parser/schemas'
console.log('TypeScript  ', S3EventNotificationEventBridgeSchema.parse(JSON.parse(readFileSync('event.json', 'utf8'))).detail.object.key)
EOF
{ venv/bin/python main.py; node main.mjs; } | tr -d '\r' | tee seen
diff seen - <<'EOF'
the event    sbom/libstdc++6 100%25.json
data class   sbom/libstdc  6 100%.json
model        sbom/libstdc++6 100%25.json
TypeScript   sbom/libstdc++6 100%25.json
EOF
