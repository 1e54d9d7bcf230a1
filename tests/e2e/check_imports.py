#!/usr/bin/env python3
"""Imports projects from a real git server (git's own http-backend, over TLS on loopback): public ones and private ones,
imports of imports, and what must not happen with a token. Each message is compared as a whole.

usage: check_imports.py ROOT AME
"""

import base64
import http.server
import os
import re
import ssl
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

AME = Path(sys.argv[2]).resolve()
USER, TOKEN = "reader", "token-of-imports-5d1c"
findings: list[str] = []


def expect(claim: str, found, wanted):
    if found != wanted:
        findings.append(f"{claim}:\n  wanted {wanted!r}\n  found  {found!r}")


class Handler(http.server.BaseHTTPRequestHandler):
    """What lies in `private/` wants a login; `/moved/` leads to another host."""

    def handle_git(self):
        server = self.server
        server.logins.append((self.path.split("/info/")[0], self.headers.get("Authorization")))
        if self.path.startswith("/moved/"):
            self.answer(302, {"Location": f"https://127.0.0.1:{server.elsewhere}{self.path.replace('/moved/', '/private/')}"})
            return
        wanted = "Basic " + base64.b64encode(f"{USER}:{TOKEN}".encode()).decode()
        if self.path.startswith("/private/") and self.headers.get("Authorization") != wanted:
            self.answer(401, {"WWW-Authenticate": 'Basic realm="git"'})
            return
        self.hand_to_git()

    do_GET = do_POST = handle_git

    def hand_to_git(self):
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        process = subprocess.run(
            ["git", "http-backend"],
            input=body,
            capture_output=True,
            env={
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(self.server.root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "CONTENT_TYPE": self.headers.get("Content-Type") or "",
                "CONTENT_LENGTH": str(len(body)),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol") or "",
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "safe.directory",
                "GIT_CONFIG_VALUE_0": "*",
            },
            check=False,
        )
        head, _, content = process.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        self.answer(int(fields.pop("Status", "200").split()[0]), fields, content)

    def answer(self, status: int, fields: dict[str, str], content: bytes = b""):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


class GitServer(http.server.ThreadingHTTPServer):
    def __init__(self, root: Path, certificate: tuple[Path, Path]):
        super().__init__(("127.0.0.1", 0), Handler)
        self.root, self.logins, self.elsewhere = root, [], 0
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*certificate)
        self.socket = tls.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass  # a client that does not trust the certificate

    def url(self, path: str) -> str:
        return f"https://localhost:{self.server_address[1]}/{path}"

    def tokens_seen(self) -> set[str]:
        """Where a login arrived."""
        return {path for path, login in self.logins if login}


def certificate(scratch: Path) -> tuple[Path, Path]:
    names = (scratch / "cert.pem", scratch / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", names[1]]
        + ["-out", names[0], "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    return names


class Place:
    """A project, a home, and repositories that a server offers."""

    def __init__(self, scratch: Path):
        self.scratch, self.project, self.home, self.root = scratch, scratch / "p/project", scratch / "home", scratch / "served"
        for directory in (self.project, self.home, self.root):
            directory.mkdir(parents=True)
        kept = {key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}
        self.environment = kept | {"PATH": "/usr/bin:/bin", "HOME": str(self.home), "TZ": "UTC", "LANG": "C.UTF-8"}

    def repository(self, path: str, files: dict[str, str]):
        work = self.scratch / "work" / path
        work.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (work / name).write_text(text)
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "-C", str(work)]
        for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "one"]):
            subprocess.run(git + words, check=True)
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "clone", "-q", "--bare", str(work), str(target)], check=True)

    def file(self, text: str):
        (self.project / "ame.yml").write_text(text)
        (self.project / "ame.lock").unlink(missing_ok=True)

    def ame(self, *words: str, given: str = "", **variables: str):
        done = subprocess.run(
            [AME, *words], cwd=self.project, env=self.environment | variables, input=given, capture_output=True, text=True, check=False
        )
        for text in (done.stdout, done.stderr):
            expect(f"`ame {' '.join(words)}` shows no token", TOKEN in text, False)
        return done.returncode, done.stdout, re.sub(r"localhost:\d+", "SERVER", done.stderr)

    def everything_written(self) -> bytes:
        files = [path for root in (self.project, self.home / ".cache") for path in root.rglob("*") if path.is_file()]
        return b"".join(path.read_bytes() for path in files)


FEATURES = "project: features\ntemplates:\n  - name: big\n    resources: {memory: 8G}\n"
USES = "tasks:\n  - name: train\n    fromTemplate: features.big\n    executor: !custom {command: make}\n"


def imports(url: str, more: str = "") -> str:
    return f"imports:\n  - {{git: {url}, project: features{more}}}\n{USES}"


def refused(message: str, hint: str) -> str:
    line = (PLACE.project / "ame.yml").read_text().splitlines()[1]
    line = re.sub(r"localhost:\d+", "SERVER", line)
    return f"error: {message}\n --> ame.yml:2:5\n  |\n2 | {line}\n  |     ^\nhint: {hint}\n"


