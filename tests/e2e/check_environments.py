#!/usr/bin/env python3
"""Environments as users have them: real managers, a real package index (on the loopback), real kills.

usage: check_environments.py AME SCRATCH [TEST…]

SCRATCH is kept between calls: the managers are put there once.
"""

import contextlib
import ctypes
import json
import os
import platform
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from small_index import Index

AME = Path(sys.argv[1]).resolve()
SCRATCH = Path(sys.argv[2]).resolve()
PYTHON = "/usr/bin/python3"
MLFLOW = "3.17.2"
MANAGERS = {"uv": "0.13.8", "poetry": "2.5.1", "pipenv": "2026.10.3"}

# Tells what an environment holds, whoever made it.
WHAT = """
import importlib.metadata, json, os, shutil, sys
own = {"pip", "setuptools", "wheel"}
packages = {(d.metadata["Name"].lower(), d.version) for d in importlib.metadata.distributions()}
print("WHAT", json.dumps({
    "python": sys.version.split()[0],
    "packages": sorted(p for p in packages if p[0] not in own),
    "alpha-says": bool(shutil.which("alpha-says")) and os.path.dirname(shutil.which("alpha-says")) == os.path.join(sys.prefix, "bin"),
    "tool": bool(shutil.which("shop")),
    "shop": __import__("shop").__file__,
    "nearby": __import__("nearby").__file__,
    "active": os.environ.get("VIRTUAL_ENV") == sys.prefix,
}))
"""

# A build backend that lies in the project: editable and copied installs, and no package from an index.
BACKEND = '''
import base64, hashlib, os, zipfile

NAME, VERSION, ROOT, SCRIPTS = {name!r}, "1.0", {root!r}, {scripts!r}


def _make(folder, files):
    about = f"{{NAME}}-{{VERSION}}.dist-info"
    files[f"{{about}}/METADATA"] = f"Metadata-Version: 2.1\\nName: {{NAME}}\\nVersion: {{VERSION}}\\n"
    files[f"{{about}}/WHEEL"] = "Wheel-Version: 1.0\\nGenerator: own\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    if SCRIPTS:
        files[f"{{about}}/entry_points.txt"] = "[console_scripts]\\n" + SCRIPTS
    record = "".join(
        f"{{name}},sha256={{base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()}},{{len(text)}}\\n"
        for name, text in files.items()
    )
    files[f"{{about}}/RECORD"] = record + f"{{about}}/RECORD,,\\n"
    name = f"{{NAME}}-{{VERSION}}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return name


def build_editable(folder, config_settings=None, metadata_directory=None):
    {gate}
    return _make(folder, {{f"{{NAME}}.pth": os.path.abspath(ROOT) + "\\n"}})


def build_wheel(folder, config_settings=None, metadata_directory=None):
    {gate}
    module = os.path.join(ROOT, NAME + ".py")
    with open(module) as file:
        return _make(folder, {{NAME + ".py": file.read()}})


def get_requires_for_build_wheel(config_settings=None):
    return []


get_requires_for_build_editable = get_requires_for_build_wheel
'''


def package(folder: Path, name: str, root: str = ".", scripts: str = "", gate: str = "pass") -> None:
    """A package whose only module is `name`."""
    (folder / root).mkdir(parents=True, exist_ok=True)
    (folder / root / f"{name}.py").write_text(f'def main():\n    print("{name}")\n')
    (folder / "own_backend.py").write_text(BACKEND.format(name=name, root=root, scripts=scripts, gate=gate))


BUILD_SYSTEM = '[build-system]\nrequires = []\nbuild-backend = "own_backend"\nbackend-path = ["."]\n'
PLAIN = '[project]\nname = "{}"\nversion = "1.0"\nrequires-python = ">=3.9"\n'


