#!/usr/bin/python3
"""A Docker engine on a socket in a directory of its own: no network but the machine's, no port.

usage: docker_engine.py PROGRAMS DIRECTORY     prints `ready` and serves until SIGTERM asks it to end

PROGRAMS is what `ci/docker-server` prints. What asks it needs the variables of `variables(PROGRAMS, DIRECTORY)`. Only root
can be its user. Its processes end with it, however it ends.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from server_process import end_with_parent

PR_SET_CHILD_SUBREAPER = 36


def variables(programs: Path, directory: Path) -> dict[str, str]:
    return {"PATH": f"{programs}/usr/bin:{programs}/usr/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LD_LIBRARY_PATH": f"{programs}/lib/x86_64-linux-gnu:{programs}/lib/aarch64-linux-gnu",
            "DOCKER_HOST": f"unix://{directory}/docker.sock"}


def answers(directory: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(directory / "docker.sock"))
            client.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
            return b" 200 " in client.recv(64)
        except OSError:
            return False


def command(directory: Path) -> list[str]:
    # What it mounts is gone with it.
    return ["unshare", "--mount", "--propagation=private", "dockerd", "--iptables=false", "--ip6tables=false", "--bridge=none", "--storage-driver=vfs", "--log-level=error",
            f"--data-root={directory}/data", f"--exec-root={directory}/run", f"--pidfile={directory}/docker.pid",
            f"--host=unix://{directory}/docker.sock"]


def main() -> None:
    programs, directory = Path(sys.argv[1]), Path(sys.argv[2])
    end_with_parent()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    with open(directory / "log", "w") as log:
        # Its containerd has the same parent, and both end with us: what a container runs ends with its shim below.
        daemon = subprocess.Popen(command(directory), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                  env=variables(programs, directory), preexec_fn=end_with_parent)
        signal.signal(signal.SIGTERM, lambda *_: daemon.terminate())
        while not answers(directory):
            if daemon.poll() is not None:
                sys.exit((directory / "log").read_text())
            time.sleep(0.02)
        print("ready", flush=True)
        collect_children()


def collect_children() -> None:
    """Of the daemon, too: each container has a process that outlives who started it."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


if __name__ == "__main__":
    main()
