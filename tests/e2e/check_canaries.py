#!/usr/bin/env python3
"""Runs everything ame does with marked secrets of each kind and then looks for the marks, in every form, wherever something
could have left one: the state, the project, memory-backed directories, everything printed, the terminal, arguments and
environments of all other processes, and a core dump.

usage: check_canaries.py ROOT AME
       check_canaries.py --self-test    plants marks and wants each found
"""

import base64
import binascii
import json
import os
import pty
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

STORED = 'canary stored "5+/=\'\\&<é> 81c3'
LINES = "-----BEGIN CANARY-----\ncanary-line-one-9d2e\ncanary-line-two-77ab\n-----END CANARY-----\n"
FROM_ENV, FROM_FILE, FROM_COMMAND = "canary-env-41f0", "canary-file-52a9", "canary-command-63b8"
FIELD, TYPED, PASSPHRASE = "canary-field-8a17", "canary-typed-74c7", "canary passphrase 85d6"
ALL = [STORED, LINES.rstrip("\n"), "canary-line-one-9d2e", "canary-line-two-77ab", FROM_ENV, FROM_FILE, FROM_COMMAND, FIELD]
ALL += [TYPED, PASSPHRASE]
LITERALS = [FROM_ENV, "--key=" + FIELD]
PATIENCE = 60  # seconds until something that must happen has not

findings: list[str] = []


def forms_of(text: str) -> set[bytes]:
    """As it may stand in bytes. Of base64 what does not depend on what stands around it."""
    raw = text.encode()
    forms = {raw, binascii.hexlify(raw), binascii.hexlify(raw).upper(), json.dumps(text)[1:-1].encode()}
    forms |= {json.dumps(text, ensure_ascii=False)[1:-1].encode(), urllib.parse.quote(text, safe="").encode()}
    forms |= {urllib.parse.quote(text).encode(), urllib.parse.quote_plus(text).encode(), shlex.quote(text)[1:-1].encode()}
    forms |= {repr(text)[1:-1].encode(), repr(raw)[2:-1].encode()}
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        whole = encoded[4 if shift else 0 : (shift + len(raw)) // 3 * 4]
        forms |= {whole, whole.replace(b"+", b"-").replace(b"/", b"_")}
    return {form for form in forms if len(form) >= 8}


FORMS = [(text, form) for text in ALL for form in forms_of(text)]


def look(place: str, data: bytes, but: tuple[str, ...] = ()):
    for text, form in FORMS:
        if form in data and text not in but:
            findings.append(f"{place} holds {text.splitlines()[0]!r} as {form[:60]!r}")


def look_at_tree(top: Path):
    for file in top.rglob("*"):
        look(f"the name of {file}", str(file).encode())
        if file.is_symlink():
            look(f"the target of {file}", os.readlink(file).encode())
        elif file.is_file():
            look(str(file), file.read_bytes())


PRINTER = """
import base64, json, os, sys, time, urllib.parse
values = [os.environ[key] for key in sorted(os.environ) if key.startswith("SECRET_")]
values += [open(name).read() for name in ("lines.key",) if os.path.exists(name)]
out = sys.stdout.buffer
for value in values:
    raw = value.encode()
    texts = [value, json.dumps(value), urllib.parse.quote(value, safe=""), raw.hex(), repr(value), "'" + value + "'"]
    texts += [base64.b64encode(b"x" * shift + raw).decode() for shift in range(3)]
    for text in texts:
        out.write(text.encode() + b"\\n")
        out.flush()
    for byte in raw:  # cut at every place
        os.write(2, bytes([byte]))
    print(file=sys.stderr)
sys.stdout.flush()
if sys.argv[1:] == ["hold"]:
    open("holding", "w").close()
    while not os.path.exists("go-on"):
        time.sleep(0.02)
sys.exit(int(sys.argv[1]) if sys.argv[1:] and sys.argv[1].isdigit() else 0)
"""

SECRETS = """
    secrets:
      - !ame {key: stored, injectAs: SECRET_A}
      - !ame {key: lines, injectAsFile: lines.key}
      - !ame {key: lines, injectAs: SECRET_LINES}
      - !ame {key: fields, field: password, injectAs: SECRET_FIELD}
      - !env {key: FROM_ENV, injectAs: SECRET_B}
      - !file {key: INPUTS/secret, injectAs: SECRET_C}
      - !command {key: cat INPUTS/command, injectAs: SECRET_D}
"""


class Place:
    def __init__(self, ame: Path, scratch: Path):
        self.ame, self.scratch = ame, scratch
        self.project, self.home, self.inputs = scratch / "project", scratch / "home", scratch / "inputs"
        self.runtime, self.temporary = scratch / "runtime", scratch / "tmp"
        for directory in (self.project, self.home, self.inputs, self.runtime, self.temporary):
            directory.mkdir()
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "FROM_ENV": FROM_ENV,
            "LANG": "C.UTF-8",
        }
        for name, text in {"secret": FROM_FILE, "command": FROM_COMMAND, "passphrase": PASSPHRASE}.items():
            (self.inputs / name).write_text(text)
            (self.inputs / name).chmod(0o600)
        (self.project / "print.py").write_text(PRINTER)
        (self.project / "ame.yml").write_text(self.tasks())

    def tasks(self) -> str:
        secrets = SECRETS.replace("INPUTS", str(self.inputs))
        text = "project: canaries\ntasks:\n"
        for name, words in {"good": "", "failing": "3", "holding": "hold"}.items():
            text += f"  - name: {name}\n    executor: !custom {{command: python3 print.py {words}}}{secrets}"
            text += "    artifacts: {saveChangedFiles: true}\n" if name == "good" else ""
        text += f"  - name: unstartable\n    executor: !custom {{command: ['./absent']}}{secrets}"
        text += f"  - name: slow\n    timeout: 200ms\n    executor: !custom {{command: python3 print.py hold}}{secrets}"
        text += f"  - name: odd\n    executor: !custom {{command: ['true']}}\n    secrets:\n      - !command {{key: 'cat INPUTS/command >&2; exit 3', injectAs: X}}\n".replace("INPUTS", str(self.inputs))
        text += "  - name: bystander\n    executor: !custom {command: 'touch watching; while [ ! -e go-on ]; do sleep 0.05; done'}\n"
        return text + "  - name: both\n    pipeline: [[holding, bystander]]\n"

    def run(self, *words: str, given: str | None = None, code: int | None = None) -> bytes:
        """Looks at all that is printed."""
        process = subprocess.run(
            [self.ame, *words],
            cwd=self.project,
            env=self.environment,
            input=None if given is None else given.encode(),
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            timeout=PATIENCE,
        )
        look(f"`ame {' '.join(words)}` prints what", process.stdout + process.stderr)
        if code is not None and process.returncode != code:
            findings.append(f"`ame {' '.join(words)}` gave {process.returncode}, not {code}: {process.stderr.decode()}")
        return process.stdout

    def start(self, *words: str) -> subprocess.Popen:
        return subprocess.Popen(
            [self.ame, *words],
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2),
            start_new_session=True,
        )

    def wait_for(self, what: str, holds):
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                findings.append(f"waited in vain until {what}")
                return
            time.sleep(0.02)

    def memory(self) -> list[Path]:
        places = [self.runtime / "ame", Path(f"/dev/shm/ame-{os.geteuid()}")]
        return [entry for place in places if place.is_dir() for entry in place.iterdir()]

    def clear(self):
        for name in ("holding", "watching", "go-on"):
            (self.project / name).unlink(missing_ok=True)


