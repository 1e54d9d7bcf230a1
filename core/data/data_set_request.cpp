// SPDX-License-Identifier: Apache-2.0
#include "core/data/data_set_request.hpp"

#include "core/data/entries_json.hpp"
#include "core/error.hpp"

namespace ame {

using nlohmann::json;

namespace {

Error not_ours() {
  return {ExitCode::bug, Diagnostic{.message = "the request for the data set is none that this ame wrote"}};
}

}  // namespace

std::string data_set_requests_json(const std::vector<DataSetRequest>& requests) {
  json list = json::array();
  for (const DataSetRequest& request : requests) {
    list.push_back({{"plan", data_set_plan_json(request.plan)},
                    {"refresh", request.refresh},
                    {"key_file", text_json(request.key_file.string())},
                    {"run", request.run.number},
                    {"origin", request.origin},
                    {"destination", text_json(request.destination.string())}});
  }
  return list.dump();
}

std::vector<DataSetRequest> read_data_set_requests(std::string_view text) {
  try {
    std::vector<DataSetRequest> requests;
    for (const json& request : json::parse(text)) {
      requests.push_back({.plan = read_data_set_plan(request.at("plan").get<std::string>()),
                          .refresh = request.at("refresh").get<bool>(),
                          .key_file = text_from(request.at("key_file")),
                          .run = {request.at("run").get<long>()},
                          .origin = request.at("origin").get<std::string>(),
                          .destination = text_from(request.at("destination"))});
    }
    return requests;
  } catch (const json::exception&) {
    throw not_ours();
  }
}

std::filesystem::path data_directory(const std::filesystem::path& run_directory) {
  return run_directory / "data";
}

std::filesystem::path data_directory(const std::filesystem::path& run_directory, const DataSetPlan& plan) {
  return data_directory(run_directory) / (plan.project.text() + "." + plan.name);
}

std::string data_set_key_json(const DataSetKey& key) {
  return json{{"key", key.key}, {"parts", parts_json(key.parts)}}.dump();
}

DataSetKey read_data_set_key(std::string_view text) {
  try {
    const json document = json::parse(text);
    return {.key = document.at("key").get<std::string>(), .parts = parts_from(document.at("parts"))};
  } catch (const json::exception&) {
    throw not_ours();
  }
}

}  // namespace ame
