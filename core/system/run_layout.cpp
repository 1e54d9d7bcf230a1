// SPDX-License-Identifier: Apache-2.0
#include "core/system/run_layout.hpp"

#include <cctype>
#include <cstdint>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t longest_name = 180;

bool stays(unsigned char character, bool is_first) {
  constexpr std::string_view marks = "_-=@+,";
  return std::isalnum(character) != 0 || marks.find(static_cast<char>(character)) != std::string_view::npos ||
         (character == '.' && !is_first);
}

/// FNV-1a, the same on every machine.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char character : text) {
    hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3U;
  }
  return hash;
}

}  // namespace

RunLayout::RunLayout(fs::path state)
    : state_(std::move(state)) {}

fs::path RunLayout::active_file(RunId id) const {
  return active() / std::to_string(id.number);
}

fs::path RunLayout::run(RunId id) const {
  return runs() / std::to_string(id.number);
}

fs::path RunLayout::events(RunId id) const {
  return run(id) / "events.jsonl";
}

fs::path RunLayout::requests(RunId id) const {
  return run(id) / "requests.jsonl";
}

fs::path RunLayout::logs(RunId id) const {
  return run(id) / "logs";
}

fs::path RunLayout::short_logs(RunId id) const {
  return logs(id) / "short";
}

fs::path RunLayout::log(RunId id, const StepName& step) const {
  return logs(id) / (file_name_of(step) + ".log");
}

fs::path index_of_log(const fs::path& log) {
  return fs::path(log).replace_extension(".index");
}

std::string file_name_of(const StepName& step) {
  std::string name;
  for (const char character : step.text()) {
    const auto byte = static_cast<unsigned char>(character);
    name += stays(byte, name.empty()) ? std::string(1, character) : fmt::format("%{:02X}", byte);
  }
  if (name.size() > longest_name) {
    name = fmt::format("{}%{:016x}", name.substr(0, longest_name), hash_of(step.text()));
  }
  return name;
}

}  // namespace ame
