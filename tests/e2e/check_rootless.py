#!/usr/bin/env python3
"""Steps in containers of a podman whose user is not root. Run as root it becomes such a user, who has a home and
subordinate numbers in a mount namespace of its own; nothing of the machine is changed.

usage: check_rootless.py ROOT AME
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

ROOT, AME = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
sys.path.insert(0, str(ROOT / "tests/containers"))

import make_images

USER, UID = "ame-trial", 45_000
SMALL, PYTHON = "localhost/ame-small:1", "localhost/ame-python:1"
# The user is one that the machine does not have.
BECOME = """
set -eu
for file in passwd group subuid subgid; do mount --bind "$0/etc/$file" "/etc/$file"; done
cd "$0/project"
exec setpriv --reuid {uid} --regid {uid} --clear-groups env -i HOME="$0" XDG_RUNTIME_DIR="$0/run" \
  AME_CONTAINER_ENGINE=podman PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
""".format(uid=UID)
EATER = """
import time
held = []
while True:
    held.append(bytearray(1 << 20))
    time.sleep(0.01)
"""


class RootlessTest(unittest.TestCase):
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
        for name, fill in ((SMALL, make_images.add_small),
                           (PYTHON, lambda archive: (make_images.add_small(archive), make_images.add_python(archive)))):
            with tarfile.open(cls.home / "image.tar", "w") as archive:
                fill(archive)
            subprocess.run(["chown", "-R", f"{UID}:{UID}", cls.home], check=True)
            cls.as_user("podman", "import", "--quiet", str(cls.home / "image.tar"), name, check=True)
        cls.home.chmod(0o755)
        # What podman keeps running for its user ends.
        cls.addClassCleanup(cls.as_user, "podman", "system", "migrate")

    @classmethod
    def as_user(cls, *argv: str, check: bool = False) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["unshare", "--mount", "--propagation=private", "sh", "-c", BECOME, cls.home, *argv],
                              check=check, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)

    def run_task(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.as_user(str(self.home / "ame"), "task", "run", "-lq", *words)

    def tasks(self, text: str) -> None:
        (self.project / "ame.yml").write_text(text)

    def containers(self) -> str:
        return self.as_user("podman", "ps", "--all", "--quiet", check=True).stdout

    def test_a_step_runs_as_its_user_on_files_that_stay_the_users(self) -> None:
        self.tasks(f"""
            tasks:
              - name: inside
                executor: !custom {{image: "{SMALL}", command: "id -u; echo made >made; echo $WHO"}}
        """)
        ran = self.run_task("inside", "-e", "WHO=you")
        self.assertEqual((ran.stdout, ran.stderr, ran.returncode), (f"{UID}\nyou\n", "", 0))
        self.assertEqual((self.project / "made").stat().st_uid, UID)
        ran = self.run_task("inside", "--container-root")
        self.assertEqual(ran.stdout.splitlines()[0], "0")
        self.assertEqual((self.project / "made").stat().st_uid, UID)
        self.assertEqual(self.containers(), "")

    def test_a_timeout_ends_also_what_does_not_listen(self) -> None:
        self.tasks(f"""
            tasks:
              - name: slow
                timeout: 1s
                executor: !custom {{image: "{SMALL}", command: "exec sleep 1000"}}
        """)
        self.assertIn("took longer than its timeout of 1s", self.run_task("slow").stderr)
        self.assertEqual(self.containers(), "")

    def test_it_is_held_to_its_memory_whoever_can_do_so(self) -> None:
        (self.project / "eat.py").write_text(EATER)
        self.tasks(f"""
            tasks:
              - name: eat
                executor: !custom {{image: "{PYTHON}", command: exec python3 eat.py}}
                resources: {{memory: 64Mi}}
        """)
        ran = self.run_task("eat")
        self.assertRegex(ran.stderr, r"^error: task `eat` (failed|was killed by SIGKILL): exceeded 64Mi of memory, peak [0-9.]+Mi;")
        who = "podman" if Path("/sys/fs/cgroup/cgroup.controllers").exists() else "watchdog"
        view = self.as_user(str(self.home / "ame"), "task", "view", ran.stderr.split("ame task logs ")[1].strip())
        self.assertIn(f"of 64Mi, {who}", view.stdout)
        self.assertEqual(self.containers(), "")

    def test_an_environment_is_made_inside_the_image(self) -> None:
        (self.project / "requirements.txt").write_text("")
        self.tasks(f"""
            tasks:
              - name: where
                executor: !pip
                  image: {PYTHON}
                  pythonVersion: "3"
                  command: [python, -c, "import sys; print(sys.prefix)"]
        """)
        ran = self.run_task("where")
        self.assertTrue(ran.stdout.startswith(f"{self.home}/.cache/ame/images/"), ran.stdout + ran.stderr)


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
