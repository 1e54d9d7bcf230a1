#!/usr/bin/env python3
"""Runs ame against a real Vault (ci/vault-server builds it): every way to log in, both versions of the key-value engine,
leases, and what a Vault refuses. Each message is compared as a whole.

usage: check_vault.py ROOT AME
"""

import base64
import hashlib
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT, AME = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
CANARY = "canary-of-vault-7f3a"
findings: list[str] = []


class Vault:
    """A server of its own, stopped at the end."""

    def __init__(self, server: str, *certificate: str):
        self.process = subprocess.Popen([server, *certificate], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        told = json.loads(self.process.stdout.readline())
        self.scheme = "https" if certificate else "http"
        self.address = f"{self.scheme}://{told['address']}"
        self.token, self.unseal_key = told["token"], told["unseal"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def ask(self, method: str, path: str, body=None, token: str | None = None):
        """Status and answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/v1/{path}", data, method=method)
        request.add_header("X-Vault-Token", self.token if token is None else token)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def must(self, method: str, path: str, body=None):
        status, answer = self.ask(method, path, body)
        if status >= 300:
            raise SystemExit(f"the set-up failed: {method} {path}: {status} {answer}")
        return answer

    def new_token(self, **settings) -> str:
        return self.must("POST", "auth/token/create", settings)["auth"]["client_token"]

    def tokens(self) -> int:
        return len(self.must("LIST", "auth/token/accessors")["data"]["keys"])


class Place:
    """A project, a home and an environment for ame."""

    def __init__(self, scratch: Path):
        self.project, self.home = scratch / "project", scratch / "home"
        for directory in (self.project, self.home):
            directory.mkdir(parents=True)
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.home), "TZ": "UTC", "LANG": "C.UTF-8"}

    def config(self, text: str):
        file = self.home / ".config/ame/config.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def task(self, secret: str, command: str = 'printf %s "$S" | sha256sum | cut -c1-64 > got; echo "$S"'):
        (self.project / "ame.yml").write_text(
            f"tasks:\n  - name: t\n    executor: !custom\n      command: {json.dumps(command)}\n    secrets:\n      - !vault {{{secret}}}\n"
        )

    def start(self, *words: str, **variables: str):
        return subprocess.Popen(
            [AME, *words],
            cwd=self.project,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ame(self, *words: str, **variables: str):
        process = self.start(*words, **variables)
        out, err = process.communicate()
        return process.returncode, out, err.replace(str(self.home), "HOME").replace(str(self.project), "PROJECT")


def expect(claim: str, found, wanted):
    if found != wanted:
        findings.append(f"{claim}:\n  wanted {wanted!r}\n  found  {found!r}")


def gives(claim: str, place: Place, value: str, **variables: str):
    """The task gets exactly this, and shows nothing of it."""
    (place.project / "got").unlink(missing_ok=True)
    code, out, err = place.ame("-q", "task", "run", "-l", "t", **variables)
    expect(f"{claim} (exit code; {err})", code, 0)
    got = (place.project / "got").read_text().strip() if (place.project / "got").exists() else "nothing"
    expect(f"{claim} (value)", got, hashlib.sha256(value.encode()).hexdigest())
    expect(f"{claim} (output)", out, "***\n")


def refuses(claim: str, place: Place, wanted: str, **variables: str):
    """Nothing starts, and this is said."""
    (place.project / "got").unlink(missing_ok=True)
    code, out, err = place.ame("task", "run", "-l", "t", **variables)
    expect(f"{claim} (exit code)", (code, out, (place.project / "got").exists()), (4, "", False))
    expect(claim, re.sub(r"127\.0\.0\.1:\d+", "ADDRESS", err), wanted)


def fault(what: str, hint: str = "") -> str:
    return f"error: the vault `v` cannot be used: {what}\n" + (f"hint: {hint}\n" if hint else "")


def lacks(key: str, what: str, hint: str = "") -> str:
    line = (PLACE.project / "ame.yml").read_text().splitlines()[5]
    return (
        f"error: task `t` needs the secret `{key}` of the vault `v`, {what}\n --> ame.yml:6:9\n  |\n6 | {line}\n"
        "  |         ^^^^^^\n" + (f"hint: {hint}\n" if hint else "")
    )


def configured(vault: Vault, login: str = "", more: str = "") -> str:
    auth = f", auth: {{{login}}}" if login else ""
    return f"vaults:\n  v: {{address: '{vault.address}'{auth}{more}}}\n"


def set_up(vault: Vault):
    vault.must("POST", "sys/mounts/secret", {"type": "kv", "options": {"version": "2"}})
    vault.must("POST", "sys/mounts/old", {"type": "kv", "options": {"version": "1"}})
    vault.must("POST", "sys/mounts/leased", {"type": "leased-kv"})
    vault.must("POST", "old/app/db", {"password": CANARY + "-old"})
    vault.must("POST", "leased/db", {"password": CANARY + "-leased", "ttl": "6s"})
    for name, policy in {
        "reader": 'path "secret/data/app/*" {capabilities=["read"]} path "old/*" {capabilities=["read"]}',
        "nothing": 'path "other/*" {capabilities=["read"]}',
    }.items():
        vault.must("PUT", f"sys/policies/acl/{name}", {"policy": policy})


def write_versions(vault: Vault):
    """Upgrading a fresh mount to version 2 takes a moment: Vault answers 400 until then."""
    while vault.ask("POST", "secret/data/app/db", {"data": {"password": CANARY + "-1"}})[0] == 400:
        pass
    vault.must("POST", "secret/data/app/db", {"data": {"password": CANARY + "-2"}})
    vault.must("POST", "secret/data/app/two", {"data": {"user": "someone", "password": CANARY + "-two"}})
    for key in ("deleted", "destroyed"):
        vault.must("POST", f"secret/data/app/{key}", {"data": {"password": CANARY}})
    vault.must("DELETE", "secret/data/app/deleted")
    vault.must("PUT", "secret/destroy/app/destroyed", {"versions": [1]})


def check_tokens(vault: Vault, place: Place):
    token = vault.new_token(policies=["reader"])
    place.config(configured(vault))
    place.task("vault: v, key: app/db, injectAs: S")
    gives("the newest version, with VAULT_TOKEN", place, CANARY + "-2", VAULT_TOKEN=token)
    (place.home / ".vault-token").write_text(token)
    gives("with the token that `vault login` leaves", place, CANARY + "-2")
    (place.home / ".vault-token").unlink()
    refuses("no token", place, fault("there is no token in VAULT_TOKEN", "set it, or log in with `vault login`"))
    place.task("vault: v, key: app/db, version: 1, injectAs: S")
    gives("a pinned version", place, CANARY + "-1", VAULT_TOKEN=token)
    place.task("vault: v, key: app/two, field: password, injectAs: S")
    gives("one field of several", place, CANARY + "-two", VAULT_TOKEN=token)
    place.task("vault: v, key: app/db, injectAs: S", 'printf %s "$S" | sha256sum | cut -c1-64 > got; echo "$S$VAULT_TOKEN"')
    gives("the step does not inherit ame's own token", place, CANARY + "-2", VAULT_TOKEN=token)

    file = place.home / "token"
    file.write_text(token + "\n")
    place.config(configured(vault, "tokenFile: ~/token"))
    place.task("vault: v, key: app/db, injectAs: S")
    gives("with a token file", place, CANARY + "-2")
    helper = place.home / "helper"
    helper.write_text(f'#!/bin/sh\n[ "$1" = get ] && cat {file}\n')
    helper.chmod(0o700)
    place.config(configured(vault, f"tokenHelper: {helper}"))
    gives("with a token helper", place, CANARY + "-2")
    helper.write_text("#!/bin/sh\nexit 3\n")
    refuses("a helper that fails", place, fault(f"its token helper `HOME/helper` gives no token", "run it with `get` in a shell to see why"))

    place.config(configured(vault, more=", mount: old, kvVersion: 1"))
    gives("version 1 of the engine", place, CANARY + "-old", VAULT_TOKEN=token)


def check_logins(vault: Vault, place: Place, scratch: Path):
    place.task("vault: v, key: app/db, injectAs: S")
    vault.must("POST", "sys/auth/approle", {"type": "approle"})
    vault.must("POST", "auth/approle/role/ame", {"token_policies": "reader", "token_ttl": "1h"})
    role = vault.must("GET", "auth/approle/role/ame/role-id")["data"]["role_id"]
    secret = vault.must("POST", "auth/approle/role/ame/secret-id", {})["data"]["secret_id"]
    place.config(configured(vault, "method: approle, roleIdEnv: ROLE_ID, secretIdEnv: SECRET_ID"))
    before = vault.tokens()
    gives("with approle", place, CANARY + "-2", ROLE_ID=role, SECRET_ID=secret)
    expect("the token of a login is given back", vault.tokens(), before)
    refuses(
        "a wrong secret id",
        place,
        fault("it refuses to log us in with approle: invalid secret id", "the method is mounted at `auth/approle`"),
        ROLE_ID=role,
        SECRET_ID="wrong-secret-id",
    )
    refuses("no role id", place, fault("the variable ROLE_ID with the role id is not set"), SECRET_ID=secret)

    key = scratch / "key.pem"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, stderr=subprocess.DEVNULL)
    public = subprocess.run(["openssl", "rsa", "-in", key, "-pubout"], check=True, capture_output=True, text=True).stdout
    vault.must("POST", "sys/auth/ci", {"type": "jwt"})
    vault.must("POST", "auth/ci/config", {"jwt_validation_pubkeys": [public]})
    vault.must(
        "POST",
        "auth/ci/role/ame",
        {"role_type": "jwt", "user_claim": "sub", "bound_audiences": "ame", "token_policies": "reader"},
    )
    token = signed({"sub": "ci", "aud": "ame"}, key)
    place.config(configured(vault, "method: jwt, mount: ci, role: ame, jwtEnv: ID_TOKEN"))
    gives("with a JSON Web Token", place, CANARY + "-2", ID_TOKEN=token)
    place.config(configured(vault, "method: jwt, mount: ci, role: other, jwtEnv: ID_TOKEN"))
    refuses(
        "a role that is not there",
        place,
        fault('it refuses to log us in with jwt: role "other" could not be found', "the method is mounted at `auth/ci`"),
        ID_TOKEN=token,
    )
    names = {"namespace": "ml", "serviceaccount": {"name": "trainer", "uid": "u-1"}}
    pod = {"sub": "system:serviceaccount:ml:trainer", "aud": ["ame"], "kubernetes.io": names}
    check_kubernetes(vault, place, scratch, signed(pod, key))


def signed(claims: dict, key: Path) -> str:
    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    now = int(time.time())
    times = {"iat": now - 60, "nbf": now - 60, "exp": now + 3600}
    text = part(b'{"alg":"RS256","typ":"JWT"}') + "." + part(json.dumps(claims | times).encode())
    mark = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text.encode(), check=True, capture_output=True)
    return text + "." + part(mark.stdout)


class TokenReview(http.server.BaseHTTPRequestHandler):
    """What a cluster's API server says of a pod's token."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        user = {"username": "system:serviceaccount:ml:trainer", "uid": "u-1", "groups": ["system:serviceaccounts"]}
        review = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "status": {"authenticated": True, "user": user, "audiences": ["ame"]}}
        body = json.dumps(review).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def check_kubernetes(vault: Vault, place: Place, scratch: Path, token: str):
    cluster = http.server.ThreadingHTTPServer(("127.0.0.1", 0), TokenReview)
    threading.Thread(target=cluster.serve_forever, daemon=True).start()
    host = f"http://127.0.0.1:{cluster.server_address[1]}"
    vault.must("POST", "sys/auth/kubernetes", {"type": "kubernetes"})
    authority = certificate(scratch)[0].read_text()
    settings = {"kubernetes_host": host, "token_reviewer_jwt": token, "kubernetes_ca_cert": authority}
    vault.must("POST", "auth/kubernetes/config", settings | {"disable_local_ca_jwt": True})
    vault.must(
        "POST",
        "auth/kubernetes/role/trainer",
        {"bound_service_account_names": "trainer", "bound_service_account_namespaces": "ml", "token_policies": "reader"},
    )
    (scratch / "pod-token").write_text(token)
    place.config(configured(vault, f"method: kubernetes, role: trainer, jwtFile: {scratch / 'pod-token'}"))
    gives("with a pod's token", place, CANARY + "-2")
    cluster.shutdown()


def check_leases(vault: Vault, place: Place):
    token = vault.new_token(policies=["root"], ttl="1h")
    place.config(configured(vault, more=", mount: leased, kvVersion: 1"))
    place.task("vault: v, key: db, field: password, injectAs: S", "while [ ! -e go-on ]; do sleep 0.1; done")
    run = place.start("task", "run", "-l", "t", VAULT_TOKEN=token)

    def leases() -> list[str]:
        return vault.ask("LIST", "sys/leases/lookup/leased/db/")[1].get("data", {}).get("keys", [])

    while not leases() and run.poll() is None:
        pass
    lease = f"leased/db/{leases()[0]}"
    while run.poll() is None:
        status, answer = vault.ask("PUT", "sys/leases/lookup", {"lease_id": lease})
        if status != 200:
            findings.append("the lease of a secret ended while its task was running")
            break
        if answer["data"]["last_renewal"]:
            break
    (place.project / "go-on").touch()
    _, err = run.communicate()
    expect(f"a task with a lease ({err})", run.returncode, 0)
    expect("a lease is given back at the end", leases(), [])


def check_refusals(vault: Vault, place: Place):
    token = vault.new_token(policies=["reader"])
    place.config(configured(vault))
    for key, what, hint in (
        ("app/deleted", None, "`vault kv undelete` brings it back; `version` names another one"),
        ("app/destroyed", "whose version 1 is destroyed", "`version` names another one"),
        ("app/absent", "which is not there", "looked for `secret/data/app/absent`"),
        ("elsewhere", "which the token may not read", "its policies have to allow `read` on `secret/data/elsewhere`"),
        ("app/two", "which has 2 fields", "choose one with `field`: `password` or `user`"),
    ):
        place.task(f"vault: v, key: {key}, injectAs: S")
        if what is None:
            metadata = vault.must("GET", "secret/metadata/app/deleted")["data"]["versions"]["1"]
            what = f"whose version 1 was deleted at {metadata['deletion_time']}"
        refuses(key, place, lacks(key, what, hint), VAULT_TOKEN=token)
    place.task("vault: v, key: app/db, injectAs: S")
    refuses(
        "a token that nobody made",
        place,
        fault("it does not accept the token in VAULT_TOKEN", "it may have expired, been revoked, or belong to another Vault or namespace"),
        VAULT_TOKEN="hvs.made-up",
    )
    short = vault.new_token(policies=["reader"], ttl="1s")
    while vault.ask("GET", "auth/token/lookup-self", token=short)[0] == 200:
        pass
    refuses(
        "a token that has expired",
        place,
        fault("it does not accept the token in VAULT_TOKEN", "it may have expired, been revoked, or belong to another Vault or namespace"),
        VAULT_TOKEN=short,
    )
    place.config(configured(vault, more=", kvVersion: 1"))
    refuses(
        "version 2 read as version 1",
        place,
        fault("the engine at `secret` is of version 2, and `kvVersion` says 1"),
        VAULT_TOKEN=vault.token,
    )
    place.config(configured(vault, more=", mount: nowhere"))
    refuses(
        "no such engine",
        place,
        fault("it has no engine at `nowhere`, or the token may not see it"),
        VAULT_TOKEN=vault.token,
    )
    place.config("vaults:\n  other: {address: 'http://127.0.0.1:1'}\n  v: {address: 'http://127.0.0.1:1'}\n")
    refuses("nobody there", place, fault("nobody answers there", "its address is `http://ADDRESS`"), VAULT_TOKEN=token)
    place.config("vaults:\n  other: {address: 'http://127.0.0.1:1'}\n")
    refuses("a vault nobody knows", place, lacks("app/db", "and no vault of that name is configured", "there is `other`"))


def check_commands(vault: Vault, place: Place):
    place.config(configured(vault))
    code, out, _ = place.ame("vault", "list", "--json")
    expect(
        "vault list",
        (code, json.loads(out)),
        (0, {"vaults": [{"name": "v", "address": vault.address, "namespace": None, "mount": "secret", "kvVersion": 2, "auth": "token", "file": "../home/.config/ame/config.yml"}]}),
    )
    code, out, _ = place.ame("vault", "test", "--json", VAULT_TOKEN=vault.token)
    expect("vault test", (code, json.loads(out)), (0, {"usable": True, "vaults": [{"name": "v", "usable": True, "tokenSeconds": None, "problems": []}]}))
    vault.must("PUT", "sys/seal")
    code, out, err = place.ame("vault", "test", VAULT_TOKEN=vault.token)
    expect("vault test of a sealed one", (code, err), (4, fault("it is sealed", "`vault operator unseal` opens it")))
    vault.ask("PUT", "sys/unseal", {"key": vault.unseal_key})


def certificate(scratch: Path) -> tuple[Path, Path]:
    """For 127.0.0.1, its own authority; with its key."""
    names = (scratch / "cert.pem", scratch / "tls-key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", names[1]]
        + ["-out", names[0], "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    return names


def check_tls(server: str, place: Place, scratch: Path):
    names = certificate(scratch)
    place.task("vault: v, key: app/db, injectAs: S")
    with Vault(server, *map(str, names)) as vault:
        place.config(configured(vault))
        refuses(
            "a certificate that nobody vouches for",
            place,
            fault("its certificate is not trusted: self-signed certificate", "name its certificate authority with `caFile`"),
            VAULT_TOKEN=vault.token,
        )
        place.config(configured(vault, more=f", caFile: {names[0]}"))
        refuses(
            "over TLS, and nothing mounted",
            place,
            fault("it has no engine at `secret`, or the token may not see it"),
            VAULT_TOKEN=vault.token,
        )


def check_nothing_leaked(place: Place):
    for file in [*place.home.rglob("*"), *place.project.rglob("*")]:
        if file.is_file() and CANARY.encode() in file.read_bytes():
            findings.append(f"a value stands in {file}")


def main():
    global PLACE
    server = subprocess.run([ROOT / "ci/vault-server", "--where"], check=True, capture_output=True, text=True).stdout.strip()
    if not os.access(server, os.X_OK):
        print("SKIPPED: there is no Vault server here; `ci/vault-server` builds it")
        return
    with tempfile.TemporaryDirectory() as scratch, Vault(server) as vault:
        PLACE = place = Place(Path(scratch) / "ame")
        set_up(vault)
        write_versions(vault)
        check_tokens(vault, place)
        check_logins(vault, place, Path(scratch))
        check_leases(vault, place)
        check_refusals(vault, place)
        check_tls(server, place, Path(scratch))
        check_commands(vault, place)
        check_nothing_leaked(place)
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings" if findings else "a real Vault gives what it should, and refuses in ame's words")
    sys.exit(1 if findings else 0)


main()
