#!/usr/bin/env python3
"""Tasks that ame has a real Funnel run, in containers of a real podman (ci/funnel-server builds it).

usage: check_tes.py ROOT AME

All of it is in a network of its own that has nothing but loopback: Funnel listens everywhere.
"""

import base64
import hashlib
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

ROOT = Path(sys.argv[1]).resolve()
sys.path.insert(0, str(ROOT / "tests/servers"))
import funnel  # noqa: E402
import openapi_validator  # noqa: E402
from engine_contract import EngineContract  # noqa: E402

PROGRAM = Path(
    subprocess.run([ROOT / "ci/funnel-server", "--where"], check=True, capture_output=True, text=True).stdout.strip()
)

class Tes(EngineContract, unittest.TestCase):
    maxDiff = None
    waits = "until [ -e /ame/work/open ]; do sleep 0.05; done"

    @classmethod
    def setUpClass(cls) -> None:
        cls.top = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.shared = cls.top / "shared"
        cls.shared.mkdir()
        (cls.top / "server").mkdir()
        _, cls.s3 = cls.serve("swift_s3.py", cls.top / "swift", "--tls")
        cls.certificate = cls.top / "swift/cert.pem"
        os.environ["SSL_CERT_FILE"] = str(cls.certificate)  # for Funnel
        make_bucket = ["rclone", "mkdir", f":s3,provider=Other,endpoint='{cls.s3}',access_key_id='test:tester',"
                       "secret_access_key=testing,region=us-east-1,force_path_style=true:lake"]
        subprocess.run(make_bucket, check=True, env={"PATH": "/usr/bin:/bin", "HOME": str(cls.top), "SSL_CERT_FILE": str(cls.certificate)},
                       stderr=subprocess.DEVNULL)
        cls.server, cls.direct = cls.serve(
            "funnel.py", PROGRAM, cls.top / "server", cls.shared, "anna", "pass word", cls.s3
        )
        cls.between = openapi_validator.Validator(
            cls.direct, openapi_validator.document_of_tes(ROOT), openapi_validator.TES_BASE
        )
        cls.addClassCleanup(cls.between.close)
        cls.address = cls.between.address

    @classmethod
    def serve(cls, program: str, *words: object) -> tuple[subprocess.Popen, str]:
        """A server, and the address that it says it is ready at."""
        server = subprocess.Popen(
            ["/usr/bin/python3", "-B", ROOT / "tests/servers" / program, *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        )
        cls.addClassCleanup(server.stdout.close)
        cls.addClassCleanup(server.wait)
        cls.addClassCleanup(server.terminate)
        ready, _, address = server.stdout.readline().strip().partition(" ")
        assert ready == "ready", f"{program} did not start"
        return server, address

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

    def open_gate(self) -> None:
        for work in (self.shared / "funnel-work").glob("*/ame/work"):
            (work / "open").touch()

    def close_gate(self) -> None:
        pass  # each task has one of its own

    def nothing_left(self) -> None:
        while any(state in ("QUEUED", "INITIALIZING", "RUNNING") for state in self.at_server_named("").values()):
            pass  # it has been asked to end them, and looks for that now and then

    nothing_stays = nothing_left

    def complain(self) -> None:
        said = list(dict.fromkeys(self.between.complaints))
        self.between.complaints.clear()
        self.assertEqual(said, [])

    def give(self, key: str, value: str) -> None:
        self.ame("secret", "add", "--force", key, stdin=value)

    def write(self, name: str, text: str) -> None:
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

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
        self.assertEqual(works, ["reach", "send", "quota", "submit", "start", "output", "exit code", "cancel"], lines)
        self.assertIn("python3: not found", lines[5])
        self.give("cluster/tes/user", "anna")
        self.give("cluster/tes/password", "pass word")
        said = self.ame("setup", self.address, "--auth", "basic", "--storage", "lake", "--image", funnel.IMAGE)
        self.assertIn("added the cluster `tes`, which runs use from now on", said)
        self.assertIn("exit code ok", said)
        self.ame("cluster", "use", "far")
        self.ame("cluster", "add", "open", "--endpoint", self.address, "--storage", "lake", "--image", funnel.IMAGE)
        refused = self.ame("cluster", "test", "open", fails=True)
        self.assertIn(f"the cluster `open` cannot be asked at {self.address}/ga4gh/tes/v1: it answers 401", refused)
        self.assertIn("`ame secret add cluster/open/token`", refused)
        self.assertEqual([path for path in self.store.glob("clusters/runs/**/*") if path.is_file()], [])
        self.give("cluster/far/password", "wrong")
        refused = self.ame("cluster", "test", fails=True)
        self.assertIn("it answers 40", refused)
        self.assertNotIn("wrong", refused)
        self.assertIn("needs `--storage`", self.ame("cluster", "add", "x", "--endpoint", self.address, fails=True))
        self.assertIn("clear text", self.ame("cluster", "add", "x", "--endpoint", "http://tes.example.org",
                                             "--storage", "lake", fails=True))

    # One plan, two places.

    def test_small_tools_or_those_of_gnu(self) -> None:
        """What steps change travels with the tar of busybox, which can do little, and with that of GNU."""
        odd = "./- a 'b' \\\\ é"
        for number, image in enumerate((funnel.IMAGE, funnel.GNU_IMAGE), start=1):
            self.tasks(
                "{name: look, dependsOn: [change], executor: !custom {command: 'cat made/moved; find . | LC_ALL=C sort'}}",
                "{name: change, executor: !custom {command: ./change.sh}}",
            )
            self.write("change.sh", f'#!/bin/sh\necho odd >"{odd}"; mkdir -p made/empty; mv moved made/; rm -r gone; chmod 700 change.sh\n')
            (self.project / "change.sh").chmod(0o755)
            self.write("moved", "moved\n")
            self.write("gone/file", "gone\n")
            self.ame("cluster", "add", "--force", "far", "--endpoint", self.address, "--auth", "basic", "--storage", "lake", "--image", image)
            self.ame("task", "run", "look")
            said = self.ame("task", "logs", str(number), "--step", "look", "--stream", "stdout")
            there = [".", "./- a 'b' \\ é", "./ame.yml", "./change.sh", "./made", "./made/empty", "./made/moved"]
            self.assertEqual(said.splitlines(), ["moved", *there])

    def test_files_go_by_a_bucket(self) -> None:
        self.give("storage/bucket/key-id", "test:tester")
        self.give("storage/bucket/key", "testing")
        self.ame("storage", "add", "bucket", "--endpoint", self.s3, "--bucket", "lake", "--prefix", "of/tides",
                 "--ca-file", self.certificate)
        self.ame("cluster", "add", "--force", "far", "--endpoint", self.address, "--auth", "basic", "--storage", "bucket",
                 "--image", funnel.IMAGE)
        (self.project / "large.bin").write_bytes(os.urandom(3 << 20))
        self.tasks(
            "{name: sum, dependsOn: [copy], executor: !custom {command: 'cmp large.bin copy.bin && md5sum < copy.bin; exit 3'}, artifacts: {paths: [copy.bin], saveOnFailure: true}}",
            "{name: copy, executor: !custom {command: 'cp large.bin copy.bin'}}",
        )
        self.ame("task", "run", "sum", fails=True)
        content = (self.project / "large.bin").read_bytes()
        self.assertEqual(self.ame("task", "logs", "1", "--step", "sum"), hashlib.md5(content).hexdigest() + "  -\n")
        self.ame("artifact", "get", "1", "--to", "there")
        self.assertEqual((self.project / "there/copy.bin").read_bytes(), content)
        self.assertIn("3 of them were there already", self.ame("task", "run", "copy"))

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
            print("not held against it: the document of TES is not beside the project", file=sys.stderr)
            return
        self.ame("cluster", "test")
        self.assertEqual(self.between.heard, {"GET /service-info", "GET /tasks", "POST /tasks", "GET /tasks/{id}", "POST /tasks/{id}:cancel"})
        self.complain()
        self.between.look_at("POST", "/ga4gh/tes/v1/tasks", b'{"executors": [{"command": "true"}]}', 200, b"{}")
        self.between.look_at("GET", "/ga4gh/tes/v1/tasks?name=x", b"", 500, b"")
        self.assertEqual(len(self.between.complaints), 4, self.between.complaints)
        self.between.complaints.clear()

    # What ends otherwise.

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

    def test_a_rerun_needs_what_the_rest_has_left(self) -> None:
        self.tasks("{name: last, dependsOn: [first], executor: !custom {command: 'cat made; exit 3'}}",
                   "{name: first, executor: !custom {command: 'echo first >made'}}")
        self.ame("task", "run", "last", fails=True)
        self.ame("task", "rerun", "1", "--from-failed", fails=True)
        self.assertEqual(self.ame("task", "logs", "2"), "first\n")
        self.ame("task", "rm", "last-1")
        self.assertRegex(self.ame("task", "rerun", "2", "--from-failed", fails=True), "what the steps of last-2-.* have left is not in the storage `lake` any more")

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
