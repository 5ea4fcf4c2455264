#!/usr/bin/env bash
# A dependency of npm may be installed under another name ("ms": "npm:debug@4.3.4"). In a CycloneDX SBOM by `npm sbom` of npm 11.19.1 the component has the
# name of the folder and the version of the package: "ms 4.3.4", a release that the package ms does not have. The package URL says debug, and so do
# npm's own SPDX and @cyclonedx/cyclonedx-npm 6.0.1, name and all.
# So the two formats of one command disagree on what is installed; a search for debug by name misses the machine that has it, and a range of versions
# of ms is compared with one of debug. In a CycloneDX SBOM by npm the package is what the package URL says.
# Needs Node and Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
mkdir tools application
for package in npm@11.19.1 @cyclonedx/cyclonedx-npm@6.0.1; do
  npm install --silent --no-audit --no-fund --cache npm --prefix tools "$package" >log 2>&1 || { cat log; exit 1; }
done
export PATH=$tmp/tools/node_modules/.bin:$PATH
cd application
echo '{"name": "example", "version": "1.0.0", "dependencies": {"ms": "npm:debug@4.3.4", "is-odd": "npm:is-number@7.0.0"}}' >package.json
npm install --silent --no-audit --no-fund --cache ../npm >../log 2>&1 || { cat ../log; exit 1; }

cat >../main.py <<'EOF'
import json

def components(of):
    for c in of.get("components", []):
        yield c
        yield from components(c)

for name in "cyclonedx", "spdx", "cyclonedx-npm":
    document = json.load(open(name + ".json"))
    for c in [*components(document), *document.get("packages", [])]:
        purl = c.get("purl") or c["externalRefs"][0]["referenceLocator"]
        if "example" not in purl:
            print(name.ljust(13), c["name"], c.get("version") or c["versionInfo"], purl)
EOF
npm sbom --sbom-format cyclonedx >cyclonedx.json 2>>../log
npm sbom --sbom-format spdx >spdx.json 2>>../log
cyclonedx-npm --output-file cyclonedx-npm.json 2>>../log
python3 ../main.py | LC_ALL=C sort | tr -d '\r' | tee seen
diff seen - <<'EOF'
cyclonedx     is-odd 7.0.0 pkg:npm/is-number@7.0.0
cyclonedx     ms 2.1.2 pkg:npm/ms@2.1.2
cyclonedx     ms 4.3.4 pkg:npm/debug@4.3.4
cyclonedx-npm debug 4.3.4 pkg:npm/debug@4.3.4
cyclonedx-npm is-number 7.0.0 pkg:npm/is-number@7.0.0
cyclonedx-npm ms 2.1.2 pkg:npm/ms@2.1.2
spdx          debug 4.3.4 pkg:npm/debug@4.3.4
spdx          is-number 7.0.0 pkg:npm/is-number@7.0.0
spdx          ms 2.1.2 pkg:npm/ms@2.1.2
EOF
