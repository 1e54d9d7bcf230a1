// SPDX-License-Identifier: Apache-2.0
#include "core/data/deployment_record.hpp"

#include <nlohmann/json.hpp>

#include "core/data/entries_json.hpp"

namespace ame {

using nlohmann::json;

namespace {

constexpr int format = 1;

}  // namespace

std::optional<DeploymentRecord> read_deployment_record(std::string_view text) {
  try {
    const json document = json::parse(text);
    if (document.at("format").get<int>() != format) {
      return std::nullopt;
    }
    const json& before = document.at("before");
    return DeploymentRecord{.registry = document.at("registry").get<std::string>(),
                            .version = document.at("version").get<int>(),
                            .mlflow_run = document.at("mlflow_run").get<std::string>(),
                            .run = {document.at("run").get<long>()},
                            .port = document.at("port").get<std::uint16_t>(),
                            .opened = time_from(document.at("opened").get<std::int64_t>()),
                            .before = before.is_null() ? std::nullopt : std::optional(before.get<int>())};
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

std::string deployment_record_json(const DeploymentRecord& record) {
  return json{{"format", format},
              {"registry", record.registry},
              {"version", record.version},
              {"mlflow_run", record.mlflow_run},
              {"run", record.run.number},
              {"port", record.port},
              {"opened", microseconds_of(record.opened)},
              {"before", record.before ? json(*record.before) : json()}}
             .dump(1) +
         "\n";
}

}  // namespace ame
