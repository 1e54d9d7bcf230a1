// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "schema/templates.hpp"

namespace ame::schema {

/// Works out what each task says when its templates are applied and its `taskRef` is followed. Circles are reported.
class TaskFields {
 public:
  TaskFields(Projects& projects, Arena& arena, Decoding& decoding);

  /// Sets `fields` and `target` of the draft and of all that it refers to.
  void resolve(Draft& draft);

  Templates& templates() { return templates_; }

 private:
  /// Keys that decide how a task gets its fields.
  struct Keys {
    const Entry* task_ref = nullptr;
    const Entry* from_template = nullptr;
    const Entry* work = nullptr;  ///< executor or pipeline
    bool others = false;
  };

  static Keys keys_of(const Draft& draft);
  Draft* target_of(const Entry& task_ref);
  void apply(Draft& draft);
  void report_beside_reference(const Keys& keys);
  void report_circle(const std::vector<Draft*>& path, const Draft& closing);

  Projects& projects_;
  Arena& arena_;
  Decoding& decoding_;
  Templates templates_;
};

}  // namespace ame::schema
