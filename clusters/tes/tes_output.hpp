// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ame::clusters {

/// What a command writes, as a server of TES shows it while it runs: all of it so far or, when it has become long, its
/// end alone, as text of which bytes that are none were replaced.
class LiveOutput {
 public:
  /// The part of it that is new and certain; empty where nothing is.
  std::string hear(std::string_view shown);

  /// What was given and, after it, what is shown last, where that is all that will ever be known.
  [[nodiscard]] std::string joined_with(std::string_view shown) const {
    return known_ + std::string(shown.starts_with(known_) ? shown.substr(known_.size()) : shown);
  }

  /// Whether more is known only once the whole output is.
  [[nodiscard]] bool is_lost() const { return is_lost_; }

 private:
  std::string known_;
  bool is_lost_ = false;
};

}  // namespace ame::clusters
