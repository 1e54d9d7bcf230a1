// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/not_here_yet.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ame::cli {

namespace {

std::optional<SourceSpan> span_if_known(const Place& place) {
  return place.source ? std::optional(span_of(place)) : std::nullopt;
}

void look_at_secrets(const Task& task, std::vector<Diagnostic>& found) {
  for (const SecretReference& secret : task.secrets) {
    found.push_back({.message = fmt::format("the task `{}` wants a secret, and this version puts none into tasks",
                                            task.name.text()),
                     .where = span_if_known(secret.where),
                     .hint = "until it does, hand the value over in the environment that `ame` is started in"});
  }
}

void look_at(const Task& task, std::vector<Diagnostic>& found) {
  look_at_secrets(task, found);
}

}  // namespace

std::vector<Diagnostic> not_carried_out_here(const TaskGraph& graph) {
  std::vector<Diagnostic> found;
  for (const Step& step : graph.steps) {
    look_at(*step.task, found);
    if (step.inherits) {
      look_at_secrets(*step.inherits, found);
    }
  }
  // A task that stands in the graph several times is one mistake.
  std::vector<Diagnostic> once;
  for (Diagnostic& diagnostic : found) {
    if (std::ranges::find(once, diagnostic) == once.end()) {
      once.push_back(std::move(diagnostic));
    }
  }
  return once;
}

}  // namespace ame::cli
