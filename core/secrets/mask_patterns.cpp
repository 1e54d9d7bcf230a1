// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/mask_patterns.hpp"

#include <algorithm>
#include <bit>

namespace ame {

namespace {

constexpr std::size_t longest_window = 16;
constexpr std::size_t longest_stride = 13;  // as a window of 16 gives; offsets fit 16 bits

std::uint64_t hash_of(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char byte : bytes) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  }
  return hash ^ hash >> 29U;
}

}  // namespace

MaskPatterns::MaskPatterns(const SecretForms& forms) {
  SecretBuffer bytes;
  std::vector<Pattern> all;
  for (std::size_t index = 0; index < forms.count(); ++index) {
    const std::string_view form = forms.form(index);
    all.push_back({.offset = bytes.size(), .length = form.size()});
    bytes.append(form);
  }
  bytes_ = bytes.take();
  if (!all.empty()) {
    sort(std::move(all));
    index_grams();
    index_starts();
  }
}

void MaskPatterns::sort(std::vector<Pattern> all) {
  const auto text_of = [this](const Pattern& pattern) {
    return bytes_.reveal().substr(pattern.offset, pattern.length);
  };
  std::ranges::sort(all, {}, text_of);
  const auto repeated = std::ranges::unique(all, {}, text_of);
  all.erase(repeated.begin(), repeated.end());
  patterns_ = std::move(all);
  const auto shortest = std::ranges::min_element(patterns_, {}, &Pattern::length);
  window_ = std::min(shortest->length, longest_window);
  gram_ = window_ < 8 ? 3 : 4;
  static_assert(longest_window - 4 + 1 == longest_stride && longest_stride <= 16);
}

void MaskPatterns::index_grams() {
  constexpr unsigned fewest_bits = 14;
  constexpr unsigned most_bits = 22;
  // Of eight places at most one is taken, so that most grams of other texts are told apart at once.
  const auto wanted = static_cast<unsigned>(std::bit_width(patterns_.size() * stride() * 8));
  const unsigned bits = std::clamp(wanted, fewest_bits, most_bits);
  shift_ = 32 - bits;
  grams_.assign(std::size_t{1} << bits, 0);
  for (const Pattern& pattern : patterns_) {
    const char* bytes = bytes_.reveal().data() + pattern.offset;
    for (std::size_t offset = 0; offset < stride(); ++offset) {
      std::uint32_t value = 0;
      for (std::size_t place = 0; place < gram_; ++place) {
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[offset + place])) << 8U * place;
      }
      grams_[value * 0x9E3779B1U >> shift_] |= static_cast<std::uint16_t>(1U << offset);
    }
  }
}

void MaskPatterns::index_starts() {
  starts_.assign(std::bit_ceil(patterns_.size() * 2), {});
  for (std::uint32_t begin = 0; begin < patterns_.size();) {
    const std::string_view prefix = text(begin).substr(0, window_);
    std::uint32_t end = begin + 1;
    while (end < patterns_.size() && text(end).substr(0, window_) == prefix) {
      ++end;
    }
    std::size_t slot = hash_of(prefix) & (starts_.size() - 1);
    while (starts_[slot].depth != 0) {
      slot = (slot + 1) & (starts_.size() - 1);
    }
    starts_[slot] = {.begin = begin, .end = end, .depth = window_};
    begin = end;
  }
}

std::optional<MaskPatterns::Candidates> MaskPatterns::starting_with(std::string_view wanted) const {
  const std::string_view prefix = wanted.substr(0, window_);
  std::size_t slot = hash_of(prefix) & (starts_.size() - 1);
  while (starts_[slot].depth != 0) {
    if (text(starts_[slot].begin).substr(0, window_) == prefix) {
      return starts_[slot];
    }
    slot = (slot + 1) & (starts_.size() - 1);
  }
  return std::nullopt;
}

std::optional<MaskPatterns::Candidates> MaskPatterns::narrowed(Candidates candidates, char next) const {
  const auto byte_of = [&](const Pattern& pattern) {
    return static_cast<unsigned char>(bytes_.reveal()[pattern.offset + candidates.depth]);
  };
  const auto begin = patterns_.begin() + candidates.begin;
  const auto end = patterns_.begin() + candidates.end;
  const auto same = std::ranges::equal_range(begin, end, static_cast<unsigned char>(next), {}, byte_of);
  if (same.empty()) {
    return std::nullopt;
  }
  return Candidates{.begin = static_cast<std::uint32_t>(same.begin() - patterns_.begin()),
                    .end = static_cast<std::uint32_t>(same.end() - patterns_.begin()),
                    .depth = candidates.depth + 1};
}

bool MaskPatterns::is_beginning(std::string_view wanted) const {
  const auto text_of = [this](const Pattern& pattern) {
    return bytes_.reveal().substr(pattern.offset, pattern.length);
  };
  const auto found = std::ranges::upper_bound(patterns_, wanted, {}, text_of);
  return found != patterns_.end() && text_of(*found).starts_with(wanted);
}

}  // namespace ame
