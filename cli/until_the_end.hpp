// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <forward_list>
#include <utility>

namespace ame::cli {

/// A value that lives until ame ends, and that nobody takes apart then: for what is large and needed by the one command
/// that ame carries out, where thousands of small pieces would be given back just before all memory is.
template <class Value>
Value& until_the_end(Value value) {
  static auto* const kept = new std::forward_list<Value>;
  return kept->emplace_front(std::move(value));
}

}  // namespace ame::cli
