"""DeleteInventory and its deletions, DescribeInstanceInformation, the sandbox's hooks."""

import json
import time

from world import A, B, DENIED, HALTING, LOST, PENDING, STOPPED, UNKNOWN, Conformance, item, raw

import botocore.exceptions

DELAY = "1m"


class Delete(Conformance):
    def setUp(self):
        super().setUp()
        self.put(A, item([{"A": "1"}], hash_="h"))
        self.put(B, item([{"A": "1"}], hash_="h", SchemaVersion="1.1"))

    def delete(self, **more):
        return self.ssm.delete_inventory(TypeName="Custom:T", **more)

    def deletions(self, **more):
        return self.ssm.describe_inventory_deletions(**more)["InventoryDeletions"]

    def test_delete_shape(self):
        answer = self.delete()
        self.assertTrue(answer["DeletionId"])
        self.assertEqual((answer["TypeName"], answer["DeletionSummary"]), ("Custom:T", {
            "TotalCount": 2, "RemainingCount": 2, "SummaryItems": [
                {"Version": "1.0", "Count": 1, "RemainingCount": 1}, {"Version": "1.1", "Count": 1, "RemainingCount": 1}]}))

    def test_delete_is_asynchronous(self):
        self.delete()
        self.holds(A, "Custom:T", {"A": "1"})
        self.refused("ItemContentMismatchException", self.put, A, item(hash_="h"))
        self.put(A, item([{"A": "2"}], hash_="h"))
        self.advance(DELAY)
        self.holds(A, "Custom:T", {"A": "2"})
        self.holds(B, "Custom:T")
        self.assertEqual(len(self.schemas("Custom:T")), 2)

    def test_delete_schema(self):
        self.delete(SchemaDeleteOption="DeleteSchema")
        self.advance(DELAY)
        self.assertEqual(self.schemas("Custom:T"), [])
        self.put(A, item([{"a": "1"}]))
        self.holds(A, "Custom:T", {"a": "1"})

    def test_delete_aws(self):
        self.answers("DeleteInventory", {"TypeName": "AWS:Application"}, "InvalidTypeNameException")
        self.answers("DeleteInventory", {"TypeName": "Custom:Unknown"}, "InvalidTypeNameException")

    def test_delete_option(self):
        self.refused("InvalidOptionException", self.delete, SchemaDeleteOption="Everything")

    def test_delete_token(self):
        one, two = "11111111-1111-1111-1111-111111111111", "22222222-1111-1111-1111-111111111111"
        first, again, other = (self.delete(ClientToken=t)["DeletionId"] for t in (one, one, two))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)
        self.assertEqual(len(self.deletions()), 2)
        self.refused("ValidationException", self.delete, ClientToken="x")

    def test_delete_dry_run(self):
        answer = self.delete(DryRun=True, SchemaDeleteOption="DeleteSchema")
        self.assertEqual(answer["DeletionSummary"]["TotalCount"], 2)
        self.advance("24h")
        self.holds(A, "Custom:T", {"A": "1"})
        self.assertEqual(self.deletions(), [])

    def test_deletions_status(self):
        id_ = self.delete()["DeletionId"]
        deletion, = self.deletions()
        self.assertEqual((deletion["DeletionId"], deletion["LastStatus"], deletion["DeletionSummary"]["RemainingCount"]),
                         (id_, "InProgress", 2))
        self.assertTrue(deletion["LastStatusMessage"])
        self.advance(DELAY)
        deletion, = self.deletions(DeletionId=id_)
        summary = deletion["DeletionSummary"]
        self.assertEqual((deletion["LastStatus"], summary["RemainingCount"], summary["TotalCount"]), ("Complete", 0, 2))
        self.assertEqual([s["RemainingCount"] for s in summary["SummaryItems"]], [0, 0])
        self.refused("InvalidDeletionIdException", self.deletions, DeletionId="11111111-1111-1111-1111-111111111111")
        self.refused("ValidationException", self.deletions, MaxResults=51)

    def test_deletions_history(self):
        first = self.delete()["DeletionId"]
        self.advance("24h")
        second = self.delete()["DeletionId"]
        pages = self.ssm.get_paginator("describe_inventory_deletions").paginate(PaginationConfig={"PageSize": 1})
        self.assertEqual([[d["DeletionId"] for d in p["InventoryDeletions"]] for p in pages], [[second], [first]])
        self.advance("696h")
        self.assertEqual([d["DeletionId"] for d in self.deletions()], [second])

    def test_deletion_events(self):
        self.delete(SchemaDeleteOption="DisableSchema")
        self.assertEqual(self.hook("GET", "events")["events"], [])
        self.advance(DELAY)
        self.put(A, item([{"A": "1"}]))
        events = self.hook("GET", "events")["events"]
        self.assertEqual({(e["source"], e["detail-type"]) for e in events}, {("aws.ssm", "Inventory Resource State Change")})
        self.assertEqual([(e["detail"]["action"], e["detail"]["action-status"], e["detail"]["resource-id"]) for e in events], [
            ("delete", "succeeded", A), ("delete", "succeeded", B), ("delete-summary", "succeeded", ""), ("put", "failed", A)])


