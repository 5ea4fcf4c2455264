"""Each switch, off and on."""

import json
import os

from world import A, B, GONE, LOST, UNKNOWN, Conformance, compliance, filled, item, pairs, raw

VALIDATION = "ValidationException"
CONTENT = "InvalidItemContentException"
MISMATCH = "ItemContentMismatchException"
NODE = "InvalidInstanceId"
TYPE = "InvalidTypeNameException"
ITEM_SIZE = "ItemSizeLimitExceededException"
TOTAL_SIZE = "TotalSizeLimitExceededException"
THROTTLED = "ThrottlingException"
COUNT = "CustomSchemaCountLimitExceededException"


def both_ways(name):
    """Run a test with the switch off and, in another sandbox, on."""
    def wrap(test):
        def run(self):
            test(self, False)
            self.start(os.environ["INVBRIDGE"])
            self.turn(name)
            self.assertEqual([n for n, on in self.hook("GET", "switches").items() if on], [name])
            test(self, True)
        return run
    return wrap


class Switch(Conformance):
    def code(self, code, call, *args, **kwargs):
        """Check the code that a call is answered with, None for success."""
        if code:
            self.refused(code, call, *args, **kwargs)
        else:
            call(*args, **kwargs)

    def counts(self, want, **members):
        """Check the bytes that an item counts."""
        before = self.hook("GET", "counts")["bytes"]
        self.answers("PutInventory", raw(**members))
        self.assertEqual(self.hook("GET", "counts")["bytes"] - before, want, members)

    def use_up(self):
        """Use up the day's quota of A. Gives an item that is too much then."""
        megabyte = filled(5, 200_000)
        for _ in range(5):
            self.put(A, item(megabyte, hash_="h"))
        return item(megabyte)


class Sizes(Switch):
    @both_ways("lengthsInBytes")
    def test_switch_lengths_in_bytes(self, on):
        self.answers("PutInventory", raw(Content=[{"A": "ä" * 2048}]))
        self.answers("PutInventory", raw(Content=[{"A": "ä" * 2049}]), VALIDATION if on else None)

    @both_ways("checkCalendar")
    def test_switch_check_calendar(self, on):
        self.answers("PutInventory", raw(CaptureTime="2026-02-31T00:00:00Z"), VALIDATION if on else None)
        self.answers("PutInventory", raw(CaptureTime="2028-02-29T00:00:00Z"))

    @both_ways("sizesInCharacters")
    def test_switch_sizes_in_characters(self, on):
        self.counts(len('[{"A":"ää"}]') + (0 if on else 2), Content=[{"A": "ää"}])
        self.turn("sizesOfPairs")
        self.counts(len("Aää") + (0 if on else 2), Content=[{"A": "ää"}])

    @both_ways("sizesOfPairs")
    def test_switch_sizes_of_pairs(self, on):
        self.counts(len(("Aää" if on else '[{"A":"ää"}]').encode()), Content=[{"A": "ää"}])
        self.counts(len("Id1ComplianceTypeT" if on else '[{"Id":"1"}]{"ComplianceType":"T"}'),
                    TypeName="AWS:ComplianceItem", Context={"ComplianceType": "T"}, Content=[{"Id": "1"}])

    @both_ways("sizesOfItems")
    def test_switch_sizes_of_items(self, on):
        whole = len(json.dumps(raw(ContentHash="h", Content=[])["Items"][0], separators=(",", ":")))
        self.counts(whole if on else 2, ContentHash="h", Content=[])
        self.counts(whole - len(',"Content":[]') if on else 0, ContentHash="h", Content=None)

    @both_ways("sizesDecimal")
    def test_switch_sizes_decimal(self, on):
        megabyte, more = item(filled(5, 199_998)), item(filled(1, 2_000), "Custom:U")
        self.code(TOTAL_SIZE if on else None, self.put, A, megabyte, more)
        self.put(A, megabyte)

    @both_ways("dayQuotaIsItemSize")
    def test_switch_day_quota_is_item_size(self, on):
        self.refused(ITEM_SIZE if on else TOTAL_SIZE, self.put, A, self.use_up())

    @both_ways("dayQuotaIsThrottling")
    def test_switch_day_quota_is_throttling(self, on):
        self.turn("dayQuotaIsItemSize")
        self.refused(THROTTLED if on else ITEM_SIZE, self.put, A, self.use_up())


