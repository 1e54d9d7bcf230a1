#!/usr/bin/env python3
"""Tasks that ame submits to a real Slurm over HTTP, of two releases (ci/slurm-server unpacks them).

usage: check_slurm_rest.py ROOT AME
"""

import json
import re
import signal
import urllib.request

from engine_contract import AME, EngineContract
from slurm_world import SlurmCluster, SlurmContract, main, programs_of, slurm

import openapi_validator  # noqa: E402

NEWER = "trixie"


class RestCluster(SlurmCluster):
    more = ("rest",)

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        direct = "http://127.0.0.1:" + (cls.top / "rest-port").read_text()
        headers = {"X-SLURM-USER-NAME": "root", "X-SLURM-USER-TOKEN": slurm.token(cls.top, "root")}
        with urllib.request.urlopen(urllib.request.Request(direct + "/openapi/v3", headers=headers)) as answer:
            document = json.load(answer)
        # What it says about its own answers is not what it answers.
        cls.between = openapi_validator.Validator(direct, document, holds_answers=False)
        cls.addClassCleanup(cls.between.close)
        cls.address = cls.between.address

    def setUp(self) -> None:
        super().setUp()
        self.give_token("SLURM_JWT=" + slurm.token(self.top, "root"))
        self.addCleanup(self.between.complaints.clear)

    def ways(self) -> list[str]:
        return ["--auth", "jwt", "--endpoint", self.address]

    def give_token(self, token: str) -> None:
        self.ame("secret", "add", "--force", "cluster/lab/token", stdin=token + "\n")

    def tearDown(self) -> None:
        # Versions are asked for until there is one.
        said = [complaint for complaint in self.between.complaints if "/ping is nothing" not in complaint]
        self.assertEqual(said, [])


class RestContract:
    """Of both releases."""

    def test_devices_and_time_are_asked_for(self) -> None:
        self.tasks("{name: fit, resources: {gpu: 1, cpu: 1, memory: 20Mi, storage: 1Mi}, timeout: 3m, executor: !custom {command: 'echo \"device $CUDA_VISIBLE_DEVICES\"'}}")
        (job,) = re.findall(r"as job (\d+)", self.ame("task", "run", "fit"))
        self.assertRegex(self.ame("task", "logs", "1"), r"^device [01]\n$")
        said = self.run_("scontrol", "show", "job", job)
        self.assertIn("TimeLimit=00:03:00", said)
        self.assertRegex(said, r"mem=20M\b")
        self.assertIn("Requeue=0", said)


class ThisRelease(EngineContract, RestContract, RestCluster):
    def test_who_asks_is_known_by_a_token(self) -> None:
        lines = self.ame("cluster", "test").splitlines()
        self.assertEqual([line.split(" ok ")[0].strip() for line in lines],
                         ["reach", "send", "quota", "submit", "start", "output", "exit code", "cancel"], lines)
        self.assertIn("partition main", lines[0])
        self.give_token(slurm.token(self.top, "root", lifespan=-300))
        refused = self.ame("cluster", "test", fails=True)
        self.assertRegex(refused, r"the cluster `lab`: `http://\S+` answers \d+ \(.*\); the token has expired 5m")
        self.give_token("no-token-at-all")
        refused = self.ame("cluster", "test", fails=True)
        self.assertRegex(refused, r"the cluster `lab`: `http://\S+` answers 401 \(Authentication failure\)")
        self.assertIn("`scontrol token` makes one, `ame secret add cluster/lab/token` keeps it", refused)
        self.assertNotIn("no-token-at-all", refused)
        self.ame("secret", "remove", "cluster/lab/token")
        refused = self.ame("cluster", "test", fails=True)
        self.assertIn("the secret store has no `cluster/lab/token`, which the cluster `lab` wants", refused)

    def test_what_makes_no_sense_is_refused(self) -> None:
        add = ("cluster", "add", "other", "--kind", "slurm", "--directory", "x", "--endpoint")
        self.assertIn("clear text", self.ame(*add, "http://slurm.example.org:6820", fails=True))
        self.assertIn("is no address", self.ame(*add, "slurm.example.org:6820", fails=True))
        self.assertIn("nothing of `--auth basic`", self.ame(*add, self.address, "--auth", "basic", fails=True))
        self.assertIn("does not speak `v0.0.1`", self.ame(*add, self.address + "/slurm/v0.0.1", fails=True))
        self.ame(*add, self.address + "/slurm/v0.0.41")
        self.ame("secret", "add", "cluster/other/token", stdin=slurm.token(self.top, "root"))
        self.assertIn("does not speak v0.0.41", self.ame("cluster", "test", "other", fails=True))
        self.between.complaints.clear()
        self.ame("cluster", "add", "away", "--directory", "x", "--auth", "jwt", "--endpoint", "http://127.0.0.1:1")
        self.ame("secret", "add", "cluster/away/token", stdin="t")
        self.assertRegex(self.ame("cluster", "test", "away", fails=True), "the cluster `away`: `http://127.0.0.1:1` .*")


