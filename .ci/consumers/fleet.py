"""Made inventory of made nodes: what is at the edge of a rule, each on a node of its own, and around it what chance brings. Objects are laid
out as a resource data sync does: a folder a type, account, region and kind of resource, in it an object a node, in that a line an entry.
"""
import datetime
import json
import pathlib
import random

ACCOUNT, OTHER, STRANGER = "111122223333", "444455556666", "999900001111"
REGION, FAR, UNASKED = "eu-central-1", "eu-west-1", "ap-south-1"
NOW = datetime.datetime(2026, 11, 1, 12, 0, 0, tzinfo=datetime.timezone.utc)
SOURCES = ["nessus", "servicenow", "snipeit", "tenable-io", "trivy", "netbox"]
MISSING = object()  # an attribute that an entry does not have


def ago(days, seconds=0):
    """A date of the types' form, so long before now."""
    return (NOW - datetime.timedelta(days=days, seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Fleet:
    """Entries by account, region, node and type."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.objects = {}
        self.count = 0
        for edge in (self.findings, self.registers, self.software, self.opinions, self.places):
            edge()
        for _ in range(150):
            self.chance()

    def node(self, account=ACCOUNT, region=REGION, known=True, node=None, **information):
        """A new node, and what Systems Manager knows of it."""
        self.count += 1
        node = node or f"{'mi' if self.count % 3 == 0 else 'i'}-{self.count:017x}"
        where = (account, region, node)
        if known:
            self.add(where, "AWS:InstanceInformation", **{
                "ComputerName": f"host-{self.count % 7}", "InstanceId": node, "InstanceStatus": "Active", "IpAddress": f"10.0.0.{self.count % 250}",
                "PlatformType": "Linux", "PlatformName": "Ubuntu", "ResourceType": "EC2Instance", **information})
        return where

    def add(self, where, kind, **entry):
        entries = self.objects.setdefault((*where, kind), [])
        entries.append({k: v for k, v in entry.items() if v is not MISSING})

    def vulnerable(self, where, **entry):
        self.add(where, "Custom:Vulnerability", **{"Source": "nessus", "Id": "CVE-2026-1", "Severity": "CRITICAL", "FirstSeen": ago(40), **entry})

    def found(self, where, **entry):
        self.add(where, "Custom:SecurityFinding", **{"Source": "asff", "Id": "arn:1", "Severity": "CRITICAL", "FirstSeen": ago(50), "Status": "NEW", **entry})

    def asset(self, where, source, **entry):
        self.add(where, "Custom:Asset", **{"Source": source, "AssetId": f"{source}-1", "Name": "an asset", **entry})

    def component(self, where, **entry):
        self.add(where, "Custom:SoftwareComponent", **{"Source": "trivy", "Name": "openssl", "Version": "3.0.1", "Type": "deb", **entry})

    def findings(self):
        for seconds in (-1, 0, 1):  # about the limit
            self.vulnerable(self.node(), FirstSeen=ago(30, seconds))
        for days in (29, 31):
            self.vulnerable(self.node(), FirstSeen=ago(days, 1))
            self.found(self.node(), FirstSeen=ago(days, -1))
        for undated in ("", MISSING):
            self.vulnerable(self.node(), FirstSeen=undated)
            several = self.node()
            self.found(several)
            self.vulnerable(several, FirstSeen=undated)
            self.found(several, FirstSeen=undated, Id="arn:2")
        self.vulnerable(self.node(), Severity="HIGH")
        self.found(self.node(), Severity="HIGH")
        for status in ("RESOLVED", "Closed", "archived", "suppressed", "Rejected", "DISMISSED", "ACTIVE", "", MISSING):
            self.found(self.node(), Status=status)
        twice = self.node()
        self.vulnerable(twice)
        self.vulnerable(twice, Source="trivy")
        self.vulnerable(twice, Id="CVE-2026-2", FirstSeen=ago(1))
        self.vulnerable(self.node(InstanceStatus="Terminated"))
        self.found(self.node(InstanceStatus="Stopped"))
        self.vulnerable(self.node(known=False))

    def registers(self):
        self.node()  # nothing but itself
        self.node(InstanceStatus="Terminated")
        self.node(InstanceStatus=MISSING)
        self.node(ComputerName=MISSING, IpAddress="")
        for source in ("ssm-data-sync", "ssm-inventory", "ssm-managed-instances", "servicenow", "", MISSING):
            self.asset(self.node(), source) if source is not MISSING else self.add(self.node(), "Custom:Asset", AssetId="1")
        both = self.node()
        self.asset(both, "ssm-inventory")
        self.asset(both, "netbox")
        self.vulnerable(self.node(), FirstSeen=ago(2))  # other types, but no asset

    def software(self):
        several = self.node()
        for source, location in (("trivy", "/a"), ("trivy", "/b"), ("syft", "")):
            self.component(several, Source=source, Location=location)
        self.component(several, Version="3.0.2")
        for version in ("", MISSING):
            self.component(self.node(), Version=version)
        for kind in ("", MISSING):
            self.component(self.node(), Type=kind, Name="OpenSSL")
        self.component(self.node(InstanceStatus="Terminated"))
        self.component(self.node(known=False), Version="0.9")
        self.component(self.node(InstanceStatus=MISSING), Version="0.9")

    def opinions(self):
        def ask(*answers, attribute="SerialNumber", **information):
            where = self.node(**information)
            for source, value in answers:
                self.asset(where, source, **{attribute: value})
            return where

        ask(("a", "S1"), ("b", "S2"), ("c", "S3"))
        ask(("a", "S1"), ("b", "S1"), ("c", "S2"))
        ask(("a", "S1"), ("b", "S2"))  # two alone
        ask(("a", "S1"), ("b", "s1 "), ("c", " S1"))  # one answer
        ask(("a", "S1"), ("b", "S2"), ("c", ""))
        ask(("a", "S1"), ("b", "S2"), ("c", MISSING))
        ask(("a", "S1"), ("b", "S2"), ("", "S3"))
        ask(("a", "S1"), ("b", "S2"), ("a", "S3"))  # one source twice
        ask(("a", "S1"), ("b", "S2"), ("b", "S2"), ("c", "S3"))
        ask(("a", "S1"), ("b", "S2"), ("c", "S3"), InstanceStatus="Terminated")
        ask(("a", "S1"), ("b", "S2"), ("c", "S3"), known=False)
        for attribute in ("AssetTag", "Owner", "Environment"):
            ask(("a", "x "), ("b", "X"), ("c", "Y"), attribute=attribute)
            ask(("a", "x "), ("b", "X"), ("c", " x"), attribute=attribute)
            ask(("a", "X"), ("b", "x"), ("c", "x"), attribute=attribute)
        for answers in (
                ("WINDOWS Server 2022", "Ubuntu 24.04", "Debian GNU/Linux"), ("macOS 15", "Mac OS X 10.15", "RHEL 9"), ("Darwin", "OS X", "Red Hat Enterprise"),
                ("CentOS x86_64", "SLES 15", "openSUSE"), ("macOS 15", "Oracle Linux", "Fedora 41"), ("Windows", "Rocky 9", "CentOS 7"), ("OS X", "AlmaLinux", "Alma 9"),
                ("Windows", "macOS", "AIX 7.2"), ("Windows 11", "macOS", "rocky"), ("Darwin", "Windows", "windows"), ("mac os", "Windows", "Windows 10"),
                ("SLES", "Windows", "Windows 10"), ("SUSE", "Windows", "Windows 10"), ("Debian", "Windows", "Windows 10"), ("Ubuntu", "Windows", "Windows 10"),
                ("Red Hat", "Windows", "Windows 10"), ("RHEL", "Windows", "Windows 10"), ("CentOS", "Windows", "Windows 10"), ("Fedora", "Windows", "Windows 10"),
                ("Alma", "Windows", "Windows 10"), ("Linux", "Windows", "Windows 10")):
            ask(*zip("abc", answers), attribute="OS")

    def places(self):
        """Nodes of one ID in two accounts and regions, which happens nowhere, and such of which nobody is to be asked."""
        node = "i-0123456789abcdef0"
        for k, (account, region) in enumerate(((ACCOUNT, REGION), (ACCOUNT, FAR), (OTHER, REGION), (OTHER, FAR))):
            where = self.node(account, region, node=node, ComputerName=f"place-{k}", InstanceStatus="Terminated" if k == 1 else "Active")
            self.vulnerable(where, Id=f"CVE-{k}")
            self.component(where, Name="placed")
            for source in "abcd"[:k + 2]:
                self.asset(where, source, Owner=f"{source}-{k}")
        node = "mi-0123456789abcdef0"
        self.asset(self.node(ACCOUNT, REGION, node=node), "netbox")
        self.node(ACCOUNT, FAR, node=node)
        self.node(OTHER, REGION, node=node)
        for account, region in ((STRANGER, REGION), (ACCOUNT, UNASKED)):
            self.vulnerable(self.node(account, region))
            self.component(self.node(account, region), Name="unseen")

    def chance(self):
        choose = self.random.choice
        where = self.node(choose([ACCOUNT, OTHER]), choose([REGION, FAR]), InstanceStatus=choose(["Active"] * 5 + ["ConnectionLost", "Terminated"]))
        for _ in range(choose([0, 0, 1, 2, 9])):
            self.vulnerable(where, Source=choose(SOURCES), Id=f"CVE-{choose(range(5))}", Severity=choose(["CRITICAL", "CRITICAL", "HIGH", "LOW"]),
                            FirstSeen=choose([ago(choose(range(60)), choose(range(86400))), "", MISSING]))
        for _ in range(choose([0, 0, 1, 3])):
            self.found(where, Id=f"arn:{choose(range(9))}", Status=choose(["NEW", "RESOLVED", "Archived", ""]), FirstSeen=ago(choose(range(60))))
        for source in self.random.sample(SOURCES, choose(range(5))):
            self.asset(where, source, SerialNumber=choose(["", "A1", "A2", "a1"]), Owner=choose(["ops", "Ops", "web", MISSING]), OS=choose(["Debian", "Windows", "VxWorks", ""]))
        for _ in range(choose([0, 1, 6])):
            self.component(where, Source=choose(SOURCES), Name=choose(["bash", "curl", "Zlib"]), Version=choose(["1", "1.0", "2", ""]), Location=choose(["", "/opt"]))
        self.add(where, "Custom:BackupJob", Policy="daily", Result=choose(["ok", "failed"]))

    def write(self, bucket):
        """Writes the objects below a directory that stands for the bucket."""
        for (account, region, node, kind), entries in self.objects.items():
            at = pathlib.Path(bucket, "inventory", kind, f"accountid={account}", f"region={region}", "resourcetype=ManagedInstanceInventory", f"{node}.json")
            at.parent.mkdir(parents=True, exist_ok=True)
            common = {"resourceId": node, "captureTime": ago(1), "schemaVersion": "1.0"}
            at.write_text("".join(json.dumps({**entry, **common}) + "\n" for entry in entries), encoding="utf-8")

    def entries(self, kind):
        """Account, region, node and entry of a type, where somebody may ask."""
        for (account, region, node, of), entries in self.objects.items():
            if of == kind and account != STRANGER and region != UNASKED:
                yield from (((account, region, node), entry) for entry in entries)

    def information(self):
        return dict(self.entries("AWS:InstanceInformation"))
