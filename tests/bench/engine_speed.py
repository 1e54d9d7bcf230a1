#!/usr/bin/env python3
"""Tasks that do next to nothing: what `ame task run -l` itself costs, with a durable record and a log of each task.

usage: engine_speed.py AME [PEERS [COUNT [RUNS]]]

COUNT (2,000) tasks on three graphs against ninja and make, and ten times as many for the growth; then 200 tasks against
the peers that need much longer: just, go-task, dagu and snakemake, as far as PEERS/bin has them. All run two at once,
and keep what they keep from run to run.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import graphs

SLOTS = "2"
FEW = 200
AROUND = 5


@dataclass
class Took:
    wall: float  # seconds
    cpu: float  # seconds of the whole process tree


def timed(argv: list[str], directory: Path, environment: dict[str, str]) -> Took:
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(argv, cwd=directory, env=environment, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if status != 0:
            said.seek(0)
            sys.exit(f"{' '.join(argv)} failed:\n{said.read()[-2000:].decode(errors='replace')}")
    return Took(wall, usage.ru_utime + usage.ru_stime)


class Bench:
    def __init__(self, ame: str, peers: Path | None):
        self.ame = ame
        self.peers = peers

    def find(self, name: str) -> str | None:
        own = self.peers / "bin" / name if self.peers else None
        return str(own) if own and own.exists() else shutil.which(name)

    def commands(self, directory: Path) -> dict[str, list[str]]:
        known = {
            "ninja": [f"-j{SLOTS}", "--quiet"],
            "make": [f"-j{SLOTS}", "all"],
            "just": ["all"],
            "go-task": ["--silent", "-C", SLOTS, "all"],
            "dagu": ["start", "dag.yaml"],
            "snakemake": ["--cores", SLOTS, "--quiet", "all", "--forceall"],
        }
        program = {"go-task": "task"}
        found = {name: self.find(program.get(name, name)) for name in known}
        return {name: [found[name], *arguments] for name, arguments in known.items() if found[name]}

    def environment(self, directory: Path) -> dict[str, str]:
        home = directory / "home"
        return {**os.environ, "AME_HOME": str(home / "ame"), "DAGU_HOME": str(home / "dagu"), "HOME": str(home)}

    def own_cpu(self, took: Took, directory: Path, number: int) -> float:
        """Microseconds of ame for each task: all that was used, less what the record says of the steps."""
        view = [self.ame, "task", "view", "--json", str(number)]
        run = json.loads(subprocess.run(view, cwd=directory, env=self.environment(directory), check=True,
                                        capture_output=True, text=True).stdout)
        steps = run["steps"]
        return (took.cpu * 1e6 - sum(step["cpu_seconds"] * 1e6 for step in steps)) / len(steps)

    def here(self, directory: Path, peers: list[str]) -> dict[str, list[str]]:
        """What is run in a directory, and from what command line."""
        (directory / "home").mkdir()
        known = self.commands(directory)
        ame = {"ame": [self.ame, "task", "run", "-l", "-j", SLOTS, "--quiet", "all"]}
        return ame | {name: known[name] for name in peers if name in known}

    def compare(self, shape: str, count: int, runs: int, peers: list[str]) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            directory = Path(scratch)
            graphs.write(directory, shape, count)
            commands = self.here(directory, peers)
            times: dict[str, list[float]] = {name: [] for name in commands}
            cpu = []
            for number in range(1, runs + 1):
                for name, argv in commands.items():
                    took = timed(argv, directory, self.environment(directory))
                    times[name].append(took.wall)
                    if name == "ame":
                        cpu.append(self.own_cpu(took, directory, number))
            medians = {name: statistics.median(taken) for name, taken in times.items()}
        said = [f"ame {medians['ame']:.3f} s, {statistics.median(cpu):.0f} us of its own CPU a task"]
        said += [f"{name} {medians[name]:.3f} s: {medians['ame'] / medians[name]:.2f}"
                 if name in medians else f"{name} is not here" for name in peers]
        print(f"  {count} {shape:8} {'   '.join(said)}", flush=True)

    def grow(self, shape: str, count: int, runs: int, peers: list[str]) -> None:
        """Ten times as many tasks against ten runs of the usual number, five before and five after each: a machine has
        its moods, and what it does now and then it does to ten runs, and not to the one in their middle."""
        with tempfile.TemporaryDirectory() as usual, tempfile.TemporaryDirectory() as tenfold:
            graphs.write(Path(usual), shape, count)
            graphs.write(Path(tenfold), shape, 10 * count)
            commands = self.here(Path(usual), peers)
            (Path(tenfold) / "home").mkdir()
            many: dict[str, list[float]] = {name: [] for name in commands}
            ratios: dict[str, list[float]] = {name: [] for name in commands}
            for _ in range(runs):
                for name, argv in commands.items():
                    def run(directory: str, argv: list[str] = argv) -> float:
                        return timed(argv, Path(directory), self.environment(Path(directory))).wall
                    few = [run(usual) for _ in range(AROUND)]
                    many[name].append(run(tenfold))
                    few += [run(usual) for _ in range(AROUND)]
                    ratios[name].append(many[name][-1] / statistics.mean(few))
        medians = {name: statistics.median(taken) for name, taken in many.items()}
        said = [f"{name} {medians[name]:.2f} s, {statistics.median(ratios[name]):.1f} times as long as {count}"
                for name in commands]
        print(f"  {10 * count} {shape:8} {'   '.join(said)}", flush=True)


def main() -> None:
    bench = Bench(str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None)
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 2000
    runs = int(sys.argv[4]) if len(sys.argv) > 4 else 5
    print(f"tasks that say a word, {SLOTS} at once, medians of {runs} interleaved runs, ame's time by the peer's")
    for shape in ("wide", "layered", "chain"):
        bench.compare(shape, count, runs, ["ninja", "make"])
    bench.grow("layered", count, max(1, runs // 2), ["ninja", "make"])
    for shape in ("wide", "chain"):
        bench.compare(shape, FEW, 1, ["just", "go-task", "dagu", "snakemake"])


if __name__ == "__main__":
    main()
