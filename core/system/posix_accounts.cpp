// SPDX-License-Identifier: Apache-2.0
#include "core/system/posix_accounts.hpp"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/system/system_call.hpp"

namespace ame {

Account PosixAccounts::caller() const {
  return {.uid = ::geteuid(), .gid = ::getegid()};
}

Account PosixAccounts::owner_of(const std::filesystem::path& path) const {
  struct stat found {};

  if (::stat(path.c_str(), &found) != 0) {
    throw machine_error("stat", path, errno);
  }
  return {.uid = found.st_uid, .gid = found.st_gid};
}

void PosixAccounts::give(const std::filesystem::path& directory, Account to) {
  if (::lchown(directory.c_str(), to.uid, to.gid) != 0) {
    throw machine_error("chown", directory, errno);
  }
}

}  // namespace ame
