#!/usr/bin/env bash
# faraday-plugins 1.31.0, which reads reports of many scanners, tells the machines of a Nessus report apart by their address. There a machine is a ReportHost
# with a name of its own; agents bring machines of several sites into one file, and then two of them have one private address in host-ip.
# Both become one host that has the names of both and the system of the first, and nothing says which finding is whose. With --dont-resolve-hostname,
# whose help does not speak of this, hosts go by the name of their ReportHost, and all machines are there.
# So take that option, and count the hosts against the file's, before weak machines are counted or a finding is closed as no longer found. Needs Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
# All that it needs here: pandas is large, and this plugin does without it.
venv/bin/pip install --quiet --disable-pip-version-check --no-deps faraday-plugins==1.31.0
venv/bin/pip install --quiet --disable-pip-version-check beautifulsoup4==4.15.0 click==8.5.1 colorama==0.4.6 html2text==2025.4.15 lxml==6.1.3 markdown==3.11.3 \
  packaging==26.4 python-dateutil==4.0.0 pytz==2026.6 requests==2.34.2 simplejson==4.3.0 tabulate==0.10.0 tldextract==5.4.0 >log 2>&1 || { cat log; exit 1; }

cat >main.py <<'EOF'
import json, subprocess
def finding(plugin, output):
    return (f'<ReportItem port="443" svc_name="www" protocol="tcp" severity="3" pluginID="{plugin}" pluginName="Example {plugin}" pluginFamily="General">'
            f'<description>An example.</description><synopsis>An example.</synopsis><risk_factor>High</risk_factor><solution>Update.</solution>'
            f'<plugin_output>{output}</plugin_output></ReportItem>')
def host(name, address, system, *plugins):
    tags = {"host-ip": address, "host-fqdn": name, "operating-system": system, "HOST_END": "Sat Nov 28 10:10:00 2026"}
    properties = "".join(f'<tag name="{tag}">{value}</tag>' for tag, value in tags.items())
    return (f'<ReportHost name="{name}"><HostProperties>{properties}</HostProperties>'
            + "".join(finding(plugin, "seen on " + name) for plugin in plugins) + "</ReportHost>")
with open("report.nessus", "w") as f:
    f.write('<?xml version="1.0" ?><NessusClientData_v2><Report name="example">'
            + host("web-01.site-a.example", "192.168.1.20", "Linux Kernel 5.15", 100001, 100002)
            + host("web-02.site-b.example", "192.168.1.20", "Windows Server 2022", 100001)
            + host("db-01.site-a.example", "192.168.1.21", "Linux Kernel 5.15", 100001) + "</Report></NessusClientData_v2>")
print("3 machines with 4 findings in the report")
for options in [], ["--dont-resolve-hostname"]:
    command = ["venv/bin/faraday-plugins", "process-report", *options, "report.nessus"]
    print(*command[1:])
    for machine in json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["hosts"]:
        print(" ", ", ".join([machine["ip"], machine["os"], *sorted(machine["hostnames"])]))
        for service in machine["services"]:
            for found in service["vulnerabilities"]:
                print("   ", found["name"] + ":", found["data"])
EOF
venv/bin/python main.py | tee seen
diff - seen <<'EOF'
3 machines with 4 findings in the report
process-report report.nessus
  192.168.1.20, Linux Kernel 5.15, web-01.site-a.example, web-02.site-b.example
    Example 100001: seen on web-01.site-a.example
    Example 100002: seen on web-01.site-a.example
    Example 100001: seen on web-02.site-b.example
  192.168.1.21, Linux Kernel 5.15, db-01.site-a.example
    Example 100001: seen on db-01.site-a.example
process-report --dont-resolve-hostname report.nessus
  web-01.site-a.example, Linux Kernel 5.15, web-01.site-a.example
    Example 100001: seen on web-01.site-a.example
    Example 100002: seen on web-01.site-a.example
  web-02.site-b.example, Windows Server 2022, web-02.site-b.example
    Example 100001: seen on web-02.site-b.example
  db-01.site-a.example, Linux Kernel 5.15, db-01.site-a.example
    Example 100001: seen on db-01.site-a.example
EOF
