"""ListInventoryEntries, GetInventory, GetInventorySchema and the built-in types."""

from world import A, B, GONE, LEAVING, NODES, STOPPED, Conformance, item


def filters(*texts):
    """Filters "Key Operator value|value"."""
    made = []
    for text in texts:
        key, operator, values = text.split(" ", 2)
        made.append({"Key": key, "Type": operator, "Values": values.split("|")})
    return made


def rows(n):
    return [{"A": str(k), "Parity": ("even", "odd")[k % 2]} for k in range(n)]


class List(Conformance):
    def body(self, **more):
        return {"InstanceId": A, "TypeName": "Custom:T"} | more

    def test_list_shape(self):
        self.put(A, item([{"A": "1"}], hash_="h"))
        answer = self.answers("ListInventoryEntries", self.body())
        self.assertEqual(answer, {"InstanceId": A, "TypeName": "Custom:T", "SchemaVersion": "1.0",
                                  "CaptureTime": "2026-01-02T03:04:05Z", "Entries": [{"A": "1"}]})

    def test_list_pages(self):
        self.put(A, item(rows(120)))
        sizes, seen, more = [], [], {}
        while True:
            answer = self.list(A, **more)
            sizes.append(len(answer["Entries"]))
            seen += answer["Entries"]
            if not answer.get("NextToken"):
                break
            more = {"NextToken": answer["NextToken"]}
        self.assertEqual((sizes, seen), ([50, 50, 20], rows(120)))
        for n, code in ((0, "ValidationException"), (1, None), (50, None), (51, "ValidationException")):
            self.answers("ListInventoryEntries", self.body(MaxResults=n), code)

    def test_list_filters(self):
        self.put(A, item(rows(120)))
        for texts, n in (("Parity Equal odd",), 50), (("A Equal 1|2|3",), 3), (("A Equal 1|2|3", "Parity Equal odd"), 2), \
                (("A BeginWith 11",), 11), (("A LessThan 3",), 3), (("A GreaterThan 117",), 2), (("A NotEqual 1", "A LessThan 3"), 2):
            self.assertEqual(len(self.list(A, Filters=filters(*texts))["Entries"]), n, texts)
        self.answers("ListInventoryEntries", self.body(Filters=filters("Nothing Equal 1")), "InvalidFilter")
        self.answers("ListInventoryEntries", self.body(Filters=[]), "ValidationException")
        self.answers("ListInventoryEntries", self.body(Filters=filters("A Like 1")), "ValidationException")

    def test_list_nothing_stored(self):
        self.put(B, item([{"A": "1"}]))
        self.assertEqual(self.answers("ListInventoryEntries", self.body()), {"InstanceId": A, "TypeName": "Custom:T", "Entries": []})

    def test_list_unknown_type(self):
        self.answers("ListInventoryEntries", self.body(), "InvalidTypeNameException")
        self.answers("ListInventoryEntries", self.body(TypeName="AWS:Nothing"), "InvalidTypeNameException")

    def test_list_foreign_token(self):
        self.put(A, item(rows(60)), item(rows(60), "Custom:U"))
        token = self.list(A)["NextToken"]
        self.answers("ListInventoryEntries", self.body(NextToken=token))
        self.answers("ListInventoryEntries", self.body(NextToken="x"), "InvalidNextToken")
        self.answers("ListInventoryEntries", self.body(TypeName="Custom:U", NextToken=token), "InvalidNextToken")
        self.answers("DescribeInstanceInformation", {"NextToken": token}, "InvalidNextToken")


