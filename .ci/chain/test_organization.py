"""The accounts of an organization, and the roles in them, as moto's Organizations and STS answer: the command line finds the accounts below a unit, and
assumes each role. What the roles may do is in test_target.py; moto looks at no trust.
"""
import json
import logging
import os
import pathlib
import subprocess
import tempfile
import unittest

import boto3
from moto.moto_api._internal.models import moto_api_backend
from moto.server import ThreadedMotoServer

import local

EXTERNAL = "invbridge-8c1f"
NODES = "InstanceId,ComputerName\ni-0123456789abcdef0,web-1\n"


class Organization(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request
        moto_api_backend.reset()
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        cls.addClassCleanup(server.stop)
        host, port = server.get_host_and_port()
        cls.moto = f"http://{host}:{port}"
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        (cls.folder / "nodes.csv").write_text(NODES)
        cls.sandbox = cls.enterClassContext(local.sandbox(nodes=cls.folder / "nodes.csv"))
        cls.organizations = boto3.client("organizations", endpoint_url=cls.moto, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        cls.organizations.create_organization(FeatureSet="ALL")
        cls.root = cls.organizations.list_roots()["Roots"][0]["Id"]
        cls.upper = cls.unit(cls.root, "upper")
        cls.lower = cls.unit(cls.upper, "lower")
        cls.aside = cls.unit(cls.root, "aside")
        cls.accounts = {name: cls.account(name, unit) for name, unit in
                        [(f"upper-{n}", cls.upper) for n in range(25)] + [("lower", cls.lower), ("aside", cls.aside)]}

    @classmethod
    def unit(cls, parent, name):
        return cls.organizations.create_organizational_unit(ParentId=parent, Name=name)["OrganizationalUnit"]["Id"]

    @classmethod
    def account(cls, name, unit):
        id_ = cls.organizations.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]["AccountId"]
        cls.organizations.move_account(AccountId=id_, SourceParentId=cls.root, DestinationParentId=unit)
        return id_

    def run_check(self, content):
        """`target check` of a file, when it has ended."""
        file = self.folder / "targets.yaml"
        file.write_text(f"externalId: {EXTERNAL}\n{content}")
        env = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "INVBRIDGE_"))} | local.CREDENTIALS
        env |= {"AWS_ENDPOINT_URL_STS": self.moto, "AWS_ENDPOINT_URL_ORGANIZATIONS": self.moto, "AWS_ENDPOINT_URL": self.sandbox}
        return subprocess.run([local.BRIDGE, "target", "check", "--json", "--targets", file], env=env, capture_output=True, text=True, timeout=120)

    def check(self, content):
        """What it says of each target, and at the end."""
        p = self.run_check(content)
        self.assertEqual(p.returncode, 0, p.stderr)
        *targets, last = map(json.loads, p.stdout.splitlines())
        return targets, last["summary"]

    def test_accounts_below_a_unit(self):
        targets, summary = self.check(f"organization: {{units: [{self.upper}], regions: [us-east-1, eu-central-1]}}\n")
        want = {id_ for name, id_ in self.accounts.items() if name != "aside"}
        self.assertEqual({t["account"] for t in targets}, want)
        self.assertEqual(summary, {"targets": 2 * len(want), "unreachable": 0})
        self.assertEqual({t["role"] for t in targets}, {f"arn:aws:iam::{id_}:role/InventoryBridgeTarget" for id_ in want})

    def test_listed_beside_found(self):
        aside = self.accounts["aside"]
        targets, _ = self.check(f'targets: [{{account: "{aside}", region: us-east-1}}]\norganization: {{units: [{self.lower}], regions: [us-east-1]}}\n')
        self.assertEqual({t["account"]: t.get("code") for t in targets}, {aside: None, self.accounts["lower"]: None})

    def test_no_such_unit(self):
        p = self.run_check("organization: {units: [ou-ab12-99999999], regions: [us-east-1]}\n")
        self.assertEqual((p.returncode, p.stdout), (1, ""))
        self.assertIn("ParentNotFoundException", p.stderr)


if __name__ == "__main__":
    unittest.main()
