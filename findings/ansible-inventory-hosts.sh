#!/usr/bin/env bash
# Where the hosts of an Ansible inventory stand: `ansible-inventory --list` of ansible-core 2.19.14 writes _meta.hostvars, and a host
# without a variable of its own or of a group is not in it. With --export, variables stay with their groups, so a host is missing as soon
# as all it has comes from there. Whoever takes the keys of hostvars for the list of hosts loses these machines; all of them stand only in
# the `hosts` of the groups together. _meta has had a second field, profile, since 2.19. Needs Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ansible-core==2.19.14

cat >hosts.ini <<'EOF'
bare01.example.com
[web]
web01.example.com ansible_host=10.0.1.10
web02.example.com
[db]
db01.example.com
[db:vars]
tier=data
EOF

cat >main.py <<'EOF'
import json, subprocess

for options in [[], ["--export"]]:
    out = subprocess.run(["venv/bin/ansible-inventory", "-i", "hosts.ini", "--list", *options], check=True, capture_output=True, text=True).stdout
    inventory = json.loads(out)
    meta = inventory.pop("_meta")
    groups = sorted(host for group in inventory.values() for host in group.get("hosts", []))
    print(" ".join(["--list", *options]))
    print("  _meta:   ", *sorted(meta))
    print("  hostvars:", *sorted(meta["hostvars"]))
    print("  groups:  ", *groups)
EOF
venv/bin/python main.py | tee seen
diff - seen <<'EOF'
--list
  _meta:    hostvars profile
  hostvars: db01.example.com web01.example.com
  groups:   bare01.example.com db01.example.com web01.example.com web02.example.com
--list --export
  _meta:    hostvars profile
  hostvars: web01.example.com
  groups:   bare01.example.com db01.example.com web01.example.com web02.example.com
EOF
