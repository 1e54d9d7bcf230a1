// SPDX-License-Identifier: Apache-2.0
#include "core/system/disk_file_hasher.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "core/system/file_descriptor.hpp"
#include "core/system/sha256.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t read_size = 128 << 10;
constexpr std::size_t files_a_turn = 16;

/// What one thread needs.
struct Tools {
  Sha256 hash;
  std::vector<char> buffer = std::vector<char>(read_size);
};

std::string hash_of(const fs::path& path, Tools& tools) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open()) {
    if (errno == ENOENT) {
      return {};
    }
    throw machine_error("read", path, errno);
  }
  while (true) {
    const ssize_t count =
        without_interruption([&] { return ::read(file.number(), tools.buffer.data(), tools.buffer.size()); });
    if (count < 0) {
      tools.hash.finish();
      throw machine_error("read", path, errno);
    }
    if (count == 0) {
      return hexadecimal(tools.hash.finish());
    }
    tools.hash.add({tools.buffer.data(), static_cast<std::size_t>(count)});
  }
}

/// Shared by the threads of one call: the next file to take, and the first failure.
class Work {
 public:
  Work(const fs::path& top, const std::vector<std::string>& files)
      : top_(top),
        files_(files),
        hashes_(files.size()) {}

  void run() {
    Tools tools;
    try {
      for (std::size_t first = next_.fetch_add(files_a_turn); first < files_.size();
           first = next_.fetch_add(files_a_turn)) {
        for (std::size_t index = first; index < std::min(first + files_a_turn, files_.size()); ++index) {
          hashes_[index] = hash_of(top_ / files_[index], tools);
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