def fill(place: Place):
    place.run("secret", "add", "stored", given=STORED, code=0)
    place.run("-v", "secret", "add", "lines", "--exact", given=LINES, code=0)
    place.run("secret", "add", "fields", given=json.dumps({"user": "someone", "password": FIELD}), code=0)
    place.run("secret", "add", "stored", given=STORED, code=2)  # is there already
    place.run("secret", "add", "../up", given=STORED, code=2)
    place.run("secret", "add", "copy", "--from-env", "FROM_ENV", code=0)
    place.run("secret", "add", "copy", "--from-file", str(place.inputs / "secret"), "--force", code=0)
    place.run("secret", "add", "huge", given=STORED * 50_000, code=2)
    place.run("secret", "add", "nul", given=STORED + "\0", code=2)


def type_a_secret(place: Place):
    """On a terminal, which shows what is typed unless it is asked not to."""
    for second in (TYPED, TYPED + "-mistyped"):
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(place.project)
            os.execve(place.ame, [str(place.ame), "secret", "add", "typed", "--force"], place.environment | {"TERM": "xterm"})
        shown, answers = b"", [TYPED, second]
        try:
            while piece := os.read(terminal, 4096):
                shown += piece
                if answers and shown.endswith(b": "):
                    os.write(terminal, answers.pop(0).encode() + b"\r")
        except OSError:
            pass
        os.waitpid(process, 0)
        os.close(terminal)
        look("the terminal", shown)


