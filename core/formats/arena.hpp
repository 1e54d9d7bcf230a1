// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ame {

/// Memory that is only ever given back as a whole: a document has a million small parts and one end.
class Arena {
 public:
  std::string_view keep(std::string_view text) {
    if (text.empty()) {
      return {};
    }
    char* kept = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(kept, text.data(), text.size());
    return {kept, text.size()};
  }

  /// Uninitialised room for `count` values, which the caller constructs.
  template <typename Value>
  Value* room_for(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<Value>);
    return static_cast<Value*>(allocate(count * sizeof(Value), alignof(Value)));
  }

 private:
  void* allocate(std::size_t bytes, std::size_t alignment) {
    std::size_t padding = (alignment - used_ % alignment) % alignment;
    if (chunks_.empty() || bytes + padding > size_ - used_) {
      // Chunks grow with the document, so that a small one stays small and a large one takes few steps.
      size_ = std::max(bytes, std::min(largest_chunk, std::max(smallest_chunk, total_)));
      chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(size_));
      total_ += size_;
      used_ = 0;
      padding = 0;
    }
    std::byte* place = chunks_.back().get() + used_ + padding;
    used_ += padding + bytes;
    return place;
  }

  static constexpr std::size_t smallest_chunk = std::size_t{4} << 10;
  static constexpr std::size_t largest_chunk = std::size_t{1} << 20;

  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::size_t size_ = 0;
  std::size_t used_ = 0;
  std::size_t total_ = 0;
};

}  // namespace ame
