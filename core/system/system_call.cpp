// SPDX-License-Identifier: Apache-2.0
#include "core/system/system_call.hpp"

#include <unistd.h>

#include <fmt/format.h>

namespace ame {

namespace {

std::string hint_for(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "free some space there, or point AME_HOME at another disk";
    case EROFS:
      return "point AME_HOME at a directory that can be written";
    default:
      return "";
  }
}

}  // namespace

Error machine_error(const std::string& what, const std::filesystem::path& path, int error_number) {
  return {ExitCode::machine,
          Diagnostic{.message = with_errno(fmt::format("cannot {} `{}`", what, path.string()), error_number),
                     .hint = hint_for(error_number)}};
}

std::size_t read_from(const FileDescriptor& file, std::uint64_t offset, char* target, std::size_t size) {
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t count = without_interruption(
        [&] { return ::pread(file.number(), target + filled, size - filled, static_cast<off_t>(offset + filled)); });
    if (count <= 0) {
      break;
    }
    filled += static_cast<std::size_t>(count);
  }
  return filled;
}

int write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = without_interruption([&] { return ::write(file, bytes.data(), bytes.size()); });
    if (written < 0) {
      return errno;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace ame