class Order(Switch):
    bad = json.dumps(raw(CaptureTime="x"))

    @both_ways("shapeBeforeRate")
    def test_switch_shape_before_rate(self, on):
        self.hook("POST", "rate", {"perSecond": 0.001, "burst": 1})
        self.answers("PutInventory", self.bad, VALIDATION)
        self.answers("PutInventory", raw(), None if on else THROTTLED)
        self.answers("PutInventory", self.bad, VALIDATION if on else THROTTLED)

    @both_ways("nodeBeforeShape")
    def test_switch_node_before_shape(self, on):
        self.answers("PutInventory", self.bad.replace(A, UNKNOWN), NODE if on else VALIDATION)
        self.answers("PutInventory", self.bad, VALIDATION)
        self.answers("ListInventoryEntries", {"InstanceId": UNKNOWN, "TypeName": "T"}, NODE if on else VALIDATION)

    @both_ways("itemsBeforeNode")
    def test_switch_items_before_node(self, on):
        self.refused(TYPE if on else NODE, self.put, UNKNOWN, item([], "AWS:Nothing"))
        self.refused(MISMATCH if on else NODE, self.put, UNKNOWN, item(hash_="h"))
        self.turn("partialCommit")
        self.refused(NODE, self.put, GONE, item([{"A": "1"}]))
        self.assertEqual(self.schemas("Custom:T"), [])

    @both_ways("sizesBeforeItems")
    def test_switch_sizes_before_items(self, on):
        self.refused(ITEM_SIZE if on else CONTENT, self.put, A, item(filled(11, 100_000) + [{"a00": "1"}]))
        self.refused(TOTAL_SIZE if on else TYPE, self.put, A, item(filled(5, 100_000)), item(filled(6, 100_000), "AWS:Nothing"))


class Puts(Switch):
    @both_ways("partialCommit")
    def test_switch_partial_commit(self, on):
        self.put(A, item([], "Custom:A"))
        self.refused(MISMATCH, self.put, A, item([{"A": "1"}], "Custom:A"), item(None, "Custom:B", "x"), item([], "Custom:C"))
        self.holds(A, "Custom:A", *([{"A": "1"}] if on else []))
        self.assertEqual([s["TypeName"] for s in self.schemas("Custom:")], ["Custom:A"])

    @both_ways("refuseConnectionLost")
    def test_switch_refuse_connection_lost(self, on):
        self.code(NODE if on else None, self.put, LOST, item([]))
        self.put(A, item([]))

    @both_ways("refuseDisabledVersion")
    def test_switch_refuse_disabled_version(self, on):
        self.put(A, item([]))
        self.ssm.delete_inventory(TypeName="Custom:T", SchemaDeleteOption="DisableSchema")
        self.code("UnsupportedInventorySchemaVersionException" if on else None, self.put, A, item([]))

    @both_ways("refuseNewAttributes")
    def test_switch_refuse_new_attributes(self, on):
        self.put(A, item([{"A": "1"}]))
        self.code(CONTENT if on else None, self.put, A, item([{"A": "1", "B": "1"}]))
        self.put(A, item([{"A": "1", "B": "1"}], SchemaVersion="1.1"))

    @both_ways("tooManyAttributesIsSchemaCount")
    def test_switch_too_many_attributes_is_schema_count(self, on):
        self.refused(COUNT if on else CONTENT, self.put, A, item([pairs(50), {"B": "1"}]))

    @both_ways("attributeCaseIsValidation")
    def test_switch_attribute_case_is_validation(self, on):
        self.put(A, item([{"Name": "1"}]))
        self.refused(VALIDATION if on else CONTENT, self.put, B, item([{"name": "1"}]))
        self.refused(VALIDATION if on else CONTENT, self.put, A, item([{"Name": "1", "name": "2"}], "Custom:U"))

    @both_ways("requireAttributes")
    def test_switch_require_attributes(self, on):
        self.code(CONTENT if on else None, self.put, A, item([{"Status": "x"}], "AWS:Service"))
        self.put(A, item([{"Name": "x"}], "AWS:Service"), compliance("T", [{"Id": "1"}]))

    @both_ways("acceptServiceTypes")
    def test_switch_accept_service_types(self, on):
        for name in ("AWS:InstanceInformation", "AWS:Tag", "AWS:ResourceGroup"):
            self.code(None if on else TYPE, self.put, A, item([], name))
        self.holds(A, "AWS:Tag", *([] if on else [{"Key": "Stage", "Value": "prod"}, {"Key": "Team", "Value": "web"}]))


