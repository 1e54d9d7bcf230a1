#!/usr/bin/python3
"""Funnel, a server of GA4GH TES, on loopback, with podman for its containers, all in a directory of its own.

usage: funnel.py PROGRAM DIRECTORY SHARED USER PASSWORD [S3]
       prints `ready ADDRESS`, serves until SIGTERM asks it to end

SIGUSR1 ends the server, SIGUSR2 starts it again; either is told by a line (`away`, `ready ADDRESS`).

Files come from SHARED and go there, or to a bucket `lake` of the server at S3 (tests/servers/swift_s3.py). Funnel listens on every address that there is, so it must be started where there is
none but loopback: `only_loopback()` makes such a place of the process that calls it. Its image is `localhost/trial:1`, of
busybox. Its processes end with it, however it ends.
"""

import ctypes
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from server_process import end_with_parent, free_ports

IMAGE = "localhost/trial:1"
GNU_IMAGE = "localhost/trial-gnu:1"  # with the tar of this machine in place of that of busybox
CONFIGURATION = """
Compute: local
Database: boltdb
EventWriters: [log]
Server:
  HostName: 127.0.0.1
  HTTPPort: "{http}"
  RPCPort: "{rpc}"
  DisableHTTPCache: true
{auth}
RPCClient:
  ServerAddress: "127.0.0.1:{rpc}"
{client}
Logger: {{level: error}}
BoltDB: {{Path: {top}/funnel.db}}
Worker:
  WorkDir: {shared}/funnel-work
  PollingRate: 0.2s
  LogUpdateRate: 0.2s
  LogTailSize: 10000
  Container:
    DriverCommand: podman
    RunCommand: >-
      run -i --read-only --network host
      {{{{if .RemoveContainer}}}}--rm{{{{end}}}}
      {{{{if .Name}}}}--name {{{{.Name}}}}{{{{end}}}}
      {{{{range .Volumes}}}}--volume {{{{.HostPath}}}}:{{{{.ContainerPath}}}}:{{{{if .Readonly}}}}ro{{{{else}}}}rw{{{{end}}}} {{{{end}}}}
      {{{{.Image}}}} {{{{.Command}}}}
    PullCommand: image exists {{{{.Image}}}}
    StopCommand: rm -f -t 0 {{{{.Name}}}}
LocalStorage: {{AllowedDirs: [{shared}]}}
AmazonS3: {{Disabled: true}}
{s3}
GoogleStorage: {{Disabled: true}}
"""
PODMAN = """
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=30000:30000"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""
STORAGE = """
[storage]
driver = "vfs"
graphroot = "{top}/containers"
runroot = "{top}/containers-run"
"""


def only_loopback() -> None:
    """From here on this process and its children have a network of their own, without any other."""
    new_network = 0x40000000
    if ctypes.CDLL(None, use_errno=True).unshare(new_network) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    get_flags, set_flags, up = 0x8913, 0x8914, 1
    with socket.socket() as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(any_socket, get_flags, request))[1]
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh14x", b"lo", flags | up))


def make_image(top: Path, environment: dict[str, str]) -> None:
    root = top / "image"
    (root / "bin").mkdir(parents=True)
    for name in ("tmp", "proc", "sys", "dev", "etc", "ame", "root"):
        (root / name).mkdir()
    busybox = root / "bin/busybox"
    busybox.write_bytes(Path("/bin/busybox").read_bytes())
    busybox.chmod(0o755)
    for name in subprocess.run([busybox, "--list"], check=True, capture_output=True, text=True).stdout.split():
        if name != "busybox":
            (root / "bin" / name).symlink_to("busybox")
    keep_image(root, IMAGE, environment)
    for wanted in ("/bin/tar", "/bin/cat"):
        (root / wanted[1:]).unlink()
        listed = subprocess.run(["ldd", wanted], check=True, capture_output=True, text=True).stdout.split()
        for path in [wanted, *(word for word in listed if word.startswith("/"))]:
            (root / path[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, root / path[1:])
    keep_image(root, GNU_IMAGE, environment)


def keep_image(root: Path, name: str, environment: dict[str, str]) -> None:
    archive = root.with_suffix(".tar")
    subprocess.run(["tar", "-C", root, "-cf", archive, "."], check=True)
    subprocess.run(["podman", "import", "--change", "ENV PATH=/bin", archive, name], check=True, env=environment,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    end_with_parent(signal.SIGTERM)
    program, top, shared = (Path(word).resolve() for word in sys.argv[1:4])
    user, password = sys.argv[4:6]
    s3 = sys.argv[6] if len(sys.argv) > 6 else ""
    bucket = f'{{Disabled: false, Endpoint: "{s3}", Key: "test:tester", Secret: testing, Region: us-east-1, Bucket: lake}}'
    (shared / "funnel-work").mkdir(parents=True, exist_ok=True)
    (top / "containers.conf").write_text(PODMAN)
    (top / "storage.conf").write_text(STORAGE.format(top=top))
    environment = {
        **os.environ,
        "CONTAINERS_CONF": str(top / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(top / "storage.conf"),
        "DOCKER_API_VERSION": "1.41",
        "HOME": str(top),
    }
    make_image(top, environment)
    http, rpc = free_ports(2)
    credentials = f"User: {user}, Password: {password}"
    (top / "funnel.yml").write_text(
        CONFIGURATION.format(
            http=http, rpc=rpc, top=top, shared=shared,
            auth=f"  BasicAuth: [{{{credentials}, Admin: true}}]",
            client=f"  Credential: {{{credentials}}}",
            s3=f"GenericS3: [{bucket}]" if s3 else "",
        )
    )
    address = f"http://127.0.0.1:{http}"
    log = (top / "funnel.log").open("wb")
    server: list[subprocess.Popen] = []

    def start() -> bool:
        server.append(
            subprocess.Popen(
                [program, "server", "run", "--config", top / "funnel.yml"], env=environment, cwd=top,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=end_with_parent,
            )
        )
        while server[-1].poll() is None:
            try:
                with urllib.request.urlopen(address + "/healthz", timeout=5):
                    print(f"ready {address}", flush=True)
                    return True
            except urllib.error.HTTPError:
                print(f"ready {address}", flush=True)
                return True
            except OSError:
                time.sleep(0.05)
        sys.stderr.write((top / "funnel.log").read_text(errors="replace"))
        return False

    def end() -> None:
        child = server.pop()
        child.terminate()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    wanted = {signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, wanted - {signal.SIGTERM})
    try:
        if not start():
            return 1
        signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
        while (asked := signal.sigwait(wanted)) != signal.SIGTERM:
            if asked == signal.SIGUSR1:
                end()
                print("away", flush=True)
            elif not start():
                return 1
        return 0
    finally:
        if server:
            end()
        subprocess.run(["podman", "rm", "--all", "--force", "--time", "0"], env=environment,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
