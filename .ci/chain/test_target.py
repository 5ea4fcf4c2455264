"""Who may assume the role of a target, by the policies of both sides as the two templates have them, and what may be done there.
"""
import json
import unittest

from policy import Policies, with_keys
from runs import template
from template import ACCOUNT, Template

EXTERNAL = "invbridge-8c1f"
LISTED, BELOW, STRANGER = "222233334444", "555566667777", "888899990000"
UNIT = "o-abcdefghij/r-ab12/ou-ab12-11111111/"
PATHS = {LISTED: "o-abcdefghij/r-ab12/ou-ab12-99999999/", BELOW: UNIT + "ou-ab12-22222222/", STRANGER: "o-zzzzzzzzzz/r-ab12/ou-ab12-11111111/"}


def role(account, name="InventoryBridgeTarget"):
    return f"arn:aws:iam::{account}:role/{name}"


def function(part):
    return role(ACCOUNT, f"InventoryBridge-us-east-1-{part.capitalize()}")


class Sides(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        stack = template("targets")
        cls.own = Policies(ACCOUNT)
        for r in stack.resources("AWS::IAM::Role"):
            for p in stack.resolve(r.values["Policies"]):
                cls.own.add(role(ACCOUNT, stack.resolve(r.values.get("RoleName", r.id))), r.id, p["PolicyDocument"], identity=True)
        set, = stack.resources("AWS::CloudFormation::StackSet")
        body = stack.resolve(set.values["TemplateBody"])
        cls.target = Template(json.loads(body), "Target", stack.assets)
        for p in stack.resolve(set.values["Parameters"]):
            cls.target.raw["Parameters"][p["ParameterKey"]]["Default"] = p["ParameterValue"]
        cls.role, = cls.target.resources("AWS::IAM::Role")

    def assumes(self, part, account=LISTED, caller=None, name="InventoryBridgeTarget", external=EXTERNAL, session=None, paths=PATHS):
        """Whether a function may assume a role: its own policy says so, and the role trusts it. Other callers may whatever they like at home."""
        caller = caller or function(part)
        keys = {"aws:PrincipalArn": caller, "sts:RoleSessionName": session or f"invbridge-InventoryBridge-{part}",
                "aws:ResourceAccount": account, "aws:ResourceOrgID": paths[account].split("/")[0], "aws:ResourceOrgPaths": paths[account]}
        if external:
            keys["sts:ExternalId"] = external
        c = with_keys(caller, "sts:AssumeRole", role(account, name), keys)
        trusts = Policies(account)
        trust = self.target.resolve(self.role.values["AssumeRolePolicyDocument"])
        # A role's trust has no resource: it is the role's own.
        trusts.add(c.resource, "trust", trust, identity=False)
        mine = [s for s, _ in self.own.about(c, "") if s.identity]
        return (bool(mine) or caller != function(part)) and not any(s.deny for s in mine) and trusts.allows(c, c.resource)

    def test_functions_assume(self):
        for part in ("intake", "delivery"):
            for account in (LISTED, BELOW):
                self.assertTrue(self.assumes(part, account), (part, account))

    def test_nobody_else(self):
        for name, asked in {
            "no external ID": {"external": None}, "another external ID": {"external": "other"},
            "intake as delivery": {"part": "intake", "session": "invbridge-InventoryBridge-delivery"},
            "another session": {"session": "invbridge-command"},
            "another role of the stack": {"caller": role(ACCOUNT, "SweepRole")}, "a role of another installation": {"caller": role(ACCOUNT, "Other-us-east-1-Delivery")},
            "a role of another account": {"caller": role(STRANGER, "InventoryBridge-us-east-1-Delivery")},
            "an account of another organization": {"account": STRANGER}, "another role there": {"name": "Administrator"},
            "an account outside the units": {"account": BELOW, "paths": PATHS | {BELOW: "o-abcdefghij/r-ab12/ou-ab12-33333333/"}},
        }.items():
            with self.subTest(name):
                self.assertFalse(self.assumes(**({"part": "delivery"} | asked)))

    def may(self, part, action, **keys):
        """What a session may do in the target."""
        of = Policies(LISTED)
        for p in self.target.resolve(self.role.values["Policies"]):
            of.add(role(LISTED), p["PolicyName"], p["PolicyDocument"], identity=True)
        return of.allows(with_keys(role(LISTED), action, "*", {"aws:userid": f"AROAEXAMPLE:invbridge-InventoryBridge-{part}"} | keys), "")

    def test_what_sessions_may(self):
        for part in ("intake", "delivery"):
            for action in ("ssm:DescribeInstanceInformation", "ssm:GetInventory"):
                self.assertTrue(self.may(part, action), (part, action))
            for action in ("ssm:GetInventorySchema", "ssm:ListInventoryEntries"):
                self.assertEqual(self.may(part, action), part == "delivery", (part, action))
            for action in ("ssm:DeleteInventory", "ssm:GetParameter", "ssm:SendCommand", "s3:GetObject", "sts:AssumeRole", "iam:PassRole"):
                self.assertFalse(self.may(part, action), (part, action))
        types = {"ssm:InventoryTypeName": ["Custom:Asset", "Custom:Vulnerability"]}
        self.assertTrue(self.may("delivery", "ssm:PutInventory", **types))
        self.assertFalse(self.may("intake", "ssm:PutInventory", **types))
        self.assertFalse(self.may("delivery", "ssm:PutInventory"))
        self.assertFalse(self.may("delivery", "ssm:PutInventory", **{"ssm:InventoryTypeName": ["Custom:Asset", "AWS:Application"]}))


if __name__ == "__main__":
    unittest.main()
