// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <set>

#include "core/ports/container_guard.hpp"
#include "core/system/file_descriptor.hpp"

namespace ame {

/// A shell beside ame, in a session of its own, that waits for the end of a pipe which ame holds.
class PosixContainerGuard final : public ContainerGuard {
 public:
  PosixContainerGuard() = default;
  PosixContainerGuard(const PosixContainerGuard&) = delete;
  PosixContainerGuard& operator=(const PosixContainerGuard&) = delete;

  /// Dismisses it.
  ~PosixContainerGuard() override;

  std::string name_prefix() override;
  void watch_over(const std::filesystem::path& records) override;

 private:
  std::set<std::filesystem::path> watched_;
  pid_t pid_ = 0;
  FileDescriptor line_;  ///< its end tells the guard that ame is gone
};

/// Whether the name of a record (`ame-PID.TICKS.N.podman`) is of an ame that is gone.
bool is_of_dead_owner(const std::string& record);

}  // namespace ame
