// SPDX-License-Identifier: Apache-2.0
#include "core/env/environment_record.hpp"

#include <nlohmann/json.hpp>

namespace ame {

using nlohmann::json;

namespace {

constexpr int format = 2;

}  // namespace

std::string to_json(const EnvironmentRecord& record) {
  json parts = json::array();
  for (const KeyPart& part : record.parts) {
    parts.push_back({{"name", part.name}, {"digest", part.digest}});
  }
  const json document = {{"format", format},
                         {"key", record.key},
                         {"directory", record.directory},
                         {"manager", record.manager},
                         {"python", record.python},
                         {"python_version", record.python_version},
                         {"tool", record.tool},
                         {"tool_version", record.tool_version},
                         {"project", record.project},
                         {"created", record.created},
                         {"seconds", record.seconds},
                         {"bytes", record.bytes},
                         {"installer", record.installer},
                         {"parts", parts}};
  return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::optional<EnvironmentRecord> read_environment_record(std::string_view text) {
  const json document = json::parse(text, nullptr, false);
  if (!document.is_object() || document.value("format", 0) != format) {
    return std::nullopt;
  }
  EnvironmentRecord record;
  try {
    document.at("key").get_to(record.key);
    document.at("directory").get_to(record.directory);
    document.at("manager").get_to(record.manager);
    document.at("python").get_to(record.python);
    document.at("python_version").get_to(record.python_version);
    document.at("tool").get_to(record.tool);
    document.at("tool_version").get_to(record.tool_version);
    document.at("project").get_to(record.project);
    document.at("created").get_to(record.created);
    document.at("seconds").get_to(record.seconds);
    document.at("bytes").get_to(record.bytes);
    document.at("installer").get_to(record.installer);
    for (const json& part : document.at("parts")) {
      record.parts.push_back(
          {.name = part.at("name").get<std::string>(), .digest = part.at("digest").get<std::string>()});
    }
  } catch (const json::exception&) {
    return std::nullopt;
  }
  return record;
}

std::optional<EnvironmentRecord> find_complete(const FileReader& files,
                                               const CacheLayout& layout,
                                               const std::string& key,
                                               const EnvironmentPlan& plan) {
  const std::optional<std::string> text = files.read(layout.environment_record(key));
  std::optional<EnvironmentRecord> record = text ? read_environment_record(*text) : std::nullopt;
  if (!record || record->key != key) {
    return std::nullopt;
  }
  const auto is_file = [&files](const std::filesystem::path& path) {
    return files.status(path).kind == FileKind::regular;
  };
  const bool is_there = is_file(layout.environment(key) / record->directory / "bin/python") &&
                        (!runs_tool(plan) || is_file(record->tool));
  return is_there ? record : std::nullopt;
}

}  // namespace ame
