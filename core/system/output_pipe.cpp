// SPDX-License-Identifier: Apache-2.0
#include "core/system/output_pipe.hpp"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>

#include "core/system/system_call.hpp"

namespace ame {

namespace {

constexpr std::size_t usual_size = 64 << 10;
constexpr int large_size = 1 << 20;

/// The other end of a pipe that nobody writes to. Not open where the kernel does not let us.
FileDescriptor reopen(int descriptors, int read_end) {
  std::array<char, 16> name{};
  std::to_chars(name.data(), name.data() + name.size() - 1, read_end);
  return FileDescriptor(::openat(descriptors, name.data(), O_WRONLY | O_CLOEXEC));
}

}  // namespace

OutputPipe::Lent OutputPipe::lend(int descriptors) {
  Lent lent;
  if (read_end_.is_open() && descriptors >= 0) {
    lent.end = reopen(descriptors, read_end_.number());
  }
  if (!lent.end.is_open()) {
    lent.error = make(lent.end);
  }
  is_in_use_ = lent.error == 0;
  return lent;
}

int OutputPipe::make(FileDescriptor& write_end) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return errno;
  }
  read_end_ = FileDescriptor(ends[0]);
  write_end = FileDescriptor(ends[1]);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  is_watched_ = false;
  return 0;
}

int OutputPipe::watch(Poller& poller, PollTag tag) {
  if (is_watched_ || !is_in_use_) {
    return 0;
  }
  const int error = poller.add(read_end_.number(), tag);
  is_watched_ = error == 0;
  return error;
}

ssize_t OutputPipe::read(std::span<char> bytes) {
  const ssize_t count = without_interruption([&] { return ::read(read_end_.number(), bytes.data(), bytes.size()); });
  if (count >= static_cast<ssize_t>(usual_size) && !is_enlarged_) {
    is_enlarged_ = true;
    ::fcntl(read_end_.number(), F_SETPIPE_SZ, large_size);
  }
  if (count == 0 || (count < 0 && errno != EAGAIN)) {
    is_in_use_ = false;
  }
  return count;
}

void OutputPipe::leave() {
  // A large one would keep memory that the kernel counts.
  if (is_in_use_ || is_enlarged_) {
    *this = {};
  }
}

}  // namespace ame
