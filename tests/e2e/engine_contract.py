"""What every engine does alike: a class of tests with it among its bases asks for it.

Such a class makes in setUp() a `project`, a `scratch` directory beside it and `variables` with which ame finds one cluster.
It says how a step waits for a file that the test makes (`waits`, shell; `open_gate`, `close_gate`), and looks after what is
left at the engine: at once after a run that was stopped (`nothing_left`), soon after one that ended by itself (`nothing_stays`).
"""

import json
import signal
import subprocess
import sys
from pathlib import Path

AME = Path(sys.argv[2]).resolve()

# What is ignored here (below nohup, in the background of a shell) would be ignored by ame too.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)

TIDES = """
project: tides
tasks:
  - name: forecast
    dependsOn: [fit]
    executor: !custom {command: "cat part-* | tee forecast"}
  - name: fit
    dependsOn: [measure]
    matrix: {part: ["1", "2", "3"]}
    environment: {part: "${matrix.part}", unit: "cm of 'sea' $water"}
    executor: !custom {command: 'echo "$part $unit" >"part-$part"; echo "fitted $part" >&2'}
  - name: measure
    executor: !custom {command: "./measure.sh"}
"""


LEVELS = """
project: tides
dataSets:
  - {name: levels, path: data/levels, task: {taskRef: measure}}
tasks:
  - name: measure
    executor: !custom {command: 'mkdir -p data/levels; echo "of $AME_RUN_ID" >data/levels/run; head -c 2000000 /dev/zero >data/levels/large; ln -s run data/levels/link'}
  - name: fit
    dataSets: [levels]
    executor: !custom {command: 'cat data/levels/link; wc -c <data/levels/large'}
"""


class EngineUser:
    """Does what a person does, and waits for what comes of it."""

    waits = ""

    def gated(self, rest: str = "") -> str:
        """A command that says `begun` and waits for the gate."""
        return json.dumps(f"echo begun; {self.waits}; {rest}".rstrip("; "))

    def ame(self, *words: object, fails: bool = False, stdin: str = "", **more: str) -> str:
        done = subprocess.run(
            [str(word) for word in (AME, *words)], cwd=self.project, env={**self.variables, **more}, input=stdin,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
        )
        self.assertEqual(done.returncode != 0, fails, done.stdout)
        return done.stdout

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


