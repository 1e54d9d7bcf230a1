// SPDX-License-Identifier: Apache-2.0
#include "core/data/data_layout.hpp"

#include "core/env/digest.hpp"

namespace ame {

std::filesystem::path DataLayout::tree_of(const std::filesystem::path& project_directory) const {
  constexpr std::size_t digits = 24;
  return cache_ / "trees" / (Digest().add(project_directory.string()).finish().substr(0, digits) + ".tree");
}

std::filesystem::path step_directory(const std::filesystem::path& run_directory, StepIndex step) {
  return run_directory / "steps" / std::to_string(step);
}

}  // namespace ame