class Get(Conformance):
    def gets(self, want, *texts):
        entities = self.ssm.get_inventory(Filters=filters(*texts))["Entities"]
        self.assertEqual([e["Id"] for e in entities], want, texts)
        return entities

    def test_get_shape(self):
        entity, = self.gets([A], f"AWS:InstanceInformation.InstanceId Equal {A}")
        data = entity["Data"]["AWS:InstanceInformation"]
        self.assertEqual((data["TypeName"], data["SchemaVersion"]), ("AWS:InstanceInformation", "1.0"))
        self.assertTrue(data["CaptureTime"])
        self.assertEqual((data["Content"][0]["ComputerName"], data["Content"][0]["IpAddress"]), ("a.example.com", "10.0.0.1"))

    def test_get_limits(self):
        one, bad = {"Key": "AWS:Tag.Key", "Values": ["x"]}, "ValidationException"
        for n, code in ((0, bad), (5, None), (6, bad)):
            self.answers("GetInventory", {"Filters": [one] * n}, code)
        for n, code in ((0, bad), (40, None), (41, bad)):
            self.answers("GetInventory", {"Filters": [one | {"Values": ["x"] * n}]}, code)
        for n, code in ((0, bad), (1, None), (2, bad)):
            self.answers("GetInventory", {"ResultAttributes": [{"TypeName": "AWS:PatchSummary"}] * n}, code)
        for n, code in ((0, bad), (1, None), (50, None), (51, bad)):
            self.answers("GetInventory", {"MaxResults": n}, code)
        pages = list(self.ssm.get_paginator("get_inventory").paginate(PaginationConfig={"PageSize": 2}))
        self.assertEqual(sum(len(p["Entities"]) for p in pages), len(NODES))
        self.assertTrue(all(len(p["Entities"]) <= 2 for p in pages))

    def test_get_result_type(self):
        self.put(A, item([{"PatchGroup": "g", "MissingCount": "3"}], "AWS:PatchSummary"))
        entity, = self.ssm.get_inventory(Filters=filters("AWS:PatchSummary.PatchGroup Equal g"),
                                         ResultAttributes=[{"TypeName": "AWS:PatchSummary"}])["Entities"]
        self.assertEqual(entity["Data"]["AWS:PatchSummary"]["Content"], [{"PatchGroup": "g", "MissingCount": "3"}])
        answer = self.answers("GetInventory", {"ResultAttributes": [{"TypeName": "AWS:Application"}]}, "InvalidResultAttributeException")
        for name in ("AWS:Application is not supported", "AWS:InstanceInformation", "AWS:PatchSummary"):
            self.assertIn(name, answer["Message"])

    def test_get_filters(self):
        self.put(A, item([{"A.b": "1", "C": "2"}, {"A.b": "3"}], "Custom:T.Sub"))
        self.gets([A], "Custom:T.Sub.A.b Equal 3")
        self.gets([], "Custom:T.Sub.A.b Equal 2")
        self.gets([B], "AWS:Network.MacAddress Equal aa:bb:cc:dd:ee:ff")
        self.gets([A], "AWS:Tag.Value Equal web|db", "AWS:InstanceInformation.PlatformType Equal Linux")

    def test_get_unknown_key(self):
        for key in ("AWS:Nothing.A", "AWS:Tag.Nothing", "Custom:T.A", "Key", "AWS:Tag"):
            self.refused("InvalidFilter", self.ssm.get_inventory, Filters=filters(f"{key} Equal x"))

    def test_get_states(self):
        status = "AWS:InstanceInformation.InstanceStatus Equal "
        self.gets([STOPPED], status + "Stopped")
        gone = self.gets([GONE, LEAVING], status + "Terminated")[0]
        self.assertEqual(gone["Data"]["AWS:InstanceInformation"]["Content"], [{"InstanceId": GONE, "InstanceStatus": "Terminated"}])

    def test_get_operators(self):
        self.put(A, item([{"MissingCount": "9"}], "AWS:PatchSummary"))
        self.put(B, item([{"MissingCount": "10"}], "AWS:PatchSummary"))
        for text, want in (("Equal 9", A), ("NotEqual 9", B), ("BeginWith 1", B), ("LessThan 10", A), ("GreaterThan 9", B)):
            self.gets([want], "AWS:PatchSummary.MissingCount " + text)
        self.refused("InvalidFilter", self.ssm.get_inventory, Filters=filters("AWS:InstanceInformation.InstanceId Exists x"))

    def test_get_aggregators(self):
        self.refused("InvalidAggregatorException", self.ssm.get_inventory,
                     Aggregators=[{"Expression": "AWS:InstanceInformation.PlatformType"}])