class EngineContract(EngineUser):
    def test_a_pipeline_does_what_it_does_at_home(self) -> None:
        self.write("ame.yml", TIDES)
        self.write("measure.sh", "#!/bin/sh\nls -A . && ls data | wc -l && cat 'data/kept é.txt' data/large.bin | md5sum\n"
                                 "rm data/gone; mkdir -p deep/er; echo 'a b' >'deep/er/- c'\n")
        (self.project / "measure.sh").chmod(0o755)
        self.write("data/kept é.txt", "kept")
        self.write("data/left.bin", "left")
        self.write("data/gone", "gone")
        (self.project / "data/large.bin").write_bytes(bytes(range(256)) * 8192)
        self.write("env/pyvenv.cfg", "")
        self.write(".ameignore", "*.bin\n!data/large.bin\n")
        said = self.ame("task", "run", "forecast")
        self.assertIn("[fit@part=2] fitted 2", said)
        self.assertRegex(said, "submitted 5 steps to `.*` as ")
        self.assertFalse((self.project / "forecast").exists(), "a run on a cluster leaves the project alone")
        self.assertIsNotNone(self.run_named("1")["cluster"])
        steps = ("measure", "forecast", "fit@part=3")
        remote = [self.ame("task", "logs", "1", "--step", step) for step in steps]
        self.assertTrue(remote[0].startswith(".ameignore\name.yml\ndata\nmeasure.sh\n3\n"), remote[0])
        self.assertEqual(remote[1], "1 cm of 'sea' $water\n2 cm of 'sea' $water\n3 cm of 'sea' $water\n")
        self.assertIn("were there already", self.ame("task", "run", "measure"))
        (self.project / "data/left.bin").unlink()
        (self.project / "env/pyvenv.cfg").unlink()
        (self.project / "env").rmdir()
        self.ame("task", "run", "-l", "forecast")
        self.assertEqual([self.ame("task", "logs", "3", "--step", step) for step in steps], remote)

    def test_ctrl_c_ends_the_sending(self) -> None:
        self.tasks("{name: one, executor: !custom {command: 'true'}}")
        (self.project / "many").mkdir()
        for number in range(3000):
            (self.project / f"many/{number}").write_text(f"{number}\n" * 2000)
        (self.project / "large").write_bytes(bytes(8 << 20))
        run = self.start("task", "run", "one")
        self.read_until(run, "sending 3002 files")
        run.send_signal(signal.SIGINT)
        said = run.stdout.read()
        self.assertEqual(run.wait(), 130, said)
        self.assertEqual(self.run_named("1")["status"], "Cancelled")
        self.nothing_left()

    def test_what_was_submitted_stays_as_it_was(self) -> None:
        self.write("data", "before\n")
        self.tasks(f"{{name: last, dependsOn: [first], executor: !custom {{command: cat data}}}}",
                   f"{{name: first, executor: !custom {{command: {self.gated()}}}}}")
        run = self.start("task", "run", "last")
        self.read_until(run, "begun")
        self.write("data", "after\n")
        self.tasks("{name: last, executor: !custom {command: 'exit 1'}}")
        self.open_gate()
        self.assertIn("[last] before\n", run.stdout.read())
        self.assertEqual(run.wait(), 0)

    def test_a_step_that_fails_takes_along_what_needs_it_alone(self) -> None:
        self.tasks("{name: all, dependsOn: [after, aside], executor: !custom {command: 'true'}}",
                   "{name: after, dependsOn: [bad], executor: !custom {command: touch never}}",
                   "{name: bad, executor: !custom {command: 'echo oh >&2; exit 3'}}",
                   "{name: aside, executor: !custom {command: echo well}}",
                   "{name: again, retries: {count: 2, backoff: 10ms}, executor: !custom {command: 'echo try $AME_ATTEMPT; test $AME_ATTEMPT = 3'}}")
        said = self.ame("task", "run", "all", fails=True)
        self.assertIn("task `bad` failed with exit code 3", said)
        self.assertEqual(self.states("1"), {"bad": "Failed", "after": "Skipped", "aside": "Succeeded", "all": "Skipped"})
        self.assertIn("oh", self.ame("task", "why", "all", "bad"))
        self.assertIn("[again] try 3", self.ame("task", "run", "again").replace("try 3", "[again] try 3"))
        self.nothing_stays()

    def test_cancelled_means_gone(self) -> None:
        self.tasks(f"{{name: last, dependsOn: [first, other], executor: !custom {{command: 'true'}}}}",
                   f"{{name: first, executor: !custom {{command: {self.gated()}}}}}",
                   f"{{name: other, executor: !custom {{command: {self.gated()}}}}}")
        self.assertEqual(self.ame("task", "run", "last", "--detach").splitlines()[-1], "last-1")
        self.read_until(self.start("task", "logs", "-f", "last", "--step", "first"), "begun")
        self.assertIn("`other` of last-1 is stopped", self.ame("task", "cancel", "last", "--step", "other"))
        self.assertEqual(self.states("1"), {"first": "Running", "other": "Cancelled", "last": "Skipped"})
        self.assertIn("last-1 is stopped", self.ame("task", "cancel", "last"))
        self.assertEqual(self.states("1"), {"first": "Cancelled", "other": "Cancelled", "last": "Skipped"})
        self.nothing_left()
        self.assertIn("over already: Cancelled", self.ame("task", "cancel", "last"))

        run = self.start("task", "run", "last")
        self.read_until(run, "begun")
        run.send_signal(signal.SIGINT)
        self.assertIn("was cancelled", run.stdout.read())
        self.assertEqual(run.wait(), 130)
        self.nothing_left()

    def test_a_run_goes_on_without_ame_and_is_taken_up(self) -> None:
        self.tasks(f"{{name: last, dependsOn: [first], executor: !custom {{command: echo done}}}}",
                   f"{{name: first, executor: !custom {{command: {self.gated('echo open')}}}}}")
        for number, leave in enumerate((signal.SIGKILL, signal.SIGHUP, signal.SIGTERM), start=1):
            with self.subTest(leave=leave):
                self.close_gate()
                run = self.start("task", "run", "last")
                self.read_until(run, "begun")
                run.send_signal(leave)
                rest = run.stdout.read()
                run.wait()
                if leave != signal.SIGKILL:
                    self.assertIn("go on", rest)
                self.assertIn("Running", self.ame("task", "list"))
                self.open_gate()
                self.ame("task", "wait", number)
                self.assertEqual(self.states(str(number)), {"first": "Succeeded", "last": "Succeeded"})
                self.assertEqual(self.ame("task", "logs", number, "--step", "first").splitlines()[-2:], ["begun", "open"])
                self.assertEqual(self.ame("task", "logs", number, "--step", "first").count("begun"), 1)

    def test_secrets_reach_their_step_and_no_log(self) -> None:
        self.tasks("{name: use, dependsOn: [look], executor: !custom {command: 'printf %s \"$TOKEN\" >token; echo \"it is $TOKEN\"; wc -c <token'}, secrets: [!env {key: THE_TOKEN, injectAs: TOKEN}]}",
                   "{name: look, executor: !custom {command: 'test ${#API_KEY} = 14 && unset API_KEY && env'}}")
        token = "it's \\ \"$HOME\" and more"
        said = self.ame("task", "run", "use", "-e", "API_KEY=given and more", "-e", "PLAIN=seen", THE_TOKEN=token)
        self.assertNotIn("and more", said)
        logs = [self.ame("task", "logs", "1", "--step", step) for step in ("look", "use")]
        self.assertIn("PLAIN=seen\n", logs[0])
        self.assertNotIn("and more", logs[0])
        self.assertEqual(logs[1], f"it is ***\n{len(token)}\n")
        self.assertNotIn("and more", self.ame("task", "view", "1", "--json"))

    def test_artifacts_come_back_and_a_rerun_goes_on_with_the_files(self) -> None:
        self.write(".gitignore", "out\n")
        self.tasks("{name: use, dependsOn: [make], executor: !custom {command: 'cat out/a; test $AME_RUN_ID = 2'}}",
                   "{name: make, artifacts: {paths: [out], saveChangedFiles: true}, executor: !custom {command: 'mkdir out; echo a >out/a; echo b >b; rm old'}}")
        self.write("old", "old")
        self.ame("task", "run", "use", fails=True)
        self.ame("artifact", "get", "use-1", "--to", "got")
        self.assertEqual(sorted(path.name for path in (self.project / "got").rglob("*") if path.is_file()), ["a", "b"])
        self.ame("task", "rerun", "use", "--from-failed")
        self.assertEqual(self.states("2"), {"use": "Succeeded"})
        self.assertEqual(self.ame("task", "logs", "2"), "a\n")
        self.ame("task", "rerun", "2", fails=True)  # of which `make` is no part
        self.assertEqual(self.ame("task", "logs", "3"), "a\n")

    def test_data_that_is_ready_is_not_made_again(self) -> None:
        self.write(".gitignore", "data\n")
        self.write("ame.yml", LEVELS)
        self.ame("task", "run", "fit")
        self.assertIn("Ready", self.ame("dataset", "list"))
        for where, number in ((), 2), (("-l",), 3), ((), 4):
            said = self.ame("task", "run", *where, "fit")
            self.assertIn("the data set `levels` is ready: run 1 made it", said)
            self.assertEqual(self.states(str(number)), {"fit": "Succeeded"})
            self.assertEqual(self.ame("task", "logs", number), "of 1\n2000000\n")
        self.ame("task", "run", "fit", "--refresh-data")
        self.assertEqual(self.ame("task", "logs", "5", "--step", "fit"), "of 5\n2000000\n")
        self.write("ame.yml", LEVELS.replace("mkdir -p", "exit 3; mkdir -p"))
        self.ame("task", "run", "fit", fails=True)
        self.assertIn("Failed", self.ame("dataset", "list"))

    def test_two_runs_at_once_have_files_of_their_own(self) -> None:
        self.tasks("{name: last, dependsOn: [first], executor: !custom {command: 'cat mark; test \"$(cat mark)\" = \"$AME_RUN_ID\"'}}",
                   f"{{name: first, executor: !custom {{command: {self.gated('echo $AME_RUN_ID >mark')}}}}}")
        runs = [self.start("task", "run", "last") for _ in range(2)]
        for run in runs:
            self.read_until(run, "begun")
        self.open_gate()
        for run in runs:
            said = run.stdout.read()
            self.assertEqual(run.wait(), 0, said)
        self.assertEqual([self.ame("task", "logs", number, "--step", "last") for number in (1, 2)], ["1\n", "2\n"])
        self.nothing_stays()

    def test_the_time_that_a_step_used_is_known(self) -> None:
        self.tasks("{name: busy, executor: !custom {command: 'n=0; until [ $n = 300000 ]; do n=$((n + 1)); done'}}")
        self.ame("task", "run", "busy")
        self.assertGreater(self.run_named("1")["steps"][0]["cpu_seconds"], 0.02)
