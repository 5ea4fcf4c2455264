"""PutInventory: quotas, checks, schemas and hashes."""

import json

from world import (A, B, DENIED, GONE, HALTING, LATER, LEAVING, LOST, PENDING, STOPPED, UNKNOWN, Conformance, compliance, filled, item,
                   pairs, raw)


class Quota(Conformance):
    def test_quota_item(self):
        fits = filled(1, 131_077) + filled(7, 131_070)
        self.assertEqual(len(json.dumps(fits, separators=(",", ":"))), 1024 * 1024)
        self.put(A, item(fits))
        over = filled(1, 131_078) + fits[1:]
        self.refused("ItemSizeLimitExceededException", self.put, A, item(over))

    def test_quota_call(self):
        self.refused("TotalSizeLimitExceededException", self.put, A, item(filled(5, 100_000)), item(filled(6, 100_000), "Custom:U"))
        self.put(A, item(filled(5, 100_000)), item(filled(5, 100_000), "Custom:U"))

    def test_quota_day(self):
        megabyte = filled(5, 200_000)
        for _ in range(5):
            self.put(A, item(megabyte, hash_="h"))
        self.refused("TotalSizeLimitExceededException", self.put, A, item(megabyte))
        self.put(A, item(hash_="h"))
        self.put(B, item(megabyte))
        self.advance("24h")
        self.put(A, item(megabyte))

    def test_quota_types(self):
        for k in range(19):
            self.put(A, item([{"A": "1"}], f"Custom:T{k}"))
        self.refused("CustomSchemaCountLimitExceededException", self.put, A, item([], "Custom:X"), item([], "Custom:Y"))
        self.put(A, item([], "Custom:X"))
        self.refused("CustomSchemaCountLimitExceededException", self.put, B, item([{"A": "1"}], "Custom:Y"))
        self.put(B, item([{"A": "1"}], "Custom:T1"))

    def test_quota_definition(self):
        self.put(A, item([{f"{k:064d}": "" for k in range(50)}]))

    def test_quota_attributes(self):
        self.put(A, item([pairs(50)]))
        self.refused("InvalidItemContentException", self.put, A, item([{"B": "1"}]))
        self.refused("InvalidItemContentException", self.put, A, item([pairs(50), {"B": "1"}], "Custom:U"))
        self.put(A, item([{"B": "1"}], SchemaVersion="1.1"))

    def test_quota_retention(self):
        self.put(A, item([{"A": "1"}], hash_="h"))
        self.advance("696h")
        self.put(A, item(hash_="h"))
        self.advance("696h")
        self.holds(A, "Custom:T", {"A": "1"})
        self.advance("24h")
        self.holds(A, "Custom:T")
        self.refused("ItemContentMismatchException", self.put, A, item(hash_="h"))

    def test_quota_rate(self):
        for _ in range(20):
            self.put(A, item([]))
        self.hook("POST", "rate", {"perSecond": 0.001, "burst": 2})
        self.put(A, item([]))
        self.list(A)
        self.refused("ThrottlingException", self.put, A, item([]))
        self.advance("1h")
        self.put(A, item([]))

    def test_quota_compliance(self):
        def rows(n):
            return [{"Id": "1", "Title": "x" * 4090}] * (n * 25)
        self.put(A, compliance("Custom:One", rows(4)))
        self.put(A, compliance("Custom:Two", rows(3)))
        self.refused("TotalSizeLimitExceededException", self.put, A, compliance("Custom:Three", rows(2)))
        self.put(B, compliance("Custom:Three", rows(2)))

    def test_quota_compliance_types(self):
        for k in range(9):
            self.put(A, compliance(f"Custom:T{k}", []))
        self.refused("SubTypeCountLimitExceededException", self.put, A, compliance("Custom:X", []), compliance("Custom:Y", []))
        self.put(A, compliance("Custom:X", []))
        self.refused("SubTypeCountLimitExceededException", self.put, A, compliance("Custom:Y", []))
        self.put(A, compliance("Custom:X", []), compliance("Association", []))

    def test_quota_size_unit(self):
        def counted():
            return self.hook("GET", "counts")["bytes"]
        self.answers("PutInventory", json.dumps(raw(Content=[{"A": "ä/"}]), indent=1))
        self.assertEqual(counted(), len('[{"A":"ä/"}]'.encode()))
        before = counted()
        self.put(A, compliance("T", [{"Id": "1"}]))
        self.assertEqual(counted() - before, len('[{"Id":"1"}]{"ComplianceType":"T"}'))
        before = counted()
        self.put(A, item([], hash_="h"))
        self.put(A, item(hash_="h"))
        self.assertEqual(counted() - before, len("[]"))


