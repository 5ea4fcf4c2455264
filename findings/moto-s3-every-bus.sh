#!/usr/bin/env bash
# On which buses an emulator's S3 tells of objects: moto 5.2.5 hands the event "Object Created" to the rules of every event bus of the
# account. S3 itself sends to the default bus and to no other. A rule on a bus of one's own that takes all events, as one for events of
# other systems does, so gets each upload a second time, in tests alone. Needs Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'moto[s3,sqs,events]==5.2.5' boto3==1.35.49

cat >main.py <<'EOF'
import json

import boto3
import moto


@moto.mock_aws
def main():
    client = lambda name: boto3.client(name, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
    events, sqs, s3 = client("events"), client("sqs"), client("s3")
    events.create_event_bus(Name="own")
    queues = {}
    for bus in ("default", "own"):
        queues[bus] = sqs.create_queue(QueueName=bus)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queues[bus], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name=bus, EventBusName=bus, EventPattern=json.dumps({"source": ["aws.s3"], "detail-type": ["Object Created"]}))
        events.put_targets(Rule=bus, EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    s3.create_bucket(Bucket="uploads")
    s3.put_bucket_notification_configuration(Bucket="uploads", NotificationConfiguration={"EventBridgeConfiguration": {}})
    s3.put_object(Bucket="uploads", Key="export.csv", Body=b"Name\nweb-1\n")
    for bus, url in queues.items():
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        print(f"{bus}:", *(f'{e["detail-type"]} {e["detail"]["object"]["key"]}' for e in (json.loads(m["Body"]) for m in messages)))


main()
EOF
venv/bin/python main.py | tee seen
diff - seen <<'EOF'
default: Object Created export.csv
own: Object Created export.csv
EOF
