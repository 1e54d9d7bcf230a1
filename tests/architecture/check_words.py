#!/usr/bin/env python3
"""Proves that what must not be written is not written.

usage: check_words.py ROOT          checks the files of the project
       check_words.py --self-test   plants violations in a scratch tree and wants each found
"""

import hashlib
import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from house import conclude, text_of, tracked_files

# Names of package registries, hashed so that the list does not write them itself.
REGISTRIES = set(
    """
    a4aa2ac280bb8d1a 8b5bb5eb9d758455 8743857e3ea00fd1 3ca29e55be4befa4 87d14f070cb96869
    789e46d79514e280 e680c440a2e92079 1ba4e37997a2e986 a0f007d863a0ed19 51c6b9f69c48a75b
    03eabd6c5c4ff24d 00a7dc5a0cc38858 71741fe2460a6150 c3db8466ffcd8589 03e390c8d8a6f2cf
    """.split()
)
HOST = re.compile(r"(?<![\w.-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w-])", re.IGNORECASE)

OURS = r"(core|schema|executors|cli)/.*\.[ch]pp"
CODE = r"(core|schema|executors|cli|tests)/.*\.[ch]pp"


@dataclass
class Rule:
    pattern: str
    why: str
    files: str = r".*"
    except_in: list[str] = field(default_factory=list)


RULES = [
    # What a test feeds to ame may say so: users' files do.
    Rule(r"(?<!# )\b(TO" r"DO|FIX" r"ME|XX" r"X)\b", "open work lives in issues", r"tests/.*\.[ch]pp"),
    Rule(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b", "open work lives in issues", r"(?!tests/.*\.([ch]pp|ya?ml)$).*"),
    Rule(r"(?<![\w.})/-])/(wo" r"rk|ro" r"ot)/", "a path of one machine"),
    Rule(r"\busing namespace (?!std::(\w*_)?literals\b)", "names keep their namespace", OURS),
    Rule(r"\busing namespace (?!ame\b|std::(\w*_)?literals\b)", "names keep their namespace", r"tests/.*\.[ch]pp"),
    Rule(r"\bstd::(format|expected|views|ranges::views)\b", "g++ 12 or clang 16 do not have it", CODE),
    Rule(r"\bstd::(cout|cerr|clog)\b|(?<![\w:])(std::)?(printf|puts|putchar|fputs|fprintf|vprintf)\(|\bfmt::print(ln)?\(",
         "only cli/render and cli/main.cpp print", OURS, ["cli/render/", "cli/main.cpp"]),
    Rule(r"(?<![\w:.>])(std::)?(exit|_exit|quick_exit|abort|terminate)\(",
         "only cli/main.cpp ends the program", OURS, ["cli/main.cpp", "core/system/"]),
    Rule(r"\b(std::)?(secure_)?getenv\(|\benviron\b",
         "the environment is handed in by cli/main.cpp", OURS, ["cli/main.cpp", "core/system/"]),
    Rule(r"\b(std::)?(system|popen)\(", "processes are started by the ProcessRunner", OURS),
    Rule(r"\bsleep_(for|until)\(|(?<![\w:.])u?sleep\(", "wait for the event, not for the time", CODE, ["core/system/"]),
    Rule(r"^\s*//.*\bTEST_CASE\(", "a test is never commented out: it says why it cannot run", r"tests/.*"),
]

BANNED_NAMES = re.compile(r"^(utils?|helpers?|common|misc|manager|context|base|impl)$", re.IGNORECASE)
SPDX = "// SPDX-License-Identifier: Apache-2.0"


def findings_of_names(file: str) -> list[str]:
    words = [Path(part).stem for part in Path(file).parts]
    return [f"{file}: `{word}` says nothing of what is in it" for word in words if BANNED_NAMES.match(word)]


def is_registry(host: str) -> bool:
    parts = host.lower().split(".")
    tails = (".".join(parts[start:]) for start in range(len(parts) - 1))
    return any(hashlib.sha256(tail.encode()).hexdigest()[:16] in REGISTRIES for tail in tails)


def findings_of_line(rules: list[tuple[re.Pattern, str]], line: str) -> list[str]:
    found = [f"`{match.group().strip()}`: {why}" for pattern, why in rules if (match := pattern.search(line))]
    found += ["the host of a package registry" for host in HOST.findall(line) if is_registry(host)]
    return found


def rules_for(file: str) -> list[tuple[re.Pattern, str]]:
    return [
        (re.compile(rule.pattern), rule.why)
        for rule in RULES
        if re.fullmatch(rule.files, file) and not any(file.startswith(place) for place in rule.except_in)
    ]


def findings_in(root: Path) -> list[str]:
    findings = []
    for name in tracked_files(root):
        file = name.as_posix()
        findings += findings_of_names(file)
        text = text_of(root / file)
        if text is None:
            continue
        if re.fullmatch(CODE, file) and not text.startswith(SPDX + "\n"):
            findings.append(f"{file}:1: the first line is `{SPDX}`")
        rules = rules_for(file)
        for number, line in enumerate(text.splitlines(), 1):
            findings += [f"{file}:{number}: {problem}" for problem in findings_of_line(rules, line)]
    return findings


PLANTED = {
    "core/a.cpp": "// TO" "DO: later",
    "docs/b.md": "see /wo" "rk/thing",
    "schema/c.cpp": "using namespace std;",
    "executors/d.cpp": 'auto text = std::format("{}", 1);',
    "cli/commands/e.cpp": 'std::cout << "hello";',
    "core/run/f.cpp": "std::abort();",
    "executors/g.cpp": 'auto* home = std::getenv("HOME");',
    "core/h.cpp": 'std::system("ls");',
    "tests/unit/i.cpp": "std::this_thread::sleep_for(1ms);",
    "tests/unit/j.cpp": '// TEST_CASE("later") {}',
    "docs/k.lock": "url = https://files.python" "hosted.org/packages/x",
    "core/util.hpp": "#pragma once",
}
FINE = {
    "cli/render/text.cpp": 'std::fputs("x", file); fmt::print(file, "x");',
    "cli/main.cpp": 'std::getenv("HOME"); std::cout << 1;',
    "cli/app.cpp": "parse_exit(code); snprintf(buffer, size); on_exit(1); report.exit(3);",
    "docs/c.md": "see github.com/x/y, work/thing and https://example.org/wo" "rk/",
}


def self_test() -> list[str]:
    findings = []
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for name, line in {**FINE, **PLANTED}.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{SPDX}\n{line}\n")
            found = findings_in(root)
            if len(found) != (name in PLANTED):
                findings.append(f"{name}: `{line}`: found {found}")
            file.unlink()
        (root / "core").mkdir(exist_ok=True)
        (root / "core/bare.cpp").write_text("int x;\n")
        if len(findings_in(root)) != 1:
            findings.append("a source without its licence line is not found")
    return findings


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        conclude(self_test(), f"all {len(PLANTED)} planted violations were found")
    else:
        conclude(findings_in(Path(sys.argv[1])), "nothing is written that must not be")
