// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/command.hpp"

namespace ame::executors {

struct DotenvFile {
  std::vector<EnvironmentVariable> variables;  ///< in order; `${…}` of earlier ones filled in
  std::vector<std::string> unknown;            ///< names that `${…}` wanted and the file does not set
};

/// A `.env` file as python-dotenv (and so pipenv) reads it. Lines that make no sense are left out, as it does.
DotenvFile parse_dotenv(std::string_view text);

}  // namespace ame::executors
