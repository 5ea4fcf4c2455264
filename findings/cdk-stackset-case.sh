#!/usr/bin/env bash
# aws-cdk-lib 2.270.0: the property ManagedExecution of AWS::CloudFormation::StackSet is an object with the member Active. CDK's class CfnStackSet takes
# the object that its own type ManagedExecutionProperty describes, whose member is called active, and writes it into the template as it is: in lower
# case, which CloudFormation's schema does not allow and cfn-lint 1.58.0 refuses (E3002). Other members are spelled as CloudFormation wants: AutoDeployment
# of the same resource, which has a type of its own too, comes out with Enabled.
# So a stack with such a StackSet synthesises and fails when it is deployed; a plain object with Active instead of the type is right.
# Needs Node and Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cfn-lint==1.58.0
npm install --silent --no-audit --no-fund --cache npm aws-cdk-lib@2.270.0 constructs@10.8.1 >log 2>&1 || { cat log; exit 1; }

cat >main.js <<'EOF'
const { App, Stack, CfnStackSet } = require("aws-cdk-lib");
const fs = require("fs");
for (const [name, managedExecution] of [["typed", { active: true }], ["plain", { Active: true }]]) {
  const stack = new Stack(new App({ outdir: name }), name, { analyticsReporting: false });
  new CfnStackSet(stack, "Set", {
    stackSetName: "roles", permissionModel: "SERVICE_MANAGED", managedExecution,
    autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
    templateBody: "{}",
  });
  const set = Object.values(stack._toCloudFormation().Resources).find((r) => r.Type === "AWS::CloudFormation::StackSet").Properties;
  console.log(name, JSON.stringify(set.ManagedExecution), JSON.stringify(set.AutoDeployment));
  fs.writeFileSync(name + ".json", JSON.stringify({ Resources: { Set: { Type: "AWS::CloudFormation::StackSet", Properties: JSON.parse(JSON.stringify(stack.resolve(set))) } } }));
}
EOF
{
  node main.js
  for name in typed plain; do
    echo "cfn-lint of $name:"
    venv/bin/cfn-lint --format parseable "$name.json" | cut -d: -f6- || true
  done
} | tr -d '\r' | tee seen
diff seen - <<'EOF'
typed {"active":true} {"Enabled":true,"RetainStacksOnAccountRemoval":false}
plain {"Active":true} {"Enabled":true,"RetainStacksOnAccountRemoval":false}
cfn-lint of typed:
E3002:Additional properties are not allowed ('active' was unexpected. Did you mean 'Active'?)
cfn-lint of plain:
EOF
