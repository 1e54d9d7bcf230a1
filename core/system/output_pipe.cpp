// SPDX-License-Identifier: Apache-2.0
#include "core/system/output_pipe.hpp"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "core/system/system_call.hpp"

namespace ame {

namespace {

constexpr std::size_t usual_size = 64 << 10;
constexpr int large_size = 1 << 20;

}  // namespace

OutputPipe::Lent OutputPipe::lend(bool may_be_reopened) {
  if (read_end_.is_open() && !may_be_reopened) {
    *this = {};
  }
  Lent lent;
  if (!read_end_.is_open()) {
    lent.error = make(lent.write_end);
  }
  lent.read_end = read_end_.number();
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

ssize_t OutputPipe::read(std::span<char> bytes, bool was_opened) {
  const ssize_t count = without_interruption([&] { return ::read(read_end_.number(), bytes.data(), bytes.size()); });
  if (count >= static_cast<ssize_t>(usual_size) && !is_enlarged_) {
    is_enlarged_ = true;
    ::fcntl(read_end_.number(), F_SETPIPE_SZ, large_size);
  }
  if ((count == 0 && was_opened) || (count < 0 && errno != EAGAIN)) {
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
