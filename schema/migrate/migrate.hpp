// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/source_span.hpp"

namespace ame::schema {

/// One older form that was rewritten.
struct Migration {
  int line = 0;      ///< in the text as it was
  std::string what;  ///< "`templateRef` is `fromTemplate` today"

  bool operator==(const Migration&) const = default;
};

struct MigrateResult {
  std::string text;                   ///< in its usual form where anything was rewritten; else as it was
  std::vector<Migration> migrations;  ///< by line
  std::vector<Diagnostic> left;       ///< older forms that only their author can rewrite, and why
};

/// An ame.yml of an older version in today's form: tasks as a list, commands and kinds of tasks as executors, secrets
/// with tags, and older keys by their names of today. Comments and order stay. Throws Error(bad_project) for a text
/// that is no YAML.
MigrateResult migrate_project_text(const SourceText& source);

}  // namespace ame::schema
