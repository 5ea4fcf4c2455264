"""Many accounts and regions: STS, Organizations and inventory with a role's credentials, as boto3 calls them."""

import json
import pathlib

import boto3
import botocore.config

import world

OWN, FIRST, SECOND = "123456789012", "111122223333", "444455556666"
ROLE = "arn:aws:iam::{}:role/InventoryBridgeTarget"

TARGETS = f"""externalId: invbridge-8c1f
targets:
  - {{account: "{FIRST}", region: eu-central-1}}
organization: {{units: [ou-ab12-11111111, ou-ab12-22222222], regions: [eu-central-1]}}
"""


class Organization(world.Sandbox):
    def options(self):
        nodes, targets = pathlib.Path(self.folder, "nodes.csv"), pathlib.Path(self.folder, "targets.yaml")
        nodes.write_text(
            "InstanceId,ComputerName,Account,Region\n"
            f"{world.A},own,,\n"
            f"{world.A},first,{FIRST},eu-central-1\n"
            f"{world.B},second,{SECOND},eu-central-1\n", encoding="utf-8")
        targets.write_text(TARGETS, encoding="utf-8")
        return ["--nodes", str(nodes), "--targets", str(targets)]

    def setUp(self):
        super().setUp()
        self.sts, self.organizations = self.client("sts"), self.client("organizations")

    def assume(self, account, **more):
        answer = self.sts.assume_role(**{"RoleArn": ROLE.format(account), "RoleSessionName": "conformance", "ExternalId": "invbridge-8c1f"} | more)
        c = answer["Credentials"]
        return boto3.Session(
            aws_access_key_id=c["AccessKeyId"], aws_secret_access_key=c["SecretAccessKey"], aws_session_token=c["SessionToken"], region_name="eu-central-1")

    def of(self, session, service="ssm"):
        return session.client(service, endpoint_url=self.endpoint, config=botocore.config.Config(retries={"max_attempts": 0, "mode": "standard"}))

    def names(self, ssm):
        return [n["ComputerName"] for n in ssm.describe_instance_information()["InstanceInformationList"]]

    def test_each_account_has_its_nodes(self):
        first, second = self.of(self.assume(FIRST)), self.of(self.assume(SECOND))
        self.assertEqual((self.names(self.ssm), self.names(first), self.names(second)), (["own"], ["first"], ["second"]))
        first.put_inventory(InstanceId=world.A, Items=[world.item([{"A": "1"}])])
        self.assertEqual(first.list_inventory_entries(InstanceId=world.A, TypeName="Custom:T")["Entries"], [{"A": "1"}])
        self.refused("InvalidTypeNameException", self.list, world.A)  # the account has no such type
        self.refused("InvalidInstanceId", second.put_inventory, InstanceId=world.A, Items=[world.item([])])

    def test_who_one_is(self):
        self.assertEqual(self.sts.get_caller_identity()["Account"], OWN)
        session = self.assume(FIRST)
        identity = self.of(session, "sts").get_caller_identity()
        self.assertEqual((identity["Account"], identity["Arn"]), (FIRST, f"arn:aws:sts::{FIRST}:assumed-role/InventoryBridgeTarget/conformance"))

    def test_who_may_not(self):
        session = self.assume(FIRST)
        for change in ({"ExternalId": "other"}, {"RoleArn": ROLE.format("999999999999")}, {"RoleArn": ROLE.format(FIRST) + "2"}):
            self.refused("AccessDenied", self.assume, FIRST, **change)
        self.refused("AccessDenied", self.sts.assume_role, RoleArn=ROLE.format(FIRST), RoleSessionName="conformance")
        self.refused("AccessDenied", self.of(session, "sts").assume_role, RoleArn=ROLE.format(SECOND), RoleSessionName="ab", ExternalId="invbridge-8c1f")
        self.refused("ValidationError", self.assume, FIRST, DurationSeconds=7200)
        self.refused("AccessDeniedException", self.of(session).delete_inventory, TypeName="Custom:T")
        self.refused("AccessDeniedException", self.of(session, "organizations").list_accounts_for_parent, ParentId="ou-ab12-11111111")
        self.refused("AccessDenied", self.of(session, "s3").list_objects_v2, Bucket="state")

    def test_credentials_end(self):
        ssm = self.of(self.assume(FIRST, DurationSeconds=900))
        self.advance("14m")
        self.assertEqual(self.names(ssm), ["first"])
        self.advance("1m")
        self.refused("ExpiredTokenException", ssm.describe_instance_information)
        self.assertEqual(self.names(self.ssm), ["own"])

    def test_one_account_apart(self):
        first, second = self.assume(FIRST), self.assume(SECOND)
        self.hook("POST", "account", {"account": FIRST, "revoked": True})
        self.refused("AccessDenied", self.assume, FIRST)
        self.refused("UnrecognizedClientException", self.of(first).describe_instance_information)
        self.hook("POST", f"faults?account={SECOND}&region=eu-central-1", {"kind": "throttle"})
        self.refused("ThrottlingException", self.of(second).describe_instance_information)
        self.assertEqual(self.names(self.ssm), ["own"])
        self.hook("POST", "account", {"account": FIRST, "revoked": False})
        self.assertEqual(self.names(self.of(self.assume(FIRST))), ["first"])
        self.hook("POST", "region", {"account": FIRST, "region": "us-east-1", "off": True})
        self.refused("RegionDisabledException", self.assume, FIRST)
        self.assertEqual(json.dumps(self.hook("GET", "organization")["own"], sort_keys=True), f'{{"account": "{OWN}", "region": "us-east-1"}}')

    def test_units(self):
        def accounts(unit, **more):
            return self.organizations.list_accounts_for_parent(ParentId=unit, **more)
        self.assertEqual([a["Id"] for a in accounts("ou-ab12-11111111")["Accounts"]], [FIRST, SECOND])
        self.assertEqual(accounts("ou-ab12-22222222")["Accounts"], [])
        self.hook("POST", "account", {"account": SECOND, "suspended": True, "unit": "ou-ab12-22222222"})
        pages = self.organizations.get_paginator("list_accounts_for_parent").paginate(ParentId="ou-ab12-22222222", PaginationConfig={"PageSize": 1})
        self.assertEqual([a["Id"] for p in pages for a in p["Accounts"]], [SECOND])
        self.assertEqual(self.organizations.list_organizational_units_for_parent(ParentId="ou-ab12-11111111")["OrganizationalUnits"], [])
        self.refused("ParentNotFoundException", accounts, "ou-ab12-99999999")
        self.refused("UnknownOperationException", self.organizations.list_roots)
