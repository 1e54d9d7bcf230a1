// SPDX-License-Identifier: Apache-2.0
#include "core/env/build_environment.hpp"

#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/session.hpp"
#include "core/env/image_environments.hpp"
#include "core/run/container_process_runner.hpp"

namespace ame::cli {

namespace {

struct BuildEnvironmentOptions {
  std::string plan;
  std::string image;
};

ExitCode build(const BuildEnvironmentOptions& options, Session& session) {
  Ports& ports = session.ports;
  const BuildListener listener{
      .progress = [&](const std::string& line) { session.terminal.answer(line + "\n"); },
      .output = [&](std::string_view bytes) { session.terminal.say(bytes); },
      .passing = [&](const std::string& line) { session.terminal.answer("\r" + line + "\n"); }};
  const std::filesystem::path plan = session.directory / options.plan;
  if (options.image.empty()) {
    build_environment(
        plan, ports.environment_settings(), {ports.files(), ports.processes(), ports.locks(), ports.clock()}, listener);
    return ExitCode::success;
  }
  ContainerProcessRunner containers({ports.processes(), ports.files(), ports.clock(), ports.container_guard()});
  build_image_environment(session.directory / options.image,
                          plan,
                          ports.environment_settings(),
                          {ports.files(), containers, ports.locks(), ports.clock()},
                          {.listener = listener, .accounts = ports.accounts()});
  return ExitCode::success;
}

}  // namespace

CommandSpec build_environment_command() {
  const auto options = std::make_shared<BuildEnvironmentOptions>();
  return {.name = "build-environment",
          .summary = "Make the environment that a plan describes: what ame starts itself for",
          .options = {{"--plan", &options->plan, "FILE", "The plan", {}},
                      {"--image", &options->image, "FILE", "The image to make it in", {}}},
          .action = [options](Session& session) { return build(*options, session); }};
}

}  // namespace ame::cli
