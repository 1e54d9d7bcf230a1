#!/usr/bin/env python3
"""1,000 tasks whose outputs are up to date: `ame task run -l` of tasks with a cache, against ninja on the same files.

usage: nothing_to_do.py AME [COUNT]
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import Command, compare


def ame_yml(count: int) -> str:
    lines = ["tasks:"]
    for i in range(count):
        lines += [f"  - name: t{i}",
                  f"    executor: !custom {{command: cp in/{i} out/{i}}}",
                  f"    cache: {{inputs: [in/{i}], outputs: [out/{i}]}}"]
    names = ", ".join(f"t{i}" for i in range(count))
    return "\n".join(lines + ["  - name: all", f"    pipeline: [[{names}]]"]) + "\n"


def build_ninja(count: int) -> str:
    lines = ["rule copy", "  command = cp $in $out"]
    lines += [f"build ninja/{i}: copy in/{i}" for i in range(count)]
    return "\n".join(lines) + "\n"


def main() -> None:
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    ninja = shutil.which("ninja") or sys.exit("ninja is not here: ci/install bench")
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        for directory in ("in", "out", "ninja"):
            (project / directory).mkdir(parents=True)
        for i in range(count):
            (project / "in" / str(i)).write_text(f"{i}\n")
        (project / "ame.yml").write_text(ame_yml(count))
        (project / "build.ninja").write_text(build_ninja(count))
        home = {**os.environ, "AME_HOME": str(Path(scratch) / "home")}
        ours = [sys.argv[1], "task", "run", "-l", "all"]
        subprocess.run([ninja, "--quiet"], cwd=project, check=True)
        # The first run does the work, the second finds nothing to do and notes it down.
        for _ in range(3):
            time.sleep(0.1)
            said = subprocess.run(ours, cwd=project, env=home, check=True, capture_output=True, text=True).stderr
        if "nothing to do" not in said:
            sys.exit(f"ame found something to do: {said[-500:]}")
        compare(f"nothing to do for {count} tasks",
                Command("ame task run -l all", ours, str(project), home),
                [Command("ninja", [ninja, "--quiet"], str(project))],
                runs=30)


if __name__ == "__main__":
    main()
