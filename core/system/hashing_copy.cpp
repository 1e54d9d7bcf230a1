// SPDX-License-Identifier: Apache-2.0
#include "core/system/hashing_copy.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <semaphore>
#include <thread>
#include <vector>

#include "core/system/sha256.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace {

constexpr std::size_t block_size = 1U << 20;

/// Hashes blocks while the caller does something else with them.
class HashingThread {
 public:
  HashingThread()
      : thread_([this] { work(); }) {}

  HashingThread(const HashingThread&) = delete;
  HashingThread& operator=(const HashingThread&) = delete;

  ~HashingThread() { add({}); }

  /// The bytes stay until the next call has returned, or finish().
  void add(std::string_view block) {
    idle_.acquire();
    block_ = block;
    given_.release();
  }

  std::string finish() {
    idle_.acquire();
    std::string hash = hexadecimal(hash_.finish());
    idle_.release();
    return hash;
  }

 private:
  void work() {
    for (given_.acquire(); !block_.empty(); given_.acquire()) {
      hash_.add(block_);
      idle_.release();
    }
  }

  Sha256 hash_;
  std::string_view block_;  ///< empty: the end
  std::binary_semaphore given_{0};
  std::binary_semaphore idle_{1};
  std::jthread thread_;
};

/// As much as fits, but for the end of the file. An errno value, or 0.
int fill(int file, std::uint64_t at, std::vector<char>& block) {
  std::size_t size = 0;
  while (size < block.size()) {
    const ssize_t count = without_interruption(
        [&] { return ::pread(file, block.data() + size, block.size() - size, static_cast<off_t>(at + size)); });
    if (count < 0) {
      return errno;
    }
    if (count == 0) {
      break;
    }
    size += static_cast<std::size_t>(count);
  }
  block.resize(size);
  return 0;
}

}  // namespace

int read_hashing(int file, const TakeBytes& take, ReadContent& content) {
  std::array<std::vector<char>, 2> blocks;
  HashingThread hash;
  for (std::size_t turn = 0;; turn = 1 - turn) {
    std::vector<char>& block = blocks[turn];
    block.resize(block_size);
    if (const int failure = fill(file, content.size, block); failure != 0) {
      return failure;
    }
    if (block.empty()) {
      content.sha256 = hash.finish();
      return 0;
    }
    const std::string_view bytes(block.data(), block.size());
    hash.add(bytes);
    take(bytes);
    content.size += bytes.size();
  }
}

}  // namespace ame
