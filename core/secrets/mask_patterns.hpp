// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/model/secret_text.hpp"
#include "core/secrets/secret_forms.hpp"

namespace ame {

/// Every text that a run must not show, made ready for one pass over its output. Immutable; many streams share it.
///
/// Any text of `window()` bytes or more holds a gram (3 or 4 bytes) at one of `stride()` neighbouring places, so it is
/// enough to look at every stride-th place of the output: a table says which starts a gram there can belong to. Only
/// those are compared, and texts with the same beginning are walked together, as in a trie.
class MaskPatterns {
 public:
  /// No patterns: nothing is masked.
  MaskPatterns() = default;
  explicit MaskPatterns(const SecretForms& forms);

  [[nodiscard]] bool empty() const { return patterns_.empty(); }

  [[nodiscard]] std::size_t count() const { return patterns_.size(); }

  /// No pattern is shorter.
  [[nodiscard]] std::size_t window() const { return window_; }

  [[nodiscard]] std::size_t stride() const { return window_ - gram_ + 1; }

  [[nodiscard]] std::size_t gram() const { return gram_; }

  /// Bit j: some pattern has this gram (or one with the same hash) j bytes after its start. Requires gram() bytes.
  [[nodiscard]] std::uint32_t offsets_of_gram(const char* bytes) const {
    std::uint32_t value = static_cast<unsigned char>(bytes[0]) | static_cast<unsigned char>(bytes[1]) << 8U |
                          static_cast<unsigned char>(bytes[2]) << 16U;
    if (gram_ == 4) {
      value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[3])) << 24U;
    }
    return grams_[value * 0x9E3779B1U >> shift_];
  }

  /// Patterns that agree in their first `depth` bytes; in order, the shortest first.
  struct Candidates {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::size_t depth = 0;
  };

  /// Those that begin as the text does. Requires window() bytes.
  [[nodiscard]] std::optional<Candidates> starting_with(std::string_view text) const;

  /// Those of them whose next byte is this one; none when there are none. Requires that none ends at their depth.
  [[nodiscard]] std::optional<Candidates> narrowed(Candidates candidates, char next) const;

  [[nodiscard]] std::string_view text(std::uint32_t pattern) const {
    return bytes_.reveal().substr(patterns_[pattern].offset, patterns_[pattern].length);
  }

  /// Whether some pattern is longer than the text and begins with it.
  [[nodiscard]] bool is_beginning(std::string_view text) const;

 private:
  struct Pattern {
    std::size_t offset = 0;
    std::size_t length = 0;
  };

  void sort(std::vector<Pattern> all);
  void index_grams();
  void index_starts();

  SecretText bytes_;
  std::vector<Pattern> patterns_;     ///< sorted by their bytes; each once
  std::vector<std::uint16_t> grams_;  ///< by hash of the gram
  std::vector<Candidates> starts_;    ///< by hash of the first window() bytes; open addressing, depth 0: free
  std::size_t window_ = 0;
  std::size_t gram_ = 0;
  unsigned shift_ = 0;
};

}  // namespace ame
