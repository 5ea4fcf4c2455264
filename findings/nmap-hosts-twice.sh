#!/usr/bin/env bash
# python-nmap 0.7.1 keeps the hosts of a scan in a dictionary by address, and of several <host> elements with one address the last alone. There are such scans:
# - masscan writes an element for each open port, so a machine has one port, the one that answered last;
# - nmap asked for two names of one machine scans it for each (--unique is against that): of web01 and www the last is left.
# libnmap (python-libnmap 0.7.3) keeps all elements of both. Neither says a word. So a list of open ports that is made of a masscan file by python-nmap
# lacks most of them: unite the elements by address first. Needs Python 3; nmap itself is not needed to read.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-nmap==0.7.1 python-libnmap==0.7.3

cat >masscan.xml <<'EOF'
<?xml version="1.0"?>
<nmaprun scanner="masscan" start="1795860000" version="1.0-BETA" xmloutputversion="1.03">
<scaninfo type="syn" protocol="tcp" />
<host endtime="1795860001"><address addr="10.0.1.10" addrtype="ipv4"/><ports><port protocol="tcp" portid="22"><state state="open" reason="syn-ack" reason_ttl="64"/></port></ports></host>
<host endtime="1795860002"><address addr="10.0.1.11" addrtype="ipv4"/><ports><port protocol="tcp" portid="80"><state state="open" reason="syn-ack" reason_ttl="64"/></port></ports></host>
<host endtime="1795860003"><address addr="10.0.1.10" addrtype="ipv4"/><ports><port protocol="tcp" portid="443"><state state="open" reason="syn-ack" reason_ttl="64"/></port></ports></host>
<runstats><finished time="1795860010" timestr="2026-11-28 10:00:10" elapsed="10" /><hosts up="2" down="0" total="2" /></runstats>
</nmaprun>
EOF
cat >nmap.xml <<'EOF'
<?xml version="1.0"?>
<nmaprun scanner="nmap" args="nmap -p 443 -oX nmap.xml web01.example.com www.example.com" start="1795860000" version="7.95" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="1" services="443"/>
<host starttime="1795860000" endtime="1795860001"><status state="up" reason="echo-reply" reason_ttl="64"/><address addr="10.0.1.10" addrtype="ipv4"/>
<hostnames><hostname name="web01.example.com" type="user"/></hostnames>
<ports><port protocol="tcp" portid="443"><state state="open" reason="syn-ack" reason_ttl="64"/></port></ports></host>
<host starttime="1795860000" endtime="1795860001"><status state="up" reason="echo-reply" reason_ttl="64"/><address addr="10.0.1.10" addrtype="ipv4"/>
<hostnames><hostname name="www.example.com" type="user"/></hostnames>
<ports><port protocol="tcp" portid="443"><state state="open" reason="syn-ack" reason_ttl="64"/></port></ports></host>
<runstats><finished time="1795860001" timestr="Sat Nov 28 10:00:01 2026" elapsed="1" exit="success"/><hosts up="2" down="0" total="2"/></runstats>
</nmaprun>
EOF
cat >main.py <<'EOF'
import nmap
from libnmap.parser import NmapParser

for name in "masscan.xml", "nmap.xml":
    scanner = object.__new__(nmap.PortScanner)  # its constructor looks for the program nmap, which reading does without
    scanner.analyse_nmap_xml_scan(open(name).read())
    for address in scanner.all_hosts():
        print(name.ljust(11), "python-nmap", address, *scanner[address].all_tcp(), scanner[address].hostname())
    for host in NmapParser.parse_fromfile(name).hosts:
        print(name.ljust(11), "libnmap    ", host.address, *(port for port, _ in host.get_open_ports()), *host.hostnames)
EOF
venv/bin/python main.py | sed 's/ *$//' | tr -d '\r' | tee seen
diff seen - <<'EOF'
masscan.xml python-nmap 10.0.1.10 443
masscan.xml python-nmap 10.0.1.11 80
masscan.xml libnmap     10.0.1.10 22
masscan.xml libnmap     10.0.1.11 80
masscan.xml libnmap     10.0.1.10 443
nmap.xml    python-nmap 10.0.1.10 443 www.example.com
nmap.xml    libnmap     10.0.1.10 443 web01.example.com
nmap.xml    libnmap     10.0.1.10 443 www.example.com
EOF