def managers() -> Path:
    """The directory with the programs of real managers."""
    home = SCRATCH / ("managers-" + "-".join(MANAGERS.values()))
    if not (home / "done").exists():
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([PYTHON, "-m", "venv", home], check=True)
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run([home / "bin/pip", "install", *quiet, f"uv=={MANAGERS['uv']}"], check=True)
        wanted = [f"{name}=={version}" for name, version in MANAGERS.items() if name != "uv"]
        for requirement in wanted:  # each alone: they do not agree about what they need
            place = home / requirement.split("=")[0]
            subprocess.run([PYTHON, "-m", "venv", "--without-pip", place], check=True)
            subprocess.run([home / "bin/uv", "pip", "install", "-q", "--python", place / "bin/python", requirement], check=True)
        programs = home / "programs"  # and no Python among them
        programs.mkdir()
        (programs / "uv").symlink_to(home / "bin/uv")
        for name in MANAGERS:
            if name != "uv":
                (programs / name).symlink_to(home / name / "bin" / name)
        (home / "done").touch()
    return home / "programs"


def without_system_calls(errors: dict[int, int]) -> None:
    """From now on these calls of the kernel fail so, here and in every child: as on a file system that has none."""
    load, equal, answer = 0x20, 0x15, 0x06
    program = [struct.pack("HBBI", load, 0, 0, 0)]
    for number, error in errors.items():
        program.append(struct.pack("HBBI", equal, 0, 1, number))
        program.append(struct.pack("HBBI", answer, 0, 0, 0x00050000 | error))
    program.append(struct.pack("HBBI", answer, 0, 0, 0x7FFF0000))
    code = b"".join(program)
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, filter_, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def can_mount() -> bool:
    """Only root can, and not in a directory that a chroot made the root."""
    return subprocess.run(["/usr/bin/unshare", "-m", "/bin/true"], capture_output=True).returncode == 0


