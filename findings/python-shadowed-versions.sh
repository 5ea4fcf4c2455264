#!/usr/bin/env bash
# A package may be installed in two folders of Python's path: a layer of a function (/opt/python) before its runtime, /usr/local before Debian's own. Python
# takes the first, and pip says so; the other one is never imported. Two tools that list the packages of an environment do otherwise:
# - pip-licenses 5.5.5 lists the one that is not used, with its version and license, and not the one that is;
# - cyclonedx-bom 7.5.0 (cyclonedx-py environment) lists both in the SBOM, and nothing in it says which of them is used.
# So the version in such a list is not that of the machine, and a scanner that is given the SBOM reports weaknesses that an update has mended.
# Needs Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
install() { "$1" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore "${@:2}"; }
python3 -m venv venv
python3 -m venv tools
install venv/bin/python idna==3.6
install venv/bin/python --target layer idna==3.10
install tools/bin/python cyclonedx-bom==7.5.0 pip-licenses==5.5.5

export PYTHONPATH=$tmp/layer
{
  venv/bin/python -c 'import idna; print("imported     ", idna.__version__)'
  venv/bin/python -m pip list --disable-pip-version-check --format json >pip.json
  PYTHONPATH='' python3 - pip.json <<'EOF'
import json
print("pip list     ", *(p["version"] for p in json.load(open("pip.json")) if p["name"] == "idna"))
EOF
  tools/bin/pip-licenses --python venv/bin/python --packages idna --format json >licenses.json
  tools/bin/cyclonedx-py environment venv/bin/python >sbom.json 2>log
  PYTHONPATH='' python3 - <<'EOF'
import json
print("pip-licenses ", *(p["Version"] for p in json.load(open("licenses.json"))))
print("cyclonedx-py ", *sorted(c["version"] for c in json.load(open("sbom.json"))["components"] if c["name"] == "idna"))
EOF
} | tr -d '\r' | tee seen
diff seen - <<'EOF'
imported      3.10
pip list      3.10
pip-licenses  3.6
cyclonedx-py  3.10 3.6
EOF
