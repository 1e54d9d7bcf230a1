// SPDX-License-Identifier: Apache-2.0
#include "core/run/job_process.hpp"

#include <cerrno>
#include <variant>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/model/size_text.hpp"

namespace ame {

std::vector<std::string> argv_of(const CommandText& command) {
  if (const auto* shell = std::get_if<ShellCommand>(&command)) {
    return {"/bin/sh", "-c", shell->text};
  }
  return std::get<ArgvCommand>(command).argv;
}

ProcessLimits limits_of(const Resources& resources) {
  return {.cpu_milli = resources.cpu ? resources.cpu->milli() : 0,
          .memory = resources.memory ? resources.memory->whole() : 0,
          .storage = resources.storage ? resources.storage->whole() : 0};
}

std::string start_failure(const std::string& program, const std::string& directory, const ProcessEnded& end) {
  if (end.bad_directory) {
    return with_errno(fmt::format("cannot start in the directory `{}`", directory), end.start_error);
  }
  if (end.start_error == ENOENT && program.find('/') == std::string::npos) {
    return fmt::format("`{}` was not found on PATH", program);
  }
  return with_errno(fmt::format("cannot start `{}`", program), end.start_error);
}

std::string description_of(const LimitExceeded& exceeded) {
  if (exceeded.kind == LimitExceeded::Kind::machine_memory) {
    return fmt::format("the kernel had no memory left, peak {}", size_text(exceeded.peak));
  }
  const char* what = exceeded.kind == LimitExceeded::Kind::memory ? "memory" : "storage";
  return fmt::format(
      "exceeded {} of {}, peak {}", size_text(exceeded.limit), what, size_text_unlike(exceeded.peak, exceeded.limit));
}

}  // namespace ame
