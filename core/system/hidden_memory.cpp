// SPDX-License-Identifier: Apache-2.0
#include "core/system/hidden_memory.hpp"

#include <errno.h>
#include <linux/magic.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

bool is_backed_by_memory(const fs::path& path) {
  struct statfs system {};

  return ::statfs(path.c_str(), &system) == 0 && (system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC);
}

/// A link or somebody else's directory in a place that all may write to is refused.
bool is_own_private_directory(const fs::path& path) {
  struct stat status {};

  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() &&
         (status.st_mode & 077U) == 0;
}

bool can_be_used(const fs::path& path) {
  if (!is_backed_by_memory(path.parent_path())) {
    return false;
  }
  const int made = ::mkdir(path.c_str(), S_IRWXU);
  return (made == 0 || errno == EEXIST) && is_own_private_directory(path);
}

std::vector<fs::path> places_in(const std::map<std::string, std::string>& environment) {
  std::vector<fs::path> places;
  const auto runtime = environment.find("XDG_RUNTIME_DIR");
  if (runtime != environment.end() && fs::path(runtime->second).is_absolute()) {
    places.push_back(fs::path(runtime->second) / "ame");
  }
  places.emplace_back(fmt::format("/dev/shm/ame-{}", ::geteuid()));
  return places;
}

}  // namespace

void hide_memory() {
  ::prctl(PR_SET_DUMPABLE, 0);
}

fs::path make_memory_directory(const std::map<std::string, std::string>& environment) {
  const std::vector<fs::path> places = places_in(environment);
  for (const fs::path& place : places) {
    if (can_be_used(place)) {
      return place;
    }
  }
  throw Error(
      ExitCode::machine,
      Diagnostic{.message = "this machine has no place in memory for files that must not reach a disk",
                 .hint = fmt::format("`{}` has to be a directory of yours alone, on tmpfs", places.back().string())});
}

}  // namespace ame
