// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/system/file_descriptor.hpp"

namespace ame {

/// The call again for as long as a signal interrupts it.
template <class Call>
auto without_interruption(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) {
    result = call();
  }
  return result;
}

/// What the system refused: "cannot write `/path`: No space left on device", as Error(machine).
Error machine_error(const std::string& what, const std::filesystem::path& path, int error_number);

/// Bytes from a place of a file on, in the order they have there; fewer only at its end, or where it cannot be read.
std::size_t read_from(const FileDescriptor& file, std::uint64_t offset, char* target, std::size_t size);

/// All of it, or an errno value.
int write_all(int file, std::string_view bytes);

}  // namespace ame
