// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace ame {

/// A secret that stands where it should not.
struct Leak {
  std::string secret;    ///< its key
  std::size_t line = 0;  ///< 1-based; 0 in what is no text
  std::size_t more = 0;  ///< further lines of the same text

  bool operator==(const Leak&) const = default;
};

}  // namespace ame
