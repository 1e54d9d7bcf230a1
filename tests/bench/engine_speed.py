#!/usr/bin/env python3
"""2,000 tasks that do nothing, on three graphs: ame's engine, with durable states and logs, against ninja and make.

usage: engine_speed.py ENGINE_RUN [COUNT [RUNS]]

The tasks are `sh -c true` for all. Prints the ratio of the medians and what ame itself used of the CPU for each task.
"""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SLOTS = 2
WIDTH = 40


def needs(shape: str, i: int) -> list[int]:
    if shape == "chain" and i > 0:
        return [i - 1]
    if shape == "layered" and i >= WIDTH:
        before = (i // WIDTH - 1) * WIDTH
        return [before + i % WIDTH, before + (i + 1) % WIDTH, before + (i + 7) % WIDTH]
    return []


def build_ninja(shape: str, count: int) -> str:
    lines = ["rule run", "  command = true"]
    for i in range(count):
        lines.append(f"build t{i}: run {' '.join(f't{n}' for n in needs(shape, i))}")
    return "\n".join(lines) + "\n"


def makefile(shape: str, count: int) -> str:
    names = " ".join(f"t{i}" for i in range(count))
    lines = [f".PHONY: all {names}", f"all: {names}"]
    for i in range(count):
        # A sign of the shell makes `make` use one, as ninja and ame do.
        lines += [f"t{i}: {' '.join(f't{n}' for n in needs(shape, i))}", "\t@true;"]
    return "\n".join(lines) + "\n"


def timed(argv: list[str], directory: Path) -> tuple[float, str]:
    started = time.perf_counter()
    done = subprocess.run(argv, cwd=directory, capture_output=True, text=True, check=True)
    return time.perf_counter() - started, done.stdout


def main() -> None:
    engine = str(Path(sys.argv[1]).resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    print(f"{count} tasks, {SLOTS} at once, medians of {runs} interleaved runs")
    for shape in ("wide", "layered", "chain"):
        with tempfile.TemporaryDirectory() as scratch:
            directory = Path(scratch)
            (directory / "build.ninja").write_text(build_ninja(shape, count))
            (directory / "Makefile").write_text(makefile(shape, count))
            commands = {
                "ame": [engine, shape, str(count), str(SLOTS), str(directory / "state"), "true"],
                "ninja": [shutil.which("ninja") or sys.exit("ninja is not here"), f"-j{SLOTS}", "--quiet"],
                "make": [shutil.which("make") or sys.exit("make is not here"), f"-j{SLOTS}", "all"],
            }
            times: dict[str, list[float]] = {name: [] for name in commands}
            cpu = []
            for _ in range(runs):
                for name, argv in commands.items():
                    took, said = timed(argv, directory)
                    times[name].append(took)
                    if name == "ame":
                        cpu.append(int(re.search(r"cpu_us_per_task=(\d+)", said).group(1)))
            medians = {name: statistics.median(taken) for name, taken in times.items()}
            print(f"  {shape:8} ame {medians['ame']:.3f} s   ninja {medians['ninja']:.3f} s   make {medians['make']:.3f} s"
                  f"   ame/ninja {medians['ame'] / medians['ninja']:.2f}   ame/make {medians['ame'] / medians['make']:.2f}"
                  f"   ame's CPU {statistics.median(cpu):.0f} us a task")


if __name__ == "__main__":
    main()
