#!/usr/bin/env bash
# univers 32.0.1 reads ranges of versions as VERS writes them, vers:<scheme>/<constraints>, for scanners of packages.
# - Scheme deb: 1.05 and 1.5 are one version, as dpkg says (digits are compared as numbers). Here they are neither equal nor is one of them less:
#   <=1.5 has 1.05 and 1.5 alone has not. So a finding whose range names single versions is missed for a package that spells one otherwise.
# - Scheme intdot: integers between dots, so 10.10 is above 10.2 and 10 above 9. Here both are below, and 9.1 beside 9 is an
#   error.
# - A range of the schemes intdot and datetime is written back with the address of an object in place of the version, so that it cannot be
#   read again.
# What it does right: rpm 1.05 equals 1.5; alpine's, maven's and nuget's versions that differ only in zeros.
# Needs Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check univers==32.0.1

cat >main.py <<'EOF'
from univers.version_range import VersionRange
from univers.versions import DebianVersion, RpmVersion

for kind in DebianVersion, RpmVersion:
    a, b = kind("1.05"), kind("1.5")
    print(kind.__name__, "less", a < b, "equal", a == b, "greater", a > b)
for text, version in [
    ("vers:deb/<=1.5", "1.05"), ("vers:deb/1.5", "1.05"), ("vers:intdot/>=10.2", "10.10"), ("vers:intdot/>=9", "10"), ("vers:intdot/>=9", "9.1"),
]:
    r = VersionRange.from_string(text)
    try:
        has = r.contains(r.version_class(version))
    except ValueError as e:
        has = type(e).__name__
    print(text, "has", version + ":", has)
for text in "vers:deb/>=1.0|<2.0", "vers:intdot/>=9", "vers:datetime/>=2024-01-01T00:00:00Z":
    print(text, "is written", "as it was read" if str(VersionRange.from_string(text)) == text else "otherwise")
EOF
venv/bin/python main.py | tr -d '\r' | tee seen
diff seen - <<'EOF'
DebianVersion less False equal False greater False
RpmVersion less False equal True greater False
vers:deb/<=1.5 has 1.05: True
vers:deb/1.5 has 1.05: False
vers:intdot/>=10.2 has 10.10: False
vers:intdot/>=9 has 10: False
vers:intdot/>=9 has 9.1: ValueError
vers:deb/>=1.0|<2.0 is written as it was read
vers:intdot/>=9 is written otherwise
vers:datetime/>=2024-01-01T00:00:00Z is written otherwise
EOF
