// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace ame {

/// A user of this machine by number, with its group.
struct Account {
  unsigned int uid = 0;
  unsigned int gid = 0;

  [[nodiscard]] bool is_root() const { return uid == 0; }

  bool operator==(const Account&) const = default;
};

/// Who is who on this machine.
class Accounts {
 public:
  virtual ~Accounts() = default;

  /// Who started ame.
  [[nodiscard]] virtual Account caller() const = 0;

  /// Throws Error(machine) where there is no such file.
  [[nodiscard]] virtual Account owner_of(const std::filesystem::path& path) const = 0;

  /// Makes a directory, but not what lies in it, belong to somebody. Only root can. Throws Error(machine).
  virtual void give(const std::filesystem::path& directory, Account to) = 0;
};

}  // namespace ame
