#!/usr/bin/env python3
"""Proves that the sessions shown in README.md are what ame says.

usage: check_readme.py ROOT AME

A ```console block after a comment `<!-- session in FOLDER -->` is typed into a shell in a copy of that folder, twice; the second
time its output must be what is shown. Times and hashes may differ, and lines may come in another order, because steps run
side by side.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SESSION = re.compile(r"<!-- session in (\S+) -->\n+```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
VARIES = [
    (r"\b\d+(\.\d+)? (ms|s|min)\b", "TIME"),
    (r"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?", "TIME"),
    (r"\b[0-9a-f]{12,}\b", "HASH"),
    (r"\b([a-z_]+)-\d+\b", r"\1-N"),
    (r"3\.\d+\.\d+", "3.N.N"),
    (r"[ \t]+$", ""),
]


def commands_of(session: str) -> list[str]:
    return [line[2:] for line in session.splitlines() if line.startswith("$ ")]


def shown_by(session: str) -> list[str]:
    return [line for line in session.splitlines() if line and not line.startswith("$ ")]


def without_what_varies(lines: list[str]) -> list[str]:
    for pattern, word in VARIES:
        lines = [re.sub(pattern, word, line) for line in lines]
    return sorted(line for line in lines if line)


def typed(commands: list[str], folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    said, status = "", 0
    for command in commands:
        done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said += done.stdout
        status = status or done.returncode
    return status, said


def problem_with(folder: str, session: str, root: Path, ame: Path) -> str | None:
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / Path(folder).name
        shutil.copytree(root / folder, copy)
        environment = {**os.environ, "AME_HOME": str(Path(scratch) / "home"), "PATH": f"{ame.parent}:{os.environ['PATH']}"}
        commands = commands_of(session)
        status, said = typed(commands, copy, environment)
        if status == 0:
            status, said = typed(commands, copy, environment)
        if status != 0:
            return f"a command of the session in {folder} failed:\n{said}"
        if without_what_varies(said.splitlines()) == without_what_varies(shown_by(session)):
            return None
        return f"the session in {folder} says now:\n{said}"


def main() -> None:
    root, ame = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
    sessions = SESSION.findall((root / "README.md").read_text("utf-8"))
    if not sessions:
        sys.exit("README.md shows no session")
    problems = [problem for folder, session in sessions if (problem := problem_with(folder, session, root, ame))]
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
