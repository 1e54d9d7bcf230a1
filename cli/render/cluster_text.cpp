// SPDX-License-Identifier: Apache-2.0
#include "cli/render/cluster_text.hpp"

#include "cli/render/json_values.hpp"
#include "cli/render/table.hpp"

namespace ame::cli {

std::string clusters_text(const std::vector<ShownCluster>& clusters, const Painter& paint) {
  std::vector<TableRow> rows;
  for (const ShownCluster& cluster : clusters) {
    rows.push_back({{cluster.is_used ? "*" : "", Style::good},
                    {cluster.name},
                    {cluster.kind},
                    {cluster.partition},
                    {cluster.endpoint.empty() ? cluster.directory : cluster.endpoint}});
  }
  return table_text({"Used", "Name", "Kind", "Partition", "Place"}, rows, paint);
}

std::string clusters_json(const std::vector<ShownCluster>& clusters) {
  Json list = Json::array();
  for (const ShownCluster& cluster : clusters) {
    list.push_back({{"name", cluster.name},
                    {"kind", cluster.kind},
                    {"directory", cluster.directory},
                    {"endpoint", cluster.endpoint},
                    {"partition", cluster.partition},
                    {"account", cluster.account},
                    {"used", cluster.is_used}});
  }
  return document_text({{"clusters", list}});
}

}  // namespace ame::cli
