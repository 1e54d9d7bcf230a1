#!/usr/bin/env python3
"""clang-tidy over every source of a build directory, in parallel.

usage: tidy.py BUILD_DIRECTORY [FILE...]

What passed is remembered by the content of all that shapes the answer (source, headers, flags, .clang-tidy, version), so
that only what changed is looked at again. AME_TIDY_CACHE or ~/.cache/ame-tidy holds one empty file for each.
"""

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TIDY = "clang-tidy-16"
CLANG = "clang++-16"
ROOT = Path(__file__).resolve().parent.parent
BATCH = 8
FOREIGN_FLAGS = {"-fno-canonical-system-headers"}


def cache_directory() -> Path:
    chosen = os.environ.get("AME_TIDY_CACHE")
    return Path(chosen) if chosen else Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "ame-tidy"


def flags_of(entry: dict) -> list[str]:
    """The compile command without its compiler (and ccache before it), its output and its input."""
    words = shlex.split(entry["command"])
    flags, skip = [], False
    for word in words[1:]:
        if skip:
            skip = False
        elif word in ("-o", "-c", "-MF", "-MT", "-MQ"):
            skip = word != "-c"
        elif word.startswith("-") and word not in FOREIGN_FLAGS and word not in ("-MD", "-MMD"):
            flags.append(word)
        elif flags and flags[-1] in ("-isystem", "-I", "-include", "-D"):
            flags.append(word)
    return flags


def dependencies_of(entry: dict, flags: list[str]) -> list[Path]:
    listed = subprocess.run(
        [CLANG, "-MM", *flags, entry["file"]], cwd=entry["directory"], capture_output=True, text=True
    )
    if listed.returncode != 0:
        return []
    words = listed.stdout.replace("\\\n", " ").split()[1:]
    return sorted({(Path(entry["directory"]) / word).resolve() for word in words})


class Source:
    """One source of the build, and whether exactly this has passed before."""

    def __init__(self, entry: dict, version: str):
        self.file: str = entry["file"]
        self.directory: str = entry["directory"]
        self.flags = flags_of(entry)
        self.passed = self.token(dependencies_of(entry, self.flags), version)

    def token(self, dependencies: list[Path], version: str) -> Path | None:
        """None where the headers cannot be listed: then clang-tidy itself says what is wrong."""
        if not dependencies:
            return None
        digest = hashlib.sha256(version.encode())
        for rules in (".clang-tidy",):
            digest.update((ROOT / rules).read_bytes())
        digest.update("\0".join(self.flags).replace(str(ROOT), "").encode())
        for path in dependencies:
            digest.update(str(path).replace(str(ROOT), "").encode() + b"\0" + path.read_bytes())
        return cache_directory() / digest.hexdigest()

    def has_passed(self) -> bool:
        return self.passed is not None and self.passed.exists()

    def remember(self) -> None:
        if self.passed:
            self.passed.parent.mkdir(parents=True, exist_ok=True)
            self.passed.touch()


def checks_beside(file: str) -> str:
    """What its folder adds to the rules of the root, for a translation unit that lies elsewhere."""
    own = ROOT / Path(file).relative_to(ROOT).parts[0] / ".clang-tidy"
    added = re.findall(r"^Checks: (.*)$", own.read_text(), re.MULTILINE) if own.exists() else []
    return ",".join(["-bugprone-suspicious-include", *added])


def complaints_of(batch: list[Source], work: Path) -> dict[str, str]:
    """What is wrong with each file of the batch. Most of the time goes into the headers, which the files of one folder share:
    together they cost little more than one. What is said of them together may come of that (two names that are alike, one
    in each): only what is said of a file alone counts, so the halves are looked at."""
    first = batch[0]
    if len(batch) == 1:
        command = [TIDY, "--quiet", first.file, "--", *first.flags]
    else:
        joint = work / (hashlib.sha256("".join(one.file for one in batch).encode()).hexdigest() + ".cpp")
        joint.write_text("".join(f'#include "{one.file}"\n' for one in batch))
        command = [TIDY, "--quiet", f"--config-file={ROOT / '.clang-tidy'}", f"--checks={checks_beside(first.file)}",
                   str(joint), "--", *first.flags]
    done = subprocess.run(command, cwd=first.directory, capture_output=True, text=True)
    if done.returncode == 0:
        for one in batch:
            one.remember()
        return {}
    if len(batch) > 1:
        middle = len(batch) // 2
        return complaints_of(batch[:middle], work) | complaints_of(batch[middle:], work)
    return {first.file: done.stdout if done.stdout.strip() else done.stderr}


def batches_of(sources: list[Source]) -> list[list[Source]]:
    alike: dict[tuple, list[Source]] = {}
    for source in sources:
        alike.setdefault((Path(source.file).parent, tuple(source.flags)), []).append(source)
    return [group[start:start + BATCH] for group in alike.values() for start in range(0, len(group), BATCH)]


def unheard(entries: list[dict]) -> list[str]:
    """Sources that are not among the headers whose complaints are heard: in a batch they would say nothing."""
    heard = re.search(r"^HeaderFilterRegex: '(.*)'$", (ROOT / ".clang-tidy").read_text(), re.MULTILINE)[1]
    return [entry["file"] for entry in entries if not re.search(heard, entry["file"])]


def main() -> int:
    build, only = sys.argv[1], {str(Path(name).resolve()) for name in sys.argv[2:]}
    entries = json.loads((Path(build) / "compile_commands.json").read_text())
    entries = [entry for entry in entries if entry["file"].startswith(str(ROOT) + "/") and "/build" not in entry["file"]]
    # The rooms; tests are held to format, warnings and sanitizers.
    entries = [entry for entry in entries if not entry["file"].startswith(f"{ROOT}/tests/")]
    if deaf := unheard(entries):
        print(f"HeaderFilterRegex of .clang-tidy leaves out {len(deaf)} sources, the first is {deaf[0]}")
        return 1
    entries = [entry for entry in entries if not only or entry["file"] in only]
    version = subprocess.run([TIDY, "--version"], capture_output=True, text=True, check=True).stdout
    with ThreadPoolExecutor(os.cpu_count()) as workers, tempfile.TemporaryDirectory() as work:
        sources = list(workers.map(lambda entry: Source(entry, version), entries))
        fresh = [source for source in sources if not source.has_passed()]
        wrong: dict[str, str] = {}
        for found in workers.map(lambda batch: complaints_of(batch, Path(work)), batches_of(fresh)):
            wrong |= found
            for file, complaint in found.items():
                print(f"--- {Path(file).relative_to(ROOT)}\n{complaint}", flush=True)
    print(f"clang-tidy: {len(sources)} sources, {len(fresh)} looked at, {len(wrong)} with complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
