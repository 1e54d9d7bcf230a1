// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_line.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame::clusters {

SlurmAnswer asked(SlurmLine& line, SlurmQuestion question) {
  line.ask(std::move(question));
  while (true) {
    SlurmEvent event = line.wait(SlurmLine::Time::max());
    if (auto* const answer = std::get_if<SlurmAnswer>(&event)) {
      return std::move(*answer);
    }
    if (const auto* const stop = std::get_if<StopRequested>(&event)) {
      throw Error(ExitCode::interrupted, Diagnostic{.message = fmt::format("stopped by signal {}", stop->signal)});
    }
  }
}

}  // namespace ame::clusters
