// SPDX-License-Identifier: Apache-2.0
#include "core/files/make_link.hpp"

#include <system_error>

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame {

namespace fs = std::filesystem;

void make_link(const ManifestEntry& entry, const fs::path& place) {
  std::error_code failure;
  fs::create_directories(place.parent_path(), failure);
  fs::remove(place, failure);
  fs::create_symlink(entry.target, place, failure);
  if (failure) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = with_errno(fmt::format("cannot write `{}`", place.string()), failure.value())});
  }
}

}  // namespace ame
