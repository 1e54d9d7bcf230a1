// SPDX-License-Identifier: Apache-2.0
#include "core/system/large_heap.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include <malloc.h>

namespace ame {

#ifdef __GLIBC__

namespace {

constexpr std::size_t large_page = std::size_t{2} << 20;
constexpr std::size_t worth_it = std::size_t{4} << 20;
constexpr std::size_t most = std::size_t{256} << 20;
constexpr int largest_piece = 16 << 20;

/// Larger than what is left of the heap as it is, so that it grows.
constexpr std::size_t piece = std::size_t{512} << 10;

char* end_of_heap() {
  return static_cast<char*>(::sbrk(0));
}

std::size_t to_next_large_page(const char* place) {
  return (large_page - reinterpret_cast<std::uintptr_t>(place) % large_page) % large_page;
}

}  // namespace

void expect_memory(std::size_t bytes) {
  static std::size_t expected = worth_it;
  if (bytes <= expected) {
    return;  // too little, or had already
  }
  expected = bytes;
  ::mallopt(M_TOP_PAD, static_cast<int>(std::min(bytes, most)));
  ::mallopt(M_TRIM_THRESHOLD, static_cast<int>(most));
  ::mallopt(M_MMAP_THRESHOLD, largest_piece);
  char* const before = end_of_heap();
  const std::vector<char> grown(piece);
  char* const begin = before + to_next_large_page(before);
  const std::ptrdiff_t size = end_of_heap() - begin;
  if (size >= static_cast<std::ptrdiff_t>(large_page)) {
    ::madvise(begin, static_cast<std::size_t>(size) / large_page * large_page, MADV_HUGEPAGE);
  }
}

#else

void expect_memory(std::size_t /*bytes*/) {}

#endif

}  // namespace ame
