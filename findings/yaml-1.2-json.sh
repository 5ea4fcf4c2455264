#!/usr/bin/env bash
# Two documents that YAML 1.2 allows, and five readers. JSON as Python's json.dumps writes it by default (what is beyond U+FFFF as two
# \u escapes) and the line `%YAML 1.2`: go.yaml.in/yaml/v4 v4.0.0 and gopkg.in/yaml.v3 v3.0.1 refuse both. PyYAML 6.0.4 takes the
# directive, and reads the escapes as two lone surrogates: a string that is not the one written, and that cannot be encoded. On npm, yaml
# 2.9.1 and js-yaml 5.5.0 read both as they were meant. So a file that is "JSON, therefore YAML" is written with ensure_ascii=False.
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

	v4 "go.yaml.in/yaml/v4"
	v3 "gopkg.in/yaml.v3"
)

func main() {
	for _, name := range os.Args[1:] {
		text, _ := os.ReadFile(name)
		var three, four map[string]any
		err3, err4 := v3.Unmarshal(text, &three), v4.Unmarshal(text, &four)
		fmt.Printf("yaml.v3 %s %v %v\nyaml/v4 %s %v %v\n", name, three, err3, name, four, err4)
	}
}
EOF
cat >main.js <<'EOF'
const readers = { yaml: require('yaml').parse, 'js-yaml': require('js-yaml').load }
for (const name of process.argv.slice(2))
  for (const [reader, read] of Object.entries(readers))
    console.log(reader.padEnd(7), name, read(require('fs').readFileSync(name, 'utf8')))
EOF
cat >main.py <<'EOF'
import sys, yaml
for name in sys.argv[1:]:
    print("PyYAML ", name, ascii(yaml.safe_load(open(name))))
EOF

go mod init example >install.log 2>&1
go get go.yaml.in/yaml/v4@v4.0.0 gopkg.in/yaml.v3@v3.0.1 >>install.log 2>&1
npm install --silent --no-fund --no-audit yaml@2.9.1 js-yaml@5.5.0 >>install.log 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyYAML==6.0.4

python3 -c 'import json; print(json.dumps({"name": "\U0001F5A5 web-01"}))' >dumps
printf '%%YAML 1.2\n---\nname: web-01\n' >version
{
  cat dumps
  go run . dumps version
  node main.js dumps version
  venv/bin/python main.py dumps version
} | tee seen
diff - seen <<'EOF'
{"name": "\ud83d\udda5 web-01"}
yaml.v3 dumps map[] yaml: found invalid Unicode character escape code
yaml/v4 dumps map[] yaml: line 1: found invalid Unicode character escape code
yaml.v3 version map[] yaml: found incompatible YAML document
yaml/v4 version map[] yaml: line 1: found incompatible YAML document
yaml    dumps { name: '🖥 web-01' }
js-yaml dumps { name: '🖥 web-01' }
yaml    version { name: 'web-01' }
js-yaml version { name: 'web-01' }
PyYAML  dumps {'name': '\ud83d\udda5 web-01'}
PyYAML  version {'name': 'web-01'}
EOF
