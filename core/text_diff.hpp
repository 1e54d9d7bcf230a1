// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ame {

struct DiffNames {
  std::string before;
  std::string after;
};

/// What to change in `before` to get `after`, as `diff -u` says it and `patch` reads it; empty where both are the same.
std::string unified_diff(std::string_view before, std::string_view after, const DiffNames& names);

}  // namespace ame
