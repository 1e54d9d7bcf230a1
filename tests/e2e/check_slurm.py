#!/usr/bin/env python3
"""Tasks that are exported to Slurm, and run by a real one (ci/slurm-server unpacks it).

usage: check_slurm.py ROOT AME
"""

import os
import signal
import subprocess

from slurm_world import AME, SlurmWorld, main

# A package that lies in the project: nothing is asked of an index.
BACKEND = """
import os, zipfile


def build_wheel(folder, config_settings=None, metadata_directory=None):
    files = {
        "gauge.py": "def level(): return 42\\n",
        "gauge-1.0.dist-info/METADATA": "Metadata-Version: 2.1\\nName: gauge\\nVersion: 1.0\\n",
        "gauge-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\\nGenerator: own\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        "gauge-1.0.dist-info/RECORD": "gauge.py,,\\ngauge-1.0.dist-info/METADATA,,\\ngauge-1.0.dist-info/WHEEL,,\\n"
        "gauge-1.0.dist-info/RECORD,,\\n",
    }
    name = "gauge-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    {gate}
    return name


def get_requires_for_build_wheel(config_settings=None):
    return []
"""
BUILD_SYSTEM = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'

PIPELINE = """
project: tides
tasks:
  - name: forecast
    dependsOn: [fit]
    executor: !pip {command: "cat part-* > forecast"}
  - name: fit
    dependsOn: [measure]
    matrix: {part: ["1", "2", "3"]}
    executor: !pip
      command: python -c "import gauge, os; open('part-' + os.environ['part'], 'w').write(f'{gauge.level()} {os.environ[\\"unit\\"]}\\n')"
    environment: {part: "${matrix.part}", unit: "cm of 'sea' $water"}
  - name: measure
    executor: !custom {command: "touch measured"}
"""


