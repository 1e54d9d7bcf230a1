// SPDX-License-Identifier: Apache-2.0
#include "core/run/container.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace ame {

namespace {

bool has_newline(const EnvironmentVariable& variable) {
  return variable.value.find('\n') != std::string::npos;
}

void add_user(std::vector<std::string>& argv, ContainerEngine engine, const ContainerUser& user) {
  // Rootless podman maps the caller to root inside unless told to keep the number.
  if (engine == ContainerEngine::podman && user.uid != 0) {
    argv.emplace_back("--userns=keep-id");
  }
  argv.push_back(fmt::format("--user={}:{}", user.uid, user.gid));
}

void add_limits(std::vector<std::string>& argv, const Resources& resources) {
  if (resources.cpu) {
    argv.push_back(fmt::format("--cpus={}.{:03}", resources.cpu->milli() / 1000, resources.cpu->milli() % 1000));
  }
  if (resources.memory) {
    argv.push_back(fmt::format("--memory={}b", resources.memory->whole()));
    // The same again, or the engine lets a task swap as much once more.
    argv.push_back(fmt::format("--memory-swap={}b", resources.memory->whole()));
  }
}

void add_devices(std::vector<std::string>& argv, ContainerEngine engine, const ContainerStep& step) {
  for (const std::string& id : step.gpu_ids) {
    if (engine == ContainerEngine::podman) {
      argv.push_back("--device=nvidia.com/gpu=" + id);
    }
  }
  if (engine == ContainerEngine::docker && !step.gpu_ids.empty()) {
    argv.push_back(fmt::format("--gpus=\"device={}\"", fmt::join(step.gpu_ids, ",")));
  }
}

}  // namespace

const char* program_of(ContainerEngine engine) {
  return engine == ContainerEngine::podman ? "podman" : "docker";
}

std::vector<std::string> container_argv(ContainerEngine engine, const ContainerStep& step) {
  std::vector<std::string> argv = {program_of(engine), "run", "--rm", "--init", "--name=" + step.name};
  add_user(argv, engine, step.user);
  for (const Mount& mount : step.mounts) {
    const std::string path = mount.path.string();
    argv.push_back(fmt::format("--mount=type=bind,source={0},target={0}{1}", path, mount.read_only ? ",readonly" : ""));
  }
  argv.push_back("--workdir=" + step.directory.string());
  argv.push_back("--env-file=" + step.variables_file.string());
  for (const EnvironmentVariable& variable : multi_line_variables(step.variables)) {
    argv.push_back("--env=" + variable.key);
  }
  add_limits(argv, step.resources);
  add_devices(argv, engine, step);
  // The image's own entry point would swallow the command.
  argv.push_back("--entrypoint=" + step.argv.front());
  argv.push_back(step.image);
  argv.insert(argv.end(), step.argv.begin() + 1, step.argv.end());
  return argv;
}

std::string variables_text(const std::vector<EnvironmentVariable>& variables) {
  std::string text;
  for (const EnvironmentVariable& variable : variables) {
    if (!has_newline(variable)) {
      text += variable.key + "=" + variable.value + "\n";
    }
  }
  return text;
}

std::vector<EnvironmentVariable> multi_line_variables(const std::vector<EnvironmentVariable>& variables) {
  std::vector<EnvironmentVariable> found;
  std::ranges::copy_if(variables, std::back_inserter(found), has_newline);
  return found;
}

std::vector<std::string> container_removal(ContainerEngine engine, const std::string& name) {
  std::vector<std::string> argv = {program_of(engine), "rm", "--force"};
  if (engine == ContainerEngine::podman) {
    argv.emplace_back("--ignore");
    argv.emplace_back("--time=0");
  }
  argv.push_back(name);
  return argv;
}

std::string container_name(std::string_view run, std::string_view step) {
  std::string name = fmt::format("ame-{}-{}", run, step);
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0 && c != '_' && c != '.' && c != '-'; }, '-');
  return name;
}

std::optional<std::string> engine_failure(ContainerEngine engine, int exit_code, const ContainerStep& step) {
  switch (exit_code) {
    case 125:
      return fmt::format(
          "{} could not start the image `{}`; its own words are in the log", program_of(engine), step.image);
    case 126:
      return fmt::format("`{}` in the image `{}` cannot be executed", step.argv.front(), step.image);
    case 127:
      return fmt::format("`{}` was not found in the image `{}`", step.argv.front(), step.image);
    default:
      return std::nullopt;
  }
}

}  // namespace ame
