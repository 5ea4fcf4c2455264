#!/usr/bin/env bash
# `aws ssm list-inventory-entries` shows the first page of a machine's entries, 50 at most, and ends with exit code 0: of 120 packages a search with
# --query for the hundredth finds nothing. `aws ssm get-inventory` beside it shows all its pages by itself, as the command line does with most calls.
# The reason is botocore's list of calls that have pages: GetInventory is in it and ListInventoryEntries is not (awscli 1.46.3, boto3 1.44.8),
# so boto3 has no paginator for it either. Nor is there --max-items, and --query also hides the NextToken by which one would notice.
# So whoever asks what is installed on a machine goes on with --next-token until there is none, or lists too little. Talks to a server on the
# loopback alone. Needs Python 3.
set -euo pipefail
tmp=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check awscli==1.46.3 boto3==1.44.8 botocore==1.44.8

# The two calls as the API reference describes them: at most 50 results of each, and NextToken while there are more.
cat >server.py <<'EOF'
import http.server, json
packages = [{"Name": f"package-{i:03}", "Version": "1.0"} for i in range(120)]
nodes = [{"Id": f"mi-{i:017x}", "Data": {}} for i in range(120)]

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        start = int(request.get("NextToken", "0"))
        if self.headers["X-Amz-Target"] == "AmazonSSM.ListInventoryEntries":
            answer = {"TypeName": "AWS:Application", "SchemaVersion": "1.1", "CaptureTime": "2026-11-28T10:00:00Z", "Entries": packages[start:start + 50]}
        else:
            answer = {"Entities": nodes[start:start + 50]}
        if start + 50 < 120:
            answer["NextToken"] = str(start + 50)
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
EOF
python3 server.py >port &
server=$!
until [ -s port ]; do sleep 0.1; done

export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1 AWS_PAGER= AWS_CONFIG_FILE=none AWS_SHARED_CREDENTIALS_FILE=none
ssm() { venv/bin/aws --endpoint-url "http://127.0.0.1:$(cat port)" --output json ssm "$@"; }
entries=(list-inventory-entries --instance-id i-0123456789abcdef0 --type-name AWS:Application)
{
  echo get-inventory "$(ssm get-inventory --query 'length(Entities)')"
  echo list-inventory-entries "$(ssm "${entries[@]}" --query 'length(Entries)')"
  echo list-inventory-entries, package-100: "$(ssm "${entries[@]}" --query "Entries[?Name=='package-100'].Name")"
  echo list-inventory-entries, its third page: "$(ssm "${entries[@]}" --next-token 100 --query 'Entries[0].Name')"
  venv/bin/python - <<'EOF'
import boto3
client = boto3.client("ssm")
for name in "get_inventory", "list_inventory_entries":
    print("boto3 has a paginator of", name, client.can_paginate(name))
EOF
} | tr -d '\r' | tee seen
diff seen - <<'EOF'
get-inventory 120
list-inventory-entries 50
list-inventory-entries, package-100: []
list-inventory-entries, its third page: "package-100"
boto3 has a paginator of get_inventory True
boto3 has a paginator of list_inventory_entries False
EOF
