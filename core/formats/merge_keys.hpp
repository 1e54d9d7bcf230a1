// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/formats/arena.hpp"
#include "core/formats/document.hpp"

namespace ame {

struct MergeMistake {
  Node place;
  std::string message;
};

/// An unquoted `<<`.
bool is_merge_key(const Node& key);

/// The entries with what their `<<` stands for, at its place: a mapping, or a list of mappings of which earlier ones
/// win. Keys written beside `<<` win over all.
std::span<const Entry> resolve_merge_keys(std::span<const Entry> entries,
                                          Arena& arena,
                                          std::vector<MergeMistake>& mistakes);

}  // namespace ame
