// SPDX-License-Identifier: Apache-2.0
#include "core/env/build_environment.hpp"

#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/session.hpp"

namespace ame::cli {

namespace {

ExitCode build(const std::string& plan, Session& session) {
  Ports& ports = session.ports;
  const BuildListener listener{.progress = [&](const std::string& line) { session.terminal.answer(line + "\n"); },
                               .output = [&](std::string_view bytes) { session.terminal.say(bytes); }};
  build_environment(session.directory / plan,
                    ports.environment_settings(),
                    {ports.files(), ports.processes(), ports.locks(), ports.clock()},
                    listener);
  return ExitCode::success;
}

}  // namespace

CommandSpec build_environment_command() {
  const auto plan = std::make_shared<std::string>();
  return {.name = "build-environment",
          .summary = "Make the environment that a plan describes: what ame starts itself for",
          .options = {{"--plan", plan.get(), "FILE", "The plan", {}}},
          .action = [plan](Session& session) { return build(*plan, session); }};
}

}  // namespace ame::cli