class Items(Switch):
    @both_ways("invalidWhenNothingStored")
    def test_switch_invalid_when_nothing_stored(self, on):
        self.refused(CONTENT if on else MISMATCH, self.put, A, item(hash_="h"))
        self.put(A, item([], hash_="h"))
        self.refused(MISMATCH, self.put, A, item(hash_="other"))

    @both_ways("neitherIsMismatch")
    def test_switch_neither_is_mismatch(self, on):
        self.refused(MISMATCH if on else CONTENT, self.put, A, item())

    @both_ways("neitherIsValidation")
    def test_switch_neither_is_validation(self, on):
        self.turn("neitherIsMismatch")
        self.refused(VALIDATION if on else MISMATCH, self.put, A, item())

    @both_ways("versionBeforeHash")
    def test_switch_version_before_hash(self, on):
        version = "UnsupportedInventorySchemaVersionException"
        self.put(A, item([{"Name": "x"}], "AWS:Application", hash_="h", SchemaVersion="1.1"))
        self.code(version if on else None, self.put, A, item(type_="AWS:Application", hash_="h"))
        self.code(version if on else MISMATCH, self.put, A, item(type_="AWS:Application", hash_="other"))
        self.code(version if on else None, self.put, A, item([{"Name": "y"}], "AWS:Application", hash_="h"))
        self.holds(A, "AWS:Application", {"Name": "x"})

    @both_ways("versionChangesContent")
    def test_switch_version_changes_content(self, on):
        self.put(A, item([{"A": "1"}], hash_="h"))
        self.put(A, item([{"A": "2"}], hash_="h", SchemaVersion="1.1"))
        self.holds(A, "Custom:T", {"A": "2" if on else "1"})

    @both_ways("acceptTypeTwice")
    def test_switch_accept_type_twice(self, on):
        self.code(None if on else VALIDATION, self.put, A, item([{"A": "1"}]), item([{"B": "1"}], hash_="h"), item(hash_="h"))
        if on:
            self.holds(A, "Custom:T", {"B": "1"})
            schema, = self.schemas("Custom:T")
            self.assertEqual([a["Name"] for a in schema["Attributes"]], ["A", "B"])

    @both_ways("ignoreOlderCapture")
    def test_switch_ignore_older_capture(self, on):
        early, late = "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"
        self.put(A, item([{"A": "1"}], hash_="h", CaptureTime=late))
        self.put(A, item([{"A": "2"}], hash_="i", CaptureTime=early))
        self.holds(A, "Custom:T", {"A": "1" if on else "2"})
        self.put(A, item([{"A": "3"}], hash_="j", CaptureTime=late))
        self.put(A, item(hash_="j", CaptureTime=early))
        self.holds(A, "Custom:T", {"A": "3"})
        self.assertEqual(self.list(A)["CaptureTime"], late if on else early)
        self.assertEqual(sum(self.hook("GET", "counts")["items"].values()), 2 if on else 4)
        self.assertEqual(self.hook("GET", "events")["events"], [])


class Reads(Switch):
    @both_ways("refuseNothingStored")
    def test_switch_refuse_nothing_stored(self, on):
        self.put(B, item([{"A": "1"}]))
        self.code(TYPE if on else None, self.list, A)
        self.put(A, item([]))
        self.holds(A, "Custom:T")

    @both_ways("shortPages")
    def test_switch_short_pages(self, on):
        self.put(A, item([{"A": str(k)} for k in range(120)]))
        answer = self.list(A)
        self.assertEqual(len(answer["Entries"]), 10 if on else 50)
        self.assertTrue(answer["NextToken"])
        self.assertEqual(len(self.list(A, MaxResults=20)["Entries"]), 20)
        self.hook("POST", "nodes", [{"InstanceId": f"i-1000{k:04d}"} for k in range(20)])
        self.assertEqual(len(self.ssm.get_inventory()["Entities"]), 10 if on else 29)

    @both_ways("refuseUnknownSchema")
    def test_switch_refuse_unknown_schema(self, on):
        self.code(TYPE if on else None, self.schemas, "Custom:T")
        self.assertEqual(self.schemas("Custom:"), [])
        self.put(A, item([], "Custom:Two"))
        self.assertEqual(len(self.schemas("Custom:T")), 1)
