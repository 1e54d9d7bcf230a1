#!/usr/bin/env python3
"""Lets a real keyring (gnome-keyring, in a session bus of its own) keep the key of the secret store: storing, opening,
rotating, another session, and no session at all.

usage: check_keyring.py ROOT AME
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

AME = Path(sys.argv[2]).resolve()
NEEDED = ["dbus-run-session", "gnome-keyring-daemon", "secret-tool"]
SESSION = """
printf 'password of the login' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
"""
findings: list[str] = []


def expect(claim: str, found, wanted):
    if found != wanted:
        findings.append(f"{claim}:\n  wanted {wanted!r}\n  found  {found!r}")


class Home:
    def __init__(self, scratch: Path):
        self.directory, self.runtime = scratch / "home", scratch / "runtime"
        self.directory.mkdir()
        self.runtime.mkdir(mode=0o700)
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.directory), "XDG_RUNTIME_DIR": str(self.runtime)}

    def run(self, argv: list[str], **variables: str) -> tuple[int, str, str]:
        done = subprocess.run(
            argv,
            env=self.environment | variables,
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.returncode, done.stdout, done.stderr.replace(str(self.directory), "HOME")

    def in_session(self, script: str):
        """With the keyring of the home directory unlocked. What the bus and the services that it starts say is none of
        ame's."""
        heard = self.directory.parent / "stderr"
        commands = f"exec 2>'{heard}'\n" + SESSION + script.replace("AME", str(AME))
        code, out, _ = self.run(["dbus-run-session", "--", "sh", "-c", commands])
        return code, out, heard.read_text().replace(str(self.directory), "HOME")


def main():
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if missing:
        print(f"SKIPPED: there is no {' and no '.join(missing)} here")
        return
    with tempfile.TemporaryDirectory() as scratch:
        home = Home(Path(scratch))
        expect(
            "a new store is locked with the keyring where there is one",
            home.in_session("printf value-one | AME secret add one"),
            (0, "", "stored `one`\nmade the secret store HOME/.config/ame/secrets/store, locked with the keyring of your session\n"),
        )
        state = home.directory / ".local/state/ame/secrets"
        expect("no key lies in a file", list(state.glob("*.key")) if state.exists() else [], [])
        script = "AME secret rotate && secret-tool search --all service ame-secret-key 2>/dev/null | grep -c '^secret = ame-secret-key/1 '"
        expect(
            "after a rotation in another session the keyring holds the new key alone",
            home.in_session(script),
            (0, "1\n", "the secret store has a new key: HOME/.config/ame/secrets/store, locked with the keyring of your session\n"),
        )
        code, out, err = home.in_session("AME secret list --json")
        expect("it opens", (code, '"key": "one"' in out, err), (0, True, ""))
        hint = "hint: unlock your session's keyring, or move the key with `ame secret rotate` where it is\n"
        expect(
            "without a session there is no key",
            home.run([str(AME), "secret", "list"]),
            (4, "", "error: the secret store is locked with the keyring, and this session has none\n" + hint),
        )
        expect(
            "a keyring that lost the key is told",
            home.in_session("secret-tool clear service ame-secret-key; AME secret list"),
            (4, "", "error: the keyring does not give the key of the secret store: it has no such key\n" + hint),
        )
        content = (home.directory / ".config/ame/secrets/store").read_bytes()
        expect("nothing was overwritten", content.startswith(b"ame-secrets/1\nkeyring "), True)
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings" if findings else "a real keyring keeps the key")
    sys.exit(1 if findings else 0)


main()
