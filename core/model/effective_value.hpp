// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/source_span.hpp"

namespace ame {

/// Who says a value of a task.
enum class Giver : std::uint8_t {
  task,           ///< the task itself
  task_template,  ///< a template that it is made from
  reference,      ///< a task that it refers to
  defaults,       ///< `defaults` or `tools` of the project
  user,           ///< `defaults` of the user's configuration
};

/// Where a value of a task was written.
struct Origin {
  Giver giver = Giver::task;
  std::string name;     ///< of the template or task; empty for the others
  std::string project;  ///< whose it is, where that is another project; else empty
  Place where;
};

enum class ValueShape : std::uint8_t { nothing, text, list, mapping };

/// A value of a task as it is meant, in the order and form in which it was written.
struct EffectiveValue {
  std::string key;  ///< in its usual spelling; empty: an item of a list
  std::string tag;  ///< in its usual spelling; empty: none
  ValueShape shape = ValueShape::text;
  std::string text;
  bool quoted = false;                ///< a text in quotes: a text whatever it looks like
  std::vector<EffectiveValue> parts;  ///< of mappings and lists
  Origin origin;
};

}  // namespace ame
