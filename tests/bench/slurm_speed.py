#!/usr/bin/env python3
"""Handing a graph to Slurm: what `ame task export` wrote, and `ame task run --detach` whole (the project is read, its
files are sent, the scripts are written, all is submitted), by its programs and over HTTP, against as many bare
`sbatch --parsable` calls; then what asking for all of them costs.

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
            ["/usr/bin/python3", "-B", str(ROOT / "tests/servers/slurm.py"), str(programs), str(top), "rest"],
            stdout=subprocess.PIPE, text=True,
        )
        try:
            assert server.stdout is not None and server.stdout.readline() == "ready\n"
            port = (top / "rest-port").read_text()
            subprocess.run(
                [ame, "secret", "add", "cluster/there/token"], env=environment, check=True, text=True,
                input=slurm.token(top, "root"), stderr=subprocess.DEVNULL,
            )
            subprocess.run(
                [ame, "cluster", "add", "there", "--directory", f"{scratch}/shared", "--auth", "jwt", "--endpoint",
                 f"http://127.0.0.1:{port}"], env=environment, check=True,
            )
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
    exported = timed([ame, "task", "export", *names, "--to", "apart"], place, environment)
    subprocess.run([ame, "cluster", "add", "here", "--directory", place.parent / "shared"], env=environment, check=True)
    run, rest = (
        min(run_whole(ame, [*names, "--cluster", cluster], place, environment) for _ in range(runs))
        for cluster in ("here", "there")
    )
    values = ", ".join(f'"{index}"' for index in range(count))
    (place / "ame.yml").write_text(
        f"project: bench\ntasks: [{{name: t, matrix: {{x: [{values}]}}, executor: !custom {{command: 'true'}}}}]\n"
    )
    timed([ame, "task", "export", "t", "--to", "array"], place, environment)
    scripts = {"apart": "apart/submit.sh", "array": "array/submit.sh", "bare": "bare.sh"}
    times: dict[str, list[float]] = {name: [] for name in scripts}
    for _ in range(runs):
        for name, script in scripts.items():
            times[name].append(timed(["sh", script], place, environment))
            subprocess.run(["scancel", "--user=root"], env=environment, check=True)
    asked = timed(["squeue", "--noheader", "--array", "--me", "--states=all", "--format=%i|%T|%r|%k"], place, environment)
    best = {name: min(each) for name, each in times.items()}
    print(f"{count} tasks exported in {exported:.2f} s; as many bare sbatch take {best['bare']:.2f} s")
    print(f"submitted, each for itself: {best['apart']:.2f} s, ratio (target 1.2) {best['apart'] / best['bare']:.2f}")
    print(f"run by ame, until it is submitted: {run:.2f} s, ratio (target 1.2) {run / best['bare']:.2f}")
    print(f"the same over HTTP: {rest:.2f} s, ratio {rest / best['bare']:.2f}")
    print(f"submitted, as a matrix: {best['array']:.2f} s, ratio {best['array'] / best['bare']:.2f}")
    print(f"asked for the states of all jobs so far: {asked:.2f} s")


def run_whole(ame: str, words: list[str], place: Path, environment: dict[str, str]) -> float:
    taken = timed([ame, "task", "run", *words, "--detach"], place, environment)
    subprocess.run([ame, "task", "cancel", words[0]], cwd=place, env=environment, check=True, stderr=subprocess.DEVNULL)
    return taken


if __name__ == "__main__":
    main()
