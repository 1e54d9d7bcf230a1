#!/usr/bin/env python3
"""Models that are served: brought up, replaced without a gap, kept when the next is not healthy, started again.

usage: check_deployments.py AME

The registry is a small stand-in for MLflow's; what serves is a small program. check_models.py does the same with both
real.
"""

import http.client
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "servers"))
from server_process import free_ports  # noqa: E402

AME = Path(sys.argv[1]).resolve()

# Answers with its version. The file `ill-VERSION` makes it ill, `slow` makes it wait until that file is gone.
SERVER = """
import http.server, os, signal, sys, threading, time
version = os.environ["AME_MODEL_VERSION"]
if os.path.exists("broken-" + version):
    sys.exit("broken")
class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        if self.path == "/end":
            os._exit(3)
        if self.path == "/slow":
            open("slow-began", "w").close()
            while os.path.exists("slow"):
                time.sleep(0.01)
        ill = self.path == "/health" and os.path.exists("ill-" + version)
        text = version.encode()
        self.send_response(503 if ill else 200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
    def log_message(self, *words):
        pass
print("serving", version, "with", os.environ["AME_MODEL_URI"], flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["AME_MODEL_PORT"])), Answer).serve_forever()
"""
PROJECT = """
project: shop
models:
  - name: ranker
    validationTask: {taskRef: check}
    deployment:
      command: exec python3 serve.py
tasks:
  - name: check
    executor: !custom {command: "test ! -e unfit-$AME_MODEL_VERSION"}
"""


