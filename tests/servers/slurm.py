#!/usr/bin/python3
"""A Slurm cluster of one node on loopback, with two devices: munged, slurmctld and slurmd in a directory of its own. Where
the machine's control groups allow it, jobs are held to their memory.

usage: slurm.py PROGRAMS DIRECTORY [rest]     prints `ready` and serves until SIGTERM asks it to end

SIGUSR1 ends its controller, SIGUSR2 starts it again; either is told by a line (`away`, `ready`). With `rest` it is asked
over HTTP too, and DIRECTORY/rest-port holds where: by who has a token, which its key in DIRECTORY/state signs.

PROGRAMS is what `ci/slurm-server` prints. What asks it needs the variables of `variables(PROGRAMS, DIRECTORY)`. Only root
can be its user. Its processes end with it, however it ends.
"""

import base64
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from server_process import end_with_parent, free_ports

CONTROLLER = "slurmctld"
CGROUPS = Path("/sys/fs/cgroup")
CONFIGURATION = """
ClusterName=trial
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={ctld}
SlurmdPort={slurmd}
SlurmUser=root
SlurmdUser=root
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
PluginDir={plugins}
AuthType=auth/munge
AuthInfo=socket={top}/run/munge.socket
AuthAltTypes=auth/jwt
AuthAltParameters=jwt_key={top}/state/jwt.key
StateSaveLocation={top}/state
SlurmdSpoolDir={top}/spool
SlurmctldPidFile={top}/run/slurmctld.pid
SlurmdPidFile={top}/run/slurmd.pid
SlurmctldLogFile={top}/log/slurmctld.log
SlurmdLogFile={top}/log/slurmd.log
ProctrackType=proctrack/{proctrack}
TaskPlugin=task/{task}
GresTypes=gpu
JobAcctGatherType=jobacct_gather/none
SwitchType=switch/none
MessageTimeout=2
MpiDefault=none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SlurmdParameters=config_overrides
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=1,defer_batch,bf_interval=1,batch_sched_delay=0
DefMemPerCPU=10
ReturnToService=2
MinJobAge=3600
KillWait=2
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
NodeName={node} NodeHostname=localhost NodeAddr=127.0.0.1 CPUs=16 RealMemory=1000 TmpDisk=100 Gres=gpu:fake:2 State=UNKNOWN
PartitionName=main Nodes={node} Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
"""
# What is below the least is never held to anything: a shell and a Python have room.
CONTROL_GROUPS = """
CgroupPlugin=cgroup/v1
CgroupMountpoint=/sys/fs/cgroup
CgroupAutomount=no
ConstrainRAMSpace=yes
MinRAMSpace=100
"""


def libraries(programs: Path) -> Path:
    return next((programs / "usr/lib").glob("*/slurm-wlm")).parent


def is_of_other_release(programs: Path) -> bool:
    """It has libraries of its own then, and knows where they are."""
    return (programs / "of-other-release").exists()


def variables(programs: Path, top: Path) -> dict[str, str]:
    found = {
        "SLURM_CONF": str(top / "slurm.conf"),
        "PATH": f"{programs}/usr/sbin:{programs}/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    }
    if not is_of_other_release(programs):
        found["LD_LIBRARY_PATH"] = f"{libraries(programs)}:{libraries(programs)}/slurm-wlm"
    return found


def token(top: Path, user: str, lifespan: int = 3600) -> str:
    """As `scontrol token` makes them."""

    def part(content: bytes) -> bytes:
        return base64.urlsafe_b64encode(content).rstrip(b"=")

    now = int(time.time())
    claims = {"iat": now, "exp": now + lifespan, "sun": user}
    text = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps(claims).encode())
    key = (top / "state/jwt.key").read_bytes()
    return (text + b"." + part(hmac.digest(key, text, "sha256"))).decode()


def is_listened_to(port: int) -> bool:
    with socket.socket() as there:
        return there.connect_ex(("127.0.0.1", port)) == 0


def holds_to_memory() -> bool:
    """Whether this machine has control groups as Slurm can use them without systemd."""
    return (CGROUPS / "memory").is_dir() and os.access(CGROUPS / "memory", os.W_OK)


