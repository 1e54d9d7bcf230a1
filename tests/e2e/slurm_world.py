"""A real Slurm (ci/slurm-server unpacks it), a project beside it and ame, for the tests that need them.

Whoever imports it was started with ROOT AME.
"""

import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT, AME = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
sys.path.insert(0, str(ROOT / "tests/servers"))
import slurm  # noqa: E402
from engine_contract import EngineUser  # noqa: E402


def programs_of(*release: str) -> Path:
    """Where the Slurm of that release of Debian is, of this machine's by default; it may not be there."""
    asked = [ROOT / "ci/slurm-server", "--where", *release]
    return Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())


class SlurmWorld(unittest.TestCase):
    maxDiff = None
    programs = programs_of()
    more: tuple[str, ...] = ()  # that the server is told

    @classmethod
    def setUpClass(cls) -> None:
        cls.top = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.server = server = subprocess.Popen(
            ["/usr/bin/python3", "-B", ROOT / "tests/servers/slurm.py", cls.programs, cls.top, *cls.more],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        )
        cls.addClassCleanup(server.stdout.close)
        cls.addClassCleanup(server.wait)
        cls.addClassCleanup(server.terminate)
        assert server.stdout.readline() == "ready\n", "Slurm did not start"

    def setUp(self) -> None:
        self.scratch = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.project = self.scratch / "the tides"
        self.project.mkdir()
        (self.scratch / "home").mkdir()
        self.variables = {
            **slurm.variables(self.programs, self.top),
            "HOME": str(self.scratch / "home"),
            "AME_HOME": str(self.scratch / "ame"),
            "AME_CLUSTER_CACHE": str(self.scratch / "cache"),
            "LANG": "C.UTF-8",
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_NO_INDEX": "1",
        }

    def write(self, name: str, text: str) -> None:
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run_(self, *argv: object, fails: bool = False, **more: str) -> str:
        done = subprocess.run(
            [str(word) for word in argv],
            cwd=self.project,
            env={**self.variables, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        self.assertEqual(done.returncode != 0, fails, done.stdout)
        return done.stdout


class SlurmCluster(EngineUser, SlurmWorld):
    """With ame, which knows it as `lab`."""

    def setUp(self) -> None:
        super().setUp()
        self.shared = self.scratch / "shared"
        self.variables.pop("AME_CLUSTER_CACHE")
        self.run_(AME, "cluster", "add", "lab", "--directory", self.shared, *self.ways())
        self.gate = self.scratch / "gate"
        self.waits = f'until [ -e "{self.gate}" ]; do sleep 0.05; done'

    def ways(self) -> list[str]:
        """How ame is to reach it."""
        return []

    def open_gate(self) -> None:
        self.gate.touch()

    def close_gate(self) -> None:
        self.gate.unlink(missing_ok=True)

    def controller(self, asked: signal.Signals, answer: str) -> None:
        self.server.send_signal(asked)
        self.assertEqual(self.server.stdout.readline(), answer + "\n")

    def nothing_left(self) -> None:
        self.assertEqual(self.queued(), [])

    def nothing_stays(self) -> None:
        # A step tells its end before Slurm has seen that of its job.
        self.run_("sh", "-c", "while squeue --noheader --me --format=%T | grep -q RUNNING; do sleep 0.05; done")
        self.nothing_left()

    def queued(self) -> list[str]:
        """Jobs that wait or run: one that has ended is COMPLETING until its node has been cleared."""
        jobs = self.run_("squeue", "--noheader", "--array", "--me", "--format=%j %T").splitlines()
        return [job for job in jobs if not job.endswith(" COMPLETING")]

    def directory_of(self, name: str) -> Path:
        (found,) = self.shared.glob(f"runs/{name}-*")
        return found


class SlurmContract:
    """What Slurm does alike however it is asked."""

    def test_why_a_step_waits_is_asked_of_slurm(self) -> None:
        self.tasks(f"{{name: big, resources: {{cpu: 16}}, executor: !custom {{command: {self.gated()}}}}}",
                   "{name: next, resources: {cpu: 16}, executor: !custom {command: 'true'}}")
        run = self.start("task", "run", "big", "next")
        self.read_until(run, "begun")
        self.run_("sh", "-c", "until squeue --noheader --me --format=%r | grep -qE 'Resources|Priority'; do sleep 0.05; done")
        why = self.ame("task", "why", "big-1", "next")
        self.assertRegex(why, r"it waits for Slurm \((Resources: what it asks for is in use|Priority: others come first)\)")
        self.open_gate()
        run.stdout.read()
        self.assertEqual(run.wait(), 0)

    def test_five_hundred_steps(self) -> None:
        numbers = ", ".join(f'"{number}"' for number in range(500))
        self.tasks("{name: gather, dependsOn: [one], executor: !custom {command: 'ls made | wc -l'}}",
                   f"{{name: one, matrix: {{n: [{numbers}]}}, environment: {{n: '${{matrix.n}}'}}, resources: {{cpu: 1, memory: 10Mi}}, executor: !custom {{command: 'mkdir -p made; touch made/$n'}}}}")
        self.ame("task", "run", "gather", "--output", "quiet")
        self.assertEqual(self.ame("task", "logs", "1", "--step", "gather"), "500\n")


def main(*releases: str) -> None:
    for release in ((), *((release,) for release in releases)):
        if not (programs_of(*release) / "unpacked").exists():
            print(f"SKIPPED: there is no Slurm here; `{' '.join(('ci/slurm-server', *release))}` unpacks it")
            sys.exit()
    if os.geteuid() != 0:
        print("SKIPPED: only root can be the user of a Slurm of its own")
        sys.exit()
    del sys.argv[1:3]
    unittest.main()
