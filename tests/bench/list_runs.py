#!/usr/bin/env python3
"""`ame task list` over 100,000 recorded runs, against `ls` over as many directories.

usage: list_runs.py AME [COUNT]
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import Command, compare


def record_more_like_the_first(state: Path, count: int) -> None:
    begun, *others = (state / "runs/1/events.jsonl").read_text().splitlines()
    run = json.loads(begun)
    for number in range(2, count + 1):
        directory = state / "runs" / str(number)
        directory.mkdir()
        (directory / "events.jsonl").write_text("\n".join([json.dumps(run | {"id": number}), *others]) + "\n")
    (state / "last").write_text(f"{count}\n")
    (state / "index.db").unlink()  # made anew by whoever lists next


def main() -> None:
    ame = str(Path(sys.argv[1]).resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        project.mkdir()
        (project / "ame.yml").write_text("tasks:\n  - name: t\n    executor: !custom {command: 'true'}\n")
        home = Path(scratch) / "home"
        environment = {**os.environ, "AME_HOME": str(home)}
        subprocess.run([ame, "task", "run", "-l", "--quiet", "t"], cwd=project, env=environment, check=True)
        record_more_like_the_first(home / "state", count)
        subprocess.run([ame, "task", "list"], cwd=project, env=environment, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        compare(f"the newest of {count} runs",
                Command("ame task list", [ame, "task", "list"], str(project), environment),
                [Command("ls", [shutil.which("ls") or "/bin/ls", str(home / "state/runs")], str(project))],
                runs=20)


if __name__ == "__main__":
    main()
