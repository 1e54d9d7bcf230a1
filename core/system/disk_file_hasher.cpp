// SPDX-License-Identifier: Apache-2.0
#include "core/system/disk_file_hasher.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include <sodium.h>

#include "core/system/file_descriptor.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t read_size = 128 << 10;
constexpr std::size_t files_a_turn = 16;

std::string hash_of(const fs::path& path, std::vector<unsigned char>& buffer) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open()) {
    if (errno == ENOENT) {
      return {};
    }
    throw machine_error("read", path, errno);
  }
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  while (true) {
    const ssize_t count = without_interruption([&] { return ::read(file.number(), buffer.data(), buffer.size()); });
    if (count < 0) {
      throw machine_error("read", path, errno);
    }
    if (count == 0) {
      break;
    }
    crypto_hash_sha256_update(&state, buffer.data(), static_cast<unsigned long long>(count));
  }
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256_final(&state, hash.data());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> text{};
  sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
  return text.data();
}

/// Shared by the threads of one call: the next file to take, and the first failure.
class Work {
 public:
  Work(const fs::path& top, const std::vector<std::string>& files)
      : top_(top),
        files_(files),
        hashes_(files.size()) {}

  void run() {
    std::vector<unsigned char> buffer(read_size);
    try {
      for (std::size_t first = next_.fetch_add(files_a_turn); first < files_.size();
           first = next_.fetch_add(files_a_turn)) {
        for (std::size_t index = first; index < std::min(first + files_a_turn, files_.size()); ++index) {
          hashes_[index] = hash_of(top_ / files_[index], buffer);
        }
      }
    } catch (...) {
      const std::scoped_lock guard(failure_mutex_);
      failure_ = std::current_exception();
      next_ = files_.size();
    }
  }

  /// Once every thread is done.
  std::vector<std::string> take() {
    if (failure_) {
      std::rethrow_exception(failure_);
    }
    return std::move(hashes_);
  }

 private:
  const fs::path& top_;
  const std::vector<std::string>& files_;
  std::vector<std::string> hashes_;  ///< each element is written by the one thread that took it
  std::atomic<std::size_t> next_{0};
  std::mutex failure_mutex_;
  std::exception_ptr failure_;  ///< guarded by failure_mutex_
};

}  // namespace

std::vector<std::string> DiskFileHasher::hashes_of(const fs::path& top, const std::vector<std::string>& files) const {
  Work work(top, files);
  {
    std::vector<std::jthread> others;
    const std::size_t useful = (files.size() + files_a_turn - 1) / files_a_turn;
    const std::size_t threads = std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), useful);
    for (std::size_t count = 1; count < threads; ++count) {
      others.emplace_back([&work] { work.run(); });
    }
    work.run();
  }
  return work.take();
}

}  // namespace ame
