// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/graph/task_graph.hpp"
#include "core/ports/secret_provider.hpp"
#include "core/secrets/mask_patterns.hpp"

namespace ame {

/// One for each kind of secret; null where there is none to ask.
struct SecretProviders {
  SecretProvider* ame = nullptr;
  SecretProvider* vault = nullptr;
  SecretProvider* env = nullptr;
  SecretProvider* file = nullptr;
  SecretProvider* command = nullptr;
};

/// A value on its way into one step: into a variable or into a file.
struct StepSecret {
  std::string variable;
  std::string file;  ///< where the step looks for it, relative to the project
  std::shared_ptr<const SecretText> value;
};

/// All that the steps of a run are given, and what must not be seen of it.
struct RunSecrets {
  std::vector<std::vector<StepSecret>> of_steps;  ///< by step of the graph
  std::shared_ptr<const MaskPatterns> patterns;
  std::vector<Diagnostic> warnings;   ///< values that are too short to be masked
  std::vector<std::string> withheld;  ///< variables of the caller that hold them: no step inherits these

  [[nodiscard]] bool empty() const;
};

/// Fetches each secret of the graph once. Throws Error(machine) with all that are missing, before anything was started.
RunSecrets resolve_secrets(const TaskGraph& graph, const SecretProviders& providers);

/// One secret that a step asks for, looked at without being handed to anybody.
struct SecretCheck {
  StepName step;
  const SecretReference* reference = nullptr;
  std::vector<Diagnostic> problems;  ///< none: the step would get it, or does without it
};

/// What resolve_secrets would find, one by one.
std::vector<SecretCheck> check_secrets(const TaskGraph& graph, const SecretProviders& providers);

/// The secrets a step asks for: its own, and those of its pipeline that go elsewhere.
std::vector<const SecretReference*> secrets_of(const Step& step);

}  // namespace ame
