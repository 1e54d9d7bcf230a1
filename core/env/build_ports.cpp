// SPDX-License-Identifier: Apache-2.0
#include "core/env/build_ports.hpp"

#include <chrono>
#include <variant>

#include <fmt/format.h>

#include "core/env/run_process.hpp"

namespace ame {

namespace fs = std::filesystem;

std::unique_ptr<FileLock> wait_for_lock(const fs::path& file,
                                        const std::string& what,
                                        const BuildPorts& ports,
                                        const BuildListener& listener) {
  constexpr std::chrono::milliseconds between{50};
  ports.files.make_directories(file.parent_path());
  std::unique_ptr<FileLock> lock = ports.locks.try_lock(file);
  if (!lock) {
    listener.progress(fmt::format("waiting for another ame that is making {}", what));
  }
  while (!lock) {
    const ProcessEvent event = ports.processes.wait(ports.clock.steady() + between);
    if (const auto* const asked = std::get_if<StopRequested>(&event)) {
      throw stopped_by(asked->signal);
    }
    lock = ports.locks.try_lock(file);
  }
  return lock;
}

std::string new_attempt(const Clock& clock) {
  return fmt::format("{:x}", clock.now().time_since_epoch().count());
}

void remove_attempts(FileSystem& files, const fs::path& directory, const std::string& but) {
  for (const std::string& name : files.list(directory)) {
    if (name == but || files.status(directory / name).kind != FileKind::directory) {
      continue;
    }
    try {
      files.remove_all(directory / name);
    } catch (const Error&) {  // perhaps an orphan of a killed ame still writes there: later, then
      continue;
    }
  }
}

}  // namespace ame