class Export(SlurmWorld):
    def export(self, name: str, *words: str, **options: bool) -> str:
        return self.run_(AME, "task", "export", name, "--to", "there", "--force", *words, **options)

    def submit(self, **more: str) -> dict[str, str]:
        """Numbers of jobs by the names of their scripts."""
        submitted = self.run_("sh", "there/submit.sh", **more)
        return {line.split()[1].removeprefix("steps/"): line.split()[0] for line in submitted.splitlines()}

    def wait_for(self, jobs: dict[str, str]) -> dict[str, str]:
        """States of jobs by the names of their scripts, once all are over."""
        after = "afterany:" + ":".join(jobs.values())
        self.run_("sbatch", "--wait", "--output=/dev/null", f"--dependency={after}", "--wrap", "true")
        said = self.run_("squeue", "--noheader", "--array", "--states=all", "--format=%i %T", "--jobs=" + ",".join(jobs.values()))
        states = dict(line.split() for line in said.splitlines())
        return {script: states[job] for script, job in jobs.items()}

    def logs(self) -> str:
        return "".join(path.read_text() for path in sorted((self.project / "there/logs").iterdir()))

    def package(self, gate: str = "") -> None:
        self.write("gauge/backend.py", BACKEND.replace("{gate}", gate))
        self.write("gauge/pyproject.toml", BUILD_SYSTEM)
        self.write("requirements.txt", "./gauge\n")

    def test_a_pipeline_runs_as_on_a_laptop_in_an_environment_that_is_made_once(self) -> None:
        self.package()
        self.write("ame.yml", PIPELINE)
        self.assertIn("wrote 6 scripts for Slurm; `sh there/submit.sh` submits them", self.export("forecast"))
        jobs = self.submit()
        self.assertEqual(set(self.wait_for(jobs).values()), {"COMPLETED"}, self.logs())
        forecast = self.project / "forecast"
        self.assertEqual(forecast.read_text(), 3 * "42 cm of 'sea' $water\n")
        logs = self.logs()
        self.assertEqual(logs.count("installing from requirements.txt"), 1, logs)

        forecast.unlink()
        local = self.run_(AME, "task", "run", "-l", "forecast")
        self.assertEqual(forecast.read_text(), 3 * "42 cm of 'sea' $water\n")
        # One plan, two renderers.
        for label in ("making a virtual environment", "installing from requirements.txt"):
            self.assertIn(label, local)
            self.assertIn(f"ame: {label}\n", logs)

    def test_what_needs_a_step_that_failed_does_not_run(self) -> None:
        self.write("ame.yml", """
project: tides
tasks:
  - {name: last, dependsOn: [middle], executor: !custom {command: touch last}}
  - {name: middle, dependsOn: [first], executor: !custom {command: "exit 7"}}
  - {name: first, executor: !custom {command: "true"}}
""")
        self.export("last")
        states = self.wait_for(self.submit())
        self.assertEqual(states, {"1-first.sh": "COMPLETED", "2-middle.sh": "FAILED", "3-last.sh": "CANCELLED"})
        self.assertFalse((self.project / "last").exists())

    def test_what_a_task_asks_for_is_what_the_job_gets(self) -> None:
        self.write("ame.yml", """
project: tides
tasks:
  - name: fit
    executor: !custom {command: "echo $AME_RESOURCES_MEMORY"}
    resources: {cpu: 1500m, memory: 300Mi, storage: 10Mi}
    timeout: 90s
""")
        self.export("fit", "--partition", "main")
        jobs = self.submit()
        self.wait_for(jobs)
        shown = self.run_("scontrol", "show", "job", jobs["1-fit.sh"])
        for said in ("NumCPUs=2", "MinMemoryNode=300M", "MinTmpDiskNode=10M", "TimeLimit=00:02:00", "Partition=main", "JobState=COMPLETED"):
            self.assertIn(said, shown)

    def test_a_step_is_tried_again_as_its_task_says(self) -> None:
        self.write("ame.yml", """
project: tides
tasks:
  - name: fit
    executor: !custom {command: "echo attempt $AME_ATTEMPT; test $AME_ATTEMPT -ge 3 || exit 75"}
    retries: {count: 3, onExitCodes: [75]}
  - name: fails
    executor: !custom {command: "echo once; exit 2"}
    retries: {count: 3, onExitCodes: [75]}
""")
        self.export("fit")
        self.assertEqual(self.wait_for(self.submit()), {"1-fit.sh": "COMPLETED"})
        self.assertIn("attempt 1\name: attempt 1 ended with 75, next in", self.logs())
        self.assertIn("attempt 3", self.logs())
        self.export("fails")
        self.assertEqual(self.wait_for(self.submit()), {"1-fails.sh": "FAILED"})
        self.assertEqual(self.logs().count("once"), 1)

    def test_nothing_stays_in_the_queue_when_a_part_is_refused(self) -> None:
        self.write("ame.yml", """
project: tides
tasks:
  - name: huge
    dependsOn: [small]
    executor: !custom {command: "true"}
    resources: {memory: 900Gi}
  - {name: small, executor: !custom {command: "touch small"}, resources: {memory: 100Mi}}
""")
        self.export("huge")
        said = self.run_("sh", "there/submit.sh", fails=True)
        self.assertIn("Memory specification can not be satisfied", said)
        job = said.split()[0]
        # It may have been done already.
        self.assertRegex(self.run_("scontrol", "show", "job", job), "JobState=(CANCELLED|COMPLETED|COMPLETING)")

    def test_secrets_reach_their_steps_and_stay_nowhere(self) -> None:
        self.write("ame.yml", """
project: tides
tasks:
  - name: fit
    dependsOn: [look]
    executor: !custom {command: 'printf %s "$TOKEN" >token; ls -l there/secrets-7 || true'}
    secrets: [!ame {key: token, injectAs: TOKEN}]
  - {name: look, executor: !custom {command: "env; ls -l there/secrets-7 || true"}}
""")
        self.assertIn("`secrets` of `fit`: `TOKEN` has to be in the environment of `submit.sh`", self.export("fit"))
        self.assertEqual(self.wait_for(self.submit()), {"1-look.sh": "COMPLETED", "2-fit.sh": "FAILED"})
        self.assertIn("ame: the secret `TOKEN` is not in the environment of this job", self.logs())
        token = "it's \\ \"$HOME\" \nand more\n"
        states = self.wait_for(self.submit(TOKEN=token, AME_RUN_ID="7"))
        self.assertEqual(states, {"1-look.sh": "COMPLETED", "2-fit.sh": "COMPLETED"})
        self.assertEqual((self.project / "token").read_text(), token)
        self.assertRegex(self.logs(), "-rw------- .* 2-fit\n")
        for text in (self.logs(), *(path.read_text() for path in (self.project / "there").rglob("*.sh"))):
            self.assertNotIn("and more", text)
        cleaning = self.run_("squeue", "--noheader", "--states=all", "--format=%i", "--name=ame-clean").split()
        self.run_("sbatch", "--wait", "--output=/dev/null", "--dependency=afterany:" + ":".join(cleaning), "--wrap", "true")
        self.assertEqual([path.name for path in (self.project / "there").glob("secrets-*")], [])
        self.assertIn("nothing was done", self.export("fit", "--strict", fails=True))

    def test_another_takes_the_place_of_who_died_making_the_environment(self) -> None:
        os.mkfifo(self.scratch / "began")
        self.package(gate=f"open({str(self.scratch / 'began')!r}, 'w').close(); __import__('signal').pause()")
        self.write("ame.yml", "project: tides\ntasks: [{name: fit, executor: !pip {command: python -c 'import gauge'}}]\n")
        self.export("fit")
        first = subprocess.Popen(
            ["sh", "there/steps/1-fit.sh"], cwd=self.project, env=self.variables, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        open(self.scratch / "began").close()
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        self.package()
        said = self.run_("sh", "there/steps/1-fit.sh", AME_LOCK_PATIENCE="1")
        self.assertIn("ame: who was making it is gone\n", said)
        self.assertIn("ame: installing from requirements.txt\n", said)

    def test_a_machine_without_a_python_that_fits_says_so(self) -> None:
        self.package()
        self.write("ame.yml", 'project: tides\ntasks: [{name: fit, executor: !pip {command: "true", pythonVersion: "3.4"}}]\n')
        self.export("fit")
        said = self.run_("sh", "there/steps/1-fit.sh", fails=True)
        self.assertIn("ame: no Python on PATH fits 3.4; `module load` may bring one", said)


if __name__ == "__main__":
    main()
