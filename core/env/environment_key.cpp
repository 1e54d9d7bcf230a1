// SPDX-License-Identifier: Apache-2.0
#include "core/env/environment_key.hpp"

#include <algorithm>

#include "core/env/digest.hpp"
#include "core/env/index_settings.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// Raised when the way environments are made changes so much that old ones are not to be used.
constexpr const char* generation = "2";

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

void add_all(Digest& digest, const std::vector<InstallStep>& steps) {
  digest.add(std::to_string(steps.size()));
  for (const InstallStep& step : steps) {
    add_all(digest, step.argv);
    add_all(digest, step.environment);
    digest.add(step.directory);
  }
}

/// What the executor says, but for the contents of the files.
void add_plan(Digest& digest, const EnvironmentPlan& plan) {
  digest.add(generation).add(plan.manager);
  digest.add(plan.tool ? plan.tool->name : "").add(plan.tool ? plan.tool->version : "");
  add_all(digest, plan.settings);
  add_all(digest, plan.install);
  add_all(digest, plan.by_uv);
  add_all(digest, plan.variables);
  add_all(digest, plan.path_first);
}

}  // namespace

bool names_tool(const std::vector<InstallStep>& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const InstallStep& step) {
    return std::any_of(step.argv.begin(), step.argv.end(), [](const std::string& word) {
      return word.find("@AME_TOOL") != std::string::npos;
    });
  });
}

bool runs_tool(const EnvironmentPlan& plan) {
  const auto has_tool = [](const std::string& text) { return text.find("@AME_TOOL") != std::string::npos; };
  return std::any_of(plan.path_first.begin(), plan.path_first.end(), has_tool) ||
         std::any_of(plan.variables.begin(), plan.variables.end(), [&has_tool](const EnvironmentVariable& variable) {
           return has_tool(variable.value);
         });
}

bool tool_counts(const EnvironmentPlan& plan) {
  return plan.tool && (plan.by_uv.empty() || runs_tool(plan));
}

std::vector<KeyPart> key_parts(const EnvironmentPlan& plan,
                               const fs::path& project,
                               const BuildParts& made_with,
                               const CallerEnvironment& caller,
                               const FileReader& files) {
  const Interpreter& interpreter = made_with.python;
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
  if (!made_with.tool_version.empty()) {
    parts.push_back({plan.tool->name, Digest().add(made_with.tool_version).finish()});
  }
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
