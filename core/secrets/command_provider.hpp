// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/ports/secret_provider.hpp"
#include "core/secrets/run_tool.hpp"

namespace ame {

/// `!command`: what a command of a shell prints, without its last line end. It runs in the project with the environment
/// of ame, has no input, and may take a minute. What it says on standard error is never shown: it could be the secret.
class CommandProvider final : public SecretProvider {
 public:
  CommandProvider(ToolPorts ports,
                  const std::map<std::string, std::string>& environment,
                  std::filesystem::path directory)
      : ports_(ports),
        environment_(environment),
        directory_(std::move(directory)) {}

  SecretAnswer fetch(const SecretReference& reference) override;

 private:
  ToolPorts ports_;
  const std::map<std::string, std::string>& environment_;
  std::filesystem::path directory_;
};

}  // namespace ame
