#!/usr/bin/env python3
"""What it takes to keep many small files in an S3 bucket, against rclone with as many transfers at once.

usage: storage_speed.py AME [COUNT [RUNS]]

The server is a real one on loopback (Swift), alike for both; rclone copies the same files into an empty place.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = "16"


def timed(argv: list[str], directory: Path, environment: dict[str, str]) -> float:
    started = time.perf_counter()
    done = subprocess.run(argv, cwd=directory, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(argv)} failed:\n{done.stdout[-2000:]}")
    return time.perf_counter() - started


def main() -> None:
    ame = str(Path(sys.argv[1]).resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    rclone = shutil.which("rclone")
    if rclone is None or not Path("/usr/lib/python3/dist-packages/swift").exists():
        sys.exit("rclone or Swift (python3-swift) is not here")
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        server = subprocess.Popen(
            ["/usr/bin/python3", "-B", str(ROOT / "tests/servers/swift_s3.py"), str(place / "swift")],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stdout is not None
            endpoint = server.stdout.readline().split()[1]
            compare(ame, rclone, place, endpoint, count, runs)
        finally:
            server.terminate()
            server.wait()


def compare(ame: str, rclone: str, place: Path, endpoint: str, count: int, runs: int) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "AWS_CA_BUNDLE"} | {
        "HOME": str(place),
        "AME_HOME": str(place / "ame"),
        "AME_STORE_KEY_ID": "test:tester",
        "AME_STORE_KEY": "testing",
        "RCLONE_CONFIG_S_TYPE": "s3",
        "RCLONE_CONFIG_S_PROVIDER": "Other",
        "RCLONE_CONFIG_S_ENDPOINT": endpoint,
        "RCLONE_CONFIG_S_ACCESS_KEY_ID": "test:tester",
        "RCLONE_CONFIG_S_SECRET_ACCESS_KEY": "testing",
        "RCLONE_CONFIG_S_REGION": "us-east-1",
        "RCLONE_CONFIG_S_FORCE_PATH_STYLE": "true",
    }
    project = place / "project"
    project.mkdir()
    (project / "ame.yml").write_text(
        "tasks:\n  - name: t\n    executor: !custom {command: python3 make.py}\n    artifacts: {paths: [files]}\n"
    )
    (project / "make.py").write_text(
        "import os, shutil\nshutil.rmtree('files', ignore_errors=True)\nos.mkdir('files')\n"
        f"for n in range({count}):\n    open(f'files/{{n}}', 'wb').write(os.urandom(1000))\n"
    )
    timed([rclone, "mkdir", "s:bench"], project, environment)
    timed([ame, "storage", "add", "lab", "--endpoint", endpoint, "--bucket", "bench", "--use"], project, environment)
    making = statistics.median(timed(["python3", "make.py"], project, environment) for _ in range(runs))
    ours, theirs = [], []
    for run in range(runs):
        ours.append(timed([ame, "task", "run", "-l", "t"], project, environment) - making)
        theirs.append(
            timed([rclone, "copy", "--transfers", AT_ONCE, "--checkers", AT_ONCE, "files", f"s:bench/by-rclone-{run}"], project, environment)
        )
    one, other = statistics.median(ours), statistics.median(theirs)
    print(f"{count} files of 1 kB into an S3 bucket, medians of {runs} interleaved runs")
    print(f"  ame keeps them in {one:.2f} s, rclone copies them in {other:.2f} s: {one / other:.2f}")


if __name__ == "__main__":
    main()
