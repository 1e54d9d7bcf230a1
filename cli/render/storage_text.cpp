// SPDX-License-Identifier: Apache-2.0
#include "cli/render/storage_text.hpp"

#include "cli/render/json_values.hpp"
#include "cli/render/table.hpp"

namespace ame::cli {

std::string storages_text(const std::vector<ShownStorage>& storages, const Painter& paint) {
  std::vector<TableRow> rows;
  for (const ShownStorage& storage : storages) {
    rows.push_back({{storage.is_used ? "*" : "", Style::good}, {storage.name}, {storage.kind}, {storage.place}});
  }
  return table_text({"Used", "Name", "Kind", "Place"}, rows, paint);
}

std::string storages_json(const std::vector<ShownStorage>& storages) {
  Json list = Json::array();
  for (const ShownStorage& storage : storages) {
    list.push_back(
        {{"name", storage.name}, {"kind", storage.kind}, {"place", storage.place}, {"used", storage.is_used}});
  }
  return document_text({{"storages", list}});
}

}  // namespace ame::cli