class Put(Conformance):
    def test_put_check_order(self):
        bad = json.dumps(raw(CaptureTime="x"))
        self.hook("POST", "rate", {"perSecond": 0.001, "burst": 1})
        self.assertEqual(self.send("PutInventory", bad, signature=None)[2]["__type"], "UnrecognizedClientException")
        self.answers("PutInventory", raw())
        self.answers("PutInventory", bad, "ThrottlingException")
        self.hook("POST", "rate", {"perSecond": 0})
        self.answers("PutInventory", bad.replace(A, UNKNOWN), "ValidationException")
        self.refused("InvalidInstanceId", self.put, UNKNOWN, item(None, "AWS:Nothing"))
        context = {"ComplianceType": "x"}
        self.refused("InvalidTypeNameException", self.put, A, item(None, "AWS:Nothing", Context=context))
        self.refused("UnsupportedInventoryItemContextException", self.put, A,
                     item(None, "AWS:Application", Context=context, SchemaVersion="7.0"))
        self.refused("UnsupportedInventorySchemaVersionException", self.put, A,
                     item([{"Wrong": "1"}], "AWS:Application", SchemaVersion="7.0"))
        self.refused("InvalidItemContentException", self.put, A, item(filled(11, 100_000) + [{"a00": "1"}]))
        self.refused("InvalidItemContentException", self.put, A, item(filled(5, 100_000), "Custom:A"),
                     item(filled(6, 100_000), "Custom:B"), item(None, "Custom:C"))

    def test_put_atomic(self):
        self.put(A, item([{"A": "1"}], "Custom:A"))
        self.refused("ItemContentMismatchException", self.put, A, item([{"A": "2"}], "Custom:A"), item([{"A": "1"}], "Custom:New"),
                     item(None, "Custom:B", "x"))
        self.holds(A, "Custom:A", {"A": "1"})
        self.refused("InvalidTypeNameException", self.list, A, "Custom:New")

    def test_put_node_refused(self):
        for node in (UNKNOWN, GONE, LEAVING, DENIED):
            self.refused("InvalidInstanceId", self.put, node, item([]))

    def test_put_node_states(self):
        for node in (A, B, PENDING, STOPPED, HALTING):
            self.put(node, item([]))

    def test_put_connection_lost(self):
        self.put(LOST, item([]))

    def test_put_registers_no_node(self):
        self.refused("InvalidInstanceId", self.put, UNKNOWN, item([]))
        nodes = self.ssm.describe_instance_information(MaxResults=50)["InstanceInformationList"]
        self.assertNotIn(UNKNOWN, [n["InstanceId"] for n in nodes])

    def test_put_type_pattern(self):
        self.refused("ValidationException", self.put, A, item([], "Vendor:T"))

    def test_put_type_unknown(self):
        self.refused("InvalidTypeNameException", self.put, A, item([], "AWS:Nothing"))

    def test_put_context_elsewhere(self):
        self.refused("UnsupportedInventoryItemContextException", self.put, A, item([], Context={"ComplianceType": "x"}))

    def test_put_context_keys(self):
        more = {"ExecutionId": "1", "ExecutionType": "Command", "ExecutionTime": LATER}
        self.put(A, compliance("x", [{"Id": "1"}], **more))
        self.refused("InvalidInventoryItemContextException", self.put, A, compliance("x", [{"Id": "1"}], **more, Other="1"))

    def test_put_context_is_key(self):
        self.put(A, compliance("Custom:B", [{"Id": "2"}]), compliance("Custom:A", [{"Id": "1"}]))
        self.put(A, compliance("Custom:A", [{"Id": "3"}]))
        self.holds(A, "AWS:ComplianceItem", {"Id": "3"}, {"Id": "2"})

    def test_put_version_of_aws(self):
        self.refused("UnsupportedInventorySchemaVersionException", self.put, A, item([{"Name": "x"}], "AWS:Application"))
        self.put(A, item([{"Name": "x"}], "AWS:Application", SchemaVersion="1.1"))
        self.put(A, item([{"Name": "x"}], "AWS:Service"))

    def test_put_version_of_custom(self):
        self.put(A, item([{"A": "1"}]))
        self.put(B, item([{"A": "1"}], SchemaVersion="12.345"))
        self.assertEqual((self.list(A)["SchemaVersion"], self.list(B)["SchemaVersion"]), ("1.0", "12.345"))

    def test_put_version_disabled(self):
        self.put(A, item([{"A": "1"}], hash_="h", SchemaVersion="1.2"))
        self.ssm.delete_inventory(TypeName="Custom:T", SchemaDeleteOption="DisableSchema")
        self.advance("1h")
        self.put(A, item([{"A": "2"}], SchemaVersion="1.2"))
        self.put(A, item([{"A": "2"}], SchemaVersion="1.1"))
        self.holds(A, "Custom:T")
        detail = self.hook("GET", "events")["events"][-1]["detail"]
        self.assertEqual((detail["action"], detail["action-status"], detail["resource-id"], detail["type-name"]),
                         ("put", "failed", A, "Custom:T"))
        self.put(A, item([{"A": "3"}], SchemaVersion="1.10"))
        self.holds(A, "Custom:T", {"A": "3"})

    def test_put_creates_schema(self):
        self.put(A, item([{"B": "1"}, {"A": "1"}]))
        self.assertEqual(self.schemas("Custom:T"), [{"TypeName": "Custom:T", "Version": "1.0", "Attributes": [
            {"Name": "B", "DataType": "STRING"}, {"Name": "A", "DataType": "STRING"}]}])

    def test_put_adds_attributes(self):
        self.put(A, item([{"A": "1"}]))
        self.put(B, item([{"B": "1"}]))
        self.assertEqual([a["Name"] for s in self.schemas("Custom:T") for a in s["Attributes"]], ["A", "B"])

    def test_put_attribute_case(self):
        self.put(A, item([{"Name": "1"}]))
        self.refused("InvalidItemContentException", self.put, B, item([{"name": "1"}]))
        self.refused("InvalidItemContentException", self.put, B, item([{"NAME": "1"}], SchemaVersion="2.0"))

    def test_put_attribute_case_in_entry(self):
        self.refused("InvalidItemContentException", self.put, A, item([{"Name": "1", "name": "2"}]))
        self.refused("InvalidItemContentException", self.put, A, item([{"Name": "1"}, {"name": "2"}]))

    def test_put_attribute_of_aws(self):
        self.refused("InvalidItemContentException", self.put, A, item([{"Nmae": "x"}], "AWS:Service"))
        self.refused("InvalidItemContentException", self.put, A, item([{"name": "x"}], "AWS:Service"))

    def test_put_attribute_required(self):
        self.put(A, item([{}], "AWS:Service"))

    def test_put_replaces(self):
        self.put(A, item([{"A": "1"}, {"A": "2"}], "Custom:A"), item([{"B": "1"}], "Custom:B"))
        self.put(B, item([{"A": "1"}], "Custom:A"))
        self.put(A, item([{"A": "3"}], "Custom:A"))
        self.holds(A, "Custom:A", {"A": "3"})
        self.holds(A, "Custom:B", {"B": "1"})
        self.holds(B, "Custom:A", {"A": "1"})

    def test_put_empty_list(self):
        self.put(A, item([{"A": "1"}]))
        self.put(A, item([], CaptureTime=LATER))
        answer = self.list(A)
        self.assertEqual((answer["Entries"], answer["CaptureTime"]), ([], LATER))

    def test_put_null_content(self):
        self.put(A, item([{"A": "1"}], hash_="h"))
        self.answers("PutInventory", raw(Content=None), "InvalidItemContentException")
        self.answers("PutInventory", raw(Content=None, ContentHash="h"))
        self.holds(A, "Custom:T", {"A": "1"})

    def test_put_keeps_order(self):
        entries = [{"A": a} for a in ("2", "1", "2", "10")]
        self.put(A, item(entries))
        self.holds(A, "Custom:T", *entries)

    def test_put_type_twice(self):
        self.refused("ValidationException", self.put, A, item([]), item([]))

    def test_put_older_capture_time(self):
        self.put(A, item([{"A": "1"}], CaptureTime=LATER))
        self.put(A, item([{"A": "2"}]))
        self.holds(A, "Custom:T", {"A": "2"})


