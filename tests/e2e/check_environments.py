#!/usr/bin/env python3
"""Environments mean what the managers mean by them, with the real managers.

usage: check_environments.py AME SCRATCH [TEST…]

SCRATCH is kept between calls: the managers are put there once.
"""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import unittest
from pathlib import Path

from environment_world import AME, BUILD_SYSTEM, MANAGERS, MLFLOW, PLAIN, PYTHON, World, can_mount, managers, package, platform_version, run_tests


class Environments(World):
    # What runs inside is what the manager would give.

    def test_poetry_both_ways(self) -> None:
        self.shop()
        self.write(
            "pyproject.toml",
            PLAIN.format("shop")
            + 'dependencies = ["gamma[fast]", "nearby", "epsilon; python_version < \'3\'"]\n'
            + '[project.scripts]\nshop = "shop:main"\n'
            + '[tool.poetry]\npackages = [{include = "shop.py", from = "src"}]\n'
            + '[tool.poetry.dependencies]\nnearby = {path = "nearby", develop = true}\n'
            + '[tool.poetry.group.more]\noptional = true\n[tool.poetry.group.more.dependencies]\nepsilon = "*"\n'
            + f'[[tool.poetry.source]]\nname = "own"\nurl = "{self.index.url}"\npriority = "primary"\n'
            + BUILD_SYSTEM,
        )
        self.run_("poetry", "lock")
        self.task("poetry", more="      groups: [more]\n")
        self.variables["POETRY_VIRTUALENVS_PATH"] = str(self.scratch / "poetry")
        self.run_("poetry", "env", "use", PYTHON)
        self.run_("poetry", "install", "--with", "more")
        self.compare(self.run_("poetry", "run", "python", "what.py"), "uv 0.13.8")

    def test_pipenv_both_ways(self) -> None:
        self.shop()
        self.write("pyproject.toml", PLAIN.format("shop") + BUILD_SYSTEM)
        self.write(
            "Pipfile",
            f'[[source]]\nname = "own"\nurl = "{self.index.url}"\nverify_ssl = true\n'
            '[packages]\ngamma = {version = "*", extras = ["fast"]}\nshop = {path = ".", editable = true}\n'
            'nearby = {path = "./nearby", editable = true}\nepsilon = {version = "*", markers = "python_version < \'3\'"}\n'
            f'[requires]\npython_version = "{platform_version()}"\n'
            '[scripts]\nlook = "python what.py"\n',
        )
        self.write(".env", "COLOUR=blue\n")
        self.variables["WORKON_HOME"] = str(self.scratch / "pipenv")
        self.run_("pipenv", "lock")
        self.task("pipenv", "look")
        self.run_("pipenv", "sync")
        self.compare(self.run_("pipenv", "run", "look"), "uv 0.13.8")

    def test_pip_both_ways(self) -> None:
        self.shop()
        self.write("pyproject.toml", PLAIN.format("shop") + '[project.scripts]\nshop = "shop:main"\n' + BUILD_SYSTEM)
        self.write("more.txt", "alpha==1.0\n")
        self.write("requirements.txt", '-r more.txt\ngamma[fast]\nepsilon; python_version < "3"\n-e .\n-e ./nearby\n')
        self.task("pip", more=f'      pythonVersion: "{platform_version()}"\n')
        venv = self.scratch / "venv"
        self.run_(PYTHON, "-m", "venv", venv)
        self.run_(venv / "bin/pip", "install", "-q", "-r", "requirements.txt")
        self.compare(self.run_("/bin/sh", "-c", f". {venv}/bin/activate && python what.py"), "uv 0.13.8")

    def test_uv_both_ways(self) -> None:
        self.shop()
        self.write(
            "pyproject.toml",
            PLAIN.format("shop")
            + 'dependencies = ["gamma[fast]", "nearby", "epsilon; python_version < \'3\'"]\n'
            + '[project.scripts]\nshop = "shop:main"\n[dependency-groups]\nmore = ["epsilon"]\n'
            + '[tool.uv.sources]\nnearby = {path = "nearby", editable = true}\n'
            + BUILD_SYSTEM,
        )
        self.run_("uv", "lock")
        self.task("uv", more="      groups: [more]\n")
        wanted = self.what(self.run_("uv", "run", "--group", "more", "python", "what.py"))
        found = self.what(self.ame("task", "run", "-l", "t"))
        self.assertEqual(found, wanted)
        self.write("pyproject.toml", (self.project / "pyproject.toml").read_text().replace("gamma[fast]", "delta"))
        self.assertIn(
            "`uv.lock` is out of date: `pyproject.toml` has changed since it was made",
            self.ame("task", "run", "-l", "t", fails=True),
        )
        self.write("uv.lock", (self.project / "uv.lock").read_text().replace("version = 1", "version = 9", 1))
        self.assertIn("this version of uv cannot read `uv.lock`", self.ame("task", "run", "-l", "t", fails=True))

    def test_plugins_of_poetry_have_their_say(self) -> None:
        package(self.project / "greeter", "greeter", scripts="greeter = greeter:Greeter\n")
        (self.project / "greeter/greeter.py").write_text(
            "import os\n"
            "from cleo.events.console_events import COMMAND\n"
            "from poetry.plugins.application_plugin import ApplicationPlugin\n"
            "def greet(event, name, dispatcher):\n"
            "    os.environ['GREETING'] = 'good morning from ' + event.command.name\n"
            "class Greeter(ApplicationPlugin):\n"
            "    def activate(self, application):\n"
            "        application.event_dispatcher.add_listener(COMMAND, greet)\n"
        )
        backend = self.project / "greeter/own_backend.py"
        backend.write_text(backend.read_text().replace("[console_scripts]", "[poetry.application.plugin]"))
        self.write("greeter/pyproject.toml", PLAIN.format("greeter") + BUILD_SYSTEM)
        self.write(
            "pyproject.toml",
            PLAIN.format("shop")
            + 'dependencies = ["alpha"]\n'
            + "[tool.poetry]\npackage-mode = false\n"
            + '[tool.poetry.requires-plugins]\ngreeter = {path = "greeter"}\n'
            + f'[[tool.poetry.source]]\nname = "own"\nurl = "{self.index.url}"\npriority = "primary"\n',
        )
        # Poetry would look for all that it needs itself in the index of the project: here its plugins are there already.
        own = self.scratch / "own-poetry"
        self.run_(PYTHON, "-m", "venv", "--without-pip", own)
        install = [managers() / "uv", "pip", "install", "-q", "--python", own / "bin/python"]
        subprocess.run([*install, f"poetry=={MANAGERS['poetry']}", self.project / "greeter"], check=True)
        programs = self.scratch / "own-programs"
        programs.mkdir()
        (programs / "poetry").symlink_to(own / "bin/poetry")
        self.variables["PATH"] = f"{programs}:{self.variables['PATH']}"
        self.run_("poetry", "lock")
        says = "import alpha, os; print(os.environ['GREETING'])"
        self.task("poetry", f'python -c "{says}"')
        self.variables["POETRY_VIRTUALENVS_PATH"] = str(self.scratch / "poetry")
        self.run_("poetry", "env", "use", PYTHON)
        self.run_("poetry", "install")
        self.assertIn("good morning from run", self.run_("poetry", "run", "python", "-c", says))
        self.assertIn("good morning from run", self.ame("task", "run", "-l", "t"))

    # Managers, MLflow, conda.

    def test_a_wanted_version_of_a_manager_is_recorded(self) -> None:
        self.pip_project()
        self.ame("task", "run", "-l", "t")
        run = json.loads(self.ame("task", "view", "1", "--json"))
        self.assertEqual(run["steps"][0]["tool"], "uv 0.13.8")
        environment = json.loads(self.ame("task", "view", "t", "--json"))["environments"][0]
        self.assertTrue(environment["made"])
        self.assertEqual(environment["key"], run["steps"][0]["environment"])
        self.write("requirements.txt", "alpha==2.0\n")
        environment = json.loads(self.ame("task", "view", "t", "--json"))["environments"][0]
        self.assertEqual((environment["made"], environment["changed"]), (False, ["requirements.txt"]))

    def test_wanted_versions_of_managers_are_got(self) -> None:
        self.from_the_real_index()
        self.write(
            "pyproject.toml",
            PLAIN.format("shop")
            + 'dependencies = ["alpha"]\n[tool.poetry]\npackage-mode = false\n'
            + f'[[tool.poetry.source]]\nname = "own"\nurl = "{self.index.url}"\npriority = "primary"\n',
        )
        self.run_("poetry", "lock")
        says = "      command: python -c 'import alpha; alpha.says()'\n"
        tasks = "  - name: by_all\n    executor: !poetry\n" + says
        tasks += "  - name: by_its_own\n    executor: !poetry\n      toolVersion: 2.1.4\n" + says
        self.write("ame.yml", "tools:\n  poetry: 2.2.1\ntasks:\n" + tasks)
        for number, (name, version) in enumerate((("by_all", "2.2.1"), ("by_its_own", "2.1.4")), 1):
            output = self.ame("task", "run", "-l", name)
            self.assertIn(f"getting poetry {version} (once, for every project)", output)
            self.assertIn("alpha 2.0", output)
            run = json.loads(self.ame("task", "view", str(number), "--json"))
            self.assertEqual(run["steps"][0]["tool"], f"poetry {version}")
        self.assertIn("2.5.1", self.run_("poetry", "--version"))
        self.ame("env", "prune", "--unused")
        self.assertNotIn("getting poetry", self.ame("task", "run", "-l", "by_all"))
        lock = (self.project / "poetry.lock").read_text()
        self.write("poetry.lock", lock.replace('lock-version = "2.1"', 'lock-version = "3.0"'))
        output = self.ame("task", "run", "-l", "by_all", fails=True)
        self.assertIn("this version of Poetry cannot read `poetry.lock`", output)
        self.assertIn("hint: set `toolVersion` to the version that made it", output)

    @unittest.skipUnless(can_mount(), "the machine's own Python cannot be hidden here")
    def test_a_python_that_is_missing_is_installed(self) -> None:
        self.pip_project("python -c 'import sys; print(sys.base_prefix)'")
        # What uv would get from far away: this machine's Python, packed and told of in the same form.
        version = platform_version()
        whole = self.run_(PYTHON, "-c", "import platform; print(platform.python_version())").strip()
        packed = self.scratch / "python"
        (packed / "bin").mkdir(parents=True)
        shutil.copy(f"/usr/bin/python{version}", packed / "bin")
        (packed / "bin/python3").symlink_to(f"python{version}")
        leave_out = shutil.ignore_patterns("__pycache__", "test", "dist-packages", "config-*", "sitecustomize.py")
        shutil.copytree(f"/usr/lib/python{version}", packed / f"lib/python{version}", symlinks=True, ignore=leave_out)
        archive = self.scratch / "python.tar.gz"
        self.run_("/usr/bin/tar", "-czf", archive, "-C", self.scratch, "python")
        major, minor, patch = map(int, whole.split("."))
        told = self.scratch / "downloads.json"
        told.write_text(
            json.dumps(
                {
                    f"cpython-{whole}-linux-{platform.machine()}-gnu": {
                        "name": "cpython",
                        "arch": {"family": platform.machine(), "variant": None},
                        "os": "linux",
                        "libc": "gnu",
                        "major": major,
                        "minor": minor,
                        "patch": patch,
                        "prerelease": "",
                        "url": archive.as_uri(),
                        "sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
                        "variant": None,
                    }
                }
            )
        )
        del self.variables["UV_PYTHON"]
        self.variables["UV_PYTHON_DOWNLOADS_JSON_URL"] = str(told)
        self.variables["PATH"] = f"{self.scratch / 'programs'}:{self.variables['PATH']}"
        (self.scratch / "programs").mkdir()
        uv = Path(os.path.realpath(managers() / "uv"))
        (self.scratch / "programs/uv").symlink_to(uv)
        hidden = f"mount --bind /dev/null /usr/bin/python{version} && exec {AME} task run -l t"
        output = self.run_("/usr/bin/unshare", "-m", "/bin/sh", "-c", hidden, fails=True)
        self.assertIn("--install-python", output)
        output = self.run_("/usr/bin/unshare", "-m", "/bin/sh", "-c", hidden + " --install-python")
        self.assertIn(f"installing a Python `{version}` with uv", output)
        self.assertIn(f"{self.scratch}/home/.local/share/uv/python/cpython-{whole}", output)

    def test_mlflow_both_ways(self) -> None:
        self.from_the_real_index()
        self.write("python_env.yaml", f"python: '{platform_version()}'\ndependencies:\n  - mlflow-skinny=={MLFLOW}\n")
        self.write(
            "MLproject",
            "name: p\npython_env: python_env.yaml\nentry_points:\n  main:\n    parameters:\n"
            "      rate: {type: float, default: 0.5}\n    command: python3 train.py {rate}\n",
        )
        self.write(
            "train.py",
            "import sys, mlflow\nprint('Python', sys.prefix)\n"
            "with mlflow.start_run():\n    mlflow.log_metric('loss', float(sys.argv[1]) / 2)\n",
        )
        self.variables |= {
            "MLFLOW_ALLOW_FILE_STORE": "true",  # the smallest MLflow has no database
            "MLFLOW_TRACKING_URI": str(self.scratch / "tracking"),
            "GIT_PYTHON_REFRESH": "quiet",
        }
        task = "  - name: {}\n    executor: !mlflow\n      experiment: crops\n{}"
        by_hand = task.format("by_hand", "      command: python train.py 0.25\n")
        project = task.format("t", "      parameters: {rate: 0.25}\n")
        quiet = task.format("quiet", "      command: python -c 'print(1)'\n")
        self.write("ame.yml", "tasks:\n" + project + by_hand + quiet)
        self.ame("task", "run", "-l", "t")
        self.ame("task", "run", "-l", "by_hand")
        self.ame("task", "run", "-l", "quiet")
        environment = Path(self.ame("env", "path", "t").strip())
        usual_path = self.variables["PATH"]
        self.variables["PATH"] = f"{environment}/bin:{usual_path}"
        judged = ["mlflow", "run", ".", "--env-manager", "local", "-P", "rate=0.25", "--experiment-name", "crops"]
        self.run_(environment / "bin" / judged[0], *judged[1:], "--run-name", "judge")
        self.variables["PATH"] = usual_path

        ask = (
            "import json, mlflow\n"
            "runs = mlflow.search_runs(experiment_names=['crops'], output_format='list')\n"
            "print('RUNS', json.dumps({r.info.run_name: [r.info.run_id, r.info.status, r.data.metrics, r.data.params] for r in runs}))"
        )
        output = self.run_(environment / "bin/python", "-c", ask)
        runs = json.loads(next(line for line in output.splitlines() if line.startswith("RUNS "))[5:])
        self.assertEqual(sorted(runs), ["by_hand", "judge", "t"])
        self.assertEqual(runs["t"][1:], ["FINISHED", {"loss": 0.125}, {"rate": "0.25"}])
        self.assertEqual(runs["t"][1:], runs["judge"][1:])
        self.assertEqual(runs["by_hand"][1:3], runs["judge"][1:3])
        for number, name in ((1, "t"), (2, "by_hand")):
            step = json.loads(self.ame("task", "view", str(number), "--json"))["steps"][0]
            self.assertEqual(step["mlflow_run"], runs[name][0])
            self.assertIn(f"{name}: MLflow run {runs[name][0]}", self.ame("task", "view", str(number)))
        self.assertIsNone(json.loads(self.ame("task", "view", "3", "--json"))["steps"][0]["mlflow_run"])

    def test_packages_of_conda_are_left_to_conda(self) -> None:
        self.write("MLproject", "name: p\nentry_points:\n  main:\n    command: true\n")
        self.write("conda.yaml", "dependencies:\n  - python=3.11\n  - cudatoolkit=11\n  - mlflow\n")
        self.task("mlflow", "python -c 'print(1 + 1)'")
        self.assertIn(
            "the project wants packages of conda, and this machine has neither conda nor mamba nor micromamba",
            self.ame("task", "run", "-l", "t", fails=True),
        )
        conda = self.scratch / "bin/conda"
        conda.parent.mkdir()
        conda.write_text(
            '#!/bin/sh\ncase "$1" in --version) echo conda 24.1.2 ;; env) echo "conda $*"; '
            f'exec {PYTHON} -m venv --without-pip "$4" ;; esac\n'
        )
        conda.chmod(0o755)
        self.variables["PATH"] += f":{conda.parent}"
        output = self.ame("task", "run", "-l", "t")
        self.assertRegex(output, r"conda env create --prefix \S+ --file \S+/conda.yaml")
        self.assertIn(" with conda 24.1.2 ", output)


if __name__ == "__main__":
    run_tests()
