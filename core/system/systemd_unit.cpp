// SPDX-License-Identifier: Apache-2.0
#include "core/system/systemd_unit.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "core/system/file_descriptor.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

using Time = std::chrono::steady_clock::time_point;

constexpr std::chrono::milliseconds patience{2000};

bool is_unit(std::string_view name) {
  return name.ends_with(".scope") || name.ends_with(".service");
}

/// "user@1000.service"
bool is_manager_of_a_user(std::string_view name) {
  return name.starts_with("user@") && name.ends_with(".service");
}

bool is_marked(const fs::path& group, const char* mark) {
  char value = 0;
  return ::getxattr(group.c_str(), mark, &value, 1) == 1 && value == '1';
}

/// Starts a program that is looked for in PATH, with its standard output there. Its number; 0 where it cannot be
/// started.
pid_t start(std::vector<std::string> words, int output) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&files, output, 1);
  ::posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);  // Ctrl-C is for ame
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, arguments.front(), &files, &attributes, arguments.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  return error == 0 ? pid : 0;
}

/// Up to the end, or until it is too late.
std::string read_until(int source, Time deadline) {
  std::string text;
  std::array<char, 256> block{};
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd waited{.fd = source, .events = POLLIN, .revents = 0};
    if (left <= 0 || without_interruption([&] { return ::poll(&waited, 1, static_cast<int>(left)); }) <= 0) {
      return text;
    }
    const ssize_t count = without_interruption([&] { return ::read(source, block.data(), block.size()); });
    if (count <= 0) {
      return text;
    }
    text.append(block.data(), static_cast<std::size_t>(count));
  }
}

std::string answer_of(std::vector<std::string> words) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return "";
  }
  const FileDescriptor read_end(ends[0]);
  FileDescriptor write_end(ends[1]);
  const pid_t pid = start(std::move(words), write_end.number());
  write_end.close();
  if (pid == 0) {
    return "";
  }
  std::string text = read_until(read_end.number(), std::chrono::steady_clock::now() + patience);
  ::kill(pid, SIGKILL);  // it has said all that is heard
  without_interruption([&] { return ::waitpid(pid, nullptr, 0); });
  return text;
}

}  // namespace

std::optional<SystemdUnit> systemd_unit_of(const fs::path& root, const fs::path& group) {
  std::optional<SystemdUnit> nearest;
  for (fs::path at = group; at != root && at.has_relative_path(); at = at.parent_path()) {
    std::string name = at.filename();
    if (nearest) {
      nearest->is_of_user = nearest->is_of_user || is_manager_of_a_user(name);
    } else if (is_unit(name)) {
      nearest = SystemdUnit{.name = std::move(name), .group = at};
    }
  }
  return nearest;
}

bool is_delegated(const SystemdUnit& unit) {
  if (is_marked(unit.group, "user.delegate") || is_marked(unit.group, "trusted.delegate")) {
    return true;
  }
  std::vector<std::string> words = {"systemctl", "show", "--property=Delegate", "--value", "--", unit.name};
  if (unit.is_of_user) {
    words.insert(words.begin() + 1, "--user");
  }
  return answer_of(std::move(words)) == "yes\n";
}

}  // namespace ame
