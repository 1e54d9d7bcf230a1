#!/usr/bin/env python3
"""Handing a graph to Slurm: what `ame task export` wrote against as many bare `sbatch --parsable` calls.

usage: slurm_speed.py AME [TASKS] [RUNS]      needs root, and `ci/slurm-server`
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/servers"))
import slurm  # noqa: E402


def timed(argv: list[str], place: Path, environment: dict[str, str]) -> float:
    begin = time.monotonic()
    subprocess.run(argv, cwd=place, env=environment, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return time.monotonic() - begin


def main() -> None:
    ame, count, runs = str(Path(sys.argv[1]).resolve()), int((sys.argv[2:] + ["1000"])[0]), int((sys.argv[3:] + ["3"])[0])
    programs = Path(subprocess.run([ROOT / "ci/slurm-server"], check=True, capture_output=True, text=True).stdout.strip())
    with tempfile.TemporaryDirectory() as scratch:
        place, top = Path(scratch) / "project", Path(scratch) / "slurm"
        place.mkdir()
        environment = {**os.environ, **slurm.variables(programs, top), "AME_HOME": f"{scratch}/ame"}
        server = subprocess.Popen(
            ["/usr/bin/python3", "-B", str(ROOT / "tests/servers/slurm.py"), str(programs), str(top)],
            stdout=subprocess.PIPE, text=True,
        )
        try:
            assert server.stdout is not None and server.stdout.readline() == "ready\n"
            compare(ame, count, runs, place, environment)
        finally:
            server.terminate()
            server.wait()


def compare(ame: str, count: int, runs: int, place: Path, environment: dict[str, str]) -> None:
    names = [f"t{index}" for index in range(count)]
    tasks = "".join(f"  - {{name: {name}, executor: !custom {{command: 'true'}}}}\n" for name in names)
    (place / "ame.yml").write_text(f"project: bench\ntasks:\n{tasks}")
    (place / "bare.sh").write_text(
        "#!/bin/sh\nset -eu\n"
        + "".join("sbatch --parsable --output=/dev/null bare-step.sh\n" for _ in names)
    )
    (place / "bare-step.sh").write_text("#!/bin/sh\ntrue\n")
    export = [ame, "task", "export", *names, "--to", "there", "--force"]
    exported = min(timed(export, place, environment) for _ in range(runs))
    ours, bare = [], []
    for _ in range(runs):
        for times, script in ((ours, "there/submit.sh"), (bare, "bare.sh")):
            times.append(timed(["sh", script], place, environment))
            subprocess.run(["scancel", "--user=root"], env=environment, check=True)
    print(f"{count} tasks: exported in {exported:.2f} s; submitted in {min(ours):.2f} s, bare sbatch {min(bare):.2f} s")
    print(f"ratio (target 1.2): {min(ours) / min(bare):.2f}")


if __name__ == "__main__":
    main()
