#!/usr/bin/env python3
"""clang-tidy over every source of a build directory, in parallel.

usage: tidy.py BUILD_DIRECTORY [FILE...]

What passed is remembered by the content of all that shapes the answer (source, headers, flags, .clang-tidy, version), so
that only what changed is looked at again. AME_TIDY_CACHE or ~/.cache/ame-tidy holds one empty file for each.
"""

import hashlib
import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TIDY = "clang-tidy-16"
CLANG = "clang++-16"
ROOT = Path(__file__).resolve().parent.parent
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


def key_of(entry: dict, version: str) -> str | None:
    """None where the headers cannot be listed: then clang-tidy itself says what is wrong."""
    flags = flags_of(entry)
    dependencies = dependencies_of(entry, flags)
    if not dependencies:
        return None
    digest = hashlib.sha256(version.encode())
    for rules in (".clang-tidy", "tests/.clang-tidy"):
        digest.update((ROOT / rules).read_bytes())
    digest.update("\0".join(flags).replace(str(ROOT), "").encode())
    for path in dependencies:
        digest.update(str(path).replace(str(ROOT), "").encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def look_at(entry: dict, build: str, version: str) -> tuple[str, str]:
    """The file, and what is wrong with it; empty when nothing is."""
    key = key_of(entry, version)
    passed = cache_directory() / key if key else None
    if passed and passed.exists():
        return entry["file"], ""
    done = subprocess.run([TIDY, "-p", build, "--quiet", entry["file"]], capture_output=True, text=True)
    if done.returncode != 0:
        return entry["file"], done.stdout + (done.stderr if not done.stdout.strip() else "")
    if passed:
        passed.parent.mkdir(parents=True, exist_ok=True)
        passed.touch()
    return entry["file"], ""


def main() -> int:
    build, only = sys.argv[1], {str(Path(name).resolve()) for name in sys.argv[2:]}
    entries = json.loads((Path(build) / "compile_commands.json").read_text())
    entries = [entry for entry in entries if not only or entry["file"] in only]
    version = subprocess.run([TIDY, "--version"], capture_output=True, text=True, check=True).stdout
    wrong = 0
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        for file, complaint in workers.map(lambda entry: look_at(entry, build, version), entries):
            if complaint:
                wrong += 1
                print(f"--- {Path(file).relative_to(ROOT)}\n{complaint}", flush=True)
    print(f"clang-tidy: {len(entries)} sources, {wrong} with complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
