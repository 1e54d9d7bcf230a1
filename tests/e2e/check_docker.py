#!/usr/bin/env python3
"""Steps in containers of a real Docker (ci/docker-server unpacks it). What is the same with every engine is asked of podman
in test_containers.cpp; here is what depends on Docker's own commands.

usage: check_docker.py ROOT AME
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT, AME = Path(sys.argv[1]), str(Path(sys.argv[2]).resolve())
sys.path += [str(ROOT / "tests/containers"), str(ROOT / "tests/servers")]

import docker_engine
import make_images
from container_contract import ContainerContract
from make_images import SMALL


class DockerTest(ContainerContract, unittest.TestCase):
    owner = 1000
    holder = "docker"

    @classmethod
    def setUpClass(cls) -> None:
        cls.programs = Path(subprocess.run([ROOT / "ci/docker-server", "--where"], check=True, capture_output=True, text=True)
                            .stdout.strip())
        cls.directory = Path(tempfile.mkdtemp(prefix="ame-docker-"))
        cls.addClassCleanup(shutil.rmtree, cls.directory, ignore_errors=True)
        server = subprocess.Popen([sys.executable, "-B", ROOT / "tests/servers/docker_engine.py", cls.programs, cls.directory],
                                  stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(server.stdout.close)
        cls.addClassCleanup(server.wait)
        cls.addClassCleanup(server.terminate)
        assert server.stdout.readline() == "ready\n"
        cls.variables = docker_engine.variables(cls.programs, cls.directory)
        for name in make_images.CONTENTS:
            make_images.write_archive(cls.directory / "image.tar", name)
            cls.docker("import", str(cls.directory / "image.tar"), name)

    @classmethod
    def docker(cls, *words: str) -> str:
        return subprocess.run(["docker", *words], env=cls.variables, check=True, capture_output=True, text=True).stdout

    def setUp(self) -> None:
        self.project = Path(tempfile.mkdtemp(prefix="ame-docker-project-"))
        self.addCleanup(shutil.rmtree, self.project, ignore_errors=True)
        self.home = Path(tempfile.mkdtemp(prefix="ame-docker-home-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        os.chown(self.project, self.owner, self.owner)
        self.project.chmod(0o755)
        self.environment = {**self.variables, "HOME": str(self.home), "AME_CONTAINER_ENGINE": "docker"}

    def ame(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([AME, *words], cwd=self.project, env=self.environment | more, capture_output=True, text=True,
                              timeout=120)

    def start(self, *words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen([AME, "task", "run", "-lq", *words], cwd=self.project, env=self.environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.readline(), "inside\n")
        return process

    def containers(self, *words: str) -> list[str]:
        return self.docker("ps", "--format", "{{.Names}}", *words).split()

    def all_containers(self) -> list[str]:
        return self.containers("--all")

    def test_its_end_is_told(self) -> None:
        self.tasks(f"""
            tasks:
              - {{name: code, executor: !custom {{image: "{SMALL}", command: exit 3}}}}
              - {{name: typo, executor: !custom {{image: "{SMALL}", command: no-such-program}}}}
              - {{name: absent, executor: !custom {{image: "{SMALL}", command: [no-such-program]}}}}
        """)
        ran = self.run_task("code")
        self.assertEqual(ran.stderr, "error: task `code` failed with exit code 3; its log: ame task logs 1\n")
        ran = self.run_task("absent")
        self.assertIn(f"exit code 127, as where `no-such-program` is not in the image `{SMALL}`", ran.stderr)
        ran = self.run_task("typo")
        self.assertEqual(ran.stderr, "/bin/sh: no-such-program: not found\nerror: task `typo` failed with exit code 127; "
                                     "its log: ame task logs 3\n")
        self.assertEqual((ran.returncode, self.all_containers()), (1, []))

    def wait_forever(self) -> None:
        self.tasks(f"""
            tasks:
              - name: wait
                timeout: 100s
                executor: !custom {{image: "{SMALL}", command: "echo inside; exec sleep 1000"}}
        """)

    def test_ctrl_c_ends_it(self) -> None:
        self.wait_forever()
        process = self.start("wait")
        self.assertEqual(len(self.containers()), 1)
        self.assertNotIn(".env", self.records())
        os.killpg(process.pid, signal.SIGINT)
        self.assertEqual(process.wait(), 130)
        self.nothing_left()

    def test_a_kill_of_ame_leaves_no_container(self) -> None:
        self.wait_forever()
        process = self.start("wait")
        name = self.containers()[0]
        process.kill()
        process.wait()
        subprocess.run(["docker", "wait", name], env=self.variables, capture_output=True)
        for _ in range(200):  # each asks the engine, which takes a while
            if not self.all_containers():
                return
        self.fail("the container is still there")

    def test_secrets_reach_it_and_no_disk(self) -> None:
        self.tasks(f"""
            tasks:
              - name: wait
                executor: !custom
                  image: {SMALL}
                  command: "cat keys/one >got; echo $TOKEN >>got; echo inside; exec sleep 1000"
                secrets:
                  - !env {{key: FILE_OF_CI, injectAsFile: keys/one}}
                  - !env {{key: TOKEN_OF_CI, injectAs: TOKEN}}
        """)
        self.environment |= {"FILE_OF_CI": "file-of-ci\n", "TOKEN_OF_CI": "token-of-ci"}
        process = self.start("wait")
        self.assertEqual((self.project / "got").read_text(), "file-of-ci\ntoken-of-ci\n")
        # The engine itself keeps what its containers get; nothing that ame writes has them.
        found = subprocess.run(["grep", "-rlE", "file-of-ci|token-of-ci", self.home, self.project], capture_output=True, text=True)
        self.assertEqual(found.stdout.split(), [str(self.project / "got")])
        os.killpg(process.pid, signal.SIGINT)
        self.assertEqual(process.wait(), 130)
        self.assertFalse((self.project / "keys/one").is_symlink())

    def test_an_engine_that_does_not_answer_is_told_before_anything_starts(self) -> None:
        self.wait_forever()
        ran = self.run_task("wait", DOCKER_HOST=f"unix://{self.project}/nobody.sock")
        self.assertIn("Cannot connect to the Docker daemon", ran.stderr)
        self.assertIn("`--no-container`", ran.stderr)
        self.assertEqual(ran.returncode, 4)


def why_not() -> str:
    if os.geteuid() != 0:
        return "only root can start a Docker engine"
    server = Path(subprocess.run([ROOT / "ci/docker-server", "--where"], check=True, capture_output=True, text=True).stdout.strip())
    return "" if (server / "unpacked").exists() else "Docker is not there: ci/docker-server unpacks it"


if __name__ == "__main__":
    if reason := why_not():
        print(f"SKIPPED: {reason}")
        sys.exit(0)
    unittest.main(argv=sys.argv[:1], verbosity=2)
