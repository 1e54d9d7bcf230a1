#!/usr/bin/env python3
"""Models with a real MLflow server: trained, registered, validated, and shown.

usage: check_models.py AME SCRATCH [TEST…]

SCRATCH is kept between calls: MLflow is put there once.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "servers"))
from environment_world import MLFLOW, PYTHON, World, platform_version, run_tests  # noqa: E402
from server_process import free_ports  # noqa: E402

TRAIN = """
import os, mlflow, mlflow.sklearn
from sklearn.linear_model import LinearRegression
with mlflow.start_run():
    model = LinearRegression().fit([[0], [1], [2]], [0, 2, 4])
    name = "doubler" if os.environ.get("REGISTER", "yes") == "yes" else None
    mlflow.sklearn.log_model(model, name="model", registered_model_name=name, serialization_format="skops",
                             pip_requirements=[])
"""
CHECK = """
import os, mlflow
if os.environ.get("TOLD"):
    open(os.environ["TOLD"], "w").close()
    open(os.environ["GOES_ON"]).close()
print("checking", os.environ["AME_MODEL_NAME"], os.environ["AME_MODEL_VERSION"])
model = mlflow.pyfunc.load_model(os.environ["AME_MODEL_URI"])
assert abs(model.predict([[5]])[0] - 10) < 1e-6
assert os.environ.get("PICKY") != "yes", "not good enough"
"""
PROJECT = """
project: shop
models:
  - name: doubler
    training:
      task:
        executor: !pip
          pythonVersion: "{version}"
          command: python train.py
    validationTask:
      taskRef: check
    deployment: {{autoTrain: true}}
  - name: unvalidated
    training: {{task: {{taskRef: check}}}}
tasks:
  - name: check
    executor: !pip
      pythonVersion: "{version}"
      command: python check.py
"""


class Models(World):
    def setUp(self) -> None:
        super().setUp()
        self.from_the_real_index()
        self.write("requirements.txt", f"mlflow=={MLFLOW}\nscikit-learn==1.9.1\nskops==0.16.0\n")
        self.write("train.py", TRAIN)
        self.write("check.py", CHECK)
        self.write("ame.yml", PROJECT.format(version=platform_version()))
        self.variables["GIT_PYTHON_REFRESH"] = "quiet"
        self.ame("env", "recreate", "check")
        self.environment = Path(self.ame("env", "path", "check").strip())

    def serve(self) -> str:
        (port,) = free_ports(1)
        place = self.scratch / "server"
        place.mkdir()
        server = subprocess.Popen(
            [self.environment / "bin/mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
             "--backend-store-uri", f"sqlite:///{place}/mlflow.db", "--artifacts-destination", str(place / "files")],
            cwd=place,
            env={**self.variables, "PATH": f"{self.environment}/bin:/usr/bin:/bin"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(os.killpg, server.pid, signal.SIGKILL)
        said = []
        # The port is open once both stand there, in whichever order.
        awaited = {"Application startup complete", "Uvicorn running on"}
        for line in server.stdout:
            said.append(line)
            awaited -= {words for words in awaited if words in line}
            if not awaited:
                break
        else:
            self.fail("the server did not start:\n" + "".join(said))
        threading.Thread(target=lambda: [None for _ in server.stdout], daemon=True).start()
        return f"http://127.0.0.1:{port}"

    def listed(self) -> dict:
        return json.loads(self.ame("model", "list", "--json"))["models"][0]

    def test_a_model_from_training_to_validation(self) -> None:
        self.assertIn("train-doubler", self.ame("model", "train", "doubler", "--dry-run"))
        self.assertIn("no MLflow server is named", self.ame("model", "validate", "doubler", fails=True))
        self.variables["MLFLOW_TRACKING_URI"] = self.serve()
        output = self.ame("model", "validate", "doubler", fails=True)
        self.assertIn("the model `doubler` has no version in MLflow", output)

        output = self.ame("model", "train", "doubler")
        self.assertIn("version 1 of the model `doubler` is registered", output)
        self.assertIn("checking doubler 1", output)
        self.assertIn("version 1 of the model `doubler` is validated", output)
        self.assertEqual((self.listed()["newestVersion"], self.listed()["validated"]), (1, True))

        output = self.ame("model", "train", "doubler", "--env", "PICKY=yes", fails=True)
        self.assertIn("version 2 of the model `doubler` is not fit: its validation failed", output)
        model = self.listed()
        self.assertEqual((model["newestVersion"], model["validated"], model["latestValidatedVersion"]), (2, False, 1))
        run = json.loads(self.ame("task", "view", str(model["run"]), "--json"))
        self.assertEqual(run["kind"], "validation")

        told, goes_on = self.scratch / "told", self.scratch / "goes-on"
        os.mkfifo(told)
        os.mkfifo(goes_on)
        stopped = self.start("model", "validate", "doubler", "--version", "1", "-e", f"TOLD={told}", "-e", f"GOES_ON={goes_on}")
        told.open().close()
        stopped.send_signal(signal.SIGINT)
        stopped.communicate(timeout=60)
        self.assertEqual(stopped.returncode, 130)
        self.assertEqual(self.listed()["latestValidatedVersion"], 1)

        self.assertIn("checking doubler 2", self.ame("model", "validate", "doubler"))
        self.assertEqual(self.listed()["latestValidatedVersion"], 2)
        output = self.ame("model", "validate", "doubler", "--version", "7", fails=True)
        self.assertIn("the model `doubler` has no version 7 in MLflow", output)
        output = self.ame("model", "train", "doubler", "--env", "REGISTER=no")
        self.assertIn("the training registered no new version of `doubler`", output)

    def predicted(self, address: str) -> float:
        request = urllib.request.Request(
            address + "/invocations", json.dumps({"inputs": [[5]]}).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["predictions"][0]

    def test_a_model_is_served_and_replaced(self) -> None:
        self.variables["MLFLOW_TRACKING_URI"] = self.serve()
        self.addCleanup(self.ame, "model", "stop", "doubler")
        output = self.ame("model", "deploy", "doubler")  # `autoTrain`
        self.assertIn("version 1 of the model `doubler` is validated", output)
        self.assertRegex(output, r"version 1 of the model `doubler` answers at http://127.0.0.1:\d+ \(serve-doubler-3\)")
        served = self.deployed()
        self.assertEqual((served["state"], served["version"]), ("healthy", 1))
        self.assertAlmostEqual(self.predicted(served["address"]), 10)

        output = self.ame("model", "train", "doubler")
        self.assertIn("version 1 is still the one that is served; `ame model deploy doubler` brings the newest up", output)
        answers, is_over = [], threading.Event()

        def ask() -> None:
            while not is_over.is_set():
                answers.append(self.predicted(served["address"]))

        client = threading.Thread(target=ask)
        client.start()
        self.ame("model", "deploy", "doubler")
        is_over.set()
        client.join()
        self.assertGreater(len(answers), 10)
        self.assertEqual({round(answer, 6) for answer in answers}, {10.0})
        self.assertEqual((self.deployed()["version"], self.deployed()["address"]), (2, served["address"]))

        self.ame("model", "train", "doubler", "--env", "PICKY=yes", fails=True)
        self.assertIn("version 3 of the model `doubler` is not fit", self.ame("model", "deploy", "doubler", fails=True))
        self.assertEqual(self.deployed()["version"], 2)

    def deployed(self) -> dict:
        return json.loads(self.ame("model", "status", "doubler", "--json"))["deployments"][0]


if __name__ == "__main__":
    run_tests()
