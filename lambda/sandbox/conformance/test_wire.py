"""The wire protocol and the shapes."""

import datetime
import json

from world import A, B, UNKNOWN, Conformance, compliance, filled, item, pairs, raw


class Wire(Conformance):
    def test_wire_success(self):
        status, _, answer = self.send("PutInventory", json.dumps(raw()))
        self.assertEqual((status, answer), (200, {}))

    def test_wire_timestamps(self):
        node = self.answers("DescribeInstanceInformation", {})["InstanceInformationList"][0]
        self.put(A, item([]))
        self.ssm.delete_inventory(TypeName="Custom:T")
        deletion = self.answers("DescribeInventoryDeletions", {})["InventoryDeletions"][0]
        for value in (node["LastPingDateTime"], node["RegistrationDate"], deletion["DeletionStartTime"], deletion["LastStatusUpdateTime"]):
            self.assertIsInstance(value, (int, float))
        now = self.ssm.describe_instance_information()["InstanceInformationList"][0]["LastPingDateTime"]
        self.assertLess(abs(now - datetime.datetime.now(datetime.timezone.utc)), datetime.timedelta(minutes=1))
        self.assertEqual(self.list(A)["CaptureTime"], "2026-01-02T03:04:05Z")

    def test_wire_error(self):
        status, headers, answer = self.send("ListInventoryEntries", json.dumps({"InstanceId": UNKNOWN, "TypeName": "Custom:T"}))
        self.assertEqual((status, answer["__type"]), (400, "InvalidInstanceId"))
        self.assertTrue(answer["Message"] and headers["x-amzn-RequestId"])
        self.assertTrue(self.refused("InvalidInstanceId", self.list, UNKNOWN)["Error"]["Message"])

    def test_wire_internal_error(self):
        self.fault(kind="error")
        answer = self.refused("InternalServerError", self.put, A, item([]))
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 500)

    def test_wire_type_name(self):
        for refused in (item(None, "Custom:A"), item(filled(6, 180_000), "Custom:B"), item(None, "Custom:C", "x"),
                        item([], "Custom:D", Context={"ComplianceType": "x"})):
            answer = self.answers("PutInventory", {"InstanceId": A, "Items": [refused]}, code={
                "Custom:A": "InvalidItemContentException", "Custom:B": "ItemSizeLimitExceededException",
                "Custom:C": "ItemContentMismatchException", "Custom:D": "UnsupportedInventoryItemContextException",
            }[refused["TypeName"]])
            self.assertEqual(answer["TypeName"], refused["TypeName"])

    def test_wire_validation(self):
        answer = self.answers("PutInventory", raw(TypeName="x"), "ValidationException")
        self.assertEqual(answer["Message"], "1 validation error detected: Value 'x' at 'items.1.member.typeName' failed to satisfy "
                         "constraint: Member must satisfy regular expression pattern: ^(AWS|Custom):.*$")
        answer = self.answers("PutInventory", {}, "ValidationException")
        self.assertTrue(answer["Message"].startswith("2 validation errors detected: Value null at 'instanceId' failed"))

    def test_wire_throttling(self):
        self.fault(kind="throttle", times=2)
        answer = self.answers("PutInventory", raw(), "ThrottlingException")
        self.assertEqual(answer["message"], "Rate exceeded")
        answer = self.refused("ThrottlingException", self.put, A, item([]))
        self.assertEqual(answer["Error"]["Message"], "Rate exceeded")

    def test_wire_access_denied(self):
        self.fault(kind="error", code="AccessDeniedException")
        answer = self.refused("AccessDeniedException", self.put, A, item([]))
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 400)

    def test_wire_unsigned(self):
        status, _, answer = self.send("PutInventory", json.dumps(raw()), signature=None)
        self.assertEqual((status, answer["__type"]), (400, "UnrecognizedClientException"))
        self.assertEqual(self.send("PutInventory", json.dumps(raw()), signature="AWS4-HMAC-SHA256 nonsense")[0], 200)

    def test_wire_serialization(self):
        for body in ("{", "", "[]", '{"Items":7}', raw(Content=[{"A": 1}]), raw(Content=[{"A": None}]), raw(Content={}),
                     raw(Content=["A"]), raw(Content=[{"A": ["b"]}]), raw(TypeName=7)):
            self.answers("PutInventory", body, "SerializationException")

    def test_wire_unknown_operation(self):
        self.answers("PutParameter", {}, "UnknownOperationException")


