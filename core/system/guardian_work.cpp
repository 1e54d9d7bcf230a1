// SPDX-License-Identifier: Apache-2.0
#include "core/system/guardian_work.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/system/process_stamp.hpp"

namespace ame {

namespace {

constexpr const char* own_name = "run-guardian";
constexpr int calm_scans = 3;  ///< so many in a row that find nothing
constexpr int between_scans = 4;
constexpr int patience_with_other_guardians = 1000;  ///< milliseconds
constexpr int patience = 60'000;

#ifndef CLOSE_RANGE_UNSHARE
constexpr long close_range_number = 436;
#else
constexpr long close_range_number = SYS_close_range;
#endif

/// The layout of what SYS_getdents64 gives.
struct DirectoryEntry {
  std::uint64_t inode;
  std::int64_t next;
  unsigned short size;
  unsigned char kind;
  char name[1];
};

template <std::size_t size>
class ShortText {
 public:
  void add(std::string_view text) {
    const std::size_t count = std::min(text.size(), size - 1 - length_);
    std::memcpy(bytes_.data() + length_, text.data(), count);
    length_ += count;
  }

  template <class Number>
  void add_number(Number number) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    add({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }

  [[nodiscard]] const char* c_str() const { return bytes_.data(); }

  [[nodiscard]] std::string_view view() const { return {bytes_.data(), length_}; }

 private:
  std::array<char, size> bytes_{};
  std::size_t length_ = 0;
};

int open_of(pid_t pid, const char* name) {
  ShortText<48> path;
  path.add("/proc/");
  path.add_number(pid);
  path.add("/");
  path.add(name);
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
}

/// Looks through a file piece by piece.
bool file_holds(int file, std::string_view wanted) {
  static std::array<char, 32768> block;
  std::size_t kept = 0;
  while (true) {
    const ssize_t count = ::read(file, block.data() + kept, block.size() - kept);
    if (count <= 0) {
      return false;
    }
    const std::string_view text(block.data(), kept + static_cast<std::size_t>(count));
    if (text.find(wanted) != std::string_view::npos) {
      return true;
    }
    kept = std::min(wanted.size() - 1, text.size());
    std::memmove(block.data(), text.data() + text.size() - kept, kept);
  }
}

bool carries_variable_of(pid_t pid, MarkOwner owner) {
  const int file = open_of(pid, "environ");
  if (file < 0) {
    return false;
  }
  ShortText<64> wanted;
  wanted.add_number(owner.pid);
  wanted.add(".");
  wanted.add_number(owner.started);
  wanted.add(".");
  const bool found = file_holds(file, wanted.view());
  ::close(file);
  return found;
}

bool is_of(MarkOwner owner, pid_t pid) {
  const auto stamp = read_stamp(pid);
  return stamp && (is_stamp_of(owner, *stamp) || carries_variable_of(pid, owner));
}

bool is_guardian(pid_t pid) {
  std::array<char, 32> name{};
  const int file = open_of(pid, "comm");
  const ssize_t count = file < 0 ? 0 : ::read(file, name.data(), name.size() - 1);
  ::close(file);
  return count > 0 && std::string_view(name.data(), static_cast<std::size_t>(count)).starts_with(own_name);
}

/// Held on to before it is asked who it is, so that no other one can take its number meanwhile.
void kill_if_of(MarkOwner owner, pid_t pid) {
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (handle >= 0 && is_of(owner, pid)) {
    ::syscall(SYS_pidfd_send_signal, handle, SIGKILL, nullptr, 0);
  }
  ::close(handle);
}

bool is_zombie(pid_t pid) {
  std::array<char, 256> text{};
  const int file = open_of(pid, "stat");
  const ssize_t count = file < 0 ? 0 : ::read(file, text.data(), text.size());
  ::close(file);
  const std::string_view line(text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  const std::size_t name_end = line.rfind(')');
  return name_end == std::string_view::npos || line.substr(name_end).starts_with(") Z") ||
         line.substr(name_end).starts_with(") X");
}

enum class OtherGuardians { leave, kill };

/// One look at a process; true when it belongs to the owner and is not ended.
bool deal_with(MarkOwner owner, pid_t pid, OtherGuardians others) {
  if (pid == ::getpid() || pid == owner.pid || !is_of(owner, pid) || is_zombie(pid)) {
    return false;
  }
  // One of an ame that a task started has its own to end, and ends then.
  if (others == OtherGuardians::kill || !is_guardian(pid)) {
    kill_if_of(owner, pid);
  }
  return true;
}

/// True when something was found.
bool scan(MarkOwner owner, OtherGuardians others) {
  alignas(DirectoryEntry) static std::array<char, 32768> entries;
  const int directory = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) {
    return false;
  }
  bool found = false;
  while (true) {
    const long size = ::syscall(SYS_getdents64, directory, entries.data(), entries.size());
    if (size <= 0) {
      break;
    }
    for (long at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const DirectoryEntry*>(entries.data() + at);
      const std::string_view name(entry->name);
      pid_t pid = 0;
      const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
      if (parsed.ptr == name.data() + name.size() && pid > 0) {
        found = deal_with(owner, pid, others) || found;
      }
      at += entry->size;
    }
  }
  ::close(directory);
  return found;
}

void pause_for(int milliseconds) {
  ::poll(nullptr, 0, milliseconds);
}

/// So that a look at the list of processes tells it from ame, and a kill by name or command line does not meet both.
void take_name() {
  ::prctl(PR_SET_NAME, own_name);
  std::array<char, 2048> text{};
  const int file = open_of(::getpid(), "stat");
  const ssize_t count = ::read(file, text.data(), text.size() - 1);
  ::close(file);
  std::string_view line(text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  line.remove_prefix(std::min(line.rfind(')') + 1, line.size()));
  constexpr int words_before_arguments = 45;
  for (int word = 0; word < words_before_arguments && !line.empty(); ++word) {
    line.remove_prefix(std::min(line.find(' ', 1), line.size()));
  }
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  line.remove_prefix(std::min<std::size_t>(1, line.size()));
  const auto first = std::from_chars(line.data(), line.data() + line.size(), begin);
  if (first.ec == std::errc() && first.ptr < line.data() + line.size()) {
    std::from_chars(first.ptr + 1, line.data() + line.size(), end);
  }
  const std::size_t name_size = std::strlen(own_name) + 1;
  if (begin != 0 && end > begin + name_size) {
    auto* arguments = reinterpret_cast<char*>(begin);  // NOLINT(performance-no-int-to-ptr): the kernel says so
    std::memset(arguments, 0, end - begin);
    std::memcpy(arguments, own_name, name_size);
  }
}

/// What ame was started with may hold secrets, and a guardian has no use for them.
void forget_variables() {
  for (char** at = environ; *at != nullptr; ++at) {
    std::memset(*at, 0, std::strlen(*at));
  }
}

}  // namespace

int enter_guardian(int line, MarkOwner owner) {
  ::dup2(line, line_of_guardian);
  ::syscall(close_range_number, 1U, ~0U, 0U);
  ::setsid();
  [[maybe_unused]] const int moved = ::chdir("/");
  take_name();
  forget_variables();
  return static_cast<int>(::syscall(SYS_pidfd_open, owner.pid, 0));
}

void end_all_of(MarkOwner owner, int handle) {
  bool is_gone = false;
  int calm = 0;
  for (int waited = 0; calm < calm_scans && waited < patience; waited += between_scans) {
    pollfd watched = {.fd = handle, .events = POLLIN, .revents = 0};
    is_gone = is_gone || handle < 0 || ::poll(&watched, 1, 0) > 0;
    const auto others = waited < patience_with_other_guardians ? OtherGuardians::leave : OtherGuardians::kill;
    // What ame starts in its last moment gets its mark a moment later: only scans after its end count.
    calm = scan(owner, others) || !is_gone ? 0 : calm + 1;
    pause_for(between_scans);
  }
}

}  // namespace ame
