#!/usr/bin/env python3
"""Environments that many want at once, that are killed while they are made, on poor file systems and without a network.

usage: check_environment_safety.py AME SCRATCH [TEST…]

SCRATCH is kept between calls: the managers are put there once.
"""

import ctypes
import os
import platform
import signal
import struct
import subprocess
import unittest
from pathlib import Path

from environment_world import AME, BUILD_SYSTEM, PLAIN, World, can_mount, package, platform_version, run_tests


def without_system_calls(errors: dict[int, int]) -> None:
    """From now on these calls of the kernel fail so, here and in every child: as on a file system that has none."""
    load, equal, answer = 0x20, 0x15, 0x06
    program = [struct.pack("HBBI", load, 0, 0, 0)]
    for number, error in errors.items():
        program.append(struct.pack("HBBI", equal, 0, 1, number))
        program.append(struct.pack("HBBI", answer, 0, 0, 0x00050000 | error))
    program.append(struct.pack("HBBI", answer, 0, 0, 0x7FFF0000))
    code = b"".join(program)
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, filter_, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


class Safety(World):
    # Safe at once.

    def test_fifty_processes_make_it_once(self) -> None:
        self.pip_project()
        processes = [self.start("task", "run", "-l", "t") for _ in range(50)]
        outputs = [process.communicate(timeout=300)[0] for process in processes]
        for process, output in zip(processes, outputs):
            self.assertEqual(process.returncode, 0, output)
            self.assertIn("beta 1.1", output)
        self.assertEqual(sum("made the environment" in output for output in outputs), 1)
        self.assertEqual(len(self.kept()), 1)

    def test_a_killed_build_leaves_nothing_that_is_used(self) -> None:
        for point in ("before", "while", "after"):
            with self.subTest(point):
                told, goes_on = self.scratch / f"told-{point}", self.scratch / f"goes-on-{point}"
                os.mkfifo(told)
                os.mkfifo(goes_on)
                gate = f"open({str(told)!r}, 'w').close(); open({str(goes_on)!r}).close()"
                lines = {
                    "before": "./local\nalpha==1.0\n",  # nothing is installed yet
                    "while": "alpha==1.0\n-e ./local\n",
                    "after": "alpha==1.0\n",  # the environment is there; the task hangs
                }[point]
                package(self.project / "local", "local", gate=gate)
                self.write("local/pyproject.toml", PLAIN.format("local") + BUILD_SYSTEM + f"# {point}\n")
                self.write("requirements.txt", lines)
                waits = f'python -c "{gate}"' if point == "after" else "python -c 'import alpha; alpha.says()'"
                self.task("pip", waits, f'      pythonVersion: "{platform_version()}"\n')
                process = self.start("task", "run", "-l", "t")
                told.open().close()  # blocks until the build, or the task, has come so far
                process.send_signal(signal.SIGKILL)
                process.wait()
                package(self.project / "local", "local")
                self.task("pip", "python -c 'import alpha; alpha.says()'", f'      pythonVersion: "{platform_version()}"\n')
                output = self.ame("task", "run", "-l", "t")
                self.assertIn("alpha 1.0", output)
                self.assertEqual("made the environment" in output, point != "after")
                self.ame("env", "prune")
                for one in self.kept():
                    attempts = [path for path in Path(one["directory"]).parent.iterdir() if path.is_dir()]
                    self.assertEqual(attempts, [Path(one["directory"])])

    def test_prune_leaves_alone_what_is_in_use(self) -> None:
        told, goes_on = self.scratch / "told", self.scratch / "goes-on"
        os.mkfifo(told)
        os.mkfifo(goes_on)
        waits = f"python -c \"open('{told}', 'w').close(); open('{goes_on}').close(); import beta; beta.says()\""
        self.pip_project(waits)
        process = self.start("task", "run", "-l", "t")
        told.open().close()
        self.assertEqual([one["used_by"] for one in self.kept()], [["t-1"]])
        self.assertEqual(self.ame("env", "prune", "--unused"), "removed 0 environments, 0.0 MB\n")
        self.assertIn("is in use", self.ame("env", "recreate", "t", fails=True))
        goes_on.open("w").close()
        self.assertIn("beta 1.1", process.communicate(timeout=60)[0])

        process = self.start("task", "run", "-l", "t")
        told.open().close()
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.assertEqual([one["used_by"] for one in self.kept()], [[]])
        self.assertTrue(self.ame("env", "prune", "--unused").startswith("removed pip-"))
        self.assertEqual(self.kept(), [])

    @unittest.skipUnless(platform.machine() == "x86_64", "the numbers of system calls are those of x86_64")
    def test_without_hard_links(self) -> None:
        self.pip_project()
        link, linkat, eperm = 86, 265, 1
        output = self.ame("task", "run", "-l", "t", preexec_fn=lambda: without_system_calls({link: eperm, linkat: eperm}))
        self.assertIn("no hard links lead from uv's cache to this one: the packages were copied", output)
        self.assertIn("beta 1.1", output)

    @unittest.skipUnless(platform.machine() == "x86_64", "the numbers of system calls are those of x86_64")
    def test_without_flock(self) -> None:
        self.pip_project("python -c 'import beta; beta.says()' | tee said.txt")
        self.write("ame.yml", (self.project / "ame.yml").read_text() + "    artifacts: {paths: [said.txt]}\n")
        flock, enolck = 73, 37
        output = self.ame("task", "run", "-l", "t", preexec_fn=lambda: without_system_calls({flock: enolck}))
        self.assertIn("this file system has no locks (flock): files that name their owners take their place", output)
        self.assertIn("now pip does it itself", output)  # uv wants locks of its own
        self.assertIn("beta 1.1", output)
        self.assertIn("said.txt", self.ame("artifact", "list", "t"))
        self.assertEqual([path for path in (self.scratch / "ame").rglob("*.lock.*")], [])

    @unittest.skipUnless(can_mount(), "nothing can be mounted here")
    def test_a_full_and_a_read_only_cache_are_said(self) -> None:
        self.pip_project()
        cache = self.scratch / "ame/cache"
        cache.mkdir(parents=True)
        del self.variables["UV_CACHE_DIR"]
        for mount, says in (("-o size=512k", "No space left on device"), ("-o ro", "Read-only file system")):
            script = f'mount -t tmpfs {mount} none "{cache}" && exec "{AME}" task run -l t'
            self.assertIn(says, self.run_("/usr/bin/unshare", "-m", "/bin/sh", "-c", script, fails=True))

    # Offline.

    @unittest.skipUnless(os.geteuid() == 0, "only root can leave the network")
    def test_offline(self) -> None:
        self.pip_project()
        alone = ["/usr/bin/unshare", "--net"]
        output = self.run_(*alone, AME, "task", "run", "-l", "t", fails=True)
        self.assertRegex(output, "the package index cannot be reached, and `(alpha|beta)`.* not in the cache")
        self.ame("task", "run", "-l", "t")
        asked = self.index.asked
        self.assertIn("beta 1.1", self.run_(*alone, AME, "task", "run", "-l", "t"))
        self.ame("task", "run", "-l", "t")
        self.assertEqual(self.index.asked, asked)


if __name__ == "__main__":
    run_tests()