class NewerRelease(EngineContract, RestContract, SlurmContract, RestCluster):
    programs = programs_of(NEWER)

    def test_what_would_be_sent_can_be_seen(self) -> None:
        self.tasks("{name: fit, resources: {memory: 20Mi, gpu: 1, cpu: 2}, timeout: 90s, executor: !custom {command: echo hello}}",
                   "{name: use, dependsOn: [fit], executor: !custom {command: echo bye}}")
        shown = self.ame("task", "run", "use", "--dry-run", SOMETHING="is-not-sent")
        self.assertIn("### jobs/1-fit.json\n", shown)
        self.assertIn("### steps/1-fit.sh\n#!/bin/sh\n", shown)
        (first, second) = self.jobs_in(shown)
        self.assertEqual((first["memory_per_node"], first["tres_per_node"], first["cpus_per_task"], first["time_limit"]),
                         ({"set": True, "number": 20}, "gres/gpu:1", 2, {"set": True, "number": 2}))
        self.assertEqual((second["dependency"], second["flags"]), ("afterok:<1>", ["KILL_INVALID_DEPENDENCY"]))
        self.assertNotIn("is-not-sent", shown)
        self.assertFalse(self.shared.exists())

    def jobs_in(self, shown: str) -> list[dict]:
        parts = re.split(r"^### (\S+)\n", shown, flags=re.M)
        return [json.loads(text[: text.rindex("}") + 1])["job"] for name, text in zip(parts[1::2], parts[2::2])
                if name.startswith("jobs/")]

    def test_each_version_of_what_it_speaks(self) -> None:
        self.tasks("{name: all, dependsOn: [part], secrets: [!env {key: THE_TOKEN, injectAs: TOKEN}], executor: !custom {command: 'echo ${#TOKEN}; cat part-*'}}",
                   "{name: part, matrix: {n: ['1', '2']}, environment: {n: '${matrix.n}'}, resources: {memory: 20Mi, cpu: 1}, executor: !custom {command: 'echo $n >part-$n'}}")
        for number, version in enumerate(("v0.0.40", "v0.0.41", "v0.0.42"), start=1):
            with self.subTest(version=version):
                self.ame("cluster", "add", "lab", "--force", "--directory", self.shared, "--auth", "jwt",
                         "--endpoint", f"{self.address}/slurm/{version}/")
                self.ame("task", "run", "all", "--output", "quiet", THE_TOKEN="12345")
                self.assertEqual(self.ame("task", "logs", number, "--step", "all"), "5\n1\n2\n")
                self.assertFalse((self.directory_of(f"all-{number}") / "secrets").exists())
                self.assertIn(f"POST /slurm/{version}/job/submit", self.between.heard)

    def test_what_slurm_refuses_is_taken_back(self) -> None:
        self.tasks("{name: huge, dependsOn: [small], executor: !custom {command: 'true'}, resources: {memory: 900Gi}}",
                   f"{{name: small, executor: !custom {{command: {self.gated()}}}}}")
        said = self.ame("task", "run", "huge", fails=True)
        self.assertRegex(said, r"the cluster `lab`: `\S+` answers 500 \(.*(Memory|node configuration).*\)")
        self.assertEqual(self.states("huge-1"), {"small": "Skipped", "huge": "Skipped"})
        self.nothing_left()

    def test_a_token_may_end_while_a_run_is_followed(self) -> None:
        self.tasks(f"{{name: last, dependsOn: [first], executor: !custom {{command: echo done}}}}",
                   f"{{name: first, executor: !custom {{command: {self.gated('echo open')}}}}}")
        run = self.start("task", "run", "last")
        self.read_until(run, "begun")
        self.controller(signal.SIGUSR1, "away")
        self.read_until(run, "the jobs go on, and it is asked again")
        self.give_token(slurm.token(self.top, "root"))
        self.controller(signal.SIGUSR2, "ready")
        self.read_until(run, "Slurm answers again")
        self.open_gate()
        run.stdout.read()
        self.assertEqual(run.wait(), 0)


if __name__ == "__main__":
    main(NEWER)
