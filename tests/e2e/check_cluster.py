#!/usr/bin/env python3
"""Tasks that ame submits to a real Slurm and follows there (ci/slurm-server unpacks it).

usage: check_cluster.py ROOT AME
"""

import json
import os
import re
import signal
import subprocess
from pathlib import Path

from check_slurm import BACKEND, BUILD_SYSTEM
from engine_contract import AME, EngineContract
from slurm_world import SlurmCluster, SlurmContract, main


class Cluster(EngineContract, SlurmContract, SlurmCluster):
    # What is configured.

    def test_clusters_have_names_and_are_tested(self) -> None:
        said = self.ame("cluster", "add", "other", "--directory", "far", "--partition", "big")
        self.assertNotIn("runs use from now on", said)
        self.assertIn("there is a cluster `lab` already", self.ame("cluster", "add", "lab", "--directory", "x", fails=True))
        self.assertIn("needs `--directory`", self.ame("cluster", "add", "third", fails=True))
        listed = json.loads(self.ame("cluster", "list", "--json"))["clusters"]
        self.assertEqual([(one["name"], one["used"]) for one in listed], [("lab", True), ("other", False)])
        self.assertEqual(listed[1]["directory"], str(self.project / "far"))
        self.assertIn("did you mean `lab`", self.ame("cluster", "use", "lap", fails=True))

        lines = self.ame("cluster", "test").splitlines()
        works = [line.split(" ok ")[0].strip() for line in lines]
        self.assertEqual(works, ["reach", "send", "quota", "submit", "start", "output", "exit code", "cancel"], lines)
        self.assertRegex(lines[5], r"Python 3\.\d+")
        self.assertEqual(list((self.shared / "tests").iterdir()), [])

        refused = self.ame("cluster", "test", "other", fails=True, PATH="/usr/bin:/bin")
        self.assertIn("error: the cluster `other`: `sinfo` is not on PATH", refused)
        self.ame("cluster", "use", "other")
        self.ame("cluster", "remove", "other")
        self.tasks("{name: one, executor: !custom {command: 'true'}}")
        self.assertIn("no cluster is configured", self.ame("task", "run", "one", fails=True))
        self.ame("task", "run", "one", "--cluster", "lab")

    # One plan, two places.

    def test_links_go_there_and_contents_are_kept_until_they_are_pruned(self) -> None:
        self.tasks("{name: measure, executor: !custom {command: 'cat data/far; ls -l run.sh'}}")
        self.write("run.sh", "true")
        (self.project / "run.sh").chmod(0o750)
        (self.scratch / "far").write_text("from afar\n")
        (self.project / "data").mkdir()
        os.symlink(self.scratch / "far", self.project / "data/far")
        said = self.ame("task", "run", "measure")
        self.assertRegex(said, "submitted 1 step to `lab` as job ")
        self.assertRegex(self.ame("task", "logs", "1"), "^from afar\n-rwxr-xr-x ")
        self.assertIn("were there already", self.ame("task", "run", "measure"))
        would_go = self.ame("cluster", "prune", "--older-than", "0s", "--dry-run")
        self.assertRegex(would_go, r"^\d+ contents \(.*\) would go from `lab`\n$")
        self.assertRegex(self.ame("cluster", "prune"), r"^0 contents \(0\) are gone")
        self.assertEqual(self.ame("cluster", "prune", "--older-than", "0s"), would_go.replace("would go", "are gone"))
        self.assertNotIn("there already", self.ame("task", "run", "measure"))
        there = self.directory_of("measure-3")
        self.ame("task", "remove", "3")
        self.assertFalse(there.exists())

    def test_an_environment_is_made_there_once(self) -> None:
        self.write("gauge/backend.py", BACKEND.replace("{gate}", ""))
        self.write("gauge/pyproject.toml", BUILD_SYSTEM)
        self.write("requirements.txt", "./gauge\n")
        self.tasks("{name: fit, matrix: {part: ['1', '2']}, executor: !pip {command: 'python -c \"import gauge, sys; print(gauge.level(), sys.prefix)\"'}}")
        self.ame("task", "run", "fit")
        said = [self.ame("task", "logs", "1", "--step", f"fit@part={part}", "--stream", "stdout") for part in (1, 2)]
        self.assertEqual(said[0], said[1])
        self.assertRegex(said[0], f"^42 {re.escape(str(self.shared))}/cache/")
        self.assertEqual(self.ame("task", "logs", "1").count("installing from requirements.txt"), 1)

    def test_what_a_cluster_cannot_honour_is_refused(self) -> None:
        self.tasks("{name: one, executor: !custom {command: 'true'}}")
        refused = self.ame("task", "run", "one", "-j", "2", "--container", "--force", fails=True)
        self.assertIn("`--jobs`, `--container` and `--force` mean nothing on a cluster", refused)
        self.assertIn("`-l` and `--cluster` exclude each other", self.ame("task", "run", "one", "-l", "--cluster", "lab", fails=True))

    def test_what_would_be_sent_can_be_seen(self) -> None:
        self.tasks("{name: fit, when: \"env.X == '1'\", executor: !custom {command: echo hello}, resources: {memory: 20Mi}}")
        shown = self.ame("task", "run", "fit", "--dry-run")
        self.assertIn("### submit.sh\n#!/bin/sh\n", shown)
        self.assertIn("#SBATCH --mem=20M\n", shown)
        self.assertIn("`when` of `fit`: Slurm cannot ask, so the step always runs", shown)
        self.assertIn("1 file (", shown)
        self.assertFalse(self.shared.exists())
        self.assertIn("1 thing cannot be said to Slurm", self.ame("task", "run", "fit", "--strict", fails=True))
        self.assertEqual(self.ame("task", "list", "--json"), json.dumps({"runs": []}, indent=2) + "\n")

    # How steps end.

    def test_a_job_that_others_cancel_is_told_as_that(self) -> None:
        self.tasks(f"{{name: fit, executor: !custom {{command: {self.gated()}}}}}")
        run = self.start("task", "run", "fit")
        (job,) = re.findall(r"as job (\d+)", self.read_until(run, "begun"))
        self.run_("scancel", job)
        run.stdout.read()
        self.assertEqual(run.wait(), 130)
        self.assertIn(f"Slurm job {job} was cancelled", self.ame("task", "view", "fit-1"))

    # Who follows may leave.

    def test_what_ended_while_nobody_looked_is_known_at_once(self) -> None:
        self.tasks(f"{{name: last, dependsOn: [first], executor: !custom {{command: 'echo done; touch {self.scratch}/over'}}}}",
                   f"{{name: first, executor: !custom {{command: {self.gated('echo open')}}}}}")
        run = self.start("task", "run", "last")
        self.read_until(run, "begun")
        run.kill()
        run.wait()
        self.gate.touch()
        jobs = re.findall(r"^(\d+) ", (self.directory_of("last-1") / "submitted").read_text(), re.M)
        self.run_("sbatch", "--wait", "--output=/dev/null", "--dependency=afterany:" + ":".join(jobs), "--wrap", "true")
        self.assertEqual(self.states("last-1"), {"first": "Succeeded", "last": "Succeeded"})
        self.assertEqual(self.ame("task", "logs", "last", "--step", "last"), "done\n")

    def test_who_is_killed_while_submitting_leaves_nothing(self) -> None:
        # The second call of sbatch reaches Slurm and does not come back.
        programs = self.scratch / "bin"
        programs.mkdir()
        sbatch = programs / "sbatch"
        path = self.variables["PATH"]
        sbatch.write_text(f'#!/bin/sh\nPATH="{path}"\nif [ -e "{self.scratch}/second" ]; then sbatch "$@" >/dev/null; echo hangs >"{self.scratch}/fifo"; exec sleep 600; fi\ntouch "{self.scratch}/second"\nexec sbatch "$@"\n')
        sbatch.chmod(0o755)
        os.mkfifo(self.scratch / "fifo")
        self.tasks(f"{{name: last, dependsOn: [first], executor: !custom {{command: 'true'}}}}",
                   f"{{name: first, executor: !custom {{command: {self.gated()}}}}}")
        run = self.start("task", "run", "last", PATH=f"{programs}:{path}")
        (self.scratch / "fifo").read_text()
        self.assertEqual(len(self.queued()), 2)
        run.kill()
        run.wait()
        self.assertIn("Failed", self.ame("task", "list"))
        self.assertIn("ame was killed before all of it was submitted", self.ame("task", "why", "last"))
        self.nothing_left()

    def test_what_slurm_refuses_is_taken_back(self) -> None:
        self.tasks("{name: huge, dependsOn: [small], executor: !custom {command: 'true'}, resources: {memory: 900Gi}}",
                   f"{{name: small, executor: !custom {{command: {self.gated()}}}}}")
        said = self.ame("task", "run", "huge", fails=True)
        self.assertIn("the cluster `lab`: submitting failed", said)
        self.assertIn("Memory specification can not be satisfied", said)
        self.assertEqual(self.states("huge-1"), {"small": "Skipped", "huge": "Skipped"})
        self.nothing_left()

    def test_slurm_may_be_away_for_a_while(self) -> None:
        self.tasks(f"{{name: last, dependsOn: [first], executor: !custom {{command: echo done}}}}",
                   f"{{name: first, executor: !custom {{command: {self.gated('echo open')}}}}}")
        run = self.start("task", "run", "last")
        self.read_until(run, "begun")
        self.controller(signal.SIGUSR1, "away")
        self.read_until(run, "the jobs go on, and it is asked again")
        self.gate.touch()
        self.read_until(run, "[first] succeeded")
        run.kill()
        run.wait()
        said = self.ame("task", "list")
        self.assertRegex(said, r"the cluster `lab` does not answer since 20\S+ \S+: `squeue` failed with .*; what is known of last-1 is from before")
        self.assertIn("the cluster `lab` does not answer since", self.ame("task", "view", "last-1"))
        self.controller(signal.SIGUSR2, "ready")
        self.ame("task", "wait", "last")
        self.assertNotIn("does not answer since", self.ame("task", "list"))
        self.assertEqual(self.states("last-1"), {"first": "Succeeded", "last": "Succeeded"})

    # What goes along, and what comes back.

    def test_secrets_reach_their_step_and_nobody_else(self) -> None:
        self.tasks("{name: use, dependsOn: [look], executor: !custom {command: 'printf %s \"$TOKEN\" >token; echo \"it is $TOKEN\"'}, secrets: [!env {key: THE_TOKEN, injectAs: TOKEN}]}",
                   "{name: look, executor: !custom {command: 'test ${#API_KEY} = 14 && unset API_KEY && env && ls -l ../secrets'}}")
        token = "it's \\ \"$HOME\" and more"
        said = self.ame("task", "run", "use", "-e", "API_KEY=given and more", "-e", "PLAIN=seen", THE_TOKEN=token)
        there = self.directory_of("use-1")
        self.assertEqual(there.stat().st_mode & 0o777, 0o700)
        self.assertIn("PLAIN=seen\n", self.ame("task", "logs", "1", "--step", "look"))
        self.assertEqual((there / "project/token").read_text(), token)
        self.assertNotIn("and more", said)
        self.assertIn("it is ***", self.ame("task", "logs", "1", "--step", "use"))
        self.assertRegex(self.ame("task", "logs", "1", "--step", "look"), "-rw------- .* 2-use")
        self.assertFalse((there / "secrets").exists())
        jobs = self.run_("scontrol", "show", "job")
        told = [path for path in there.rglob("*") if path.is_file() and path.name != "token" and path.parent.name != "logs"]
        for text in (jobs, *(path.read_text() for path in told), *(path.read_text() for path in there.glob("logs/*look*"))):
            self.assertNotIn("and more", text)

    def test_a_disk_there_that_is_full_ends_it_before_anything_runs(self) -> None:
        self.tasks("{name: one, executor: !custom {command: 'true'}}")
        (self.project / "large").write_bytes(os.urandom(4 << 20))
        self.shared.mkdir()
        script = f'mount -t tmpfs -o size=1m none "{self.shared}" && exec "$0" "$@"'
        for words, why in ((("task", "run", "one"), "No space left on device"), (("cluster", "test"), "")):
            done = subprocess.run(["unshare", "--mount", "sh", "-c", script, AME, *words], cwd=self.project,
                                  env=self.variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
            if why:
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(why, done.stderr)
            else:
                self.assertRegex(done.stdout, r"quota +ok .* free in ")
        self.assertEqual(self.run_named("1")["status"], "Failed")
        self.nothing_left()


if __name__ == "__main__":
    main()