def remove_groups(node: str) -> None:
    for top in CGROUPS.glob(f"*/slurm_{node}"):
        for directory, _, _ in os.walk(top, topdown=False):
            try:
                os.rmdir(directory)
            except OSError:
                pass  # somebody is still in it


def is_up(environment: dict[str, str]) -> bool:
    said = subprocess.run(
        ["sinfo", "--noheader", "--format=%T"], env=environment, capture_output=True, text=True
    ).stdout.strip()
    return said in ("idle", "mixed", "allocated")


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    programs, top = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    for name in ("run", "state", "spool", "log", "munge"):
        (top / name).mkdir(parents=True, exist_ok=True)
    (top / "munge").chmod(0o700)
    key = top / "munge/munge.key"
    key.write_bytes(os.urandom(128))
    key.chmod(0o600)
    signing = top / "state/jwt.key"
    signing.write_bytes(os.urandom(32))
    signing.chmod(0o600)
    ctld, slurmd, rest = free_ports(3)
    plugins = libraries(programs) / "slurm-wlm"
    node = f"n{os.getpid()}"
    limits = holds_to_memory()
    (top / "slurm.conf").write_text(
        CONFIGURATION.format(
            ctld=ctld, slurmd=slurmd, top=top, plugins=plugins, node=node,
            proctrack="cgroup" if limits else "linuxproc", task="cgroup" if limits else "none",
        )
    )
    (top / "cgroup.conf").write_text(CONTROL_GROUPS if limits else "")
    for number in range(2):
        os.mknod(top / f"gpu{number}", 0o20600, os.makedev(1, 3))  # any device will do
    (top / "gres.conf").write_text(f"NodeName={node} Name=gpu Type=fake File={top}/gpu[0-1]\n")
    environment = {**os.environ, **variables(programs, top)}
    commands = [
        ["munged", "--foreground", "--force", f"--key-file={key}", f"--socket={top}/run/munge.socket",
         f"--pid-file={top}/run/munged.pid", f"--log-file={top}/log/munged.log", f"--seed-file={top}/munge/seed"],
        [CONTROLLER, "-D"],
        ["slurmd", "-D", "-N", node, "-d", f"{programs}/usr/sbin/slurmstepd"],
    ]
    if sys.argv[3:] == ["rest"]:
        # It wants to be nobody of importance, and has to read what only its user can.
        commands.append(
            ["env", "SLURM_JWT=daemon", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=+dac_read_search",
             "--ambient-caps=+dac_read_search", "slurmrestd", "-a", "rest_auth/jwt", "-s",
             "openapi/slurmctld" if is_of_other_release(programs) else "openapi/v0.0.38", f"127.0.0.1:{rest}"]
        )
        (top / "rest-port").write_text(str(rest))
    log = (top / "log/all").open("wb")
    children: dict[str, subprocess.Popen] = {}

    def start(command: list[str]) -> None:
        children[command[0]] = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=end_with_parent
        )

    def wait_until_up() -> bool:
        while not is_up(environment) or (len(commands) == 4 and not is_listened_to(rest)):
            if any(child.poll() is not None for child in children.values()):
                sys.stderr.write((top / "log/all").read_text(errors="replace"))
                return False
            time.sleep(0.05)
        print("ready", flush=True)
        return True

    def end(child: subprocess.Popen) -> None:
        child.terminate()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGUSR2})
    try:
        start(commands[0])
        while not (top / "run/munge.socket").exists() and children["munged"].poll() is None:
            time.sleep(0.02)
        for command in commands[1:]:
            start(command)
        if not wait_until_up():
            return 1
        wanted = {signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM}
        signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
        while (asked := signal.sigwait(wanted)) != signal.SIGTERM:
            if asked == signal.SIGUSR1:
                end(children.pop(CONTROLLER))
                print("away", flush=True)
            else:
                start(commands[1])
                if not wait_until_up():
                    return 1
        return 0
    finally:
        for child in children.values():
            child.terminate()
        for child in children.values():
            end(child)
        remove_groups(node)


if __name__ == "__main__":
    sys.exit(main())