class Nodes(Conformance):
    def describes(self, want, *filters):
        body = {"MaxResults": 50, "Filters": [{"Key": k, "Values": list(v)} for k, *v in filters]}
        answer = self.ssm.describe_instance_information(**body)
        self.assertEqual([n["InstanceId"] for n in answer["InstanceInformationList"]], want, filters)

    def test_nodes_pages(self):
        self.hook("POST", "nodes", [{"InstanceId": f"i-1000{k:04d}"} for k in range(20)])
        self.assertEqual(len(self.answers("DescribeInstanceInformation", {})["InstanceInformationList"]), 10)
        for n, code in ((4, "ValidationException"), (5, None), (50, None), (51, "ValidationException")):
            self.answers("DescribeInstanceInformation", {"MaxResults": n}, code)
        self.assertEqual(self.answers("DescribeInstanceInformation", {"MaxResults": 50})["NextToken"], "")
        pages = self.ssm.get_paginator("describe_instance_information").paginate(PaginationConfig={"PageSize": 5})
        self.assertEqual(sum(len(p["InstanceInformationList"]) for p in pages), 26)

    def test_nodes_empty_page(self):
        self.fault(operation="DescribeInstanceInformation", kind="emptyPage")
        answer = self.ssm.describe_instance_information(MaxResults=50)
        self.assertEqual(answer["InstanceInformationList"], [])
        self.assertTrue(answer["NextToken"])
        answer = self.ssm.describe_instance_information(MaxResults=50, NextToken=answer["NextToken"])
        self.assertEqual(len(answer["InstanceInformationList"]), 6)

    def test_nodes_filters(self):
        for want, *filter_ in (
            ([B], "ActivationIds", "11111111-1111-1111-1111-111111111111"), ([B], "AgentVersion", "3.2.0.0"),
            ([A], "AssociationStatus", "Success"), ([A], "IamRole", "role-a"), ([A, B], "InstanceIds", A, B, STOPPED),
            ([LOST], "PingStatus", "ConnectionLost"), ([B], "PlatformTypes", "Windows"), ([B], "ResourceType", "ManagedInstance"),
            ([B], "SourceIds", "thing"), ([B], "SourceTypes", "AWS::IoT::Thing"),
        ):
            self.describes(want, filter_)
        self.describes([A], ("PlatformTypes", "Windows", "Linux"), ("IamRole", "role-a"))

    def test_nodes_filter_limits(self):
        for n, code in ((0, "ValidationException"), (1, None), (100, None), (101, "ValidationException")):
            self.answers("DescribeInstanceInformation", {"Filters": [{"Key": "IamRole", "Values": ["x"] * n}]}, code)

    def test_nodes_tag_filters(self):
        self.describes([A, B], ("tag-key", "Team"))
        self.describes([A], ("tag:Team", "web"))
        self.describes([A, B], ("tag:Team", "web", "db"))
        self.refused("InvalidFilterKey", self.describes, [], ("tag:Team", "web"), ("IamRole", "x"))

    def test_nodes_filter_errors(self):
        for key in ("ComputerName", "IPAddress", "Name", "tag:", "Nothing"):
            self.refused("InvalidFilterKey", self.describes, [], (key, "x"))
        self.refused("InvalidInstanceInformationFilterValue", self.describes, [], ("ResourceType", "Machine"))

    def test_nodes_omits(self):
        nodes = self.ssm.describe_instance_information(MaxResults=50)["InstanceInformationList"]
        self.assertEqual([n["InstanceId"] for n in nodes], [LOST, DENIED, PENDING, HALTING, A, B])

    def test_nodes_unknown_id(self):
        self.refused("InvalidInstanceId", self.describes, [], ("InstanceIds", A, UNKNOWN))


