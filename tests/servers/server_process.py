"""What the servers of the tests have in common: ports to listen on, and an end with whoever started them."""

import ctypes
import random
import signal
import socket
from pathlib import Path

LEAST_PORT = 10000


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, and that the kernel gives to no connection, which could take one before its server
    does."""
    first_of_connections = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    found: list[int] = []
    for port in random.sample(range(LEAST_PORT, first_of_connections), first_of_connections - LEAST_PORT):
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise OSError("no port of this machine is free")


def end_with_parent(by: signal.Signals = signal.SIGKILL) -> None:
    """Asked by a child of itself, before it becomes another program."""
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    set_death_signal = 1
    ctypes.CDLL(None, use_errno=True).prctl(set_death_signal, by)