def every_command(place: Place):
    """Each one that the help names, plainly, with each of its flags, and about each kind of thing."""
    def commands(path: list[str]):
        text = place.run(*path, "--help").decode()
        block = re.search(r"\nCommands:\n((?:  .*\n)+)", text)
        flags = re.findall(r"^ +(?:-\w, )?(--[\w-]+)(?:  |$)", text, re.M)
        own = [flag for flag in flags if flag not in ("--help", "--version")]
        names = re.findall(r"^  ([\w-]+)", block.group(1), re.M) if block else []
        if not names:
            yield path, own
        for name in names:
            yield from commands([*path, name])

    for path, flags in list(commands([])):
        if path in (["task", "run"], ["init"], ["serve"], ["task", "remove"], ["secret", "remove"], ["secret", "rotate"], ["secret", "import"]):
            continue  # each has its turn
        for words in ([], ["good"], ["stored"], ["1"]):
            for flag in (None, *flags):
                try:
                    place.run(*path, *words, *([flag] if flag else []))
                except subprocess.TimeoutExpired:
                    pass  # it follows something; what it printed until then was masked by whoever wrote it


def runs(place: Place):
    place.run("task", "run", "-l", "good", code=0)
    if not any(b"***" in place.run("task", "logs", "1") for _ in range(1)):
        findings.append("the run printed no masked value: this test looks at nothing")
    for extra in (["--verbose"], ["--json"], ["--quiet"]):
        place.run(*[word for word in extra if word != "--json"], "task", "run", "-l", "good", *[w for w in extra if w == "--json"], code=0)
    place.run("-v", "task", "run", "-l", "failing", code=1)
    place.run("-v", "task", "run", "-l", "unstartable", code=1)
    place.run("-v", "task", "run", "-l", "slow", code=1)
    place.run("-v", "task", "run", "-l", "odd", code=4)
    place.run("task", "run", "--dry-run", "both", code=0)


def after_runs(place: Place):
    """What looks at earlier runs, what does them again, and what holds a secret although nobody asked for it there."""
    yaml = place.project / "ame.yml"
    whole = yaml.read_text()
    # Run 1 is `good`, the newest of all is `failing`.
    place.run("-v", "task", "rerun", "1", code=0)
    place.run("-v", "task", "rerun", "1", "--step", "good", "--json", code=0)
    place.run("-v", "task", "run", "-l", "failing", "--resume", code=1)
    for words in (["task", "diff", "1", "2"], ["task", "diff", "1", "2", "--json"], ["task", "why", "5"], ["task", "why", "5", "--json"]):
        place.run("-v", *words, code=0)
    place.run("-v", "task", "attach", "1", code=0)
    place.run("-v", "task", "wait", "1", code=0)
    place.run("-v", "task", "wait", "5", code=1)
    place.run("-v", "task", "status", "good", code=0)
    place.run("-v", "task", "graph", "both", code=0)
    place.run("-v", "task", "env", "both", code=0)
    place.run("-v", "task", "env", "both", "--json", code=0)
    place.run("-v", "resources", "show", code=0)
    place.run("-v", "env", "list", code=0)
    place.run("-v", "artifact", "list", code=0)
    place.run("-v", "dataset", "list", code=0)
    yaml.write_text(whole.replace("python3 print.py }", "'python3 print.py; true'}"))
    place.run("-v", "task", "run", "-l", "good", "--", *LITERALS, code=0)
    yaml.write_text(whole)
    place.run("-v", "task", "rerun", "good", code=2)  # what stood behind `--` was not kept
    name = place.run("-v", "task", "run", "-l", "good", "--detach", code=0).decode().strip()
    place.run("-v", "task", "wait", name, code=0)
    place.run("-v", "task", "logs", name, code=0)
    yaml.write_text(whole.replace("project: canaries", "project: [broken"))
    place.run("-v", "task", "run", "-l", "good", code=3)
    yaml.write_text(whole)
    place.run("-v", "task", "prune", "--keep", "5", "--dry-run")


def others(place: Place):
    """While it runs: who else can see anything?"""
    place.clear()
    run = place.start("-v", "task", "run", "-l", "both")
    place.wait_for("both steps run", lambda: (place.project / "holding").exists() and (place.project / "watching").exists())
    link = place.project / "lines.key"
    if not link.is_symlink() or link.read_text() != LINES or (link.stat().st_mode & 0o777) != 0o600:
        findings.append("the file of a secret is not as it should be while its step runs")
    seen = 0
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) in (os.getpid(), run.pid):
            continue
        try:
            arguments, environment = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:
            continue
        look(f"the arguments of {arguments!r}", arguments)
        asked = b"AME_TASK=holding" in environment
        seen += b"AME_TASK=" in environment
        look(f"the environment of {arguments!r}", b"" if asked else environment)
    if seen < 2:
        findings.append("the processes of the steps were not seen: this test looks at nothing")
    (place.project / "go-on").touch()
    look("the run of two steps prints what", run.communicate(timeout=PATIENCE)[0])
    if link.is_symlink() or place.memory():
        findings.append(f"files of secrets are left: {place.memory()}")


