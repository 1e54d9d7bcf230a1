// SPDX-License-Identifier: Apache-2.0
#include "executors/poetry_pins.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "executors/virtual_environment.hpp"

namespace ame::executors {
namespace {

/// Runs in the new environment, whose pip brings what reads TOML and markers. Arguments: the project's folder, the
/// environment, then `with=…`, `extra=…` and `root`.
constexpr const char* script = R"py(
import json, os, re, sys
from hashlib import sha256

try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib
from pip._vendor.packaging.markers import Marker
from pip._vendor.packaging.utils import canonicalize_name

folder, environment, *options = sys.argv[1:]
wanted = {canonicalize_name(option[5:]) for option in options if option.startswith("with=")}
extras = {canonicalize_name(option[6:]) for option in options if option.startswith("extra=")}

with open(os.path.join(folder, "pyproject.toml"), "rb") as file:
    pyproject = tomllib.load(file)
with open(os.path.join(folder, "poetry.lock"), "rb") as file:
    made_by = re.search(rb"Poetry (\d+)\.(\d+)", file.readline())
    file.seek(0)
    lock = tomllib.load(file)

project = pyproject.get("project", {})
poetry = pyproject.get("tool", {}).get("poetry", {})
groups = pyproject.get("dependency-groups", {})


# What Poetry keeps in the lock file to see whether it still belongs to its pyproject.toml.
def content_hash(groups):
    keys = ("requires-python", "dependencies", "optional-dependencies")
    of_project = {key: project[key] for key in keys if key in project}
    legacy = ("dependencies", "source", "extras", "dev-dependencies")
    of_poetry = {
        key: poetry.get(key)
        for key in (*legacy, "group")
        if key in poetry or (key in legacy and not of_project and not groups)
    }
    content = {}
    if of_project:
        content["project"] = of_project
    if groups:
        content["dependency-groups"] = groups
    content = {**content, "tool": {"poetry": of_poetry}} if content else of_poetry
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


fresh = {content_hash(groups)}
if made_by and tuple(map(int, made_by.groups())) < (2, 3):
    fresh.add(content_hash({}))
if lock["metadata"]["content-hash"] not in fresh:
    sys.exit("poetry.lock does not belong to this pyproject.toml")

optional = {canonicalize_name(name) for name, group in poetry.get("group", {}).items() if group.get("optional")}
known = {canonicalize_name(name) for name in (*groups, *poetry.get("group", {}))}
known_extras = {canonicalize_name(name) for name in (*project.get("optional-dependencies", {}), *poetry.get("extras", {}))}
for kind, missing in (("group", wanted - known), ("extra", extras - known_extras)):
    if missing:
        sys.exit(f"pyproject.toml has no {kind} {', '.join(sorted(missing))}")


def fits(marker):
    if marker == "<empty>":  # Poetry's word for never
        return False
    return not marker or any(Marker(marker).evaluate({"extra": extra}) for extra in (extras or {""}))


pins, local = [], []
for package in lock.get("package", []):
    markers = package.get("markers", "")
    chosen = [group for group in package["groups"] if (name := canonicalize_name(group)) not in optional or name in wanted]
    if not any(fits(markers if isinstance(markers, str) else markers.get(group, "")) for group in chosen):
        continue
    source = package.get("source")
    if source and source["type"] != "legacy":
        path = os.path.abspath(os.path.join(folder, source["url"]))
        local.append("-e " + path if package.get("develop") else path)
    else:
        hashes = "".join(f" \\\n    --hash={file['hash']}" for file in package["files"])
        pins.append(f"{package['name']}=={package['version']}{hashes}")
if "root" in options:
    local.append("-e " + os.path.abspath(folder))

for name, lines in (("pins.txt", pins), ("local.txt", local)):
    with open(os.path.join(environment, name), "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)
)py";

std::string_view value_after(std::string_view text, std::string_view word) {
  const std::size_t at = text.find(word);
  return at == std::string_view::npos ? std::string_view() : text.substr(at + word.size());
}

InstallStep read_lock(const ProjectFolder& folder, const PoetrySelection& selection) {
  InstallStep read =
      python_step("reading poetry.lock", {"-I", "-c", script, folder.placed(), placeholder::environment});
  for (const std::string& group : selection.groups) {
    read.argv.push_back("with=" + group);
  }
  for (const std::string& extra : selection.extras) {
    read.argv.push_back("extra=" + extra);
  }
  if (selection.with_root) {
    read.argv.emplace_back("root");
  }
  read.known_failures = {{.output_has = "poetry.lock does not belong to this pyproject.toml",
                          .message = "`poetry.lock` is out of date: `pyproject.toml` has changed since it was made",
                          .hint = "run `poetry lock`, look at what changed, and commit the new lock file"},
                         {.output_has = "pyproject.toml has no group",
                          .message = "`groups` names a group that `pyproject.toml` does not have",
                          .hint = "see the line above for its name"},
                         {.output_has = "pyproject.toml has no extra",
                          .message = "`extras` names an extra that `pyproject.toml` does not have",
                          .hint = "see the line above for its name"}};
  return read;
}

std::string in_environment(const char* file) {
  return std::string(placeholder::environment) + "/" + file;
}

}  // namespace

std::string private_index(const Document& lock) {
  std::string index;
  const Node* const packages = look_up(lock.root(), {"package"});
  for (const Node& package : packages == nullptr ? std::span<const Node>() : packages->items) {
    const std::string type = text_at(package, {"source", "type"});
    if (type == "directory" || type == "file") {
      continue;
    }
    const std::string url = text_at(package, {"source", "url"});
    if (type != "legacy" || url.empty() || (!index.empty() && url != index)) {
      return {};
    }
    index = url;
  }
  return index;
}

bool can_be_pinned(std::string_view lock) {
  constexpr std::array<std::string_view, 2> foreign = {"type = \"git\"", "type = \"url\""};
  const bool is_foreign = std::any_of(foreign.begin(), foreign.end(), [lock](std::string_view word) {
    return lock.find(word) != std::string_view::npos;
  });
  const std::string_view version = value_after(lock, "lock-version = \"");
  int minor = 0;
  if (version.starts_with("2.")) {
    std::from_chars(version.data() + 2, version.data() + version.size(), minor);
  }
  return minor >= 1 && !is_foreign;
}

std::vector<InstallStep> pinned_install(const ProjectFolder& folder, const PoetrySelection& selection) {
  return {
      read_lock(folder, selection),
      pip_install("installing from poetry.lock", {"--no-deps", "--require-hashes", "-r", in_environment("pins.txt")}),
      pip_install("installing the project's own packages", {"--no-deps", "-r", in_environment("local.txt")})};
}

std::vector<InstallStep> pinned_install_by_uv(const ProjectFolder& folder, const PoetrySelection& selection) {
  std::vector<std::string> pins = {"--no-deps", "--require-hashes", "-r", in_environment("pins.txt")};
  if (!selection.index.empty()) {
    pins.insert(pins.end(), {"--default-index", selection.index});
  }
  return {make_virtual_environment_by_uv(),
          read_lock(folder, selection),
          uv_install("installing from poetry.lock", std::move(pins)),
          uv_install("installing the project's own packages", {"--no-deps", "-r", in_environment("local.txt")})};
}

}  // namespace ame::executors
