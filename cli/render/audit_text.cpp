// SPDX-License-Identifier: Apache-2.0
#include "cli/render/audit_text.hpp"

#include <fmt/format.h>

#include "cli/render/json_values.hpp"
#include "cli/render/table.hpp"

namespace ame::cli {

namespace {

std::string place_of(const FoundLeak& found) {
  std::string text = found.place;
  if (found.leak.line > 0) {
    text += fmt::format(":{}", found.leak.line);
  }
  if (found.leak.more > 0) {
    text += fmt::format(" and {} more", found.leak.more);
  }
  return text;
}

}  // namespace

std::string audit_table(const AuditResult& result, const Painter& paint) {
  std::vector<TableRow> rows;
  for (const FoundLeak& found : result.leaks) {
    rows.push_back({{found.leak.secret}, {found.kind}, {place_of(found), Style::error}});
  }
  return table_text({"Secret", "Kind", "Place"}, rows, paint);
}

std::string audit_json(const AuditResult& result) {
  Json leaks = Json::array();
  for (const FoundLeak& found : result.leaks) {
    leaks.push_back({{"kind", found.kind},
                     {"place", found.place},
                     {"line", found.leak.line == 0 ? Json() : Json(found.leak.line)},
                     {"more", found.leak.more},
                     {"secret", found.leak.secret}});
  }
  return document_text({{"run", result.run},
                        {"secrets", result.secrets},
                        {"leaks", leaks},
                        {"tooShort", result.too_short},
                        {"unread", result.unread}});
}

}  // namespace ame::cli
