// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/leak_finder.hpp"

#include <algorithm>

#include "core/secrets/secret_masker.hpp"

namespace ame {

namespace {

using Patterns = std::shared_ptr<const MaskPatterns>;

/// Goes on only for as long as nothing was masked.
bool holds_any(std::string_view text, const Patterns& patterns) {
  constexpr std::size_t piece = 1U << 20U;
  SecretMasker masker(patterns);
  std::size_t same = 0;
  bool differs = false;
  const auto compare = [&](std::string_view bytes) {
    differs = differs || text.substr(same, bytes.size()) != bytes;
    same += bytes.size();
  };
  for (std::size_t begin = 0; begin < text.size() && !differs; begin += piece) {
    masker.write(text.substr(begin, piece), compare);
  }
  masker.finish(compare);
  return differs || same != text.size();
}

bool is_text(std::string_view bytes) {
  constexpr std::size_t looked_at = 8192;
  return bytes.substr(0, looked_at).find('\0') == std::string_view::npos;
}

Leak located(const std::string& key, std::string_view text, const Patterns& patterns) {
  Leak leak{.secret = key};
  if (!is_text(text)) {
    return leak;
  }
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    ++line;
    if (holds_any(text.substr(begin, end - begin), patterns)) {
      leak.more += leak.line == 0 ? 0 : 1;
      leak.line = leak.line == 0 ? line : leak.line;
    }
    begin = end + 1;
  }
  return leak;
}

}  // namespace

bool LeakFinder::add(const std::string& key, const SecretText& value) {
  SecretForms own;
  own.add_value(value.reveal());
  if (own.count() == 0) {
    return false;
  }
  all_.add_value(value.reveal());
  wanted_.push_back({key, std::make_shared<const MaskPatterns>(own)});
  return true;
}

void LeakFinder::prepare() {
  any_ = std::make_shared<const MaskPatterns>(all_);
}

std::vector<Leak> LeakFinder::find(std::string_view text) const {
  std::vector<Leak> leaks;
  if (wanted_.empty() || !holds_any(text, any_)) {
    return leaks;
  }
  for (const Wanted& wanted : wanted_) {
    if (holds_any(text, wanted.patterns)) {
      leaks.push_back(located(wanted.key, text, wanted.patterns));
    }
  }
  return leaks;
}

std::string LeakFinder::shown(std::string_view text) const {
  return wanted_.empty() ? std::string(text) : masked(text, any_);
}

}  // namespace ame
