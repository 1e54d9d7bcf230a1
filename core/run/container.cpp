// SPDX-License-Identifier: Apache-2.0
#include "core/run/container.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace ame {

namespace {

void add_user(std::vector<std::string>& argv, const ContainerPlace& place) {
  if (place.keeps_id) {
    argv.emplace_back("--userns=keep-id");
  }
  argv.push_back(fmt::format("--user={}:{}", place.user.uid, place.user.gid));
}

/// A comma would end the path for the engine; doubled quotes are how its CSV keeps one.
std::string csv_field(const std::string& field) {
  if (field.find_first_of(",\"") == std::string::npos) {
    return field;
  }
  std::string quoted = "\"";
  for (const char letter : field) {
    quoted += letter == '"' ? "\"\"" : std::string(1, letter);
  }
  return quoted + "\"";
}

void add_mounts(std::vector<std::string>& argv, const ContainerPlace& place) {
  for (const Mount& mount : place.mounts) {
    const std::string target = mount.target.empty() ? mount.path.string() : mount.target.string();
    argv.push_back(fmt::format("--mount=type=bind,{},{}{}",
                               csv_field("source=" + mount.path.string()),
                               csv_field("target=" + target),
                               mount.read_only ? ",readonly" : ""));
  }
}

void add_limits(std::vector<std::string>& argv, const ProcessLimits& limits) {
  if (limits.cpu_milli > 0) {
    argv.push_back(fmt::format("--cpus={}.{:03}", limits.cpu_milli / 1000, limits.cpu_milli % 1000));
  }
  if (limits.memory > 0) {
    argv.push_back(fmt::format("--memory={}b", limits.memory));
    // The same again, or the engine lets a task swap as much once more.
    argv.push_back(fmt::format("--memory-swap={}b", limits.memory));
  }
}

void add_devices(std::vector<std::string>& argv, ContainerEngine engine, const std::vector<GpuDevice>& gpus) {
  std::vector<std::string> nvidia;
  bool has_amd = false;
  for (const GpuDevice& gpu : gpus) {
    has_amd = has_amd || gpu.vendor == "amd";
    if (gpu.vendor == "nvidia") {
      nvidia.push_back(gpu.id);
    }
  }
  if (engine == ContainerEngine::docker && !nvidia.empty()) {
    argv.push_back(fmt::format("--gpus=\"device={}\"", fmt::join(nvidia, ",")));
  } else {
    for (const std::string& id : nvidia) {
      argv.push_back("--device=nvidia.com/gpu=" + id);
    }
  }
  if (has_amd) {  // which of them, ROCR_VISIBLE_DEVICES says
    argv.insert(argv.end(), {"--device=/dev/kfd", "--device=/dev/dri", "--group-add=video"});
  }
}

std::string key_of(const std::string& variable) {
  return variable.substr(0, variable.find('='));
}

bool may_be_written(const std::string& variable, const ProcessRequest& request) {
  return variable.find('\n') == std::string::npos &&
         std::ranges::find(request.secret_variables, key_of(variable)) == request.secret_variables.end();
}

}  // namespace

const char* program_of(ContainerEngine engine) {
  return engine == ContainerEngine::podman ? "podman" : "docker";
}

std::vector<std::string> container_argv(const ProcessRequest& request, const ContainerNames& names) {
  const ContainerPlace& place = *request.container;
  const bool is_podman = place.engine == ContainerEngine::podman;
  // The host's network: a tracking server or a database on this machine is where it is for all other steps. No labels
  // of SELinux: they would have to be written onto the user's files.
  std::vector<std::string> argv = {program_of(place.engine),
                                   "run",
                                   "--init",
                                   "--pull=never",
                                   "--network=host",
                                   "--security-opt=label=disable",
                                   "--security-opt=no-new-privileges",
                                   "--name=" + names.name,
                                   (is_podman ? "--pidfile=" : "--cidfile=") + names.started_file.string()};
  add_user(argv, place);
  add_mounts(argv, place);
  argv.push_back("--workdir=" + request.directory.string());
  argv.push_back("--env-file=" + names.variables_file.string());
  for (const std::string& variable : unwritten_variables(request)) {
    argv.push_back("--env=" + key_of(variable));
  }
  if (!place.is_unlimited) {
    add_limits(argv, request.limits);
  }
  add_devices(argv, place.engine, request.gpus);
  // The image's own entry point would swallow the command.
  argv.push_back("--entrypoint=" + request.argv.front());
  argv.push_back(place.image);
  argv.insert(argv.end(), request.argv.begin() + 1, request.argv.end());
  return argv;
}

std::string variables_text(const ProcessRequest& request) {
  std::string text;
  for (const std::string& variable : request.environment) {
    if (may_be_written(variable, request)) {
      text += variable + "\n";
    }
  }
  return text;
}

std::vector<std::string> unwritten_variables(const ProcessRequest& request) {
  std::vector<std::string> found;
  std::ranges::copy_if(request.environment, std::back_inserter(found), [&request](const std::string& variable) {
    return !may_be_written(variable, request);
  });
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

std::vector<std::string> container_signal(ContainerEngine engine, const std::string& name, int signal) {
  return {program_of(engine), "kill", fmt::format("--signal={}", signal), name};
}

std::vector<std::string> out_of_memory_query(ContainerEngine engine, const std::string& name) {
  return {program_of(engine), "inspect", "--type=container", "--format={{.State.OOMKilled}}", name};
}

std::optional<std::string> engine_failure(const ProcessRequest& request, int exit_code) {
  const ContainerPlace& place = *request.container;
  const std::string& program = request.argv.front();
  const bool is_shell = program == "/bin/sh" && request.argv.size() > 1 && request.argv[1] == "-c";
  if (exit_code == 125) {
    return fmt::format("exit code 125, as where {} could not start the image `{}`: its own words are in the log",
                       program_of(place.engine),
                       place.image_name);
  }
  if (is_shell || (exit_code != 126 && exit_code != 127)) {
    return std::nullopt;
  }
  return exit_code == 126
             ? fmt::format(
                   "exit code 126, as where `{}` in the image `{}` cannot be executed", program, place.image_name)
             : fmt::format("exit code 127, as where `{}` is not in the image `{}`", program, place.image_name);
}

}  // namespace ame
