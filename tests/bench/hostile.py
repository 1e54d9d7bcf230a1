#!/usr/bin/env python3
"""Files that mean harm: each ends in an answer, not in a crash, a hang or a full machine.

usage: hostile.py AME

Prints what `ame validate` says first, its time and its peak memory. Fails where it is killed, calls itself broken, or
takes a gigabyte.
"""

import ast
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MOST_MEGABYTES = 1024
MOST_SECONDS = 60
TASK = "  - name: t{0}\n    executor: !custom {{command: make}}\n"
ONE = "tasks:\n" + TASK.format(0)


def bomb(levels: int, width: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for level in range(1, levels):
        lines.append(f"a{level}: &a{level} [" + ", ".join([f"*a{level - 1}"] * width) + "]")
    return "\n".join(lines) + "\n"


def merge_bomb(levels: int) -> str:
    lines = ["m0: &m0 {k0: v}"]
    for level in range(1, levels):
        lines.append(f"m{level}: &m{level} {{<<: [*m{level - 1}, *m{level - 1}], k{level}: v}}")
    return "\n".join(lines) + "\n"


def templates_that_double(count: int) -> str:
    text = "templates:\n  - {name: p0, parameters: {x: y}, environment: {A: '${x}${x}'}}\n"
    for level in range(1, count):
        text += (
            f"  - name: p{level}\n    parameters: {{x: y}}\n"
            f"    fromTemplate: {{name: p{level - 1}, with: {{x: '${{x}}${{x}}'}}}}\n"
        )
    return text + f"tasks:\n  - name: t\n    fromTemplate: p{count - 1}\n    executor: !custom {{command: make}}\n"


def nested_pipelines(levels: int) -> str:
    text = ONE
    for level in range(1, levels):
        steps = ", ".join([f"t{level - 1}"] * 10)
        text += f"  - name: t{level}\n    pipeline: [{steps}]\n"
    return text


INPUTS = {
    "an alias bomb of 10^9 values": lambda: bomb(10, 9),
    "an alias bomb inside tasks": lambda: "tasks: &t\n  - &x {name: a, executor: !custom {command: x}}\n" + "  - *x\n" * 200000,
    "merge keys that double": lambda: merge_bomb(60),
    "an anchor that contains itself": lambda: "tasks: &a [*a]\n",
    "500 levels of brackets": lambda: "tasks: " + "[" * 500 + "]" * 500,
    "100,000 levels of brackets": lambda: "[" * 100000,
    "500 levels of mappings": lambda: "".join(" " * level + f"k{level}:\n" for level in range(500)),
    "100,000 dashes on a line": lambda: "- " * 100000,
    "500 keys behind `?`": lambda: "? " * 500 + "x",
    "a text of 50 MB": lambda: ONE + "    description: " + "x" * 50_000_000 + "\n",
    "a text of 30 MB": lambda: ONE + "    description: " + "x" * 30_000_000 + "\n",
    "a block text of 30 MB": lambda: ONE + "    description: |\n" + "      line\n" * 2_700_000,
    "a quoted text of 30 MB that never ends": lambda: ONE + '    description: "' + "x" * 30_000_000,
    "30 MB of comments": lambda: "# comment\n" * 3_000_000 + ONE,
    "30 MB of empty lines": lambda: "\n" * 30_000_000 + ONE,
    "30 MB of dashes": lambda: "-\n" * 15_000_000,
    "a list of 8 million values": lambda: "tasks: [" + "1," * 8_000_000 + "]",
    "a mapping of 2 million keys": lambda: "".join(f"k{number}: 1\n" for number in range(2_000_000)),
    "200,000 anchors": lambda: "tasks:\n" + "".join(f"  - &a{n} x\n" for n in range(200_000)),
    "2 million `---`": lambda: "---\n" * 2_000_000,
    "NUL bytes": lambda: "tasks:\0\n  - name: a\0b\n",
    "bytes that are no UTF-8": lambda: b"tasks:\n  - name: \xff\xfe\xc0\x80\n",
    "UTF-16": lambda: ONE.encode("utf-16"),
    "a byte order mark and the line ends of Windows": lambda: b"\xef\xbb\xbf" + ONE.replace("\n", "\r\n").encode(),
    "carriage returns alone": lambda: ONE.replace("\n", "\r"),
    "tabs in the indentation": lambda: "tasks:\n\t- name: a\n",
    "two keys of one name, a million times": lambda: ONE + "    description: a\n" * 1_000_000,
    "100,000 mistakes": lambda: "tasks:\n" + "".join(f"  - {{name: t{n}, taskRef: nobody{n}}}\n" for n in range(100_000)),
    "100,000 tasks that refer to each other in a circle": lambda: "tasks:\n"
    + "".join(f"  - {{name: t{n}, taskRef: t{(n + 1) % 100_000}}}\n" for n in range(100_000)),
    "100,000 tasks that depend on each other in a circle": lambda: "tasks:\n"
    + "".join(
        f"  - {{name: t{n}, dependsOn: [t{(n + 1) % 100_000}], executor: !custom {{command: x}}}}\n" for n in range(100_000)
    ),
    "templates whose texts double": lambda: templates_that_double(60),
    "pipelines of 10^40 steps": lambda: nested_pipelines(41),
    "a matrix of 10^12 runs": lambda: ONE
    + "    matrix: {"
    + ", ".join(f"a{axis}: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]" for axis in range(12))
    + "}\n",
    "a number of a million digits": lambda: ONE + "    resources: {memory: " + "9" * 1_000_000 + "}\n",
    "a million blanks before a key": lambda: "tasks:\n" + " " * 1_000_000 + "- name: a\n",
    "random bytes": lambda: os.urandom(1_000_000),
    "no bytes": lambda: "",
}


def validate(ame: str, directory: str) -> tuple[int, str, float, float]:
    """Exit code (negative: a signal), the first line of what it said, seconds, megabytes."""
    started = time.monotonic()
    child = subprocess.Popen(
        [ame, "validate", "--no-color"], cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace"
    )
    try:
        out, err = child.communicate(timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        out, err = child.communicate()
        return -9, f"gave no answer in {MOST_SECONDS} s", time.monotonic() - started, 0
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return child.returncode, (err or out).splitlines()[0] if err or out else "", time.monotonic() - started, peak


def measure_in_child(ame: str, directory: str) -> tuple[int, str, float, float]:
    """Each in a process of its own, since the peak of children only grows."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(read)
        os.write(write, repr(validate(ame, directory)).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    os.wait()
    return ast.literal_eval(text)


def main() -> int:
    ame = str(Path(sys.argv[1]).resolve())
    failures = 0
    print("hostile files")
    for name, make in INPUTS.items():
        content = make()
        with tempfile.TemporaryDirectory() as directory:
            Path(directory, "ame.yml").write_bytes(content if isinstance(content, bytes) else content.encode())
            code, said, seconds, megabytes = measure_in_child(ame, directory)
        bad = code not in (0, 3) or megabytes > MOST_MEGABYTES
        failures += bad
        print(f"  {'BAD ' if bad else ''}{name}: {seconds:.2f} s, {megabytes:.0f} MB, exit {code}: {said[:100]}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