class Shape(Conformance):
    def accepts(self, **members):
        self.answers("PutInventory", raw(**members))

    def refuses(self, **members):
        self.answers("PutInventory", raw(**members), "ValidationException")

    def test_shape_items(self):
        for n, code in ((0, "ValidationException"), (1, None), (30, None), (31, "ValidationException")):
            self.answers("PutInventory", {"InstanceId": A, "Items": [compliance(f"T{k}", []) for k in range(n)]}, code)

    def test_shape_type_name(self):
        for name in ("Custom:A", "Custom:A" + "x" * 92, "Custom:A b.c/d"):
            self.accepts(TypeName=name)
        for name in ("Custom:A" + "x" * 93, "", "custom:A", "Other:A", None):
            self.refuses(TypeName=name)

    def test_shape_schema_version(self):
        for version in ("1.0", "999999.999999"):
            self.accepts(SchemaVersion=version)
        for version in ("1", "1.0.0", "1000000.0", "v1.0", None):
            self.refuses(SchemaVersion=version)

    def test_shape_capture_time(self):
        for time in ("2000-12-31T23:59:59Z", "2099-01-01T00:00:00Z"):
            self.accepts(CaptureTime=time)
        for time in ("2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05+00:00", "2026-13-02T03:04:05Z", "2026-01-02T24:04:05Z",
                     "1999-01-02T03:04:05Z", "2026-01-02T03:04:60Z", "2026-01-02 03:04:05Z", None):
            self.refuses(CaptureTime=time)

    def test_shape_content_hash(self):
        for value in ("", "x" * 256, "any thing/at all"):
            self.accepts(ContentHash=value)
        self.refuses(ContentHash="x" * 257)

    def test_shape_content(self):
        self.accepts(Content=[])
        self.accepts(Content=[{"A": "b"}] * 10_000)
        self.refuses(Content=[{"A": "b"}] * 10_001)

    def test_shape_pairs(self):
        self.accepts(Content=[{}])
        self.accepts(Content=[pairs(50)])
        self.refuses(Content=[pairs(51)])
        self.answers("PutInventory", raw(TypeName="AWS:ComplianceItem", Context=pairs(50)), "InvalidInventoryItemContextException")
        self.refuses(TypeName="AWS:ComplianceItem", Context=pairs(51))

    def test_shape_attribute(self):
        self.accepts(Content=[{"A": ""}])
        self.accepts(Content=[{"x" * 64: "x" * 4096}])
        for entry in ({"": "v"}, {"x" * 65: "v"}, {"A": "x" * 4097}):
            self.refuses(Content=[entry])

    def test_shape_custom_name(self):
        for name in ("Custom:", "Custom:a", "Custom:1", "Custom: A", "Custom:_A", "Custom:ä"):
            self.answers("PutInventory", raw(TypeName=name), "InvalidTypeNameException")

    def test_shape_length_unit(self):
        self.accepts(Content=[{"A": "ä" * 4096}])
        self.accepts(Content=[{"ä" * 64: ""}])
        self.refuses(Content=[{"A": "ä" * 4097}])

    def test_shape_calendar(self):
        self.accepts(CaptureTime="2026-02-31T00:00:00Z")

    def test_shape_instance_id(self):
        for id_, code in (("i-0123456", "ValidationException"), ("i-012345678", "ValidationException"),
                          ("mi-01234567", "ValidationException"), ("x", "ValidationException"), ("i-01234567", "InvalidInstanceId"),
                          ("mi-01234567890123456", "InvalidInstanceId"), (A, None), (B, None)):
            self.answers("PutInventory", raw() | {"InstanceId": id_}, code)
