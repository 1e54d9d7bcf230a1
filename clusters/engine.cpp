// SPDX-License-Identifier: Apache-2.0
#include "clusters/engine.hpp"

#include <utility>

namespace ame::clusters {

Error after_taking_back(const Error& error, Engine& engine, const PlaceOfRun& place) {
  std::vector<Diagnostic> problems = error.diagnostics();
  try {
    engine.take_back(place);
  } catch (const Error& another) {
    problems.insert(problems.end(), another.diagnostics().begin(), another.diagnostics().end());
  }
  return {error.code(), std::move(problems)};
}

}  // namespace ame::clusters
