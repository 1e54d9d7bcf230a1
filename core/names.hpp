// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace ame {

/// Text that names one kind of thing, so that a task's name cannot be handed over as a run's.
template <class Kind>
class Name {
 public:
  Name() = default;

  explicit Name(std::string text)
      : text_(std::move(text)) {}

  [[nodiscard]] const std::string& text() const { return text_; }

  [[nodiscard]] bool empty() const { return text_.empty(); }

  auto operator<=>(const Name&) const = default;

 private:
  std::string text_;
};

/// A task as ame.yml names it: letters, digits, `_` and `-`.
using TaskName = Name<struct TaskNameKind>;

/// A node of the resolved graph: the task's name, or `outer/inner` inside pipelines; unique in its graph.
using StepName = Name<struct StepNameKind>;

using ProjectName = Name<struct ProjectNameKind>;

/// A run of this machine: a whole number that only grows, so that the newest is the highest. Shown as `train-142`,
/// typed as `142`, `train-142`, or `train` for the newest of that name.
struct RunId {
  long number = 0;

  auto operator<=>(const RunId&) const = default;
};

}  // namespace ame

template <class Kind>
struct std::hash<ame::Name<Kind>> {
  // Not noexcept: libstdc++ then keeps the hash of each element instead of making it anew when it looks for one.
  std::size_t operator()(const ame::Name<Kind>& name) const { return std::hash<std::string>{}(name.text()); }
};
