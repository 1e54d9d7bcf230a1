"""What the benchmarks share: spawn, wait, and the table of medians with ratios."""

import os
import statistics
import sys
import time
from dataclasses import dataclass, field


@dataclass
class Command:
    label: str
    argv: list[str]
    directory: str = "."
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))


def spawn_and_wait(command: Command) -> float:
    """Milliseconds from the start of the process to its end; ends the benchmark when it fails."""
    quiet = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_RDWR, 0) for descriptor in (0, 1, 2)]
    started = time.perf_counter()
    process = os.posix_spawn(command.argv[0], command.argv, command.environment, file_actions=quiet)
    _, status = os.waitpid(process, 0)
    took = (time.perf_counter() - started) * 1000
    if status != 0:
        sys.exit(f"{' '.join(command.argv)} failed: wait status {status}")
    return took


def compare(title: str, ours: Command, peers: list[Command], runs: int) -> dict[str, list[float]]:
    """Runs all in turn, so that what else happens on the machine meets them alike; prints ours / peer, and returns the
    times of each."""
    commands = [ours, *peers]
    times: dict[str, list[float]] = {command.label: [] for command in commands}
    here = os.getcwd()
    for run in range(runs + 1):
        for command in commands:
            os.chdir(os.path.join(here, command.directory))
            took = spawn_and_wait(command)
            os.chdir(here)
            if run > 0:
                times[command.label].append(took)
    medians = {label: statistics.median(taken) for label, taken in times.items()}
    print(f"{title} ({runs} runs each, interleaved, median)")
    for label, median in medians.items():
        ratio = "" if label == ours.label else f"   {ours.label} takes {medians[ours.label] / median:.2f} times as long"
        print(f"  {label:28} {median:8.2f} ms, fastest {min(times[label]):8.2f} ms{ratio}")
    return times
