// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ame {

/// A scope or a service of systemd, as its control group shows it.
struct SystemdUnit {
  std::string name;             ///< "run-r12.scope"
  std::filesystem::path group;  ///< its directory
  bool is_of_user = false;      ///< run by the manager of a user

  bool operator==(const SystemdUnit&) const = default;
};

/// The nearest one that a control group is or lies in; none where systemd has no part in it. `root`: where version 2 is
/// mounted; `group` lies below.
std::optional<SystemdUnit> systemd_unit_of(const std::filesystem::path& root, const std::filesystem::path& group);

/// Whether the groups in it are left to what runs there (`Delegate=`). A mark on the group says so from release 251 on,
/// in units of users from a later one; else `systemctl` is asked, which takes about 20 ms. False where nobody tells.
bool is_delegated(const SystemdUnit& unit);

}  // namespace ame
