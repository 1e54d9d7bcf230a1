// SPDX-License-Identifier: Apache-2.0
#include "cli/render/import_text.hpp"

#include "cli/render/json_values.hpp"
#include "cli/render/table.hpp"

namespace ame::cli {

std::string import_table(const std::vector<ShownImport>& imports, const Painter& paint) {
  constexpr std::size_t enough_digits = 12;
  std::vector<TableRow> rows;
  for (const ShownImport& import : imports) {
    const std::string state = import.commit.empty() ? "not pinned" : import.here ? "fetched" : "not fetched";
    rows.push_back({{import.project},
                    {import.address},
                    {import.ref},
                    {import.commit.substr(0, enough_digits)},
                    {state, import.here ? Style::plain : Style::warning}});
  }
  return table_text({"Project", "Repository", "Ref", "Commit", "State"}, rows, paint);
}

std::string imports_json(const std::vector<ShownImport>& imports) {
  Json list = Json::array();
  for (const ShownImport& import : imports) {
    list.push_back({{"project", text_or_null(import.project)},
                    {"git", import.address},
                    {"ref", text_or_null(import.ref)},
                    {"commit", text_or_null(import.commit)},
                    {"fetched", import.here}});
  }
  return document_text({{"imports", list}});
}

}  // namespace ame::cli
