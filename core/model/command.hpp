// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace ame {

/// A text that `/bin/sh -c` reads.
struct ShellCommand {
  std::string text;

  bool operator==(const ShellCommand&) const = default;
};

/// A program and its arguments, started without a shell. Never empty.
struct ArgvCommand {
  std::vector<std::string> argv;

  bool operator==(const ArgvCommand&) const = default;
};

using CommandText = std::variant<ShellCommand, ArgvCommand>;

struct EnvironmentVariable {
  std::string key;
  std::string value;

  bool operator==(const EnvironmentVariable&) const = default;
};

}  // namespace ame
