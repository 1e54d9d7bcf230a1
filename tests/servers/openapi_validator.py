"""Stands between a client and a server, and holds what they say against the OpenAPI document of that server.

That of TES stands beside the project, or where AME_TES_SPEC says.
"""

import http.client
import http.server
import json
import os
import re
import threading
from pathlib import Path

import jsonschema
import yaml

TES_BASE = "/ga4gh/tes/v1"


def document_of_tes(root: Path) -> dict | None:
    name = "task_execution_service.openapi.yaml"
    spec = Path(os.environ.get("AME_TES_SPEC", root.resolve().parent / "shared/specs" / name))
    return yaml.safe_load(spec.read_text()) if spec.exists() else None


class Validator:
    """`complaints` are what was said and should not have been. Paths of the document come after `base`."""

    def __init__(self, address: str, spec: dict | None, base: str = "", holds_answers: bool = True) -> None:
        self.host = address.removeprefix("http://")
        self.spec = spec
        self.base = base
        self.holds_answers = holds_answers
        self.complaints: list[str] = []
        self.heard: set[str] = set()
        validator = self

        class Between(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server = http.client.HTTPConnection(validator.host, timeout=60)
                try:
                    server.request(self.command, self.path, body, dict(self.headers))
                    answer = server.getresponse()
                    said = answer.read()
                except (OSError, http.client.HTTPException):
                    self.close_connection = True
                    return
                finally:
                    server.close()
                validator.look_at(self.command, self.path, body, answer.status, said)
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
                self.send_header("Content-Length", str(len(said)))
                try:
                    self.end_headers()
                    self.wfile.write(said)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True  # who asked has gone

            do_GET = do_POST = do_DELETE = pass_on

            def log_message(self, *words: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Between)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def look_at(self, method: str, target: str, body: bytes, status: int, said: bytes) -> None:
        if self.spec is None:
            return
        said_path, _, query = target.removeprefix(self.base).partition("?")
        path = self.template_of(said_path)
        operation = self.spec["paths"].get(path, {}).get(method.lower())
        if operation is None:
            self.complaints.append(f"{method} {target} is nothing that a client may ask")
            return
        self.heard.add(f"{method} {path}")
        known = {self.resolved(parameter)["name"] for parameter in operation.get("parameters", [])}
        for name in filter(None, (pair.partition("=")[0] for pair in query.split("&"))):
            if name not in known:
                self.complaints.append(f"{method} {path} has no parameter {name}")
        if "requestBody" in operation:
            self.hold(f"{method} {path}", operation["requestBody"]["content"]["application/json"]["schema"], body)
        elif body:
            self.complaints.append(f"{method} {path} has no body")
        if status == 200 and b'"warnings"' in said:
            self.complaints += [f"{method} {path}: {warning}" for warning in json.loads(said)["warnings"]]
        if status == 200 and self.holds_answers:
            answers = {str(number): answer for number, answer in operation["responses"].items()}
            schema = answers["200"]["content"]["application/json"]["schema"]
            self.hold(f"the answer to {method} {path}", schema, said, is_answer=True)

    def template_of(self, said: str) -> str:
        if said in self.spec["paths"]:
            return said
        for template in self.spec["paths"]:
            if "{" in template and re.fullmatch(re.sub(r"\{[^}]*\}", "[^/:]+", template), said):
                return template
        return said

    def resolved(self, part: dict) -> dict:
        if "$ref" not in part:
            return part
        found = self.spec
        for name in part["$ref"].split("/")[1:]:
            found = found[name]
        return found

    def hold(self, what: str, schema: dict, text: bytes, is_answer: bool = False) -> None:
        resolver = jsonschema.RefResolver("", self.spec)
        for found in jsonschema.Draft4Validator(schema, resolver=resolver).iter_errors(json.loads(text)):
            # A server may write down nothing where it has nothing to say.
            if not (is_answer and found.instance in (None, "", [])):
                self.complaints.append(f"{what}: {found.message} at {'/'.join(map(str, found.absolute_path))}")