class Environments(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.scratch = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.project = self.scratch / "shop"
        self.project.mkdir()
        self.index = Index()
        self.addCleanup(self.index.close)
        self.variables = {
            **{name: os.environ[name] for name in ("SSL_CERT_FILE", "HTTPS_PROXY", "https_proxy") if name in os.environ},
            "PATH": f"{managers()}:/usr/bin:/bin",
            "HOME": str(self.scratch / "home"),
            "AME_HOME": str(self.scratch / "ame"),
            "LANG": "C.UTF-8",
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_INDEX_URL": self.index.url,
            "UV_DEFAULT_INDEX": self.index.url,
            "UV_CACHE_DIR": str(self.scratch / "wheels"),
            "UV_PYTHON": PYTHON,
            "PIPENV_VERBOSITY": "-1",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }
        (self.scratch / "home").mkdir()

    def run_(self, *argv: object, fails: bool = False, cwd: Path | None = None, **options: object) -> str:
        done = subprocess.run(
            [str(word) for word in argv],
            cwd=cwd or self.project,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            **options,
        )
        self.assertEqual(done.returncode != 0, fails, done.stdout)
        return done.stdout

    def ame(self, *words: str, **options: object) -> str:
        return self.run_(AME, *words, **options)

    def start(self, *words: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [AME, *words],
            cwd=self.project,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def kept(self) -> list[dict]:
        return json.loads(self.ame("env", "list", "--json"))["environments"]

    def write(self, name: str, text: str) -> None:
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def task(self, executor: str, command: str = "python what.py", more: str = "") -> None:
        self.write("what.py", WHAT)
        self.write(
            "ame.yml", f"tasks:\n  - name: t\n    executor: !{executor}\n      command: {json.dumps(command)}\n{more}"
        )

    def pip_project(self, command: str = "python -c 'import beta; beta.says()'") -> None:
        self.write("requirements.txt", "alpha==1.0\nbeta==1.1\n")
        self.task("pip", command, f'      pythonVersion: "{platform_version()}"\n')

    def what(self, output: str) -> dict:
        lines = [line for line in output.splitlines() if line.startswith("WHAT ")]
        self.assertEqual(len(lines), 1, output)
        return json.loads(lines[0][5:])

    def shop(self) -> None:
        """The project is a package in `src`, with a console script, and uses another one that lies beside it."""
        package(self.project, "shop", "src", "shop = shop:main\n")
        package(self.project / "nearby", "nearby")
        self.write("nearby/pyproject.toml", PLAIN.format("nearby") + BUILD_SYSTEM)

    def compare(self, judged: str, installer: str) -> None:
        """What ame makes, by uv and by the manager, is what the manager itself makes."""
        wanted = self.what(judged)
        self.assertIn(["alpha", "1.0"], wanted["packages"])
        by_uv = self.ame("task", "run", "-l", "t")
        self.assertIn(f" with {installer} ", by_uv)
        self.assertEqual(self.what(by_uv), wanted)
        self.ame("env", "prune", "--unused")
        self.variables["AME_UV"] = "off"
        by_manager = self.ame("task", "run", "-l", "t")
        self.assertEqual(self.what(by_manager), wanted)

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

    # Safe at once.

    def test_fifty_processes_make_it_once(self) -> None:
        self.pip_project()
        processes = [self.start("task", "run", "-l", "t") for _ in range(50)]
        outputs = [process.communicate(timeout=300)[0] for process in processes]
        for process, output in zip(processes, outputs):
            self.assertEqual(process.returncode, 0, output)
            self.assertIn("beta 1.1", output)
        self.assertEqual(sum("made the environment" in output for output in outputs), 1)
        self.assertEqual(len(self.kept()), 1)

    def test_a_killed_build_leaves_nothing_that_is_used(self) -> None:
        for point in ("before", "while", "after"):
            with self.subTest(point):
                told, goes_on = self.scratch / f"told-{point}", self.scratch / f"goes-on-{point}"
                os.mkfifo(told)
                os.mkfifo(goes_on)
                gate = f"open({str(told)!r}, 'w').close(); open({str(goes_on)!r}).close()"
                lines = {
                    "before": "./local\nalpha==1.0\n",  # nothing is installed yet
                    "while": "alpha==1.0\n-e ./local\n",
                    "after": "alpha==1.0\n",  # the environment is there; the task hangs
                }[point]
                package(self.project / "local", "local", gate=gate)
                self.write("local/pyproject.toml", PLAIN.format("local") + BUILD_SYSTEM + f"# {point}\n")
                self.write("requirements.txt", lines)
                waits = f'python -c "{gate}"' if point == "after" else "python -c 'import alpha; alpha.says()'"
                self.task("pip", waits, f'      pythonVersion: "{platform_version()}"\n')
                process = self.start("task", "run", "-l", "t")
                told.open().close()  # blocks until the build, or the task, has come so far
                process.send_signal(signal.SIGKILL)
                process.wait()
                package(self.project / "local", "local")
                self.task("pip", "python -c 'import alpha; alpha.says()'", f'      pythonVersion: "{platform_version()}"\n')
                output = self.ame("task", "run", "-l", "t")
                self.assertIn("alpha 1.0", output)
                self.assertEqual("made the environment" in output, point != "after")
                self.ame("env", "prune")
                for one in self.kept():
                    attempts = [path for path in Path(one["directory"]).parent.iterdir() if path.is_dir()]
                    self.assertEqual(attempts, [Path(one["directory"])])

    def test_prune_leaves_alone_what_is_in_use(self) -> None:
        told, goes_on = self.scratch / "told", self.scratch / "goes-on"
        os.mkfifo(told)
        os.mkfifo(goes_on)
        waits = f"python -c \"open('{told}', 'w').close(); open('{goes_on}').close(); import beta; beta.says()\""
        self.pip_project(waits)
        process = self.start("task", "run", "-l", "t")
        told.open().close()
        self.assertEqual([one["used_by"] for one in self.kept()], [["t-1"]])
        self.assertEqual(self.ame("env", "prune", "--unused"), "removed 0 environments, 0.0 MB\n")
        self.assertIn("is in use", self.ame("env", "recreate", "t", fails=True))
        goes_on.open("w").close()
        self.assertIn("beta 1.1", process.communicate(timeout=60)[0])

        process = self.start("task", "run", "-l", "t")
        told.open().close()
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.assertEqual([one["used_by"] for one in self.kept()], [[]])
        self.assertTrue(self.ame("env", "prune", "--unused").startswith("removed pip-"))
        self.assertEqual(self.kept(), [])

    @unittest.skipUnless(platform.machine() == "x86_64", "the numbers of system calls are those of x86_64")
    def test_without_hard_links(self) -> None:
        self.pip_project()
        link, linkat, eperm = 86, 265, 1
        output = self.ame("task", "run", "-l", "t", preexec_fn=lambda: without_system_calls({link: eperm, linkat: eperm}))
        self.assertIn("no hard links lead from uv's cache to this one: the packages were copied", output)
        self.assertIn("beta 1.1", output)

    @unittest.skipUnless(platform.machine() == "x86_64", "the numbers of system calls are those of x86_64")
    def test_without_flock(self) -> None:
        self.pip_project("python -c 'import beta; beta.says()' | tee said.txt")
        self.write("ame.yml", (self.project / "ame.yml").read_text() + "    artifacts: {paths: [said.txt]}\n")
        flock, enolck = 73, 37
        output = self.ame("task", "run", "-l", "t", preexec_fn=lambda: without_system_calls({flock: enolck}))
        self.assertIn("this file system has no locks (flock): files that name their owners take their place", output)
        self.assertIn("now pip does it itself", output)  # uv wants locks of its own
        self.assertIn("beta 1.1", output)
        self.assertIn("said.txt", self.ame("artifact", "list", "t"))
        self.assertEqual([path for path in (self.scratch / "ame").rglob("*.lock.*")], [])

    @unittest.skipUnless(can_mount(), "nothing can be mounted here")
    def test_a_full_and_a_read_only_cache_are_said(self) -> None:
        self.pip_project()
        cache = self.scratch / "ame/cache"
        cache.mkdir(parents=True)
        del self.variables["UV_CACHE_DIR"]
        for mount, says in (("-o size=512k", "No space left on device"), ("-o ro", "Read-only file system")):
            script = f'mount -t tmpfs {mount} none "{cache}" && exec "{AME}" task run -l t'
            self.assertIn(says, self.run_("/usr/bin/unshare", "-m", "/bin/sh", "-c", script, fails=True))

    # Offline.

    @unittest.skipUnless(os.geteuid() == 0, "only root can leave the network")
    def test_offline(self) -> None:
        self.pip_project()
        alone = ["/usr/bin/unshare", "--net"]
        output = self.run_(*alone, AME, "task", "run", "-l", "t", fails=True)
        self.assertRegex(output, "the package index cannot be reached, and `(alpha|beta)`.* not in the cache")
        self.ame("task", "run", "-l", "t")
        asked = self.index.asked
        self.assertIn("beta 1.1", self.run_(*alone, AME, "task", "run", "-l", "t"))
        self.ame("task", "run", "-l", "t")
        self.assertEqual(self.index.asked, asked)

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

    def from_the_real_index(self) -> None:
        """As the machine is configured."""
        for name in ("PIP_CONFIG_FILE", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_CACHE_DIR"):
            del self.variables[name]
        self.variables |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_"))}
        self.variables["UV_PYTHON"] = PYTHON
        self.variables["UV_CACHE_DIR"] = str(SCRATCH / "wheels")

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


def platform_version() -> str:
    return subprocess.run(
        [PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], check=True, capture_output=True, text=True
    ).stdout.strip()


if __name__ == "__main__":
    with contextlib.suppress(FileExistsError):
        SCRATCH.mkdir(parents=True)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
