#!/usr/bin/env python3
"""What a real Slurm holds the steps of ame to: memory, time, devices (ci/slurm-server unpacks it).

usage: check_slurm_limits.py ROOT AME
"""

import json

from slurm_world import SlurmCluster, main, slurm


class Limits(SlurmCluster):
    def test_memory_that_is_exceeded_is_told_as_that(self) -> None:
        if not slurm.holds_to_memory():
            self.skipTest("the control groups of this machine are not for Slurm without systemd")
        self.tasks("{name: hungry, resources: {memory: 20Mi}, executor: !custom {command: 'python3 -c \"x = bytearray(300 << 20); print(len(x))\"'}}")
        said = self.ame("task", "run", "hungry", fails=True)
        self.assertIn("task `hungry` failed: exceeded 20Mi of memory", said)
        self.assertIn("exceeded 20Mi of memory", self.ame("task", "why", "hungry-1"))

    def test_a_timeout_is_told_as_that(self) -> None:
        # Slurm counts in minutes, and looks now and then: this takes one and a half.
        self.tasks(f"{{name: slow, timeout: 1s, executor: !custom {{command: {self.gated()}}}}}")
        run = self.start("task", "run", "slow")
        self.read_until(run, "begun")
        self.assertIn("took longer than its timeout of 1s", run.stdout.read())

    def test_devices_are_given_to_one_step_each(self) -> None:
        show = json.dumps('echo "device $CUDA_VISIBLE_DEVICES"; touch "$AME_STEP"; until [ -e first ] && [ -e second ]; do sleep 0.05; done')
        self.tasks(*(f"{{name: {name}, resources: {{gpu: 1}}, executor: !custom {{command: {show}}}}}" for name in ("first", "second")),
                   "{name: three, resources: {gpu: 3}, executor: !custom {command: 'true'}}")
        self.ame("task", "run", "first", "second")
        said = sorted(self.ame("task", "logs", "1", "--step", step) for step in ("first", "second"))
        self.assertEqual(said, ["device 0\n", "device 1\n"])
        self.assertIn("Requested node configuration is not available", self.ame("task", "run", "three", fails=True))


if __name__ == "__main__":
    main()
