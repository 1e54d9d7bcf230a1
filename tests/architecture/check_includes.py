#!/usr/bin/env python3
"""Proves the direction of includes, and that each third-party header stays in its home.

usage: check_includes.py ROOT          checks the sources of the project
       check_includes.py --self-test   plants violations in a scratch tree and wants each found
"""

import re
import sys
import tempfile
from pathlib import Path

from house import conclude, tracked_files

# Whom a room may include, besides itself. The room of a file is the longest of these that its path starts with.
MAY_SEE = {
    "core": [],
    "core/formats": ["core"],
    "core/env": ["core", "core/formats"],
    "core/data": ["core", "core/env"],
    "core/secrets": ["core", "core/formats"],
    "core/system": ["core"],
    "schema": ["core", "core/formats"],
    "executors": ["core", "core/formats"],
    "clusters": ["core", "core/env"],
    "cli": ["core", "core/formats", "core/env", "core/data", "core/secrets", "schema", "executors", "clusters"],
    "cli/render": ["core", "cli"],
    "tests": ["core", "core/formats", "core/env", "core/data", "core/secrets", "core/system", "schema", "executors", "clusters", "cli", "cli/render"],
}
MAY_SEE["cli"].append("cli/render")
ALSO_SEES = {"cli/main.cpp": ["core/system"]}

# Where a third-party header may be included: folders, or single files. Tests may include all but none is theirs alone
# except Catch2. A header that stands nowhere here has no home yet: give it one.
ANYWHERE = [""]
HOMES = {
    r"fmt/.+": ANYWHERE,
    r"yaml-cpp/.+": ["core/formats/"],
    r"yaml\.h": ["core/formats/"],
    r"toml\+\+(/.+|\.h(pp)?)": ["core/formats/"],
    r"nlohmann/.+": ["core/formats/", "core/system/", "core/env/", "core/data/", "core/secrets/", "clusters/", "cli/render/"],
    r"CLI/.+": ["cli/"],
    r"zlib\.h": ["core/system/"],
    r"sqlite3\.h": ["core/system/"],
    r"sodium\.h": ["core/base64.cpp", "core/env/digest.cpp", "core/model/secret_text.cpp", "core/secrets/", "core/system/"],
    r"nettle/.+": ["core/system/"],
    r"git2\.h|git2/.+": ["core/system/"],
    r"curl/.+": ["core/system/"],
    r"pugixml\.hpp": ["core/system/"],
    r"date/.+": ["core/system/"],
    r"catch2/.+": [],
}
NOT_IN = {r"CLI/.+": ["cli/render/"]}

POSIX_HOME = ["core/system/"]
POSIX = re.compile(
    r"(sys|netinet|arpa|linux|net|asm)/.+"
    r"|(unistd|fcntl|poll|pwd|grp|spawn|signal|termios|errno|dirent|dlfcn|fnmatch|glob|netdb|pthread|sched|semaphore|pty"
    r"|syslog|time|ftw|langinfo|locale|wordexp|ucontext|utmp|stdio|stdlib|string|stdint|limits|math|ctype)\.h"
)

STANDARD = set(
    """algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono cinttypes climits
    clocale cmath codecvt compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef cstdint
    cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception execution filesystem forward_list fstream functional
    future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map memory
    memory_resource mutex new numbers numeric optional ostream queue random ranges ratio regex scoped_allocator semaphore
    set shared_mutex source_location span sstream stack stdexcept stop_token streambuf string string_view strstream
    syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set utility valarray
    variant vector version""".split()
)

SOURCE = re.compile(r".*\.(cpp|hpp|h|cc|inc)$")
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def room_of(path: str) -> str | None:
    rooms = [room for room in MAY_SEE if path.startswith(room + "/")]
    return max(rooms, key=len, default=None)


def problem_of_own(root: Path, file: str, target: str) -> str | None:
    if file.startswith("tests/") and ((root / file).parent / target).is_file():
        return None  # tests of one subject may share what stands beside them
    if not (root / target).is_file():
        return f"`{target}` is no file of the project (name it from the root)"
    here, there = room_of(file), room_of(target)
    if there is None:
        return f"`{target}` lies in no room"
    if here == there or there in MAY_SEE[here] or there in ALSO_SEES.get(file, []):
        return None
    return f"{here} may not see {there} (`{target}`)"


def stands_in(file: str, places: list[str]) -> bool:
    return any(file == place or file.startswith(place) for place in places)


def problem_of_foreign(root: Path, file: str, target: str) -> str | None:
    if target in STANDARD:
        return None
    if (root / target).is_file():
        return f"write \"{target}\": it is our own"
    in_tests = file.startswith("tests/")
    for pattern, homes in HOMES.items():
        if re.fullmatch(pattern, target):
            strayed = not stands_in(file, homes) or stands_in(file, NOT_IN.get(pattern, []))
            return f"<{target}> lives in {' '.join(homes) or 'tests/'}" if strayed and not in_tests else None
    if POSIX.fullmatch(target):
        return None if in_tests or stands_in(file, POSIX_HOME) else f"<{target}> lives in {' '.join(POSIX_HOME)}"
    return f"<{target}> has no home yet: add it to HOMES"


