#!/usr/bin/env bash
# univers 32.0.1, which orders versions for scanners of packages, refuses the versions of packages that Alpine Linux ships: it reads them
# by Gentoo's rules, which know no suffix _git, _svn, _cvs or _hg. musl itself is such a package: Alpine 3.19 has 1.2.4_git20230717-r4.
# go-apk-version reads and orders them all. The two also disagree on whether 1.2.3 is the same version as 1.2.3-r0. So an entry's version of
# apk is kept as it was written and not ordered, and a scanner that is built on univers may have no finding for a package because it could
# not read the version.
# Needs Go and Python 3.
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

	apk "github.com/knqyf263/go-apk-version"
)

func main() {
	for i := 1; i < len(os.Args); i += 2 {
		a, err := apk.NewVersion(os.Args[i])
		if err != nil {
			panic(err)
		}
		b, err := apk.NewVersion(os.Args[i+1])
		if err != nil {
			panic(err)
		}
		fmt.Println(a.Compare(b), a, b)
	}
}
EOF
cat >main.py <<'EOF'
import sys
from univers.versions import AlpineLinuxVersion, InvalidVersion
for one, other in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        a, b = AlpineLinuxVersion(one), AlpineLinuxVersion(other)
        print((a > b) - (a < b), one, other)
    except InvalidVersion:
        print("InvalidVersion", one, other)
EOF

go mod init example >install.log 2>&1
go get github.com/knqyf263/go-apk-version@v0.0.0-20200609155635-041fdbb8563f >>install.log 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check univers==32.0.1

pairs=(
  1.2.4_git20230717-r4 1.2.4-r2
  1.0_svn123-r0 1.0-r0
  1.2.3_p1-r0 1.2.3-r5
  1.2.3 1.2.3-r0
)
venv/bin/python main.py "${pairs[@]}" | sed 's/^/univers 32.0.1  /' >seen
go run . "${pairs[@]}" | sed 's/^/go-apk-version  /' >>seen
cat seen

diff seen - <<'EOF'
univers 32.0.1  InvalidVersion 1.2.4_git20230717-r4 1.2.4-r2
univers 32.0.1  InvalidVersion 1.0_svn123-r0 1.0-r0
univers 32.0.1  1 1.2.3_p1-r0 1.2.3-r5
univers 32.0.1  0 1.2.3 1.2.3-r0
go-apk-version  1 1.2.4_git20230717-r4 1.2.4-r2
go-apk-version  1 1.0_svn123-r0 1.0-r0
go-apk-version  1 1.2.3_p1-r0 1.2.3-r5
go-apk-version  -1 1.2.3 1.2.3-r0
EOF
