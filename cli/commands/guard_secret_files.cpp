// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include "cli/commands/commands.hpp"
#include "cli/session.hpp"

namespace ame::cli {

CommandSpec guard_secret_files_command() {
  const auto directory = std::make_shared<std::string>();
  return {.name = "guard-secret-files",
          .summary = "Wait for the end of input, then remove a directory of secret files: what ame starts itself for",
          .arguments = {{"DIRECTORY", directory.get(), "The directory", true}},
          .action = [directory](Session& session) {
            session.ports.guard_secret_files(*directory);
            return ExitCode::success;
          }};
}

}  // namespace ame::cli
