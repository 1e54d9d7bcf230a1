#!/usr/bin/env python3
"""Start-up: `ame --version` against `true` and `ninja --version`.

usage: startup.py AME
"""

import shutil
import sys

from measure import Command, compare

WANTED_OF_NINJA = 3.0


def main() -> int:
    ninja = shutil.which("ninja")
    if not ninja:
        sys.exit("ninja is not here: ci/install bench")
    ratios = compare(
        "start-up",
        Command("ame --version", [sys.argv[1], "--version"]),
        [Command("true", ["/bin/true"]), Command("ninja --version", [ninja, "--version"])],
        runs=200,
    )
    if ratios["ninja --version"] > WANTED_OF_NINJA:
        print(f"  more than the {WANTED_OF_NINJA:g} times of ninja that are wanted")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