class Hooks(Conformance):
    def test_hooks_start(self):
        first = self.hook("GET", "start")["start"]
        self.assertEqual(first, self.hook("GET", "start")["start"])
        self.assertTrue(first)

    def test_hooks_counts(self):
        self.put(A, item([{"A": "1"}], hash_="h"))
        self.put(A, item(hash_="h"))
        self.refused("InvalidInstanceId", self.put, UNKNOWN, item([]))
        counts = self.hook("GET", f"counts?node={A}")
        self.assertEqual(list(counts.pop("days").values()), [11])
        self.assertEqual(counts, {
            "calls": {"PutInventory": 3}, "nodeCalls": {"PutInventory": 2}, "errors": {"InvalidInstanceId": 1},
            "items": {"full": 1, "hashOnly": 1}, "bytes": 11})

    def test_hooks_clock(self):
        first = self.hook("GET", "clock")["now"]
        self.assertLess(first, self.hook("POST", "clock", {"advance": "1h"})["now"])

    def test_hooks_nodes(self):
        self.put(A, item([{"A": "1"}]))
        self.hook("POST", "nodes", [{"InstanceId": A, "ComputerName": "new", "IPAddress": "10.0.0.9"}, {"InstanceId": UNKNOWN}])
        self.holds(A, "Custom:T", {"A": "1"})
        self.put(UNKNOWN, item([]))
        node, = self.ssm.describe_instance_information(Filters=[{"Key": "InstanceIds", "Values": [A]}])["InstanceInformationList"]
        self.assertEqual((node["ComputerName"], node["IPAddress"]), ("new", "10.0.0.9"))
        self.hook("POST", "state", {"node": A, "state": "terminated"})
        self.hook("DELETE", f"nodes?node={UNKNOWN}")
        for node in (A, UNKNOWN):
            self.refused("InvalidInstanceId", self.put, node, item([]))

    def test_hooks_probability(self):
        self.hook("POST", "faults", [{"kind": "throttle", "probability": 0.3, "times": -1},
                                     {"kind": "error", "probability": 0.2, "times": -1}])
        for _ in range(400):
            self.send("PutInventory", json.dumps(raw()))
        errors = self.hook("GET", "counts")["errors"]
        self.assertAlmostEqual(errors["ThrottlingException"] / 400, 0.3, delta=0.08)
        self.assertAlmostEqual(errors["InternalServerError"] / 400, 0.2, delta=0.08)

    def test_hooks_late(self):
        self.put(A, item([{"A": "1"}]))
        self.hook("POST", "faults", [{"kind": "late", "delay": "2h"}, {"kind": "late", "nth": 2, "delay": "1h"}])
        for value in ("late", "earlier"):
            with self.assertRaises(botocore.exceptions.HTTPClientError):
                self.put(A, item([{"A": value}]))
        self.put(A, item([{"A": "2"}]))
        for value in ("2", "earlier", "late"):
            self.holds(A, "Custom:T", {"A": value})
            self.advance("1h")

    def test_hooks_faults(self):
        self.fault(operation="PutInventory", node=A, type="Custom:T", nth=2, kind="throttle")
        self.put(A, item([]))
        self.put(B, item([]))
        self.put(A, item([], "Custom:U"))
        self.refused("ThrottlingException", self.put, A, item([]))
        self.put(A, item([]))
        self.hook("POST", "faults", [{"kind": "cutBefore"}, {"kind": "cutAfter", "nth": 2}])
        for name in ("Custom:Before", "Custom:After"):
            with self.assertRaises(botocore.exceptions.HTTPClientError):
                self.put(A, item([{"A": "1"}], name))
        self.holds(A, "Custom:After", {"A": "1"})
        self.assertEqual(self.schemas("Custom:Before"), [])
        self.fault(kind="error", times=-1)
        for _ in range(2):
            self.refused("InternalServerError", self.put, A, item([]))
        self.hook("DELETE", "faults")
        self.fault(kind="delay", delay="30ms")
        begin = time.monotonic()
        self.put(A, item([]))
        self.assertGreaterEqual(time.monotonic() - begin, 0.03)
