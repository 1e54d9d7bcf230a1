// SPDX-License-Identifier: Apache-2.0
#include "core/system/process_identity.hpp"

#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "core/system/process_table.hpp"

#include <limits.h>

namespace ame {

namespace {

std::string host_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string text;
  std::getline(file, text);
  return text;
}

std::string pid_namespace() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/ns/pid", ignored).string();
}

std::string boot_of(const std::string& boot) {
  return boot.substr(0, boot.find(' '));
}

}  // namespace

RunOwner this_process() {
  const auto self = read_process(::getpid());
  return {.host = host_name(),
          .boot = boot_id() + " " + pid_namespace(),
          .pid = ::getpid(),
          .started = self ? self->started : 0};
}

OwnerState state_of_process(const RunOwner& owner) {
  if (owner.host != host_name()) {
    return OwnerState::out_of_reach;
  }
  if (boot_of(owner.boot) != boot_id()) {
    return OwnerState::gone;
  }
  if (owner.boot != boot_id() + " " + pid_namespace()) {
    return OwnerState::out_of_reach;
  }
  const auto found = read_process(owner.pid);
  const bool is_same = found && !found->is_zombie && found->started == owner.started;
  return is_same ? OwnerState::alive : OwnerState::gone;
}

}  // namespace ame
