"""The world of the tests of environments: real managers, and a real package index on the loopback."""

import contextlib
import fcntl
import json
import os
import shutil
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
    with open(SCRATCH / "managers.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return made_managers()


def made_managers() -> Path:
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


def platform_version() -> str:
    return subprocess.run(
        [PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], check=True, capture_output=True, text=True
    ).stdout.strip()


def can_mount() -> bool:
    """Only root can, and not in a directory that a chroot made the root."""
    return subprocess.run(["/usr/bin/unshare", "-m", "/bin/true"], capture_output=True).returncode == 0


class World(unittest.TestCase):
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

    def from_the_real_index(self) -> None:
        """As the machine is configured."""
        for name in ("PIP_CONFIG_FILE", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_CACHE_DIR"):
            del self.variables[name]
        self.variables |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_"))}
        self.variables["UV_PYTHON"] = PYTHON
        self.variables["UV_CACHE_DIR"] = str(SCRATCH / "wheels")


def run_tests() -> None:
    with contextlib.suppress(FileExistsError):
        SCRATCH.mkdir(parents=True)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
