#!/usr/bin/env bash
# Three libraries of the package-url project parse the same package URLs, write each in what they call its canonical form, and disagree:
# packageurl-python 0.17.6, packageurl-js 2.0.1, packageurl-go v0.1.7, and v0.1.3 of the same. They differ in `:` and `+` of versions,
# in `/` and blanks of qualifiers, and in the case of Go modules' names. Tools that make SBOMs write package URLs with these, so two SBOMs
# of one machine may name the same package by different strings. Who compares package URLs parses them first, all with one library.
# Needs Go, Node and Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export GOMODCACHE=$tmp/mod GOFLAGS=-modcacherw

cat >main.go <<'EOF'
package main

import (
	"fmt"
	"os"

	"github.com/package-url/packageurl-go"
)

func main() {
	for _, text := range os.Args[1:] {
		p, err := packageurl.FromString(text)
		if err != nil {
			panic(err)
		}
		fmt.Println(p.ToString())
	}
}
EOF
cat >main.js <<'EOF'
const { PackageURL } = require('packageurl-js')
for (const text of process.argv.slice(2)) console.log(PackageURL.fromString(text).toString())
EOF
cat >main.py <<'EOF'
import sys, packageurl
for text in sys.argv[1:]:
    print(packageurl.PackageURL.from_string(text).to_string())
EOF

go mod init example >install.log 2>&1
npm install --silent --no-fund --no-audit packageurl-js@2.0.1 >>install.log 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check packageurl-python==0.17.6

texts=(
  'pkg:deb/debian/libstdc++6@12.2.0-14+deb12u1?arch=amd64'
  'pkg:deb/debian/attr@1:2.4.47-2?distro=Debian 12'
  'pkg:golang/github.com/Masterminds/semver/v3@v3.5.0'
  'pkg:oci/debian@sha256:244fd47e?repository_url=docker.io/library/debian'
)
venv/bin/python main.py "${texts[@]}" | sed 's/^/python 0.17.6  /' >seen
node main.js "${texts[@]}" | sed 's/^/js     2.0.1   /' >>seen
for version in v0.1.7 v0.1.3; do
  go get "github.com/package-url/packageurl-go@$version" >>install.log 2>&1
  go run . "${texts[@]}" | sed "s/^/go     $version  /" >>seen
done
cat seen
diff - seen <<'EOF'
python 0.17.6  pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64
python 0.17.6  pkg:deb/debian/attr@1:2.4.47-2?distro=Debian%2012
python 0.17.6  pkg:golang/github.com/Masterminds/semver/v3@v3.5.0
python 0.17.6  pkg:oci/debian@sha256:244fd47e?repository_url=docker.io/library/debian
js     2.0.1   pkg:deb/debian/libstdc%2B%2B6@12.2.0-14+deb12u1?arch=amd64
js     2.0.1   pkg:deb/debian/attr@1:2.4.47-2?distro=Debian%2012
js     2.0.1   pkg:golang/github.com/Masterminds/semver/v3@v3.5.0
js     2.0.1   pkg:oci/debian@sha256:244fd47e?repository_url=docker.io%2Flibrary%2Fdebian
go     v0.1.7  pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64
go     v0.1.7  pkg:deb/debian/attr@1:2.4.47-2?distro=Debian%2012
go     v0.1.7  pkg:golang/github.com/masterminds/semver/v3@v3.5.0
go     v0.1.7  pkg:oci/debian@sha256:244fd47e?repository_url=docker.io%2Flibrary%2Fdebian
go     v0.1.3  pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64
go     v0.1.3  pkg:deb/debian/attr@1%3A2.4.47-2?distro=Debian+12
go     v0.1.3  pkg:golang/github.com/masterminds/semver/v3@v3.5.0
go     v0.1.3  pkg:oci/debian@sha256%3A244fd47e?repository_url=docker.io%2Flibrary%2Fdebian
EOF
