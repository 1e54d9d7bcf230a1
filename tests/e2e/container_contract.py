"""What holds for steps in containers with every engine, for the tests of those that are not podman as root."""

import re
from pathlib import Path

from make_images import PYTHON, SMALL

EATER = """
import time
held = []
while True:
    held.append(bytearray(1 << 20))
    time.sleep(0.01)
"""


class ContainerContract:
    """Mixed into a TestCase that has a project and a home of its own for each test."""

    owner: int  # of the project
    holder: str  # who holds steps to their memory
    end_of_held = "failed"  # how it is told that one is killed for it
    project: Path
    home: Path

    def ame(self, *words: str):
        """What it said."""
        raise NotImplementedError

    def all_containers(self) -> list[str]:
        raise NotImplementedError

    def tasks(self, text: str) -> None:
        (self.project / "ame.yml").write_text(text)

    def run_task(self, *words: str, **more: str):
        return self.ame("task", "run", "-lq", *words, **more)

    def records(self) -> list[str]:
        return sorted(path.suffix for path in (self.home / ".cache/ame/containers").iterdir())

    def nothing_left(self) -> None:
        self.assertEqual((self.all_containers(), self.records()), ([], []))

    def test_a_step_runs_on_the_files_of_the_project_as_their_owner(self) -> None:
        self.tasks(f"""
            tasks:
              - name: inside
                executor: !custom
                  image: {SMALL}
                  command: "id -u; ls /bin/bash 2>&1; echo \\"$WHO\\"; echo made >made"
        """)
        made = self.project / "made"
        ran = self.run_task("inside", "-e", "WHO=one\ntwo")
        self.assertEqual(ran.stdout, f"{self.owner}\nls: /bin/bash: No such file or directory\none\ntwo\n")
        self.assertEqual((ran.stderr, ran.returncode), ("", 0))
        self.assertEqual((made.read_text(), made.stat().st_uid), ("made\n", self.owner))
        self.assertEqual(self.run_task("inside", "--container-root").stdout.splitlines()[0], "0")
        self.assertEqual(made.stat().st_uid, self.owner)
        self.nothing_left()

    def test_a_timeout_ends_also_what_does_not_listen(self) -> None:
        self.tasks(f"""
            tasks:
              - name: slow
                timeout: 1s
                executor: !custom {{image: "{SMALL}", command: "exec sleep 1000"}}
        """)
        self.assertIn("took longer than its timeout of 1s", self.run_task("slow").stderr)
        self.nothing_left()

    def test_it_is_held_to_its_memory(self) -> None:
        (self.project / "eat.py").write_text(EATER)
        self.tasks(f"""
            tasks:
              - name: eat
                executor: !custom {{image: "{PYTHON}", command: exec python3 eat.py}}
                resources: {{memory: 64Mi, cpu: 500m}}
        """)
        ran = self.run_task("eat")
        self.assertRegex(ran.stderr, rf"^error: task `eat` {self.end_of_held}: exceeded 64Mi of memory, peak [0-9.]+Mi;")
        self.assertIn(f"of 64Mi, {self.holder}", self.ame("task", "view", "1").stdout)
        self.nothing_left()

    def test_an_environment_is_made_inside_the_image_once(self) -> None:
        (self.project / "requirements.txt").write_text("")
        self.tasks(f"""
            tasks:
              - name: where
                executor: !pip
                  image: {PYTHON}
                  pythonVersion: "3"
                  command: [python, -c, "import sys; print(sys.prefix)"]
        """)
        first = self.ame("task", "run", "-l", "where")
        self.assertTrue(first.stdout.startswith(f"{self.home}/.cache/ame/images/"), first.stdout + first.stderr)
        self.assertIn(f"looking into the image {PYTHON}\n", first.stderr)
        again = self.ame("task", "run", "-l", "where")
        self.assertEqual(again.stdout, first.stdout)
        self.assertEqual(re.sub(r"in [0-9.]+ m?s", "in TIME", again.stderr), "where-2 started\nwhere-2 succeeded in TIME\n")
