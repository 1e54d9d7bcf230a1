"""A package index on the loopback: a few packages of a few lines, made here, so that managers have something real to
resolve, to lock and to install, whatever else this machine can reach."""

import base64
import hashlib
import html
import http.server
import io
import threading
import zipfile
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    requires: tuple[str, ...] = ()
    scripts: dict[str, str] = field(default_factory=dict)

    @property
    def wheel_name(self) -> str:
        return f"{self.name}-{self.version}-py3-none-any.whl"


PACKAGES = (
    Package("alpha", "1.0", scripts={"alpha-says": "alpha:says"}),
    Package("alpha", "2.0", scripts={"alpha-says": "alpha:says"}),
    Package("beta", "1.1", requires=("alpha<2",)),
    Package("gamma", "3.0", requires=("beta", 'delta ; extra == "fast"', 'ancient ; python_version < "3"')),
    Package("delta", "0.1"),
    Package("epsilon", "5.0"),
)


def wheel(package: Package) -> bytes:
    about = f"{package.name}-{package.version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {package.name}\nVersion: {package.version}\nRequires-Python: >=3.8\n"
    if any("extra" in requirement for requirement in package.requires):
        metadata += "Provides-Extra: fast\n"
    metadata += "".join(f"Requires-Dist: {requirement}\n" for requirement in package.requires)
    files = {
        f"{package.name}.py": f"version = {package.version!r}\n\n\ndef says():\n    print({package.name!r}, version)\n",
        f"{about}/METADATA": metadata,
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: small_index\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if package.scripts:
        lines = "".join(f"{name} = {target}\n" for name, target in package.scripts.items())
        files[f"{about}/entry_points.txt"] = "[console_scripts]\n" + lines
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(text.encode())}\n"
    files[f"{about}/RECORD"] = record + f"{about}/RECORD,,\n"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), text)
    return content.getvalue()


class Index:
    """Serves the packages until it is closed. `asked` counts the requests."""

    def __init__(self) -> None:
        self.asked = 0
        wheels = {package.wheel_name: wheel(package) for package in PACKAGES}
        index = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.asked += 1
                parts = [part for part in self.path.split("/") if part]
                if len(parts) == 2 and parts[0] == "simple":
                    links = "".join(
                        f'<a href="/files/{package.wheel_name}#sha256={hashlib.sha256(wheels[package.wheel_name]).hexdigest()}"'
                        f' data-requires-python="&gt;=3.8">{html.escape(package.wheel_name)}</a>\n'
                        for package in PACKAGES
                        if package.name == parts[1]
                    )
                    self.answer(200 if links else 404, "text/html", f"<!DOCTYPE html><html><body>{links}</body></html>".encode())
                elif len(parts) == 2 and parts[0] == "files" and parts[1] in wheels:
                    self.answer(200, "application/octet-stream", wheels[parts[1]])
                else:
                    self.answer(404, "text/plain", b"")

            def answer(self, code: int, kind: str, content: bytes) -> None:
                self.send_response(code)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/simple/"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
