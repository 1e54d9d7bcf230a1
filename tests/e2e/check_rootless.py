#!/usr/bin/env python3
"""Steps in containers of a podman whose user is not root. Run as root it becomes such a user, who has a home and
subordinate numbers in a mount namespace of its own; nothing of the machine is changed.

usage: check_rootless.py ROOT AME
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT, AME = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
sys.path.insert(0, str(ROOT / "tests/containers"))

import make_images
from container_contract import ContainerContract

USER, UID = "ame-trial", 45_000
# The user is one that the machine does not have.
BECOME = """
set -eu
for file in passwd group subuid subgid; do mount --bind "$0/etc/$file" "/etc/$file"; done
cd "$0/project"
exec setpriv --reuid {uid} --regid {uid} --clear-groups env -i HOME="$0" XDG_RUNTIME_DIR="$0/run" \
  AME_CONTAINER_ENGINE=podman PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
""".format(uid=UID)


class RootlessTest(ContainerContract, unittest.TestCase):
    owner = UID
    holder = "watchdog"  # this podman may make no cgroups
    end_of_held = "was killed by SIGKILL"

    @classmethod
    def setUpClass(cls) -> None:
        cls.home = Path(tempfile.mkdtemp(prefix="ame-rootless-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.project = cls.home / "project"
        for name in ("etc", "run", "project", ".config/containers"):
            (cls.home / name).mkdir(parents=True)
        for name in ("passwd", "group", "subuid", "subgid"):
            kept = Path("/etc", name).read_text() if name in ("passwd", "group") else ""
            own = {"passwd": f"{USER}:x:{UID}:{UID}::{cls.home}:/bin/sh", "group": f"{USER}:x:{UID}:"}
            (cls.home / "etc" / name).write_text(kept + own.get(name, f"{USER}:1000000:65536") + "\n")
        settings = cls.home / ".config/containers"
        (settings / "containers.conf").write_text(make_images.CONTAINERS_CONF.format(runtime="runc"))
        (settings / "storage.conf").write_text(make_images.STORAGE_CONF.format(driver="vfs", directory=cls.home / "run"))
        shutil.copy(AME, cls.home / "ame")
        for name in make_images.CONTENTS:
            make_images.write_archive(cls.home / "image.tar", name)
            subprocess.run(["chown", "-R", f"{UID}:{UID}", cls.home], check=True)
            cls.as_user("podman", "import", "--quiet", str(cls.home / "image.tar"), name, check=True)
        cls.home.chmod(0o755)
        # What podman keeps running for its user ends.
        cls.addClassCleanup(cls.as_user, "podman", "system", "migrate")

    @classmethod
    def as_user(cls, *argv: str, check: bool = False) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["unshare", "--mount", "--propagation=private", "sh", "-c", BECOME, cls.home, *argv],
                              check=check, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)

    def setUp(self) -> None:
        for made in (self.project, self.home / ".cache", self.home / ".local"):
            shutil.rmtree(made, ignore_errors=True)
        self.project.mkdir()
        os.chown(self.project, UID, UID)

    def ame(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.as_user(str(self.home / "ame"), *words)

    def all_containers(self) -> list[str]:
        return self.as_user("podman", "ps", "--all", "--quiet", check=True).stdout.split()


def why_not() -> str:
    if os.geteuid() != 0:
        return "only root can become another user"
    missing = [name for name in ("podman", "newuidmap", "runc") if not shutil.which(name)]
    return f"{missing[0]} is not on this machine" if missing else ""


if __name__ == "__main__":
    if reason := why_not():
        print(f"SKIPPED: {reason}")
        sys.exit(0)
    unittest.main(argv=sys.argv[:1], verbosity=2)
