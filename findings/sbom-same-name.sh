#!/usr/bin/env bash
# lib4sbom 0.10.4, a library on which several SBOM tools are built, keeps components in a dictionary by name and version. Of two that agree in
# both it returns the last alone of CycloneDX, without a word: a package that is installed for two architectures (amd64 and i386 of one
# library), and two packages of one name in two groups (org.a/core and org.b/core). Of SPDX it returns all. So an SBOM that went through such
# a tool may have fewer components than the machine has. Identity is the package URL where there is one, and the bom-ref or SPDXID else.
# Needs Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check lib4sbom==0.10.4

cat >bom.cdx.json <<'EOF'
{"bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "version": 1,
 "components": [
  {"type": "library", "bom-ref": "c1", "name": "libssl3", "version": "3.0.13-1", "purl": "pkg:deb/debian/libssl3@3.0.13-1?arch=amd64"},
  {"type": "library", "bom-ref": "c2", "name": "libssl3", "version": "3.0.13-1", "purl": "pkg:deb/debian/libssl3@3.0.13-1?arch=i386"},
  {"type": "library", "bom-ref": "c3", "group": "org.a", "name": "core", "version": "1.2", "purl": "pkg:maven/org.a/core@1.2"},
  {"type": "library", "bom-ref": "c4", "group": "org.b", "name": "core", "version": "1.2", "purl": "pkg:maven/org.b/core@1.2"}]}
EOF
cat >bom.spdx.json <<'EOF'
{"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "app-01",
 "documentNamespace": "https://app-01.corp.example/sbom/1",
 "creationInfo": {"created": "2026-11-01T00:00:00Z", "creators": ["Tool: example-1"]},
 "packages": [
  {"SPDXID": "SPDXRef-1", "name": "libssl3", "versionInfo": "3.0.13-1", "downloadLocation": "NOASSERTION",
   "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:deb/debian/libssl3@3.0.13-1?arch=amd64"}]},
  {"SPDXID": "SPDXRef-2", "name": "libssl3", "versionInfo": "3.0.13-1", "downloadLocation": "NOASSERTION",
   "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:deb/debian/libssl3@3.0.13-1?arch=i386"}]}],
 "relationships": [
  {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-1"},
  {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-2"}]}
EOF
cat >main.py <<'EOF'
import json, sys
from lib4sbom.parser import SBOMParser
for name in sys.argv[1:]:
    document = json.load(open(name))
    parser = SBOMParser()
    parser.parse_file(name)
    kept = parser.get_packages()
    print(name, len(document.get("components") or document["packages"]), "in the document,", len(kept), "returned")
    for package in kept:
        print(" ", package["externalreference"][0][2])
EOF
venv/bin/python main.py bom.cdx.json bom.spdx.json | tee seen
diff seen - <<'EOF'
bom.cdx.json 4 in the document, 2 returned
  pkg:deb/debian/libssl3@3.0.13-1?arch=i386
  pkg:maven/org.b/core@1.2
bom.spdx.json 2 in the document, 2 returned
  pkg:deb/debian/libssl3@3.0.13-1?arch=amd64
  pkg:deb/debian/libssl3@3.0.13-1?arch=i386
EOF
