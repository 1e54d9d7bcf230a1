// SPDX-License-Identifier: Apache-2.0
#include "core/data/model_checks.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/data/entries_json.hpp"

namespace ame {

using nlohmann::json;

namespace {

constexpr int format = 1;

}  // namespace

std::vector<ModelCheck> read_model_checks(std::string_view text) {
  std::vector<ModelCheck> checks;
  try {
    const json document = json::parse(text);
    if (document.at("format").get<int>() != format) {
      return {};
    }
    for (const json& check : document.at("checks")) {
      checks.push_back({.registry = check.at("registry").get<std::string>(),
                        .version = check.at("version").get<int>(),
                        .mlflow_run = check.at("mlflow_run").get<std::string>(),
                        .run = {check.at("run").get<long>()},
                        .is_green = check.at("green").get<bool>(),
                        .ended = time_from(check.at("ended").get<std::int64_t>())});
    }
  } catch (const json::exception&) {
    return {};
  }
  return checks;
}

std::string model_checks_json(const std::vector<ModelCheck>& checks) {
  json list = json::array();
  for (const ModelCheck& check : checks) {
    list.push_back({{"registry", check.registry},
                    {"version", check.version},
                    {"mlflow_run", check.mlflow_run},
                    {"run", check.run.number},
                    {"green", check.is_green},
                    {"ended", microseconds_of(check.ended)}});
  }
  return json{{"format", format}, {"checks", list}}.dump(1) + "\n";
}

void note_check(std::vector<ModelCheck>& checks, ModelCheck check) {
  std::erase_if(checks, [&](const ModelCheck& other) {
    return other.registry == check.registry && other.version == check.version;
  });
  checks.push_back(std::move(check));
}

const ModelCheck* check_of(const std::vector<ModelCheck>& checks,
                           const std::string& registry,
                           int version,
                           const std::string& mlflow_run) {
  const auto found = std::ranges::find_if(checks, [&](const ModelCheck& check) {
    return check.registry == registry && check.version == version && check.mlflow_run == mlflow_run;
  });
  return found == checks.end() ? nullptr : &*found;
}

}  // namespace ame
