// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/render/terminal.hpp"
#include "core/model/leak.hpp"

namespace ame::cli {

/// Where a leak is.
struct FoundLeak {
  std::string kind;   ///< "log", "record", "artifact" or "file"; with " name" where the file's name holds it
  std::string place;  ///< the step, or a path, masked
  Leak leak;
};

struct AuditResult {
  std::string run;  ///< `train-142`
  std::size_t secrets = 0;
  std::vector<FoundLeak> leaks;
  std::vector<std::string> too_short;  ///< keys of secrets that cannot be looked for
  std::vector<std::string> unread;     ///< files that are too large or cannot be read
};

std::string audit_table(const AuditResult& result, const Painter& paint);

/// {"run": …, "secrets": …, "leaks": [{"kind": …, "place": …, "line": …, "more": …, "secret": …}], "tooShort": […],
/// "unread": […]}
std::string audit_json(const AuditResult& result);

}  // namespace ame::cli
