#!/usr/bin/env bash
# The same CVSS 4.0 vector has another score by another library: go-cvss v0.6.4 against cvss 3.6 (Python) and ae-cvss-calculator 1.0.13 (npm),
# which agree, over all 104,976 base vectors. 450 differ, each by 0.1: the sum is a tie (5.65, 8.55) that binary fractions put just below,
# and go-cvss rounds what it has, where the others lift it first, as the calculator of the standard's authors does since November 2024.
# No severity differs among base scores. So scores of two scanners that are built on these may differ for one finding on one machine:
# a change of score alone is not news of the machine, and scores of different sources are not to be compared for being equal.
# Needs Go, Node and Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export GOMODCACHE=$tmp/mod GOFLAGS=-modcacherw

cat >vectors.py <<'EOF'
import itertools
metrics = {"AV": "NALP", "AC": "LH", "AT": "NP", "PR": "NLH", "UI": "NPA",
           "VC": "HLN", "VI": "HLN", "VA": "HLN", "SC": "HLN", "SI": "HLN", "SA": "HLN"}
for values in itertools.product(*metrics.values()):
    print("CVSS:4.0/" + "/".join(map(":".join, zip(metrics, values))))
EOF
cat >main.go <<'EOF'
package main

import (
	"bufio"
	"fmt"
	"os"

	cvss "github.com/pandatix/go-cvss/40"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		v, err := cvss.ParseVector(lines.Text())
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s %.1f\n", v.Vector(), v.Score())
	}
}
EOF
cat >main.py <<'EOF'
import sys
from cvss import CVSS4
for line in sys.stdin:
    print(line.strip(), "%.1f" % CVSS4(line.strip()).base_score)
EOF
cat >main.js <<'EOF'
const { Cvss4P0 } = require('ae-cvss-calculator')
const lines = require('fs').readFileSync(0, 'utf8').trim().split('\n')
console.log(lines.map(line => line + ' ' + new Cvss4P0(line).calculateScores().overall.toFixed(1)).join('\n'))
EOF

go mod init example >install.log 2>&1
go get github.com/pandatix/go-cvss@v0.6.4 >>install.log 2>&1
npm install --silent --no-fund --no-audit ae-cvss-calculator@1.0.13 >>install.log 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cvss==3.6

python3 vectors.py >vectors
go run . <vectors >go.txt
venv/bin/python main.py <vectors >python.txt
node main.js <vectors >js.txt
cmp python.txt js.txt
{
  wc -l <vectors
  paste -d' ' python.txt go.txt | awk '$2 != $4 {n[$2 " " $4]++} END {for (k in n) print "cvss " k " go-cvss: " n[k]}' | sort
  paste -d' ' python.txt go.txt | awk '$2 != $4 && !n++ {print $1}'
} | tee seen
diff seen - <<'EOF'
104976
cvss 5.7 5.6 go-cvss: 432
cvss 8.6 8.5 go-cvss: 18
CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:H/VI:L/VA:N/SC:H/SI:H/SA:H
EOF
