"""What each saved query must answer, counted over the entries as they were made."""
import collections
import datetime

from fleet import NOW

LINUX = ("linux", "ubuntu", "debian", "red hat", "rhel", "centos", "suse", "sles", "fedora", "rocky", "alma")
DONE = ("resolved", "closed", "archived", "suppressed", "rejected", "dismissed")


def there(fleet, where):
    return fleet.information().get(where, {}).get("InstanceStatus") != "Terminated"


def name(fleet, where):
    return fleet.information().get(where, {}).get("ComputerName")


def critical_findings(fleet):
    nodes = collections.defaultdict(list)
    for where, e in fleet.entries("Custom:Vulnerability"):
        nodes[where].append(e)
    for where, e in fleet.entries("Custom:SecurityFinding"):
        if e.get("Status", "").lower() not in DONE:
            nodes[where].append(e)
    rows = []
    for where, entries in nodes.items():
        entries = [e for e in entries if e["Severity"] == "CRITICAL"]
        dated = [(datetime.datetime.fromisoformat(e["FirstSeen"].replace("Z", "+00:00")), e) for e in entries if e.get("FirstSeen")]
        old = [(at, e) for at, e in dated if NOW - at > datetime.timedelta(days=30)]
        if old and there(fleet, where):
            oldest = min(at for at, _ in old).strftime("%Y-%m-%dT%H:%M:%SZ")
            rows.append((*where, name(fleet, where), len(old), len({e["Id"] for _, e in old}), oldest, len(entries) - len(dated)))
    return sorted(rows, key=lambda r: (r[6], r[:3]))


def unregistered_nodes(fleet):
    known = {where for where, e in fleet.entries("Custom:Asset") if not e.get("Source", "").startswith("ssm-")}
    return sorted((*where, *(e.get(k) for k in ("ComputerName", "IpAddress", "PlatformType", "PlatformName", "InstanceStatus")))
                  for where, e in fleet.information().items() if where not in known and there(fleet, where))


def software_versions(fleet):
    nodes = collections.defaultdict(set)
    for where, e in fleet.entries("Custom:SoftwareComponent"):
        if there(fleet, where):
            nodes[e["Name"], e.get("Type", ""), e.get("Version", "")].add(where)
    return sorted(((*key, len(of)) for key, of in nodes.items()), key=lambda r: (r[0], r[1], -r[3], r[2]))


def family(system):
    system = system.lower()
    if "windows" in system:
        return "windows"
    if any(word in system for word in ("macos", "mac os", "darwin")) or system.split(" 1")[0] == "os x":
        return "macos"
    return "linux" if any(word in system for word in LINUX) else ""


def sources_disagree(fleet):
    said = collections.defaultdict(set)
    for where, e in fleet.entries("Custom:Asset"):
        for attribute in ("SerialNumber", "AssetTag", "Owner", "Environment", "OS"):
            value = e.get(attribute, "")
            value = family(value) if attribute == "OS" else value.strip().lower()
            if value and e.get("Source") and there(fleet, where):
                said[where, attribute].add((e["Source"], value))
    rows = []
    for (where, attribute), pairs in said.items():
        sources, values = {s for s, _ in pairs}, {v for _, v in pairs}
        if len(sources) > 2 and len(values) > 1:
            rows.append((*where, name(fleet, where), attribute, len(sources), len(values), "; ".join(sorted(f"{s}: {v}" for s, v in pairs))))
    return sorted(rows, key=lambda r: (-r[6], r[:3], r[4]))


ANSWERS = {
    "critical-findings": critical_findings, "unregistered-nodes": unregistered_nodes,
    "software-versions": software_versions, "sources-disagree": sources_disagree,
}
