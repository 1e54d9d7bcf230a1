// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/secrets/mask_patterns.hpp"

namespace ame {

/// What stands where a secret stood.
inline constexpr std::string_view mask_text = "***";

/// Masks the bytes of one stream, however they are cut into pieces. Every byte that belongs to any occurrence of any
/// pattern is masked, also where occurrences overlap; neighbouring masked bytes become one mask_text. Bytes are held
/// back only for as long as they may still turn out to be the beginning of a secret.
class SecretMasker {
 public:
  using Sink = std::function<void(std::string_view)>;

  explicit SecretMasker(std::shared_ptr<const MaskPatterns> patterns);

  /// Hands on what is certain; the view is good only during the call.
  void write(std::string_view bytes, const Sink& sink);

  /// The stream ended: what was held back is no secret.
  void finish(const Sink& sink);

 private:
  /// Masked bytes, as offsets into what is held.
  struct Interval {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  /// A start whose patterns go on beyond what is held.
  struct Open {
    std::size_t start = 0;
    MaskPatterns::Candidates candidates;
  };

  void scan(std::string_view held);
  void scan_group(std::string_view held, std::size_t probe, std::uint32_t offsets);
  void walk(std::string_view held, std::size_t start, MaskPatterns::Candidates candidates);
  void add(Interval interval);
  [[nodiscard]] std::size_t first_uncertain(std::string_view held) const;
  void hand_on(std::string_view held, std::size_t certain, const Sink& sink);

  std::shared_ptr<const MaskPatterns> patterns_;
  WipedString held_;
  std::vector<Interval> masked_;
  std::vector<Open> open_;
  std::size_t next_start_ = 0;  ///< the first start in held_ that was not looked at yet
  bool in_mask_ = false;        ///< the last byte handed on was masked
};

/// A whole text at once: for messages.
std::string masked(std::string_view text, const std::shared_ptr<const MaskPatterns>& patterns);

}  // namespace ame
