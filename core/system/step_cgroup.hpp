// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/ports/process_runner.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/systemd_unit.hpp"

namespace ame {

/// A control group (version 2) of one process and all it starts, which the kernel holds to its limits.
class StepCgroup {
 public:
  explicit StepCgroup(std::filesystem::path directory)
      : directory_(std::move(directory)) {}

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

  /// False where the kernel refuses a limit of memory. One of processor time is kept where it can be.
  [[nodiscard]] bool limit(const ProcessLimits& limits) const;

  /// A process that writes "0" there joins.
  [[nodiscard]] FileDescriptor open_procs() const;

  /// Bytes; 0 where the kernel does not tell.
  [[nodiscard]] std::int64_t peak_memory() const;

  /// Whether the kernel killed something in it for its memory.
  [[nodiscard]] bool ran_out_of_memory() const;

  /// Everything in it at once, also what changed its session.
  void kill() const;

  /// Once nothing is left in it; else it stays.
  void remove() const;

 private:
  std::filesystem::path directory_;
};

/// Whether a unit of systemd is left to what runs in it.
using IsDelegated = std::function<bool(const SystemdUnit&)>;

/// A group in which ame may make others.
class CgroupHome {
 public:
  /// ame's own group where memory is handed on to groups below it, or can be: where ame (with what it started) is alone
  /// in it, as after `systemd-run --user --scope -p Delegate=yes`, it moves into a leaf of its own to make room. None
  /// where there is no such thing, and in a unit of systemd that was not handed on (`Delegate=`).
  ///
  /// `root`: where version 2 is mounted; `self`: the text of /proc/self/cgroup.
  static std::optional<CgroupHome> find(const std::filesystem::path& root,
                                        std::string_view self,
                                        const IsDelegated& is_delegated);

  /// None where the kernel refuses.
  [[nodiscard]] std::optional<StepCgroup> make(const std::string& name, const ProcessLimits& limits) const;

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

 private:
  explicit CgroupHome(std::filesystem::path directory)
      : directory_(std::move(directory)) {}

  std::filesystem::path directory_;
};

/// Of this process; looked for once.
const std::optional<CgroupHome>& own_cgroup_home();

/// Where version 2 is mounted, in the text of /proc/self/mounts; none where it is not.
std::optional<std::filesystem::path> cgroup2_mount_in(std::string_view mounts);

}  // namespace ame