class Schema(Conformance):
    def test_schema_shape(self):
        schema, = self.schemas("AWS:BillingInfo")
        schema.pop("DisplayName", None)
        self.assertEqual(schema, {"TypeName": "AWS:BillingInfo", "Version": "1.0",
                                  "Attributes": [{"Name": "BillingProductId", "DataType": "STRING"}]})

    def test_schema_beginning(self):
        self.put(A, *(item([{"A": "1"}], name) for name in ("Custom:Aa", "Custom:Ab", "Custom:B")))
        self.assertEqual([len(self.schemas(b)) for b in ("Custom:A", "Custom:Ab", "")], [2, 1, 19])
        self.answers("GetInventorySchema", {"TypeName": "Vendor:"}, "InvalidTypeNameException")
        self.answers("GetInventorySchema", {"TypeName": "Custom:" + "x" * 94}, "ValidationException")

    def test_schema_pages(self):
        for v in range(60):
            self.put(A, item([{"A": "1"}], SchemaVersion=f"1.{v}"))
        pages = list(self.ssm.get_paginator("get_inventory_schema").paginate(PaginationConfig={"PageSize": 50}))
        self.assertEqual([len(p["Schemas"]) for p in pages], [50, 26])
        for n, code in ((49, "ValidationException"), (50, None), (200, None), (201, "ValidationException")):
            self.answers("GetInventorySchema", {"MaxResults": n}, code)

    def test_schema_kinds(self):
        for member, name in (("Aggregator", "AWS:InstanceInformation"), ("SubType", "AWS:ComplianceItem")):
            self.assertEqual([s["TypeName"] for s in self.ssm.get_inventory_schema(**{member: True})["Schemas"]], [name])

    def test_schema_data_type(self):
        schema, = self.schemas("AWS:InstanceDetailedInformation")
        types = {a["Name"]: a["DataType"] for a in schema["Attributes"]}
        self.assertEqual((types["CPUCores"], types["CPUModel"]), ("NUMBER", "STRING"))

    def test_schema_unknown(self):
        self.assertEqual(self.schemas("Custom:Nothing"), [])

    def test_schema_disabled(self):
        self.put(A, item([{"A": "1"}]))
        self.ssm.delete_inventory(TypeName="Custom:T", SchemaDeleteOption="DisableSchema")
        self.advance("24h")
        self.assertEqual(len(self.schemas("Custom:T")), 1)


class Builtin(Conformance):
    COUNTS = {
        "AWS:AWSComponent": 7, "AWS:Application": 11, "AWS:File": 12, "AWS:Network": 8, "AWS:WindowsUpdate": 4,
        "AWS:InstanceDetailedInformation": 8, "AWS:Service": 7, "AWS:WindowsRegistry": 4, "AWS:WindowsRole": 11, "AWS:BillingInfo": 1,
        "AWS:InstanceInformation": 11, "AWS:PatchSummary": 23, "AWS:PatchCompliance": 6, "AWS:ComplianceItem": 20, "AWS:Tag": 2,
        "AWS:ResourceGroup": 2,
    }

    def test_builtin_types(self):
        schemas = self.schemas("AWS:")
        self.assertEqual({s["TypeName"]: len(s["Attributes"]) for s in schemas}, self.COUNTS)
        self.assertEqual({s["TypeName"] for s in schemas if s["Version"] != "1.0"}, {"AWS:Application"})
        self.assertEqual(sum(a["DataType"] == "NUMBER" for s in schemas for a in s["Attributes"]), 15)

    def test_builtin_service_written(self):
        for name in ("AWS:InstanceInformation", "AWS:Tag", "AWS:ResourceGroup"):
            self.refused("InvalidTypeNameException", self.put, A, item([], name))
        self.holds(A, "AWS:Tag", {"Key": "Stage", "Value": "prod"}, {"Key": "Team", "Value": "web"})

    def test_builtin_numbers(self):
        self.put(A, item([{"CPUCores": "4"}], "AWS:InstanceDetailedInformation"))
        self.holds(A, "AWS:InstanceDetailedInformation", {"CPUCores": "4"})
        self.refused("SerializationException", self.put, A, item([{"CPUCores": 4}], "AWS:InstanceDetailedInformation"))