class Hash(Conformance):
    """The rows of the table of hash rules, with an item of which "stored" is the hash and A=1 the content."""

    def setUp(self):
        super().setUp()
        self.put(A, item([{"A": "1"}], hash_="stored"))

    def confirms(self, value):
        self.put(A, item(hash_=value, CaptureTime=LATER))

    def mismatches(self, value):
        self.refused("ItemContentMismatchException", self.confirms, value)

    def test_hash_content_without(self):
        self.put(A, item([{"A": "2"}]))
        self.holds(A, "Custom:T", {"A": "2"})
        self.mismatches("stored")

    def test_hash_content_with_new(self):
        self.put(A, item([{"A": "2"}], hash_="new"))
        self.holds(A, "Custom:T", {"A": "2"})
        self.mismatches("stored")
        self.confirms("new")

    def test_hash_content_with_stored(self):
        self.put(A, item([{"A": "2"}], hash_="stored", CaptureTime=LATER))
        self.holds(A, "Custom:T", {"A": "1"})
        self.assertEqual(self.list(A)["CaptureTime"], LATER)

    def test_hash_only_stored(self):
        self.confirms("stored")
        self.holds(A, "Custom:T", {"A": "1"})
        self.assertEqual(self.list(A)["CaptureTime"], LATER)

    def test_hash_only_other(self):
        self.mismatches("other")
        self.holds(A, "Custom:T", {"A": "1"})

    def test_hash_only_nothing_stored(self):
        self.refused("ItemContentMismatchException", self.put, B, item(hash_="stored"))
        self.refused("ItemContentMismatchException", self.put, B, item(None, "Custom:Other", "stored"))
        self.assertEqual(self.schemas("Custom:Other"), [])

    def test_hash_neither(self):
        self.refused("InvalidItemContentException", self.put, A, item())

    def test_hash_empty(self):
        self.put(A, item([{"A": "2"}], hash_=""))
        self.put(A, item([{"A": "3"}], hash_=""))
        self.holds(A, "Custom:T", {"A": "3"})
        self.refused("InvalidItemContentException", self.put, A, item(hash_=""))

    def test_hash_opaque(self):
        for value in ("XrY7u+Ae7tCTyyK7j1rNww==", "0f" * 32, "5eb63bbbe01eeed093cb22bb8f5acdc3", "any"):
            self.put(A, item([{"A": value}], hash_=value))
            self.holds(A, "Custom:T", {"A": value})
            self.confirms(value)

    def test_hash_only_with_other_version(self):
        self.put(A, item([{"Name": "x"}], "AWS:Application", hash_="app", SchemaVersion="1.1"))
        self.put(A, item(type_="AWS:Application", hash_="app", CaptureTime="2026-03-01T00:00:00Z"))
        answer = self.list(A, "AWS:Application")
        self.assertEqual((answer["Entries"], answer["SchemaVersion"], answer["CaptureTime"]),
                         ([{"Name": "x"}], "1.1", "2026-03-01T00:00:00Z"))
        self.refused("ItemContentMismatchException", self.put, A, item(type_="AWS:Application", hash_="other"))
        self.refused("UnsupportedInventorySchemaVersionException", self.put, A, item([{"Name": "z"}], "AWS:Application", hash_="other"))

    def test_hash_with_other_version(self):
        self.put(A, item([{"A": "2"}], hash_="stored", SchemaVersion="1.1"))
        self.holds(A, "Custom:T", {"A": "1"})
