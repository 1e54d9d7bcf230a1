#!/usr/bin/env python3
"""What environments cost: a no-op Python task whose environment is there, against the environment's own python and the
managers' own `run`; then environments made from nothing, against the managers alone.

usage: environments.py AME SCRATCH     SCRATCH is kept: the managers are put there once
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import Command, compare

PYTHON = "/usr/bin/python3"
MANAGERS = {"poetry": "poetry==2.5.1", "pipenv": "pipenv==2026.10.3", "mlflow": "mlflow-skinny==3.17.2"}
ROOT = Path(__file__).resolve().parents[2]
VERSION = "%d.%d" % sys.version_info[:2]


def managers(scratch: Path) -> Path:
    home = scratch / "managers"
    programs = home / "programs"
    if not (home / "done").exists():
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([PYTHON, "-m", "venv", home / "uv"], check=True)
        subprocess.run([home / "uv/bin/pip", "install", "-q", "uv==0.13.8"], check=True)
        programs.mkdir()
        (programs / "uv").symlink_to(home / "uv/bin/uv")
        for name, requirement in MANAGERS.items():
            subprocess.run([PYTHON, "-m", "venv", "--without-pip", home / name], check=True)
            subprocess.run(
                [programs / "uv", "pip", "install", "-q", "--python", home / name / "bin/python", requirement], check=True
            )
            (programs / name).symlink_to(home / name / "bin" / name)
        (home / "done").touch()
    return programs


def warm(scratch: Path, ame: str, programs: Path, variables: dict[str, str]) -> None:
    files = {
        "ours/requirements.txt": "",
        "ours/ame.yml": f"tasks:\n  - name: t\n    executor: !pip\n      pythonVersion: '{VERSION}'\n"
        '      command: [python, -c, pass]\n',
        "poetry/pyproject.toml": '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.9"\n'
        "[tool.poetry]\npackage-mode = false\n",
        "pipenv/Pipfile": "[packages]\n",
        "uv/pyproject.toml": '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.9"\n',
        "mlflow/MLproject": "name: p\nentry_points:\n  main:\n    command: python3 -c pass\n",
    }
    for name, text in files.items():
        (scratch / name).parent.mkdir(exist_ok=True)
        (scratch / name).write_text(text)

    def prepare(folder: str, *argv: str) -> None:
        subprocess.run(argv, cwd=scratch / folder, env=variables, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    prepare("ours", ame, "task", "run", "-l", "t")
    prepare("poetry", "poetry", "lock")
    prepare("poetry", "poetry", "install")
    prepare("pipenv", "pipenv", "lock")
    prepare("pipenv", "pipenv", "sync")
    prepare("uv", "uv", "sync")
    path = subprocess.run(
        [ame, "env", "path", "t"], cwd=scratch / "ours", env=variables, check=True, capture_output=True, text=True
    ).stdout.strip()

    def command(label: str, folder: str, *argv: str) -> Command:
        return Command(label, [shutil.which(argv[0], path=variables["PATH"]) or argv[0], *argv[1:]], str(scratch / folder), variables)

    ours = command("ame task run -l", "ours", ame, "task", "run", "-l", "t")
    its_python = command("its python -c pass", "ours", f"{path}/bin/python", "-c", "pass")
    times = compare(
        "a no-op Python task whose environment is there",
        ours,
        [
            its_python,
            command("uv run", "uv", "uv", "run", "python", "-c", "pass"),
            command("poetry run", "poetry", "poetry", "run", "python", "-c", "pass"),
            command("pipenv run", "pipenv", "pipenv", "run", "python", "-c", "pass"),
        ],
        runs=30,
    )
    more = [one - other for one, other in zip(times[ours.label], times[its_python.label])]
    least = min(times[ours.label]) - min(times[its_python.label])
    print(f"  ame adds {statistics.median(more):.1f} ms to its python (median), {least:.1f} ms (fastest of each)")
    compare(
        "the same against mlflow",
        ours,
        [command("mlflow run", "mlflow", "mlflow", "run", "--env-manager", "local", ".")],
        runs=3,
    )


def timed(folder: Path, variables: dict[str, str], *argvs: list[str]) -> float:
    started = time.perf_counter()
    for argv in argvs:
        done = subprocess.run(argv, cwd=folder, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, argv))} failed:\n{done.stdout}")
    return time.perf_counter() - started


def told(title: str, ours: float, theirs: float, what: str) -> None:
    print(f"  {title:42} ame {ours:6.2f} s   {what} {theirs:6.2f} s   {theirs / ours:.1f} times as fast")


def poetry_from_plain_index(folder: Path, variables: dict[str, str]) -> None:
    """Poetry asks the default index in a way that not every mirror knows; of a named one it reads plain pages."""
    ask = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
    url = os.environ.get("PIP_INDEX_URL") or subprocess.run(
        [PYTHON, "-c", ask], check=True, capture_output=True, text=True
    ).stdout.strip()
    pyproject = folder / "pyproject.toml"
    source = f'\n[[tool.poetry.source]]\nname = "plain"\nurl = "{url.rstrip("/")}/"\npriority = "primary"\n'
    pyproject.write_text(pyproject.read_text() + source)
    timed(folder, variables, ["poetry", "lock"])


def cold(scratch: Path, ame: str, variables: dict[str, str]) -> None:
    """Nothing is cached for either; uv and the managers themselves are there."""
    print("an environment made from nothing, with ame and with the manager alone (once each)")
    tasks = {"pip": "measure", "pipenv": "simulate", "poetry": "prepare", "mlflow": "train"}
    for name, task in tasks.items():
        folder = scratch / f"cold-{name}"
        shutil.copytree(ROOT / "examples" / name, folder)
        empty = scratch / f"empty-{name}"
        theirs = {
            **variables,
            "PIP_CACHE_DIR": str(empty / "pip"),
            "PIPENV_CACHE_DIR": str(empty / "pipenv"),
            "WORKON_HOME": str(empty / "venvs"),
            "PIPENV_PIPFILE": str(folder / "Pipfile"),
            "POETRY_CACHE_DIR": str(empty / "poetry"),
            "POETRY_VIRTUALENVS_PATH": str(empty / "venvs"),
        }
        if name == "poetry":
            poetry_from_plain_index(folder, {**variables, "POETRY_CACHE_DIR": str(scratch / "poetry-lock")})
        venv = empty / "venv"
        requirements = {"pip": "requirements.txt", "mlflow": "requirements.txt"}.get(name, "")
        # What MLflow itself does with a python_env.yaml: a virtual environment, and pip in it.
        by_pip = [[PYTHON, "-m", "venv", venv], [venv / "bin/pip", "install", "-q", "-r", requirements]]
        by_manager = {
            "pipenv": [["pipenv", "sync"]],
            "poetry": [["poetry", "env", "use", PYTHON], ["poetry", "install"]],
        }.get(name, by_pip)
        manager = timed(folder, theirs, *by_manager)
        ours = {**variables, "AME_HOME": str(empty / "by-ame"), "UV_CACHE_DIR": str(empty / "uv")}
        subprocess.run([ame, "doctor"], env=ours, check=True, stdout=subprocess.DEVNULL)  # knows the Pythons
        told(f"examples/{name}", timed(folder, ours, [ame, "env", "recreate", task]), manager, str(by_manager[-1][0]).rsplit("/", 1)[-1])
        if name == "pip":
            (folder / "requirements.txt").write_text((folder / "requirements.txt").read_text() + "\nidna==3.10\n")
            again = timed(folder, ours, [ame, "env", "recreate", task])
            print(f"  {'a second one that shares most wheels':42} ame {again:6.2f} s")


def main() -> None:
    ame, scratch = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    programs = managers(scratch)
    with tempfile.TemporaryDirectory(dir=scratch) as place:
        variables = {
            **os.environ,
            "PATH": f"{programs}:/usr/bin:/bin",
            "HOME": place,
            "AME_HOME": f"{place}/home",
            "UV_PYTHON": PYTHON,
            "GIT_PYTHON_REFRESH": "quiet",
            "MLFLOW_TRACKING_URI": f"{place}/mlruns",  # the smallest MLflow has no database
            "MLFLOW_ALLOW_FILE_STORE": "true",
        }
        cold(Path(place), ame, variables)
        warm(Path(place), ame, programs, variables)


if __name__ == "__main__":
    main()
