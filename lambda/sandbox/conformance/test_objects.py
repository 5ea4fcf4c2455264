"""S3 on the same endpoint, as boto3 speaks it."""

from world import Sandbox

KEYS = ["plain.json", "a b/c d.csv", "größe/ü.xml", "plus+sign", "per%20cent", "q?x=1&y", "hash#tag"]


class Objects(Sandbox):
    def seed(self):
        for key in KEYS:
            path = self.objects / "seeded" / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("0123456789", encoding="utf-8")

    def setUp(self):
        super().setUp()
        self.s3 = self.client("s3", s3={"addressing_style": "path"})

    def test_keys(self):
        for key in KEYS:
            self.s3.put_object(Bucket="made", Key=key, Body=key.encode())
            self.assertEqual(self.s3.get_object(Bucket="made", Key=key)["Body"].read().decode(), key)
            self.assertEqual(self.s3.get_object(Bucket="seeded", Key=key)["Body"].read(), b"0123456789")
        for bucket in ("made", "seeded"):
            pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 3})
            self.assertEqual([o["Key"] for p in pages for o in p["Contents"]], sorted(KEYS))

    def test_conditions(self):
        for bucket in ("made", "seeded"):
            if bucket == "made":
                self.s3.put_object(Bucket=bucket, Key="plain.json", Body=b"0123456789", IfNoneMatch="*")
            get = {"Bucket": bucket, "Key": "plain.json"}
            tag = self.s3.head_object(**get)["ETag"]
            self.assertEqual(self.s3.get_object(**get, IfMatch=tag, Range="bytes=7-")["Body"].read(), b"789")
            self.refused("PreconditionFailed", self.s3.get_object, **get, IfMatch='"x"', Range="bytes=7-")
            self.refused("PreconditionFailed", self.s3.put_object, **get, Body=b"x", IfNoneMatch="*")
            self.refused("PreconditionFailed", self.s3.put_object, **get, Body=b"x", IfMatch='"x"')
            self.refused("304", self.s3.get_object, **get, IfNoneMatch=tag)
            self.s3.put_object(**get, Body=b"new", IfMatch=tag)
            self.s3.delete_object(**get)
            self.refused("NoSuchKey", self.s3.get_object, **get)
