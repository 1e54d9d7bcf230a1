// SPDX-License-Identifier: Apache-2.0
#include "core/model/run.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace ame {

namespace {

constexpr std::array<std::pair<RunState, const char*>, 6> words = {{
    {RunState::pending, "Pending"},
    {RunState::running, "Running"},
    {RunState::succeeded, "Succeeded"},
    {RunState::failed, "Failed"},
    {RunState::cancelled, "Cancelled"},
    {RunState::skipped, "Skipped"},
}};

bool same_letters(const std::string& left, const std::string& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  });
}

}  // namespace

const char* word_of(RunState state) {
  return words.at(static_cast<std::size_t>(state)).second;
}

std::optional<RunState> state_of_word(const std::string& word) {
  for (const auto& [state, text] : words) {
    if (same_letters(word, text)) {
      return state;
    }
  }
  return std::nullopt;
}

std::string display_name(const RunRecord& run) {
  return run.name + "-" + std::to_string(run.id.number);
}

}  // namespace ame
