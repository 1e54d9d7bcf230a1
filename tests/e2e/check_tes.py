#!/usr/bin/env python3
"""Tasks that ame has a real Funnel run, in containers of a real podman (ci/funnel-server builds it).

usage: check_tes.py ROOT AME

All of it is in a network of its own that has nothing but loopback: Funnel listens everywhere.
"""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request
from pathlib import Path

ROOT, AME = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
sys.path.insert(0, str(ROOT / "tests/servers"))
import funnel  # noqa: E402
import tes_validator  # noqa: E402

PROGRAM = Path(
    subprocess.run([ROOT / "ci/funnel-server", "--where"], check=True, capture_output=True, text=True).stdout.strip()
)

TIDES = """
project: tides
tasks:
  - name: forecast
    dependsOn: [fit]
    executor: !custom {command: "cat part-* | tee forecast; ls"}
  - name: fit
    dependsOn: [measure]
    matrix: {part: ["1", "2", "3"]}
    environment: {part: "${matrix.part}", unit: "cm of 'sea' $water"}
    executor: !custom {command: 'echo "$part $unit" >"part-$part"; echo "fitted $part" >&2'}
  - name: measure
    executor: !custom {command: "./measure.sh"}
"""


class Tes(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls) -> None:
        cls.top = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.shared = cls.top / "shared"
        cls.shared.mkdir()
        (cls.top / "server").mkdir()
        cls.server = server = subprocess.Popen(
            ["/usr/bin/python3", "-B", ROOT / "tests/servers/funnel.py", PROGRAM, cls.top / "server", cls.shared,
             "anna", "pass word"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        )
        cls.addClassCleanup(server.stdout.close)
        cls.addClassCleanup(server.wait)
        cls.addClassCleanup(server.terminate)
        ready, _, cls.direct = server.stdout.readline().strip().partition(" ")
        assert ready == "ready", "Funnel did not start"
        cls.between = tes_validator.Validator(cls.direct, tes_validator.document(ROOT))
        cls.addClassCleanup(cls.between.close)
        cls.address = cls.between.address

    def setUp(self) -> None:
        self.scratch = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.project = self.scratch / "the tides"
        self.project.mkdir()
        (self.scratch / "home").mkdir()
        self.variables = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.scratch / "home"),
            "AME_HOME": str(self.scratch / "ame"),
            "LANG": "C.UTF-8",
        }
        self.store = self.shared / self.id()
        self.ame("storage", "add", "lake", "--path", self.store)
        self.give("cluster/far/user", "anna")
        self.give("cluster/far/password", "pass word")
        self.ame("cluster", "add", "far", "--endpoint", self.address, "--auth", "basic", "--storage", "lake",
                 "--image", funnel.IMAGE)
        self.addCleanup(self.complain)

    def complain(self) -> None:
        said = list(dict.fromkeys(self.between.complaints))
        self.between.complaints.clear()
        self.assertEqual(said, [])

    def ame(self, *words: object, fails: bool = False, stdin: str = "", **more: str) -> str:
        done = subprocess.run(
            [str(word) for word in (AME, *words)], cwd=self.project, env={**self.variables, **more}, input=stdin,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
        )
        self.assertEqual(done.returncode != 0, fails, done.stdout)
        return done.stdout

    def give(self, key: str, value: str) -> None:
        self.ame("secret", "add", "--force", key, stdin=value)

    def write(self, name: str, text: str) -> None:
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def tasks(self, *tasks: str) -> None:
        self.write("ame.yml", "project: tides\ntasks:\n" + "".join(f"  - {task}\n" for task in tasks))

    def start(self, *words: object, **more: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [AME, *words], cwd=self.project, env={**self.variables, **more}, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def read_until(self, process: subprocess.Popen, wanted: str) -> str:
        read = ""
        for line in process.stdout:
            read += line
            if wanted in line:
                return read
        self.fail(f"no `{wanted}` in: {read}")

    def run_named(self, name: str) -> dict:
        return json.loads(self.ame("task", "view", name, "--json"))

    def states(self, name: str) -> dict[str, str]:
        return {step["name"]: step["status"] for step in self.run_named(name)["steps"]}

    def funnel(self, asked: signal.Signals, answer: str) -> None:
        self.server.send_signal(asked)
        self.assertTrue(self.server.stdout.readline().startswith(answer))

    def at_server(self, path: str) -> dict:
        request = urllib.request.Request(self.direct + "/ga4gh/tes/v1" + path, headers={"Accept": "application/json"})
        request.add_header("Authorization", "Basic " + base64.b64encode(b"anna:pass word").decode())
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def at_server_named(self, prefix: str) -> dict[str, str]:
        listed = self.at_server(f"/tasks?name_prefix={prefix}&view=BASIC&page_size=500")["tasks"]
        return {task["name"].partition("/")[2]: task["state"] for task in listed}

    # What is configured.

    def test_clusters_are_tested_and_credentials_wanted(self) -> None:
        lines = self.ame("cluster", "test").splitlines()
        works = [line.split(" ok ")[0].strip() for line in lines]
        self.assertEqual(works, ["reach", "send", "submit", "start", "output", "exit code", "cancel"], lines)
        self.assertIn("python3: not found", lines[4])
        self.ame("cluster", "add", "open", "--endpoint", self.address, "--storage", "lake", "--image", funnel.IMAGE)
        refused = self.ame("cluster", "test", "open", fails=True)
        self.assertIn(f"the cluster `open` cannot be asked at {self.address}/ga4gh/tes/v1: it answers 401", refused)
        self.assertIn("`ame secret add cluster/open/token`", refused)
        self.give("cluster/far/password", "wrong")
        refused = self.ame("cluster", "test", fails=True)
        self.assertIn("it answers 40", refused)
        self.assertNotIn("wrong", refused)
        self.assertIn("needs `--storage`", self.ame("cluster", "add", "x", "--endpoint", self.address, fails=True))
        self.assertIn("clear text", self.ame("cluster", "add", "x", "--endpoint", "http://tes.example.org",
                                             "--storage", "lake", fails=True))

    # One plan, two places.

    def test_a_pipeline_does_what_it_does_at_home(self) -> None:
        for image in (funnel.IMAGE, funnel.GNU_IMAGE):
            with self.subTest(image=image):
                self.ame("task", "prune", "--keep", "0")
                self.one_pipeline(image)

    def one_pipeline(self, image: str) -> None:
        self.write("ame.yml", TIDES)
        self.write("measure.sh", "#!/bin/sh\nls -A . && ls data | wc -l && cat 'data/kept é.txt' data/large.bin | md5sum\nrm data/gone; mkdir -p deep/er; echo 'a b' >'deep/er/- c'\n")
        (self.project / "measure.sh").chmod(0o755)
        self.write("data/kept é.txt", "kept")
        self.write("data/left.bin", "left")
        self.write("data/gone", "gone")
        (self.project / "data/large.bin").write_bytes(bytes(range(256)) * 8192)
        self.write(".ameignore", "*.bin\n!data/large.bin\n")
        said = self.ame("task", "run", "forecast")
        self.assertIn("[fit@part=2] fitted 2", said)
        self.assertRegex(said, r"submitted 5 steps to `far` as tasks forecast-\d-")
        name = re.search(r"as tasks (forecast-\d)-", said)[1]
        self.assertFalse((self.project / "forecast").exists(), "a run on a cluster leaves the project alone")
        steps = ("measure", "forecast", "fit@part=3")
        remote = [self.ame("task", "logs", name, "--step", step) for step in steps]
        self.assertTrue(remote[0].startswith(".ameignore\name.yml\ndata\nmeasure.sh\n3\n"), remote[0])
        self.assertIn("1 cm of 'sea' $water\n2 cm of 'sea' $water\n3 cm of 'sea' $water\n", remote[1])
        self.assertIn("deep\nforecast\nmeasure.sh\npart-1\n", remote[1])
        self.assertEqual(self.run_named(name)["cluster"], "far")
        again = self.ame("task", "run", "measure", "-e", "x=1")
        self.assertIn("sending 6 files (2Mi) to `far`\n6 of them were there already\n", again)
        (self.project / "data/left.bin").unlink()
        name = re.search(r"(forecast-\d) started", self.ame("task", "run", "-l", "forecast"))[1]
        self.assertEqual([self.ame("task", "logs", name, "--step", step) for step in steps], remote)
        for path in ("forecast", "part-1", "part-2", "part-3"):
            (self.project / path).unlink()
        shutil.rmtree(self.project / "deep")

    def test_a_dry_run_shows_what_would_be_sent(self) -> None:
        self.tasks("{name: heavy, executor: !custom {command: 'true'}, resources: {cpu: 2, memory: 3G, gpu: 1}, when: 'false'}")
        shown = self.ame("task", "run", "heavy", "--dry-run")
        document = json.JSONDecoder().raw_decode(shown[shown.index("{"):])[0]
        self.assertEqual(document["resources"], {"cpu_cores": 2, "ram_gb": 3.0})
        self.assertIn("`gpu` of `heavy`: TES cannot be asked for devices", shown)
        self.assertIn("`when` of `heavy`", shown)
        strict = self.ame("task", "run", "heavy", "--strict", fails=True)
        self.assertIn("2 things cannot be said to TES; nothing was done", strict)

    def test_what_is_said_is_held_against_the_standard(self) -> None:
        if self.between.spec is None:
            print(f"not held against it: {tes_validator.document(ROOT)} is not there", file=sys.stderr)
            return
        self.ame("cluster", "test")
        self.assertEqual(self.between.heard, {"GET /service-info", "GET /tasks", "POST /tasks", "GET /tasks/{id}", "POST /tasks/{id}:cancel"})
        self.complain()
        self.between.look_at("POST", "/ga4gh/tes/v1/tasks", b'{"executors": [{"command": "true"}]}', 200, b"{}")
        self.between.look_at("GET", "/ga4gh/tes/v1/tasks?name=x", b"", 500, b"")
        self.assertEqual(len(self.between.complaints), 4, self.between.complaints)
        self.between.complaints.clear()

    # What ends otherwise.

    def test_failures_are_what_they_are_and_a_rerun_goes_on(self) -> None:
        self.tasks(
            "{name: all, dependsOn: [late, beside], executor: !custom {command: 'true'}}",
            "{name: late, dependsOn: [early], executor: !custom {command: 'cat made; echo \"too late\" >&2; exit 7'}}",
            "{name: early, executor: !custom {command: 'echo early >made'}, artifacts: {paths: [made]}}",
            "{name: beside, executor: !custom {command: 'echo beside'}}",
        )
        said = self.ame("task", "run", "all", fails=True)
        self.assertIn("[late] too late", said)
        self.assertEqual(self.states("1"), {"early": "Succeeded", "late": "Failed", "beside": "Succeeded", "all": "Skipped"})
        self.assertIn("exit code 7", self.ame("task", "why", "1", "late"))
        self.ame("artifact", "get", "1", "--to", "there")
        self.assertEqual((self.project / "there/made").read_text(), "early\n")
        self.ame("task", "rerun", "1", "--from-failed", fails=True)
        self.assertEqual(self.states("2"), {"late": "Failed", "all": "Skipped"})
        self.assertEqual(self.ame("task", "logs", "2", "--step", "late"), "early\ntoo late\n")

    def test_an_image_that_is_not_there_and_a_timeout_are_named(self) -> None:
        self.tasks(
            "{name: bare, executor: !custom {command: 'true', image: 'localhost/none:1'}}",
            "{name: slow, timeout: 1s, executor: !custom {command: 'echo begun; exec sleep 60'}}",
        )
        self.ame("task", "run", "bare", fails=True)
        self.assertIn("its container could not run (exit code 125)", self.ame("task", "why", "1", "bare"))
        self.assertIn("localhost/none:1", self.ame("task", "logs", "1"))
        self.ame("task", "run", "slow", fails=True)
        self.assertIn("took longer than its timeout of 1s", self.ame("task", "why", "2", "slow"))

    def gated(self) -> str:
        """Waits for a file that the test makes in the work of the server."""
        return "echo begun; until ls /ame/work/open 2>/dev/null; do sleep 0.1; done; echo done"

    def open_gate(self, name: str) -> None:
        for work in (self.shared / "funnel-work").iterdir():
            if (work / "ame/work").exists() and name in (work / "ame/step.sh").read_text():
                (work / "ame/work/open").touch()

    def wait_running(self, run: str, step: str) -> str:
        """Until the server runs it; the name of the run there."""
        while True:
            for name in {task["name"].partition("/")[0] for task in self.at_server("/tasks?view=BASIC&page_size=500")["tasks"]}:
                if name.startswith(run) and self.at_server_named(name + "/").get(step) == "RUNNING":
                    return name

    def test_a_run_goes_on_without_ame(self) -> None:
        mark = "mark-of-gone"
        self.tasks(
            "{name: gone, dependsOn: [held], executor: !custom {command: 'cat made'}}",
            "{name: held, executor: !custom {command: %s}}" % json.dumps(f"# {mark}\n{self.gated()}; echo held >made"),
        )
        running = self.start("task", "run", "gone")
        self.read_until(running, "submitted")
        there = self.wait_running("gone-1-", "1-held")
        running.kill()
        running.wait()
        self.assertIn("Running", self.ame("task", "list"))
        self.open_gate(mark)
        self.ame("task", "wait", "gone-1")
        self.assertEqual(self.states("1"), {"held": "Succeeded", "gone": "Succeeded"})
        self.assertEqual(self.ame("task", "logs", "1", "--step", "gone"), "held\n")
        self.assertEqual(self.ame("task", "logs", "1", "--step", "held").count("begun"), 1)
        self.assertEqual(self.at_server_named(there + "/"), {"1-held": "COMPLETE", "2-gone": "COMPLETE"})

    def test_cancelled_is_cancelled_there(self) -> None:
        self.tasks("{name: lasting, executor: !custom {command: %s}}" % json.dumps(self.gated()))
        said = self.ame("task", "run", "lasting", "--detach")
        self.assertIn("lasting-1", said)
        there = self.wait_running("lasting-1-", "1-lasting")
        self.ame("task", "cancel", "lasting-1")
        self.assertEqual(self.states("1"), {"lasting": "Cancelled"})
        while (state := self.at_server_named(there + "/")["1-lasting"]) == "RUNNING":
            pass
        self.assertEqual(state, "CANCELED")

    def test_a_server_that_is_away_is_waited_for(self) -> None:
        mark = "mark-of-away"
        self.tasks(
            "{name: after, dependsOn: [before], executor: !custom {command: 'echo after'}}",
            "{name: before, executor: !custom {command: %s}}" % json.dumps(f"# {mark}\necho before"),
        )
        self.ame("task", "run", "before")
        self.funnel(signal.SIGUSR1, "away")
        try:
            refused = self.ame("task", "run", "after", fails=True)
            self.assertIn(f"the cluster `far` cannot be asked at {self.address}/ga4gh/tes/v1:", refused)
        finally:
            self.funnel(signal.SIGUSR2, "ready")
        self.ame("task", "run", "after")

    def test_secrets_are_in_no_task_and_no_log(self) -> None:
        self.give("api", "s3cr3t-of-tides")
        self.tasks(
            "{name: open, secrets: [!ame {key: api, injectAs: API}], executor: !custom {command: 'echo \"it is $API\"; echo ${#API}; ls /ame/work/secrets'}}"
        )
        said = self.ame("task", "run", "open", "-e", "MY_TOKEN=t0ken-of-tides")
        self.assertIn("lie in the storage `lake` until the run is over", said)
        self.assertIn("it is ***", said)
        self.assertIn("15", said)
        everywhere = json.dumps(self.at_server("/tasks?view=FULL&page_size=500")) + said + self.ame("task", "view", "1", "--json")
        self.assertNotIn("t0ken-of-tides", everywhere)
        self.assertNotIn("s3cr3t-of-tides", said)
        left = [path for path in self.store.rglob("*") if path.is_file() and path.name == "secrets"]
        self.assertEqual(left, [])
        task = [one for one in self.at_server("/tasks?view=FULL&page_size=500")["tasks"] if one["name"].startswith("open-1")][0]
        self.assertNotIn("s3cr3t-of-tides", json.dumps([task["inputs"], task["executors"]]))

    def test_pruned_runs_leave_nothing(self) -> None:
        self.tasks("{name: brief, executor: !custom {command: 'echo brief >made'}, artifacts: {saveChangedFiles: true}}")
        self.ame("task", "run", "brief", "--download", "there")
        self.assertEqual((self.project / "there/made").read_text(), "brief\n")
        self.assertTrue(list(self.store.glob("clusters/runs/brief-1-*")))
        self.ame("task", "rm", "brief-1")
        self.assertEqual([path for path in self.store.glob("clusters/runs/brief-1-*/**/*") if path.is_file()], [])


def main() -> None:
    if not PROGRAM.exists():
        print("SKIPPED: there is no Funnel here; `ci/funnel-server` builds it")
        sys.exit()
    if os.geteuid() != 0:
        print("SKIPPED: only root can have a network of its own")
        sys.exit()
    funnel.only_loopback()
    del sys.argv[1:3]
    unittest.main()


if __name__ == "__main__":
    main()
