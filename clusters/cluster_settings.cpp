// SPDX-License-Identifier: Apache-2.0
#include "clusters/cluster_settings.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clusters/engines.hpp"
#include "core/error.hpp"

namespace ame::clusters {

using nlohmann::json;

namespace {

constexpr int format = 1;

json json_of(const Cluster& cluster) {
  return {{"name", cluster.name},
          {"kind", cluster.kind},
          {"directory", cluster.directory.string()},
          {"partition", cluster.partition},
          {"account", cluster.account},
          {"config", cluster.config.string()},
          {"endpoint", cluster.endpoint},
          {"auth", cluster.auth},
          {"ca_file", cluster.ca_file.string()},
          {"storage", cluster.storage},
          {"image", cluster.image}};
}

/// None for what another version of ame wrote.
std::optional<ClusterSettings> settings_from(const json& document) {
  if (document.at("format").get<int>() != format) {
    return std::nullopt;
  }
  ClusterSettings settings{.used = document.at("used").get<std::string>(), .clusters = {}};
  const std::vector<std::string> kinds = cluster_kinds();
  for (const json& cluster : document.at("clusters")) {
    settings.clusters.push_back({.name = cluster.at("name").get<std::string>(),
                                 .kind = cluster.at("kind").get<std::string>(),
                                 .directory = cluster.at("directory").get<std::string>(),
                                 .partition = cluster.value("partition", ""),
                                 .account = cluster.value("account", ""),
                                 .config = cluster.value("config", ""),
                                 .endpoint = cluster.value("endpoint", ""),
                                 .auth = cluster.value("auth", ""),
                                 .ca_file = cluster.value("ca_file", ""),
                                 .storage = cluster.value("storage", ""),
                                 .image = cluster.value("image", "")});
    if (std::ranges::find(kinds, settings.clusters.back().kind) == kinds.end()) {
      return std::nullopt;
    }
  }
  return settings;
}

}  // namespace

const Cluster* ClusterSettings::find(std::string_view name) const {
  const auto found = std::ranges::find(clusters, name, &Cluster::name);
  return found == clusters.end() ? nullptr : &*found;
}

std::vector<std::string> cluster_kinds() {
  std::vector<std::string> kinds;
  for (const EngineKind& kind : engine_kinds()) {
    kinds.push_back(kind.kind);
  }
  return kinds;
}

std::string cluster_settings_json(const ClusterSettings& settings) {
  json list = json::array();
  for (const Cluster& cluster : settings.clusters) {
    list.push_back(json_of(cluster));
  }
  return json{{"format", format}, {"used", settings.used}, {"clusters", list}}.dump(2) + "\n";
}

ClusterSettings read_cluster_settings(std::string_view text, const std::filesystem::path& file) {
  try {
    if (std::optional<ClusterSettings> settings = settings_from(json::parse(text))) {
      return *std::move(settings);
    }
  } catch (const json::exception&) {
    // Told below.
  }
  throw Error(ExitCode::bad_project,
              Diagnostic{.message = fmt::format("`{}` is not what `ame cluster add` writes", file.string()),
                         .hint = "move it away, and add the clusters anew"});
}

}  // namespace ame::clusters
