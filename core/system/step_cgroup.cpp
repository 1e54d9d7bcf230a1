// SPDX-License-Identifier: Apache-2.0
#include "core/system/step_cgroup.hpp"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/system/linux_machine.hpp"
#include "core/system/process_table.hpp"
#include "core/system/system_call.hpp"
#include "core/system/systemd_unit.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// In one write, as the kernel wants it.
bool put(const fs::path& path, const std::string& text) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file.is_open() && write_all(file.number(), text) == 0;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
    if (text.empty()) {
      return words;
    }
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

bool has_word(std::string_view text, std::string_view word) {
  const auto words = words_of(text);
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// The processes of a group that are ame or below it; none where a stranger is among them.
std::optional<std::vector<std::string>> own_processes_in(const fs::path& group) {
  const std::string text = text_of(group / "cgroup.procs");
  const ProcessTable table = read_process_table();
  std::vector<std::string> own;
  for (const std::string_view word : words_of(text)) {
    const auto pid = static_cast<pid_t>(number_in(word));
    const std::vector<ProcessEntry> below = tree_of(::getpid(), table);
    const bool is_own =
        std::any_of(below.begin(), below.end(), [pid](const ProcessEntry& entry) { return entry.pid == pid; });
    if (!is_own) {
      return std::nullopt;
    }
    own.emplace_back(word);
  }
  return own;
}

/// When the kernel kills for its memory something in a unit that systemd did not hand on, systemd stops all of the
/// unit, and ame with it.
bool is_left_to_us(const fs::path& root, const fs::path& group, const IsDelegated& is_delegated) {
  const auto unit = systemd_unit_of(root, group);
  if (!unit) {
    return true;
  }
  const bool may_be_divided = unit->group != group || own_processes_in(group);
  return may_be_divided && is_delegated(*unit);
}

/// A group with processes in it hands nothing on. What is forked meanwhile is still there afterwards.
bool make_room_in(const fs::path& group) {
  const fs::path leaf = group / "ame";
  std::error_code failure;
  constexpr int turns = 10;
  for (int turn = 0; turn < turns; ++turn) {
    const auto own = own_processes_in(group);
    if (!own) {
      return false;
    }
    if (own->empty()) {
      return true;
    }
    fs::create_directory(leaf, failure);
    for (const std::string& pid : *own) {
      put(leaf / "cgroup.procs", pid);  // what has ended meanwhile need not move
    }
  }
  return false;
}

}  // namespace

FileDescriptor StepCgroup::open_procs() const {
  return FileDescriptor(::open((directory_ / "cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
}

std::int64_t StepCgroup::peak_memory() const {
  return number_in(text_of(directory_ / "memory.peak"));
}

bool StepCgroup::ran_out_of_memory() const {
  const std::string events = text_of(directory_ / "memory.events");
  const auto words = words_of(events);
  const auto found = std::find(words.begin(), words.end(), "oom_kill");
  return found != words.end() && std::next(found) != words.end() && number_in(*std::next(found)) > 0;
}

bool StepCgroup::limit(const ProcessLimits& limits) const {
  if (limits.cpu_milli > 0) {
    constexpr int period = 100'000;
    put(directory_ / "cpu.max", fmt::format("{} {}", limits.cpu_milli * (period / 1000), period));
  }
  if (limits.memory <= 0) {
    return true;
  }
  if (!put(directory_ / "memory.max", std::to_string(limits.memory))) {
    return false;
  }
  put(directory_ / "memory.swap.max", "0");
  put(directory_ / "memory.oom.group", "1");
  return true;
}

void StepCgroup::kill() const {
  put(directory_ / "cgroup.kill", "1");
}

void StepCgroup::remove() const {
  ::rmdir(directory_.c_str());
}

std::optional<CgroupHome> CgroupHome::find(const fs::path& root,
                                           std::string_view self,
                                           const IsDelegated& is_delegated) {
  const auto path = cgroup_path_of(self);
  if (!path) {
    return std::nullopt;
  }
  const fs::path group = root / fs::path(path->substr(std::min<std::size_t>(1, path->size())));
  const bool may_write =
      ::access(group.c_str(), W_OK) == 0 && ::access((group / "cgroup.subtree_control").c_str(), W_OK) == 0;
  if (!may_write || !has_word(text_of(group / "cgroup.controllers"), "memory") ||
      !is_left_to_us(root, group, is_delegated)) {
    return std::nullopt;
  }
  const fs::path handed_on = group / "cgroup.subtree_control";
  if (!has_word(text_of(handed_on), "memory") &&
      !put(handed_on, "+memory") &&  // the root of all groups may hand on with processes in it
      !(make_room_in(group) && put(handed_on, "+memory"))) {
    return std::nullopt;
  }
  if (has_word(text_of(group / "cgroup.controllers"), "cpu")) {
    put(handed_on, "+cpu");
  }
  return CgroupHome(group);
}

std::optional<StepCgroup> CgroupHome::make(const std::string& name, const ProcessLimits& limits) const {
  StepCgroup group(directory_ / name);
  std::error_code failure;
  if (!fs::create_directory(group.directory(), failure) || failure) {
    return std::nullopt;
  }
  if (!group.limit(limits)) {
    group.remove();
    return std::nullopt;
  }
  return group;
}

const std::optional<CgroupHome>& own_cgroup_home() {
  static const std::optional<CgroupHome> home = []() -> std::optional<CgroupHome> {
    const auto root = cgroup2_mount_in(text_of("/proc/self/mounts"));
    return root ? CgroupHome::find(*root, text_of("/proc/self/cgroup"), is_delegated) : std::nullopt;
  }();
  return home;
}

std::optional<fs::path> cgroup2_mount_in(std::string_view mounts) {
  while (!mounts.empty()) {
    const std::size_t end = std::min(mounts.find('\n'), mounts.size());
    const auto words = words_of(mounts.substr(0, end));
    if (words.size() > 2 && words[2] == "cgroup2") {
      return fs::path(words[1]);
    }
    mounts.remove_prefix(std::min(end + 1, mounts.size()));
  }
  return std::nullopt;
}

}  // namespace ame
