// SPDX-License-Identifier: Apache-2.0
#include "core/system/kernel_kills.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>

#include "core/system/file_descriptor.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace {

constexpr std::chrono::seconds young_enough{1};

}  // namespace

std::uint64_t KernelKills::recent(Time now) {
  if (read_at_ == Time() || now - read_at_ > young_enough) {
    last_ = count();
    read_at_ = now;
  }
  return last_;
}

std::uint64_t KernelKills::count() {
  const FileDescriptor file(::open("/proc/vmstat", O_RDONLY | O_CLOEXEC));
  std::array<char, 16384> text{};
  std::size_t size = 0;
  while (file.is_open() && size < text.size()) {
    const ssize_t count =
        without_interruption([&] { return ::read(file.number(), text.data() + size, text.size() - size); });
    if (count <= 0) {
      break;
    }
    size += static_cast<std::size_t>(count);
  }
  return kernel_kills_in({text.data(), size});
}

std::uint64_t kernel_kills_in(std::string_view vmstat) {
  constexpr std::string_view key = "\noom_kill ";
  const std::size_t at = vmstat.find(key);
  std::uint64_t number = 0;
  if (at != std::string_view::npos) {
    std::from_chars(vmstat.data() + at + key.size(), vmstat.data() + vmstat.size(), number);
  }
  return number;
}

}  // namespace ame
