// SPDX-License-Identifier: Apache-2.0
#include "cli/render/line_splitter.hpp"

#include <utility>

namespace ame::cli {

namespace {

constexpr std::size_t longest_line = std::size_t{64} * 1024;

}  // namespace

void LineSplitter::add(std::string_view bytes, const Visit& visit) {
  for (std::size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
    add_part(bytes.substr(0, end));
    if (!pending_.empty() && pending_.back() == '\r') {
      pending_.pop_back();
    }
    visit(std::exchange(pending_, {}));
    bytes.remove_prefix(end + 1);
  }
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, longest_line);
    add_part(part);
    bytes.remove_prefix(part.size());
    if (pending_.size() >= longest_line) {
      visit(std::exchange(pending_, {}));
    }
  }
}

void LineSplitter::finish(const Visit& visit) {
  if (!pending_.empty() && pending_.back() == '\r') {
    pending_.pop_back();
  }
  if (!pending_.empty()) {
    visit(std::exchange(pending_, {}));
  }
}

void LineSplitter::add_part(std::string_view part) {
  // A return at the very end may belong to "\r\n", and else what it overwrites is still the last state.
  if (!part.empty() && !pending_.empty() && pending_.back() == '\r') {
    pending_.clear();
  }
  const std::size_t last = part.size() < 2 ? std::string_view::npos : part.rfind('\r', part.size() - 2);
  if (last != std::string_view::npos) {
    pending_.clear();
    part.remove_prefix(last + 1);
  }
  pending_ += part;
}

}  // namespace ame::cli
