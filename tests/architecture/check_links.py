#!/usr/bin/env python3
"""Proves that every link and every path named in the documents leads to something.

usage: check_links.py ROOT          checks the documents of the project
       check_links.py --self-test   plants dead links in a scratch tree and wants each found
"""

import re
import sys
import tempfile
from pathlib import Path

from house import conclude, tracked_files

LINK = re.compile(r"\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
# `core/run/scheduler.cpp` or `docs/decisions/`: a path of the project in backticks.
NAMED = re.compile(r"`((?:core|schema|executors|cli|tests|docs|ci|cmake|examples|\.ci)/[\w./+-]*)`")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
FENCED = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)


def anchor_of(heading: str) -> str:
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchors_in(text: str) -> set[str]:
    return {anchor_of(heading) for heading in HEADING.findall(FENCED.sub("", text))}


def without_fences(text: str) -> str:
    return FENCED.sub(lambda fence: "\n" * fence.group().count("\n"), text)


def problem_of_link(root: Path, file: Path, target: str) -> str | None:
    if re.match(r"[a-z+]+:", target):
        return None
    path, _, anchor = target.partition("#")
    leads_to = root / file if not path else (root / file).parent / path
    if not leads_to.exists():
        return f"({target}) leads nowhere"
    if path.startswith("/") or root.resolve() not in [leads_to.resolve(), *leads_to.resolve().parents]:
        return f"({target}) leads out of the project"
    if anchor and leads_to.suffix == ".md" and anchor not in anchors_in(leads_to.read_text("utf-8")):
        return f"({target}) names no heading of it"
    return None


def findings_in(root: Path) -> list[str]:
    findings = []
    for file in tracked_files(root):
        if file.suffix != ".md":
            continue
        for number, line in enumerate(without_fences((root / file).read_text("utf-8")).splitlines(), 1):
            problems = [problem_of_link(root, file, target) for target in LINK.findall(line)]
            problems += [f"`{path}` does not exist" for path in NAMED.findall(line) if not (root / path).exists()]
            findings += [f"{file.as_posix()}:{number}: {problem}" for problem in problems if problem]
    return findings


GUIDE = "# The guide\n## What `ame run` does\n"
DEAD = ["[a](gone.md)", "[a](guide.md#nothing)", "[a](../outside.md)", "see `core/gone.cpp`", "[a](#not-here)", "![i](i.png)"]
ALIVE = ["[a](guide.md)", "[a](guide.md#what-ame-run-does)", "[a](https://example.org)", "see `docs/guide.md`", "[a](#top)"]


def self_test() -> list[str]:
    findings = []
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        (root / "docs").mkdir()
        (root / "docs/guide.md").write_text(GUIDE)
        for line in DEAD + ALIVE:
            (root / "docs/page.md").write_text(f"# Top\n{line}\n```\n[a](in-a-fence.md)\n```\n")
            found = findings_in(root)
            if len(found) != (line in DEAD):
                findings.append(f"`{line}`: found {found}")
    return findings


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        conclude(self_test(), f"all {len(DEAD)} dead links were found")
    else:
        conclude(findings_in(Path(sys.argv[1])), "every link leads somewhere")
