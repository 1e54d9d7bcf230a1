// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command_spec.hpp"

namespace ame::cli {

/// A word that may be typed next.
struct Candidate {
  std::string word;
  std::string text;  ///< what it means; may be empty

  bool operator==(const Candidate&) const = default;
};

/// What only a project or the run store can tell. Asked only when it is needed.
struct CompletionSources {
  std::function<std::vector<Candidate>()> tasks;
  std::function<std::vector<Candidate>()> runs;
};

/// What may stand in the place of the last of `words` (which may be empty), being begun as it is. The words are those
/// after the program's name. Empty where a file name may stand.
std::vector<Candidate> complete(const CommandSpec& root,
                                const std::vector<std::string>& words,
                                const CompletionSources& sources);

}  // namespace ame::cli
