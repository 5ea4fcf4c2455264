#!/usr/bin/env bash
# An SBOM of a Debian machine by debsbom 0.10.2 lists the source packages beside the packages that are installed: libc6 comes with glibc, which no
# machine has. In SPDX their purpose is SOURCE. In CycloneDX they are components of type library like the others, and directly of the document: the
# package URL alone tells them apart, where arch=source "identifies a Debian source package" (types of the package URL, deb). A source package that is
# called like its binary is even named twice, with one version: apache2.
# So whoever makes a list of installed software of CycloneDX leaves out what has arch=source (arch=src for rpm). A scanner that matches
# sources wants them, since Debian's advisories name source packages.
# Needs Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'debsbom[cdx,spdx]==0.10.2'

mkdir -p root/var/lib/dpkg
cat >root/var/lib/dpkg/status <<'EOF'
Package: libc6
Status: install ok installed
Maintainer: Example <packages@example.com>
Architecture: amd64
Source: glibc
Version: 2.36-9

Package: apache2
Status: install ok installed
Maintainer: Example <packages@example.com>
Architecture: amd64
Version: 2.4.62-1

Package: nginx
Status: deinstall ok config-files
Maintainer: Example <packages@example.com>
Architecture: amd64
Version: 1.22.1-9
EOF
cat >main.py <<'EOF'
import json
components = json.load(open("sbom.cdx.json"))["components"]
packages = json.load(open("sbom.spdx.json"))["packages"]
for name, version, kind, purl in sorted((c["name"], c["version"], c["type"], c["purl"]) for c in components):
    print("CycloneDX", name, version, kind, purl.partition("?")[2])
for name, version, kind, refs in sorted((p["name"], p["versionInfo"], p["primaryPackagePurpose"], p["externalRefs"]) for p in packages if "versionInfo" in p):
    print("SPDX", name, version, kind, refs[0]["referenceLocator"].partition("?")[2])
EOF
venv/bin/debsbom generate --distro-arch amd64 --root root --out sbom >log 2>&1 || { cat log; exit 1; }
venv/bin/python main.py | tr -d '\r' | tee seen
diff seen - <<'EOF'
CycloneDX apache2 2.4.62-1 library arch=amd64
CycloneDX apache2 2.4.62-1 library arch=source
CycloneDX glibc 2.36-9 library arch=source
CycloneDX libc6 2.36-9 library arch=amd64
SPDX apache2 2.4.62-1 LIBRARY arch=amd64
SPDX apache2 2.4.62-1 SOURCE arch=source
SPDX glibc 2.36-9 SOURCE arch=source
SPDX libc6 2.36-9 LIBRARY arch=amd64
EOF