def findings_in(root: Path) -> list[str]:
    findings = []
    for name in tracked_files(root):
        file = name.as_posix()
        if not SOURCE.match(file) or file.startswith("examples/"):
            continue
        if room_of(file) is None:
            findings.append(f"{file}: lies in no room")
            continue
        for number, line in enumerate((root / file).read_text("utf-8", "replace").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            own, foreign = match.groups()
            problem = problem_of_own(root, file, own) if own else problem_of_foreign(root, file, foreign)
            if problem:
                findings.append(f"{file}:{number}: {problem}")
    return findings


# One clean file per rule and one violation of it.
CLEAN = {
    "core/error.hpp": "#include <string>\n#include <fmt/core.h>\n",
    "core/formats/parse.hpp": '#include "core/error.hpp"\n#include <yaml-cpp/yaml.h>\n#include <toml++/toml.h>\n',
    "core/env/keep.hpp": '#include "core/formats/parse.hpp"\n#include <nlohmann/json.hpp>\n',
    "core/system/disk.hpp": '#include <sqlite3.h>\n#include <sys/stat.h>\n#include <git2.h>\n#include "core/error.hpp"\n',
    "schema/load.hpp": '#include "core/formats/parse.hpp"\n',
    "executors/pip.hpp": '#include "core/error.hpp"\n',
    "cli/main.cpp": '#include "core/system/disk.hpp"\n#include "cli/app.hpp"\n',
    "cli/app.hpp": '#include <CLI/CLI.hpp>\n#include "cli/render/json.hpp"\n',
    "cli/render/json.hpp": "#include <nlohmann/json.hpp>\n",
    "tests/unit/test_all.cpp": '#include <catch2/catch.hpp>\n#include <unistd.h>\n#include "core/system/disk.hpp"\n',
}
PLANTED = {
    "core/upwards.hpp": ('#include "schema/load.hpp"', "core may not see schema"),
    "core/model/formats.hpp": ('#include "core/formats/parse.hpp"', "core may not see core/formats"),
    "core/yaml.hpp": ("#include <yaml-cpp/yaml.h>", "<yaml-cpp/yaml.h> lives in"),
    "core/system/sideways.hpp": ('#include "core/formats/parse.hpp"', "core/system may not see core/formats"),
    "core/formats/posix.hpp": ("#include <unistd.h>", "<unistd.h> lives in"),
    "core/env/database.hpp": ("#include <sqlite3.h>", "<sqlite3.h> lives in"),
    "schema/sibling.hpp": ('  #  include "executors/pip.hpp"', "schema may not see executors"),
    "executors/sibling.hpp": ('#include "schema/load.hpp"', "executors may not see schema"),
    "executors/json.hpp": ("#include <nlohmann/json.hpp>", "<nlohmann/json.hpp> lives in"),
    "cli/task_run.cpp": ('#include "core/system/disk.hpp"', "cli may not see core/system"),
    "cli/json.cpp": ("#include <nlohmann/json.hpp>", "<nlohmann/json.hpp> lives in"),
    "cli/render/options.cpp": ("#include <CLI/CLI.hpp>", "<CLI/CLI.hpp> lives in"),
    "cli/render/loader.cpp": ('#include "schema/load.hpp"', "cli/render may not see schema"),
    "cli/catch.cpp": ("#include <catch2/catch.hpp>", "<catch2/catch.hpp> lives in tests/"),
    "schema/ghost.hpp": ('#include "schema/gone.hpp"', "is no file of the project"),
    "schema/near.hpp": ('#include "load.hpp"', "is no file of the project"),
    "schema/angle.hpp": ("#include <core/error.hpp>", "it is our own"),
    "executors/boost.hpp": ("#include <boost/asio.hpp>", "has no home yet"),
    "extras/new_room.hpp": ("#include <string>", "lies in no room"),
}


def self_test() -> list[str]:
    findings = []
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for name, text in CLEAN.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        findings += [f"a clean tree is accused: {finding}" for finding in findings_in(root)]
        for name, (line, wanted) in PLANTED.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(f"// planted\n{line}\n")
            found = findings_in(root)
            if len(found) != 1 or not found[0].startswith(f"{name}:") or wanted not in found[0]:
                findings.append(f"{name}: `{line}` should be found as `{wanted}`, found: {found}")
            (root / name).unlink()
    return findings


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        conclude(self_test(), f"all {len(PLANTED)} planted violations were found")
    else:
        conclude(findings_in(Path(sys.argv[1])), "every include keeps its direction")