def crash(place: Place, how: int):
    """Nothing is left, in memory either, and no core dump."""
    place.clear()
    run = place.start("-v", "task", "run", "-l", "holding")
    place.wait_for("the step runs", lambda: (place.project / "holding").exists())
    if not place.memory():
        findings.append("no file of a secret lies in memory: this test looks at nothing")
    os.kill(run.pid, how)
    (place.project / "go-on").touch()
    _, status = os.waitpid(run.pid, 0)
    if os.WCOREDUMP(status):
        findings.append("ame left a core dump although it held secrets")
    place.wait_for("the guard has removed what was left", lambda: not place.memory())
    place.wait_for("the link is gone", lambda: not (place.project / "lines.key").is_symlink())
    run.stdout.close()


def core_dumps_are_made(scratch: Path) -> bool:
    """Else the look at ame's own says nothing."""
    process = subprocess.Popen(
        ["/bin/sh", "-c", "kill -SEGV $$"],
        cwd=scratch,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2),
    )
    return os.WCOREDUMP(os.waitpid(process.pid, 0)[1])


def keep_and_move(place: Place):
    file = str(place.scratch / "home" / "moved")
    place.run("secret", "export", file, "--passphrase-file", str(place.inputs / "passphrase"), code=0)
    place.run("secret", "import", file, "--passphrase-file", str(place.inputs / "passphrase"), "--force", code=0)
    place.run("secret", "rename", "copy", "copied", code=0)
    place.run("secret", "rotate", code=0)
    place.run("secret", "remove", "copied", code=0)
    place.run("secret", "get", "stored", "--reveal", code=2)  # this is no terminal
    place.run("secret", "get", "stored", code=2)
    place.run("audit", "1", code=0)
    (place.project / "leak").write_text("x " + TYPED)
    place.run("-v", "audit", "1", code=1)
    place.run("audit", "1", "--json", code=1)
    (place.project / "leak").unlink()
    store = place.home / ".config/ame/secrets/store"
    content = store.read_bytes()
    for damaged in (content[:-1], content[:-40] + bytes([content[-40] ^ 1]) + content[-39:], b""):
        store.write_bytes(damaged)
        place.run("-v", "secret", "list", code=4)
        place.run("-v", "task", "run", "-l", "good", code=4)
    store.write_bytes(content)
    place.environment["AME_SECRET_PASSPHRASE_FILE"] = str(place.inputs / "passphrase")
    place.run("secret", "rotate", "--protect", "passphrase", code=0)
    place.run("-v", "task", "run", "-l", "good", code=0)
    place.environment["AME_SECRET_PASSPHRASE_FILE"] = str(place.inputs / "secret")  # the wrong one
    place.run("-v", "secret", "list", code=4)


def main():
    ame = Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as name:
        place = Place(ame, Path(name))
        fill(place)
        type_a_secret(place)
        runs(place)
        after_runs(place)
        others(place)
        crash(place, signal.SIGKILL)
        crash(place, signal.SIGSEGV)
        every_command(place)
        keep_and_move(place)
        dumps = core_dumps_are_made(place.temporary)
        for core in place.temporary.glob("core*"):
            core.unlink()
        for top in (place.project, place.home, place.temporary, place.runtime):
            look_at_tree(top)
    for finding in dict.fromkeys(findings):
        print(finding)
    note = "" if dumps else " (this machine makes no core dumps)"
    print(f"{len(findings)} findings" if findings else f"no mark was found anywhere{note}")
    sys.exit(1 if findings else 0)


def self_test():
    """A look that finds nothing is worth nothing."""
    for text in ALL:
        for form in forms_of(text):
            findings.clear()
            look("here", b"before " + form + b" behind")
            if not findings:
                sys.exit(f"{form!r} was planted and not found")
    for shift in range(3):
        findings.clear()
        look("here", base64.b64encode(b"x" * shift + FROM_ENV.encode() + b" and more"))
        if not findings:
            sys.exit(f"base64 at {shift} was planted and not found")
    print("all planted marks were found")


if sys.argv[1:] == ["--self-test"]:
    self_test()
else:
    main()
