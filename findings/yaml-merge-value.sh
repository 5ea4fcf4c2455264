#!/usr/bin/env bash
# go.yaml.in/yaml/v4 v4.0.0 decodes a plain `<<` that is a value, not a key, into nothing: without an error an entry leaves its map, and
# a list becomes shorter. Only decoding into `any` does that: into map[string]string the same value is kept, and quoted it always is.
# gopkg.in/yaml.v3 v3.0.1 and, on npm, yaml 2.9.1 and js-yaml 5.5.0 keep the string; PyYAML 6.0.4 refuses the document. Whoever moves
# from yaml.v3 to v4 and decodes into `any` quotes such values. Needs Go, Node and Python 3.
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
	for _, text := range os.Args[1:] {
		var three, four any
		err3, err4 := v3.Unmarshal([]byte(text), &three), v4.Unmarshal([]byte(text), &four)
		fmt.Printf("yaml.v3 %-10s %v %v\nyaml/v4 %-10s %v %v\n", text, three, err3, text, four, err4)
	}
	var strings map[string]string
	err := v4.Unmarshal([]byte("op: <<"), &strings)
	fmt.Println("yaml/v4 into map[string]string:", strings, err)
}
EOF
cat >main.js <<'EOF'
const readers = { yaml: require('yaml').parse, 'js-yaml': require('js-yaml').load }
for (const text of process.argv.slice(2))
  for (const [name, read] of Object.entries(readers))
    console.log(name.padEnd(7), text.padEnd(10), JSON.stringify(read(text)))
EOF
cat >main.py <<'EOF'
import sys, yaml
for text in sys.argv[1:]:
    try:
        print("PyYAML ", text.ljust(10), yaml.safe_load(text))
    except yaml.constructor.ConstructorError as e:
        print("PyYAML ", text.ljust(10), e.problem)
EOF

go mod init example >install.log 2>&1
go get go.yaml.in/yaml/v4@v4.0.0 gopkg.in/yaml.v3@v3.0.1 >>install.log 2>&1
npm install --silent --no-fund --no-audit yaml@2.9.1 js-yaml@5.5.0 >>install.log 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyYAML==6.0.4

texts=('op: <<' '[<<, x]' "op: '<<'")
{
  go run . "${texts[@]}"
  node main.js "${texts[@]}"
  venv/bin/python main.py "${texts[@]}"
} | tee seen
diff - seen <<'EOF'
yaml.v3 op: <<     map[op:<<] <nil>
yaml/v4 op: <<     map[] <nil>
yaml.v3 [<<, x]    [<< x] <nil>
yaml/v4 [<<, x]    [x] <nil>
yaml.v3 op: '<<'   map[op:<<] <nil>
yaml/v4 op: '<<'   map[op:<<] <nil>
yaml/v4 into map[string]string: map[op:<<] <nil>
yaml    op: <<     {"op":"<<"}
js-yaml op: <<     {"op":"<<"}
yaml    [<<, x]    ["<<","x"]
js-yaml [<<, x]    ["<<","x"]
yaml    op: '<<'   {"op":"<<"}
js-yaml op: '<<'   {"op":"<<"}
PyYAML  op: <<     could not determine a constructor for the tag 'tag:yaml.org,2002:merge'
PyYAML  [<<, x]    could not determine a constructor for the tag 'tag:yaml.org,2002:merge'
PyYAML  op: '<<'   {'op': '<<'}
EOF