def check_trust(place: Place, server: GitServer, trust: dict[str, str]):
    place.file(imports(server.url("features.git")))
    code, out, err = place.ame("import", "update")
    expect("an unknown authority (exit code)", (code, out), (3, ""))
    expect(
        "an unknown authority",
        re.sub(r"trusted: .*", "trusted: WHY", err),
        refused("the certificate of `https://SERVER/features.git` is not trusted: WHY", "add the server's authority to this machine's certificates, or name it in `SSL_CERT_FILE`"),
    )
    expect("nothing is pinned then", (place.project / "ame.lock").exists(), False)
    expect("a known authority", place.ame("import", "update", **trust)[0], 0)
    expect("what was fetched is there without the server's authority", place.ame("validate"), (0, "ame.yml is valid: 1 task\n", ""))
    code, _, err = place.ame("import", "update", SSL_CERT_FILE="/nowhere")
    expect("a file of authorities that is not there (exit code)", code != 0, True)
    expect("a file of authorities that is not there", err.startswith("error: `SSL_CERT_FILE` holds no certificates: "), True)


def check_private(place: Place, server: GitServer, trust: dict[str, str]):
    place.file(imports(server.url("private/features.git")))
    code, _, err = place.ame("import", "update", **trust)
    expect("a private one without a login (exit code)", code, 3)
    expect(
        "a private one without a login",
        re.sub(r"in: .*", "in: WHY", err),
        refused("the repository `https://SERVER/private/features.git` does not let us in: WHY", "give the import a `secret:` with a user and a token"),
    )
    expect("a secret is stored", place.ame("secret", "add", "git_token", given="wrong")[0], 0)
    place.file(imports(server.url("private/features.git"), f", user: {USER}, secret: git_token"))
    server.logins.clear()
    code, _, err = place.ame("import", "update", **trust)
    expect("a wrong token (exit code)", (code, "does not let us in" in err), (3, True))
    expect("a wrong token is tried once", len([login for _, login in server.logins if login]), 1)
    expect("the secret is replaced", place.ame("secret", "add", "--force", "git_token", given=TOKEN)[0], 0)
    expect("a private one with a token", place.ame("import", "update", **trust)[0], 0)
    expect("it can be used", place.ame("validate"), (0, "ame.yml is valid: 1 task\n", ""))
    subprocess.run(["rm", "-rf", str(place.home / ".cache")], check=True)
    expect("a fresh clone fetches it", place.ame("import", "fetch", **trust)[0], 0)
    expect("the token is written nowhere", TOKEN.encode() in place.everything_written(), False)


def check_where_tokens_go(place: Place, server: GitServer, other: GitServer, trust: dict[str, str]):
    login = f", user: {USER}, secret: git_token"
    place.file(imports("http://git.invalid/features.git", login))
    expect(
        "a token is not sent in the clear",
        place.ame("import", "update", **trust),
        (3, "", refused("the secret `git_token` would be readable on its way to `http://git.invalid/features.git`", "use an `https` or `ssh` address")),
    )
    server.elsewhere = other.server_address[1]
    place.file(imports(server.url("moved/features.git"), login))
    code, _, err = place.ame("import", "update", **trust)
    expect(f"a server that leads to another host ({err})", code, 3)
    expect("the other host sees no token", other.tokens_seen(), set())


def check_imports_of_imports(place: Place, server: GitServer, trust: dict[str, str]):
    """`outer` imports `features` from the private repository, as its own lock file says."""
    commit = subprocess.run(
        ["git", "-C", str(place.root / "private/features.git"), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    for name, url, more in (
        ("outer", server.url("features.git"), ""),
        ("greedy", server.url("private/features.git"), f", user: {USER}, secret: git_token"),
    ):
        expected = commit if name == "greedy" else subprocess.run(
            ["git", "-C", str(place.root / "features.git"), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        ).stdout.strip()
        place.repository(
            f"{name}.git",
            {
                "ame.yml": f"project: {name}\nimports:\n  - {{git: {url}, project: features{more}}}\ntemplates:\n  - name: big\n    fromTemplate: features.big\n",
                "ame.lock": f'imports:\n  - git: "{url}"\n    ref: ""\n    commit: "{expected}"\n',
            },
        )
    uses = "tasks:\n  - name: train\n    fromTemplate: {0}.big\n    executor: !custom {{command: make}}\n"
    subprocess.run(["rm", "-rf", str(place.home / ".cache")], check=True)
    place.file(f"imports:\n  - {{git: {server.url('outer.git')}, project: outer}}\n" + uses.format("outer"))
    code, _, err = place.ame("import", "update", **trust)
    expect(f"an import of an import ({err})", code, 0)
    expect("it can be used", place.ame("validate"), (0, "ame.yml is valid: 1 task\n", ""))
    expect("the template came through both", "memory: 8G" in place.ame("task", "view", "train")[1], True)
    server.logins.clear()
    place.file(f"imports:\n  - {{git: {server.url('greedy.git')}, project: greedy}}\n" + uses.format("greedy"))
    code, _, err = place.ame("import", "update", **trust)
    expect("an imported project cannot ask for a secret (exit code)", code, 3)
    expect(f"no token goes where only an imported project says ({err})", server.tokens_seen(), set())


def main():
    with tempfile.TemporaryDirectory(prefix="ame-imports-") as name:
        global PLACE
        scratch = Path(name)
        place = PLACE = Place(scratch)
        names = certificate(scratch)
        place.repository("features.git", {"ame.yml": FEATURES})
        place.repository("private/features.git", {"ame.yml": FEATURES, "README": "private"})
        trust = {"SSL_CERT_FILE": str(names[0])}
        with GitServer(place.root, names) as server, GitServer(place.root, names) as other:
            check_trust(place, server, trust)
            check_private(place, server, trust)
            check_where_tokens_go(place, server, other, trust)
            check_imports_of_imports(place, server, trust)
            server.shutdown()
            other.shutdown()
    if findings:
        raise SystemExit("\n".join(findings))
    print("imports from a git server: all well")


main()
