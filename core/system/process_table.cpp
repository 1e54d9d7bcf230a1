// SPDX-License-Identifier: Apache-2.0
#include "core/system/process_table.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <utility>

#include "core/system/file_descriptor.hpp"
#include "core/system/process_mark.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

/// Words that single blanks divide.
std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::string proc_path(pid_t pid, const char* name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

std::string read_proc(const std::string& path, std::size_t limit) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string content;
  std::array<char, 4096> block{};
  while (file.is_open() && content.size() < limit) {
    const ssize_t count = without_interruption([&] { return ::read(file.number(), block.data(), block.size()); });
    if (count <= 0) {
      break;
    }
    content.append(block.data(), static_cast<std::size_t>(count));
  }
  return content;
}

/// Everything below the members joins them; what is alive of it remains.
std::vector<ProcessEntry> alive_with_descendants(std::unordered_set<pid_t> members, const ProcessTable& table) {
  for (std::size_t before = 0; before != members.size();) {
    before = members.size();
    for (const ProcessEntry& entry : table) {
      if (members.contains(entry.parent)) {
        members.insert(entry.pid);
      }
    }
  }
  std::vector<ProcessEntry> alive;
  for (const ProcessEntry& entry : table) {
    if (!entry.is_zombie && members.contains(entry.pid)) {
      alive.push_back(entry);
    }
  }
  return alive;
}

bool has_process(const ProcessTable& table, pid_t pid) {
  return std::any_of(table.begin(), table.end(), [pid](const ProcessEntry& entry) { return entry.pid == pid; });
}

}  // namespace

std::optional<ProcessEntry> parse_process_stat(std::string_view text) {
  // The name stands in brackets and may hold brackets and blanks itself.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos || name_end + 2 > text.size()) {
    return std::nullopt;
  }
  const auto pid = number_in<pid_t>(text.substr(0, std::min(text.find(' '), text.size())));
  text.remove_prefix(name_end + 2);
  const std::string_view state = take_word(text);
  const auto parent = number_in<pid_t>(take_word(text));
  const auto group = number_in<pid_t>(take_word(text));
  const auto session = number_in<pid_t>(take_word(text));
  constexpr int words_before_flags = 2;
  for (int i = 0; i < words_before_flags; ++i) {
    take_word(text);
  }
  constexpr std::uint64_t exiting = 0x4;  // PF_EXITING of the kernel's sched.h
  const auto flags = number_in<std::uint64_t>(take_word(text));
  constexpr int words_before_start = 12;
  for (int i = 0; i < words_before_start; ++i) {
    take_word(text);
  }
  const auto started = number_in<std::uint64_t>(take_word(text));
  if (!pid || !parent || !group || !session || !flags || !started) {
    return std::nullopt;
  }
  return ProcessEntry{.pid = *pid,
                      .parent = *parent,
                      .group = *group,
                      .session = *session,
                      .started = *started,
                      .is_exiting = (*flags & exiting) != 0,
                      .is_zombie = state == "Z" || state == "X"};
}

std::optional<ProcessEntry> read_process(pid_t pid) {
  return parse_process_stat(read_proc(proc_path(pid, "stat"), 4096));
}

ProcessTable read_process_table() {
  ProcessTable table;
  const std::unique_ptr<DIR, CloseDirectory> directory(::opendir("/proc"));
  if (!directory) {
    return table;
  }
  while (const dirent* entry = ::readdir(directory.get())) {
    const auto pid = number_in<pid_t>(entry->d_name);
    if (!pid) {
      continue;
    }
    if (const auto found = read_process(*pid)) {
      table.push_back(*found);
    }
  }
  return table;
}

std::string proc_file(pid_t pid, const char* name) {
  constexpr std::size_t largest = 64 << 10;
  return read_proc(proc_path(pid, name), largest);
}

std::string environment_of(pid_t pid) {
  constexpr std::size_t largest_environment = 2 << 20;
  return read_proc(proc_path(pid, "environ"), largest_environment);
}

std::string command_of(pid_t pid) {
  constexpr std::size_t longest = 4096;
  std::string words = read_proc(proc_path(pid, "cmdline"), longest);
  if (words.empty()) {
    words = read_proc(proc_path(pid, "comm"), longest);
  }
  std::ranges::replace(words, '\0', ' ');
  const std::size_t end = words.find_last_not_of(" \n");
  words.resize(end == std::string::npos ? 0 : end + 1);
  return words;
}

std::vector<ProcessEntry> members_of(const ProcessTree& tree,
                                     const ProcessTable& table,
                                     const std::unordered_set<pid_t>& roots) {
  const bool number_is_ours = !tree.root_was_collected || !has_process(table, tree.root);
  const auto is_seed = [&](const ProcessEntry& entry) {
    const bool is_of_root = entry.pid == tree.root || entry.group == tree.root || entry.session == tree.root;
    const bool is_orphan = entry.parent == tree.adopter && !roots.contains(entry.pid);
    // What is about to end has no environment any more that could be read, and still is somebody's.
    return (number_is_ours && is_of_root) || (is_orphan && (entry.is_exiting || carries_mark(entry.pid, tree.mark)));
  };
  std::unordered_set<pid_t> members;
  for (const ProcessEntry& entry : table) {
    if (is_seed(entry)) {
      members.insert(entry.pid);
    }
  }
  return alive_with_descendants(std::move(members), table);
}

std::vector<ProcessEntry> tree_of(pid_t root, const ProcessTable& table) {
  return has_process(table, root) ? alive_with_descendants({root}, table) : std::vector<ProcessEntry>{};
}

std::vector<ProcessEntry> orphans_of(pid_t adopter, const ProcessTable& table, const std::unordered_set<pid_t>& roots) {
  std::unordered_set<pid_t> members;
  for (const ProcessEntry& entry : table) {
    if (entry.parent == adopter && !roots.contains(entry.pid)) {
      members.insert(entry.pid);
    }
  }
  return alive_with_descendants(std::move(members), table);
}

void send_signal(const ProcessEntry& process, int signal) {
  const FileDescriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
  const auto found = read_process(process.pid);
  if (handle.is_open() && found && found->started == process.started) {
    ::syscall(SYS_pidfd_send_signal, handle.number(), signal, nullptr, 0);
  }
}

}  // namespace ame