class Registry:
    """Knows as many versions as it is told."""

    def __init__(self) -> None:
        registry = self
        self.newest = 0

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = self.path.partition("version_number%20%3D%20")[2] or self.path.partition("version_number%3D")[2]
                number = int(asked.partition("&")[0]) if asked else registry.newest
                known = 0 < number <= registry.newest
                versions = [{"version": str(number), "run_id": f"run-{number}"}] if known else []
                body = json.dumps({"model_versions": versions}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Deployments(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.scratch = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.project = self.scratch / "shop"
        self.project.mkdir()
        (self.project / "serve.py").write_text(SERVER)
        (self.project / "ame.yml").write_text(PROJECT)
        self.registry = Registry()
        self.addCleanup(self.registry.close)
        (self.scratch / "home").mkdir()
        self.variables = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.scratch / "home"),
            "AME_HOME": str(self.scratch / "ame"),
            "LANG": "C.UTF-8",
            "MLFLOW_TRACKING_URI": self.registry.address,
            "http_proxy": "http://127.0.0.1:9",  # which leads nowhere
        }
        self.addCleanup(self.ame, "model", "stop", "ranker", fails=None)
        (self.port,) = free_ports(1)

    def ame(self, *words: str, fails: bool | None = False) -> str:
        done = subprocess.run(
            [AME, *words],
            cwd=self.project,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        if fails is not None:
            self.assertEqual(done.returncode != 0, fails, done.stdout)
        return done.stdout

    def deploy(self, *words: str, **options: bool) -> str:
        return self.ame("model", "deploy", "ranker", "--port", str(self.port), *words, **options)

    def get(self, path: str = "/") -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        text = answer.read().decode()
        connection.close()
        return text

    def status(self) -> dict:
        return json.loads(self.ame("model", "status", "--json"))["deployments"][0]

    def touch(self, name: str) -> None:
        (self.project / name).touch()

    def wait_for_log(self, run: str, text: str) -> None:
        """Reads the log as it grows, until this stands in it."""
        reader = subprocess.Popen(
            [AME, "task", "logs", "-f", run], cwd=self.project, env=self.variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        read = []
        for line in reader.stdout:
            read.append(line)
            if text in line:
                break
        else:
            self.fail(f"{text!r} is not in\n" + "".join(read))
        reader.kill()
        reader.stdout.close()
        reader.wait()

    def test_a_version_is_validated_served_and_stopped(self) -> None:
        self.assertIn("has no version in MLflow", self.deploy(fails=True))
        self.registry.newest = 1
        output = self.deploy()
        self.assertIn("version 1 of the model `ranker` was not validated yet", output)
        self.assertIn(f"version 1 of the model `ranker` answers at http://127.0.0.1:{self.port} (serve-ranker-2)", output)
        self.assertEqual(self.get(), "1")
        self.assertIn("answers at", self.deploy())
        self.assertEqual((self.status()["state"], self.status()["version"]), ("healthy", 1))
        self.assertIn("serving 1 with models:/ranker/1", self.ame("task", "logs", "--no-follow", "serve-ranker"))
        self.assertIn("is not served any more", self.ame("model", "stop", "ranker"))
        with self.assertRaises(ConnectionRefusedError):
            self.get()
        self.assertEqual(self.status()["state"], "stopped")
        self.assertIn("`ranker` is not served", self.ame("model", "stop", "ranker"))

    def test_what_is_not_fit_is_never_served(self) -> None:
        self.registry.newest = 1
        self.deploy()
        self.registry.newest = 2
        self.touch("unfit-2")
        self.assertIn("version 2 of the model `ranker` is not fit", self.deploy(fails=True))
        output = self.deploy(fails=True)
        self.assertIn("version 2 of the model `ranker` is not fit: its validation failed in run 3", output)
        self.assertIn("hint: `ame model validate ranker --version 2` validates it again", output)
        self.assertEqual(self.get(), "1")

    def test_a_version_takes_the_place_of_another_without_a_gap(self) -> None:
        self.registry.newest = 1
        self.deploy()
        heard: list[str] = []
        failures: list[Exception] = []
        is_over = threading.Event()

        def ask() -> None:
            while not is_over.is_set():
                try:
                    heard.append(self.get())
                except Exception as failure:  # whatever it is, there was a gap
                    failures.append(failure)

        clients = [threading.Thread(target=ask) for _ in range(4)]
        for client in clients:
            client.start()
        for version in (2, 3):
            self.registry.newest = version
            self.deploy()
        self.deploy("--version", "1")
        is_over.set()
        for client in clients:
            client.join()
        self.assertEqual(failures, [])
        self.assertEqual(set(heard), {"1", "2", "3"})
        self.assertEqual(self.get(), "1")
        self.assertEqual(self.status()["previousVersion"], 3)
        self.ame("task", "wait", "serve-ranker-2", "serve-ranker-4", "serve-ranker-6", fails=None)
        running = json.loads(self.ame("task", "list", "--json"))["runs"]
        self.assertEqual([run["name"] for run in running if run["status"] == "Running"], ["serve-ranker-7"])

    def test_the_old_version_goes_on_when_the_next_is_not_healthy(self) -> None:
        self.registry.newest = 1
        self.deploy()
        self.registry.newest = 2
        self.touch("broken-2")
        output = self.deploy(fails=True)
        self.assertIn("broken", output)
        self.assertIn(f"version 1 goes on at http://127.0.0.1:{self.port}", output)
        self.assertEqual((self.get(), self.status()["version"]), ("1", 1))
        (self.project / "broken-2").unlink()
        self.touch("ill-2")
        deploying = subprocess.Popen(
            [AME, "model", "deploy", "ranker"], cwd=self.project, env=self.variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for line in deploying.stdout:
            if "serving 2" in line:
                break
        self.assertIn("is being deployed at this moment", self.deploy(fails=True))
        deploying.send_signal(signal.SIGINT)
        self.assertIn("version 1 goes on", deploying.communicate(timeout=60)[0])
        self.assertEqual(deploying.returncode, 130)
        self.assertEqual(self.get(), "1")

    def test_a_server_that_ends_is_started_again_while_clients_wait(self) -> None:
        self.registry.newest = 1
        self.deploy()
        with self.assertRaises((http.client.HTTPException, ConnectionError)):
            self.get("/end")
        self.assertEqual(self.get(), "1")
        self.wait_for_log("serve-ranker", "the server is healthy again")
        self.assertIn("ame: the server ended: exit code 3; it is started again in 1 s", self.ame("task", "logs", "--no-follow", "serve-ranker"))

    def test_requests_under_way_are_answered_before_it_stops(self) -> None:
        self.registry.newest = 1
        self.deploy()
        self.touch("slow")
        answers: list[str] = []
        client = threading.Thread(target=lambda: answers.append(self.get("/slow")))
        client.start()
        while not (self.project / "slow-began").exists():
            client.join(0.01)
        stopping = subprocess.Popen([AME, "model", "stop", "ranker"], cwd=self.project, env=self.variables)
        while True:
            try:
                self.get()
            except OSError:
                break
        (self.project / "slow").unlink()
        client.join()
        self.assertEqual(answers, ["1"])
        self.assertEqual(stopping.wait(timeout=60), 0)

    def test_a_kill_of_its_supervisor_leaves_nothing(self) -> None:
        self.registry.newest = 1
        self.deploy()
        run = json.loads(self.ame("task", "view", "serve-ranker", "--json"))
        os.kill(run["pid"], signal.SIGKILL)
        while self.status()["state"] == "healthy":
            pass
        self.assertEqual(self.status()["state"], "failed")
        self.deploy()
        self.assertEqual(self.get(), "1")

    def test_what_is_wrong_is_told_before_anything_runs(self) -> None:
        self.registry.newest = 1
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            output = self.ame("model", "deploy", "ranker", "--port", str(other.getsockname()[1]), fails=True)
            self.assertIn("of this machine is another program's\nhint: `--port` chooses another", output)
        self.assertIn("`70000` is no port", self.ame("model", "deploy", "ranker", "--port", "70000", fails=True))
        (self.project / "ame.yml").write_text(PROJECT.replace("command: exec", "deploy: false\n      command: exec"))
        self.assertIn("`deploy: false` keeps the model `ranker` from being deployed", self.deploy(fails=True))
        (self.project / "ame.yml").write_text(PROJECT.replace("    validationTask: {taskRef: check}\n", ""))
        self.assertIn("the model `ranker` has no `validationTask`", self.deploy(fails=True))


if __name__ == "__main__":
    del sys.argv[1]
    unittest.main()
