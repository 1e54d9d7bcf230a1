// SPDX-License-Identifier: Apache-2.0
#include "core/env/environment_key.hpp"

#include <algorithm>
#include <array>

#include "core/env/digest.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// Raised when the way environments are made changes so much that old ones are not to be used.
constexpr const char* generation = "1";

/// Variables that decide where packages come from and which are taken.
bool chooses_packages(std::string_view name) {
  constexpr std::array<std::string_view, 12> of_pip = {"PIP_INDEX_URL",
                                                       "PIP_EXTRA_INDEX_URL",
                                                       "PIP_NO_INDEX",
                                                       "PIP_FIND_LINKS",
                                                       "PIP_PRE",
                                                       "PIP_CONSTRAINT",
                                                       "PIP_BUILD_CONSTRAINT",
                                                       "PIP_NO_BINARY",
                                                       "PIP_ONLY_BINARY",
                                                       "PIP_NO_DEPS",
                                                       "PIP_CONFIG_FILE",
                                                       "PIPENV_PYPI_MIRROR"};
  constexpr std::array<std::string_view, 9> of_uv = {"UV_INDEX",
                                                     "UV_DEFAULT_INDEX",
                                                     "UV_INDEX_URL",
                                                     "UV_EXTRA_INDEX_URL",
                                                     "UV_FIND_LINKS",
                                                     "UV_NO_INDEX",
                                                     "UV_NO_BINARY",
                                                     "UV_CONSTRAINT",
                                                     "UV_CONFIG_FILE"};
  return std::find(of_pip.begin(), of_pip.end(), name) != of_pip.end() ||
         std::find(of_uv.begin(), of_uv.end(), name) != of_uv.end() || name.starts_with("POETRY_REPOSITORIES_") ||
         name.starts_with("POETRY_INSTALLER_");
}

std::vector<fs::path> index_files(const CallerEnvironment& caller) {
  const fs::path home = value_of(caller, "HOME");
  fs::path config = value_of(caller, "XDG_CONFIG_HOME");
  config = config.is_absolute() ? config : home / ".config";
  std::vector<fs::path> paths = {"/etc/pip.conf",
                                 home / ".pip/pip.conf",
                                 config / "pip/pip.conf",
                                 config / "uv/uv.toml",
                                 config / "pypoetry/config.toml"};
  for (const char* const name : {"PIP_CONFIG_FILE", "UV_CONFIG_FILE"}) {
    paths.emplace_back(value_of(caller, name));
  }
  std::erase_if(paths, [](const fs::path& path) { return !path.is_absolute(); });
  return paths;
}

void add_all(Digest& digest, const std::vector<std::string>& texts) {
  digest.add(std::to_string(texts.size()));
  for (const std::string& text : texts) {
    digest.add(text);
  }
}

void add_all(Digest& digest, const std::vector<EnvironmentVariable>& variables) {
  digest.add(std::to_string(variables.size()));
  for (const EnvironmentVariable& variable : variables) {
    digest.add(variable.key).add(variable.value);
  }
}

/// What the executor says, but for the contents of the files.
void add_plan(Digest& digest, const EnvironmentPlan& plan) {
  digest.add(generation).add(plan.manager);
  digest.add(plan.tool ? plan.tool->name : "").add(plan.tool ? plan.tool->version : "");
  add_all(digest, plan.settings);
  for (const InstallStep& step : plan.install) {
    add_all(digest, step.argv);
    add_all(digest, step.environment);
    digest.add(step.directory);
  }
  add_all(digest, plan.variables);
  add_all(digest, plan.path_first);
}

}  // namespace

std::vector<KeyPart> key_parts(const EnvironmentPlan& plan,
                               const fs::path& project,
                               const Interpreter& interpreter,
                               const CallerEnvironment& caller,
                               const FileReader& files) {
  std::vector<KeyPart> parts;
  Digest digest_of_plan;
  add_plan(digest_of_plan, plan);
  parts.push_back({"plan", digest_of_plan.finish()});
  parts.push_back({"python",
                   Digest()
                       .add(interpreter.program.string())
                       .add(interpreter.version.text())
                       .add(interpreter.platform)
                       .add(interpreter.fingerprint)
                       .finish()});
  if (plan.bound_to_project) {
    parts.push_back({"project", Digest().add(project.string()).finish()});
  }
  for (const fs::path& input : plan.inputs) {
    const std::optional<std::string> content = files.read(project / input);
    parts.push_back({input.string(), content ? Digest().add(*content).finish() : "absent"});
  }
  for (const auto& [name, value] : caller) {
    if (chooses_packages(name)) {
      parts.push_back({name, Digest().add(value).finish()});
    }
  }
  for (const fs::path& path : index_files(caller)) {
    if (const std::optional<std::string> content = files.read(path)) {
      parts.push_back({path.string(), Digest().add(*content).finish()});
    }
  }
  return parts;
}

std::string key_of(const EnvironmentPlan& plan, const std::vector<KeyPart>& parts) {
  constexpr std::size_t digits = 16;
  Digest digest;
  for (const KeyPart& part : parts) {
    digest.add(part.name).add(part.digest);
  }
  return plan.manager + "-" + digest.finish().substr(0, digits);
}

std::string provisional_key(const EnvironmentPlan& plan, const fs::path& project) {
  constexpr std::size_t digits = 12;
  Digest digest;
  add_plan(digest, plan);
  digest.add(project.string()).add(plan.python.constraint);
  return plan.manager + "-new-" + digest.finish().substr(0, digits);
}

}  // namespace ame
