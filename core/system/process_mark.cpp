// SPDX-License-Identifier: Apache-2.0
#include "core/system/process_mark.hpp"

#include <unistd.h>

#include <cstdlib>

#include <fmt/format.h>

#include "core/system/process_stamp.hpp"
#include "core/system/process_table.hpp"

namespace ame {

namespace {

/// The value of the mark, with a slash at either end; empty where there is none.
std::string mark_of(pid_t pid) {
  const std::string key = '\0' + std::string(process_mark) + "=";
  const std::string environment = '\0' + environment_of(pid);
  const std::size_t found = environment.find(key);
  if (found == std::string::npos) {
    return "";
  }
  const std::size_t begin = found + key.size();
  const std::size_t end = environment.find('\0', begin);
  return "/" + environment.substr(begin, end == std::string::npos ? end : end - begin) + "/";
}

}  // namespace

MarkOwner this_mark_owner() {
  const auto entry = read_process(::getpid());
  return {.pid = ::getpid(), .started = entry ? entry->started : 0};
}

std::string mark_prefix(MarkOwner owner) {
  const char* outer = std::getenv(process_mark);
  return fmt::format(
      "{}={}{}.{}.", process_mark, outer == nullptr ? "" : std::string(outer) + "/", owner.pid, owner.started);
}

bool carries_mark(pid_t pid, const ProcessMark& mark) {
  if (read_stamp(pid) == mark.stamp) {
    return true;
  }
  const std::string value = mark.variable.substr(mark.variable.find('=') + 1);
  return mark_of(pid).starts_with("/" + value + "/");
}

bool carries_mark_of(pid_t pid, MarkOwner owner) {
  if (const auto stamp = read_stamp(pid); stamp && is_stamp_of(owner, *stamp)) {
    return true;
  }
  return mark_of(pid).find(fmt::format("/{}.{}.", owner.pid, owner.started)) != std::string::npos;
}

}  // namespace ame
