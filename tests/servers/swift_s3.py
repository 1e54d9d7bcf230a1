#!/usr/bin/python3
"""A strict S3 server on loopback, of Debian's packages: OpenStack Swift with its S3 interface.

usage: swift_s3.py DIRECTORY [--tls] [--full]     prints `ready ADDRESS` and serves until SIGTERM asks it to end

--tls: with a certificate that is its own authority, DIRECTORY/cert.pem; --full: its disk has no room for objects.

Its processes end with it, however it ends: Swift's make sessions of their own, where killing a group does not reach.

The access key is `test:tester`, its secret `testing`, the region `us-east-1`. All it keeps lies below DIRECTORY.
"""

import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from server_process import end_with_parent, free_ports

STORES = ("account", "container", "object")

# The programs of these names come with packages that start services.
BUILD_RING = "import sys; sys.argv[0] = 'ring-builder'; from swift.cli.ringbuilder import main; main(sys.argv)"
RING_BUILDER = ["/usr/bin/python3", "-c", BUILD_RING]
SERVER = """
import os, sys
from swift.common import utils
utils.set_swift_dir(os.path.dirname(sys.argv[1]))
from swift.common.wsgi import run_wsgi
from swift.obj import server
more = {"global_conf_callback": server.global_conf_callback} if sys.argv[2] == "object-server" else {}
sys.exit(run_wsgi(sys.argv[1], sys.argv[2], **more))
"""

STORE = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {top}
devices = {top}/srv
mount_check = false
fallocate_reserve = {reserve}
recon_cache_path = {top}/recon
log_level = ERROR
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""

PROXY = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {top}
log_level = ERROR
{tls}
[pipeline:main]
pipeline = catch_errors cache s3api tempauth slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
paste.filter_factory = swift_cache:filter_factory
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""


def answers(address: str, top: Path, is_tls: bool) -> bool:
    trusted = ssl.create_default_context(cafile=top / "cert.pem") if is_tls else None
    try:
        urllib.request.urlopen(f"{address}/", timeout=2, context=trusted)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def run_quietly(argv: list[str], top: Path) -> None:
    subprocess.run(argv, cwd=top, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_certificate(top: Path) -> None:
    run_quietly(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"],
        top,
    )


def write_configuration(top: Path, user: str, is_tls: bool, is_full: bool) -> int:
    proxy, *stores = free_ports(1 + len(STORES))
    for directory in ("srv/d1", "recon"):
        (top / directory).mkdir(parents=True, exist_ok=True)
    for name, port in zip(STORES, stores):
        builder = f"{name}.builder"
        run_quietly([*RING_BUILDER, builder, "create", "4", "1", "1"], top)
        run_quietly([*RING_BUILDER, builder, "add", f"r1z1-127.0.0.1:{port}/d1", "1"], top)
        run_quietly([*RING_BUILDER, builder, "rebalance"], top)
        (top / f"{name}-server.conf").write_text(STORE.format(port=port, user=user, top=top, name=name, reserve="100%" if is_full and name == "object" else "0"))
    tls = f"cert_file = {top}/cert.pem\nkey_file = {top}/key.pem" if is_tls else ""
    (top / "swift.conf").write_text("[swift-hash]\nswift_hash_path_suffix = tests\n")
    (top / "proxy-server.conf").write_text(PROXY.format(port=proxy, user=user, top=top, tls=tls))
    return proxy


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    top = Path(sys.argv[1]).resolve()
    top.mkdir(parents=True, exist_ok=True)
    user = subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()
    is_tls = "--tls" in sys.argv[2:]
    if is_tls:
        make_certificate(top)
    proxy = write_configuration(top, user, is_tls, "--full" in sys.argv[2:])
    address = f"{'https' if is_tls else 'http'}://127.0.0.1:{proxy}"
    names = [f"{name}-server" for name in (*STORES, "proxy")]
    commands = [["/usr/bin/python3", "-c", SERVER, f"{top}/{name}.conf", name] for name in names]
    log = (top / "log").open("wb")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    children = [
        subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=end_with_parent
        )
        for command in commands
    ]
    try:
        while not answers(address, top, is_tls):
            if any(child.poll() is not None for child in children):
                sys.stderr.write((top / "log").read_text(errors="replace"))
                return 1
            time.sleep(0.05)
        print(f"ready {address}", flush=True)
        signal.pause()
    finally:
        for child in children:
            child.kill()
            child.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
