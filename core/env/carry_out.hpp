// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "core/env/build_ports.hpp"
#include "core/env/cache_layout.hpp"
#include "core/env/caller.hpp"
#include "core/env/fill_placeholders.hpp"
#include "core/error.hpp"
#include "core/run/step_plan.hpp"

namespace ame {

/// Why an install step failed.
struct StepFailure {
  Diagnostic diagnostic;
  bool is_understood = false;  ///< another way to install would fail as well
};

/// Carries out install steps, telling what they say and how far they are.
class InstallSteps {
 public:
  InstallSteps(CacheLayout layout, std::filesystem::path project, BuildPorts ports, BuildListener listener);

  /// In `environment`, with the programs of the place that is being filled first on PATH. None: it went well. Throws
  /// Error(interrupted).
  [[nodiscard]] std::optional<StepFailure> carry_out(const InstallStep& step,
                                                     const PlaceholderValues& values,
                                                     CallerEnvironment environment) const;

 private:
  CacheLayout layout_;
  std::filesystem::path project_;
  BuildPorts ports_;
  BuildListener listener_;
};

}  // namespace ame
