// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/graph/task_graph.hpp"

namespace ame::clusters {

/// What is said of a step and cannot be told.
class Fit {
 public:
  explicit Fit(const Step& step)
      : step_(step) {}

  void cannot(const std::string& key, const std::string& what_becomes) {
    found_.push_back({.severity = Severity::warning,
                      .message = fmt::format("`{}` of `{}`: {}", key, step_.name.text(), what_becomes),
                      .where = step_.task->where.source ? std::optional(span_of(step_.task->where)) : std::nullopt});
  }

  std::vector<Diagnostic> found() && { return std::move(found_); }

 private:
  const Step& step_;
  std::vector<Diagnostic> found_;
};

}  // namespace ame::clusters
