#!/usr/bin/env python3
"""Proves that files stay small; functions, parameters and nesting are clang-tidy's business.

usage: check_budget.py ROOT          checks the sources of the project
       check_budget.py --self-test   plants files that are too long and wants each found
"""

import re
import statistics
import sys
import tempfile
from pathlib import Path

from house import conclude, tracked_files

SOURCE = re.compile(r"(core|schema|executors|clusters|cli|tests)/.*\.(cpp|hpp|py)")
LOOK_TWICE = 250
LIMIT = 400
LIMIT_IN_TESTS = 500


def sizes_in(root: Path) -> dict[str, int]:
    files = [file.as_posix() for file in tracked_files(root)]
    return {file: (root / file).read_bytes().count(b"\n") for file in files if SOURCE.fullmatch(file)}


def findings_in(sizes: dict[str, int]) -> list[str]:
    return [
        f"{file}: {lines} lines, more than {limit}: split it"
        for file, lines in sizes.items()
        if lines > (limit := LIMIT_IN_TESTS if file.startswith("tests/") else LIMIT)
    ]


def summary_of(sizes: dict[str, int]) -> str:
    ours = [lines for file, lines in sizes.items() if not file.startswith("tests/")]
    large = sorted((lines, file) for file, lines in sizes.items() if lines > LOOK_TWICE)
    told = [f"{lines:5} {file}" for lines, file in reversed(large)]
    told.append(f"{len(ours)} sources, {sum(ours)} lines, median {statistics.median(ours or [0]):g}; all within budget")
    return "\n".join(told)


def self_test() -> list[str]:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for file, lines in {"core/a.cpp": 400, "core/b.cpp": 401, "tests/c.cpp": 500, "tests/d.cpp": 501}.items():
            (root / file).parent.mkdir(exist_ok=True)
            (root / file).write_text("\n" * lines)
        found = [finding.split(":")[0] for finding in findings_in(sizes_in(root))]
    return [] if found == ["core/b.cpp", "tests/d.cpp"] else [f"found {found}"]


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        conclude(self_test(), "both files that are too long were found")
    else:
        measured = sizes_in(Path(sys.argv[1]))
        conclude(findings_in(measured), summary_of(measured))
