#!/usr/bin/env bash
# Versions of packages that small libraries order otherwise than the package manager does:
# - ^ of rpm, "later than this version, earlier than a longer one" (rpm-version(7), since rpm 4.15), as Fedora has for snapshots: 1.0^20230101git is before
#   1.0.1. rpm-vercmp 0.1.2 and version_utils 0.3.2 (Python) take it for any mark between parts, so the snapshot is after 1.0.1, which mends it.
# - Debian compares digits as numbers, and a revision that is absent as 0 (deb-version(7)): 2024.07.1 is 2024.7.1, and 1.0-0 is 1.0. For deb-version-compare
#   1.2.1 (npm) the first is before, and the second after.
# univers 32.0.1, go-rpm-version and go-deb-version order these as rpm and dpkg do. A tool on the former says that a machine is mended that is not, or that
# a version changed that did not. Needs Go, Node and Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export GOMODCACHE=$tmp/mod GOFLAGS=-modcacherw

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rpm-vercmp==0.1.2 version_utils==0.3.2 univers==32.0.1
npm install --silent --no-audit --no-fund --cache npm deb-version-compare@1.2.1 >log 2>&1 || { cat log; exit 1; }
go mod init example >log 2>&1
go get github.com/knqyf263/go-rpm-version@v0.0.0-20260811110310-1815e1f1b790 github.com/knqyf263/go-deb-version@v0.0.0-20241115132648-6f4aee6ccd23 >>log 2>&1

cat >rpm.txt <<'EOF'
1.0^20230101git 1.0
1.0^20230101git 1.0.1
1.0~rc1 1.0
EOF
cat >deb.txt <<'EOF'
2024.07.1 2024.7.1
1.0-0 1.0
1.0~rc1-1 1.0-1
EOF
cat >main.py <<'EOF'
import rpm_vercmp
import version_utils.rpm
from univers.versions import DebianVersion, RpmVersion

sign = ["=", ">", "<"]
def order(kind):
    return lambda a, b: (kind(a) > kind(b)) - (kind(a) < kind(b))

for file, readers in {
    "rpm.txt": {"rpm-vercmp": rpm_vercmp.vercmp, "version_utils": version_utils.rpm.compare_versions, "univers": order(RpmVersion)},
    "deb.txt": {"univers": order(DebianVersion)},
}.items():
    for name, compare in readers.items():
        for a, b in map(str.split, open(file)):
            print(name, a, sign[compare(a, b)], b)
EOF
cat >main.js <<'EOF'
const compare = require('deb-version-compare')
for (const line of require('fs').readFileSync('deb.txt', 'utf8').trim().split('\n')) {
  const [a, b] = line.split(' ')
  console.log('deb-version-compare', a, '<=>'[Math.sign(compare(a, b)) + 1], b)
}
EOF
cat >main.go <<'EOF'
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	deb "github.com/knqyf263/go-deb-version"
	rpm "github.com/knqyf263/go-rpm-version"
)

func debian(text string) *deb.Version {
	v, err := deb.NewVersion(text)
	if err != nil {
		panic(err)
	}
	return &v
}

func compare(name string, order func(a, b string) int) {
	file, err := os.Open(name + ".txt")
	if err != nil {
		panic(err)
	}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		a, b, _ := strings.Cut(lines.Text(), " ")
		sign := "="
		if n := order(a, b); n < 0 {
			sign = "<"
		} else if n > 0 {
			sign = ">"
		}
		fmt.Println("go-"+name+"-version", a, sign, b)
	}
}

func main() {
	compare("rpm", func(a, b string) int { return rpm.NewVersion(a).Compare(rpm.NewVersion(b)) })
	compare("deb", func(a, b string) int { return debian(a).Compare(*debian(b)) })
}
EOF
{ venv/bin/python main.py; node main.js; go run .; } | tr -d '\r' | tee seen
diff seen - <<'EOF'
rpm-vercmp 1.0^20230101git > 1.0
rpm-vercmp 1.0^20230101git > 1.0.1
rpm-vercmp 1.0~rc1 < 1.0
version_utils 1.0^20230101git > 1.0
version_utils 1.0^20230101git > 1.0.1
version_utils 1.0~rc1 < 1.0
univers 1.0^20230101git > 1.0
univers 1.0^20230101git < 1.0.1
univers 1.0~rc1 < 1.0
univers 2024.07.1 = 2024.7.1
univers 1.0-0 = 1.0
univers 1.0~rc1-1 < 1.0-1
deb-version-compare 2024.07.1 < 2024.7.1
deb-version-compare 1.0-0 > 1.0
deb-version-compare 1.0~rc1-1 < 1.0-1
go-rpm-version 1.0^20230101git > 1.0
go-rpm-version 1.0^20230101git < 1.0.1
go-rpm-version 1.0~rc1 < 1.0
go-deb-version 2024.07.1 = 2024.7.1
go-deb-version 1.0-0 = 1.0
go-deb-version 1.0~rc1-1 < 1.0-1
EOF
