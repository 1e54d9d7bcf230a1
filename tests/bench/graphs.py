"""One graph of tasks that do next to nothing, written for ame and for each of its peers."""

import json
from pathlib import Path

WIDTH = 40
COMMAND = "echo done"


def needs(shape: str, i: int) -> list[int]:
    """What task i waits for: nothing (wide), the one before (chain), three of the layer before (layers of 40)."""
    if shape == "chain" and i > 0:
        return [i - 1]
    if shape == "layered" and i >= WIDTH:
        before = (i // WIDTH - 1) * WIDTH
        return [before + i % WIDTH, before + (i + 1) % WIDTH, before + (i + 7) % WIDTH]
    return []


def names(numbers) -> list[str]:
    return [f"t{i}" for i in numbers]


def ame_yml(shape: str, count: int) -> str:
    lines = ["name: bench", "tasks:"]
    for i in range(count):
        lines += [f"  - name: t{i}", f"    executor: !custom {{command: {COMMAND}}}"]
        if before := needs(shape, i):
            lines.append(f"    dependsOn: [{', '.join(names(before))}]")
    lines += ["  - name: all", f"    pipeline: [[{', '.join(names(range(count)))}]]"]
    return "\n".join(lines) + "\n"


def build_ninja(shape: str, count: int) -> str:
    lines = ["rule run", f"  command = {COMMAND}"]
    lines += [f"build t{i}: run {' '.join(names(needs(shape, i)))}" for i in range(count)]
    return "\n".join(lines) + "\n"


def makefile(shape: str, count: int) -> str:
    all_names = " ".join(names(range(count)))
    lines = [f".PHONY: all {all_names}", f"all: {all_names}"]
    for i in range(count):
        # A sign of the shell makes `make` use one, as ninja and ame do.
        lines += [f"t{i}: {' '.join(names(needs(shape, i)))}", f"\t@{COMMAND};"]
    return "\n".join(lines) + "\n"


def justfile(shape: str, count: int) -> str:
    lines = ["[parallel]" if shape == "wide" else "", f"all: {' '.join(names(range(count)))}"]
    for i in range(count):
        lines += [f"t{i}: {' '.join(names(needs(shape, i)))}", f"    @{COMMAND}"]
    return "\n".join(lines) + "\n"


def taskfile(shape: str, count: int) -> str:
    tasks = {"all": {"deps": names(range(count))}}
    for i in range(count):
        tasks[f"t{i}"] = {"deps": names(needs(shape, i)), "cmds": [COMMAND], "run": "once"}
    return json.dumps({"version": "3", "tasks": tasks})


def dagu(shape: str, count: int) -> str:
    steps = [{"name": f"t{i}", "command": COMMAND, "depends": names(needs(shape, i))} for i in range(count)]
    return json.dumps({"type": "graph", "maxActiveSteps": 2, "steps": steps})


def snakefile(shape: str, count: int) -> str:
    lines = ["rule all:", f"    input: {', '.join(repr(f'out/t{i}') for i in range(count))}"]
    for i in range(count):
        lines += [f"rule t{i}:"]
        if before := needs(shape, i):
            lines.append(f"    input: {', '.join(repr(f'out/t{n}') for n in before)}")
        lines += [f"    output: touch('out/t{i}')", f"    shell: '{COMMAND}'"]
    return "\n".join(lines) + "\n"


FILES = {
    "ame.yml": ame_yml,
    "build.ninja": build_ninja,
    "Makefile": makefile,
    "justfile": justfile,
    "Taskfile.yml": taskfile,
    "dag.yaml": dagu,
    "Snakefile": snakefile,
}


def write(directory: Path, shape: str, count: int) -> None:
    for name, text in FILES.items():
        (directory / name).write_text(text(shape, count))
