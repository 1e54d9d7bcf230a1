#!/usr/bin/env python3
"""A `!custom` task that does nothing, end to end (read ame.yml, run, keep its log and record), against make and ninja.

usage: noop.py AME
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from measure import Command, compare

AME_YML = """\
tasks:
  - name: noop
    executor: !custom
      command: ["true"]
"""
MAKEFILE = ".PHONY: noop\nnoop:\n\ttrue\n"
BUILD_NINJA = "rule run\n  command = true\nbuild noop: run always\nbuild always: phony\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        project.mkdir()
        (project / "ame.yml").write_text(AME_YML)
        (project / "Makefile").write_text(MAKEFILE)
        (project / "build.ninja").write_text(BUILD_NINJA)
        home = {**os.environ, "AME_HOME": str(Path(scratch) / "home")}
        peers = [Command(name, [shutil.which(name) or sys.exit(f"{name} is not here: ci/install bench"), "noop"], str(project))
                 for name in ("make", "ninja")]
        peers.append(Command("sh -c true", ["/bin/sh", "-c", "true"], str(project)))
        ours = Command("ame task run -l noop", [sys.argv[1], "task", "run", "-l", "noop"], str(project), home)
        compare("a task that does nothing", ours, peers, runs=50)


if __name__ == "__main__":
    main()
