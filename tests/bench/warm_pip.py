#!/usr/bin/env python3
"""A `!pip` task whose environment is there already, against that environment's own python and against `uv run`.

usage: warm_pip.py AME UV
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import Command, compare

REQUIREMENT = "idna==3.10"
AME_YML = """\
tasks:
  - name: which
    executor: !pip
      command: python -c "import sys; open('python.txt', 'w').write(sys.executable)"
  - name: warm
    executor: !pip
      command: ["python", "-c", "import idna"]
"""
PYPROJECT = f"""\
[project]
name = "warm"
version = "1"
requires-python = ">=3.8"
dependencies = ["{REQUIREMENT}"]
"""


def prepare(scratch: Path, ame: str, uv: str, home: dict[str, str]) -> tuple[Path, Path, str]:
    """The two projects with their environments made, and the python of ours."""
    ours, theirs = scratch / "ours", scratch / "theirs"
    ours.mkdir()
    theirs.mkdir()
    (ours / "ame.yml").write_text(AME_YML)
    (ours / "requirements.txt").write_text(REQUIREMENT + "\n")
    (theirs / "pyproject.toml").write_text(PYPROJECT)
    subprocess.run([ame, "task", "run", "-l", "which"], cwd=ours, env=home, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([uv, "--quiet", "sync"], cwd=theirs, check=True)
    return ours, theirs, (ours / "python.txt").read_text()


def main() -> None:
    ame, uv = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as scratch:
        home = {**os.environ, "AME_HOME": str(Path(scratch) / "home")}
        ours, theirs, python = prepare(Path(scratch), ame, uv, home)
        compare(
            "a pip task with its environment there",
            Command("ame task run -l warm", [ame, "task", "run", "-l", "warm"], str(ours), home),
            [
                Command("its python alone", [python, "-c", "import idna"], str(ours)),
                Command("uv run", [uv, "run", "python", "-c", "import idna"], str(theirs)),
            ],
            runs=30,
        )


if __name__ == "__main__":
    main()
