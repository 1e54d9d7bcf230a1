// SPDX-License-Identifier: Apache-2.0
#include "executors/pipenv_pins.hpp"

#include "executors/virtual_environment.hpp"

namespace ame::executors {
namespace {

/// Runs in the new environment, whose pip brings what reads TOML. Arguments: the project's folder, the environment,
/// uv. Ends as the uv that installs.
constexpr const char* script = R"py(
import json, os, subprocess, sys
from hashlib import sha256

try:
    import tomllib
except ImportError:
    try:
        from pip._vendor import tomli as tomllib
    except ImportError:
        from pip._vendor import toml as tomllib
from pip._internal.models.index import PyPI

folder, environment, uv = sys.argv[1:]
with open(os.path.join(folder, "Pipfile"), encoding="utf-8") as file:
    pipfile = tomllib.loads(file.read())
with open(os.path.join(folder, "Pipfile.lock"), encoding="utf-8") as file:
    lock = json.load(file)


def variable(name):
    value = os.path.expandvars("$" + name)
    return "" if value == "$" + name else value


default_source = {"name": "pypi", "url": PyPI.simple_url, "verify_ssl": True}


# What Pipenv keeps in the lock file to see whether it still belongs to its Pipfile.
def content_hash():
    known = ("source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv", "default", "develop")
    content = {
        "_meta": {"sources": pipfile.get("source", [default_source]), "requires": pipfile.get("requires", {})},
        "default": pipfile.get("packages", {}),
        "develop": pipfile.get("dev-packages", {}),
        **{name: packages for name, packages in pipfile.items() if name not in known},
    }
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


if lock["_meta"]["hash"]["sha256"] != content_hash():
    sys.exit("Pipfile.lock does not belong to this Pipfile")

sources = lock["_meta"].get("sources", [])
if len(sources) > 1 or any(not source.get("verify_ssl", True) or "$" in source["url"] for source in sources):
    sys.exit("the packages come from several indexes, or from one that needs more than its address")
if variable("PIPENV_PYPI_MIRROR"):
    sys.exit("PIPENV_PYPI_MIRROR is set")

pinned, other = [], []
for name, package in lock.get("default", {}).items():
    extras = "[" + ",".join(package["extras"]) + "]" if package.get("extras") else ""
    if any(key in package for key in ("git", "hg", "svn", "bzr")):
        sys.exit(name + " comes from a repository")
    path = package.get("path") or package.get("file")
    version = package.get("version", "").replace("*", "")
    marker = " ; " + package["markers"] if package.get("markers") else ""
    if path:
        path = path if "://" in path else os.path.abspath(os.path.join(folder, path))
        other.append(("-e " if package.get("editable") else "") + path + extras + ("" if package.get("editable") else marker))
    elif package.get("hashes"):
        hashes = "".join(" \\\n    --hash=" + digest for digest in package["hashes"])
        pinned.append(name + extras + version + marker + hashes)
    else:
        other.append(name + extras + version + marker)

index = []
if sources and not (sources[0]["url"].rstrip("/") == PyPI.simple_url and variable("UV_DEFAULT_INDEX")):
    index = ["--default-index", sources[0]["url"]]
python = os.path.join(environment, "bin", "python")
for name, lines, options in (("pins.txt", pinned, ["--require-hashes"]), ("local.txt", other, [])):
    if not lines:
        continue
    path = os.path.join(environment, name)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)
    command = [uv, "pip", "install", "--python", python, "--no-deps", *index, *options, "-r", path]
    code = subprocess.call(command, cwd=folder)
    if code:
        sys.exit(code)
)py";

}  // namespace

std::vector<InstallStep> pipenv_install_by_uv(const ProjectFolder& folder) {
  InstallStep install = uv_install("installing from Pipfile.lock", {});
  install.argv = {
      program_in_environment("python"), "-I", "-c", script, folder.placed(), placeholder::environment, placeholder::uv};
  install.known_failures.push_back({.output_has = "Pipfile.lock does not belong to this Pipfile",
                                    .message = "`Pipfile.lock` is out of date: `Pipfile` has changed since it was made",
                                    .hint = "run `pipenv lock`, look at what changed, and commit the new lock file"});
  return {make_virtual_environment_by_uv(), std::move(install)};
}

}  // namespace ame::executors
