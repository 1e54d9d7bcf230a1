// SPDX-License-Identifier: Apache-2.0
#include "core/data/storage_settings.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace ame {

using nlohmann::json;

namespace {

constexpr int format = 1;

json json_of(const Storage& storage) {
  return {{"name", storage.name},
          {"kind", word_of(storage.kind)},
          {"path", storage.path},
          {"endpoint", storage.endpoint},
          {"bucket", storage.bucket},
          {"prefix", storage.prefix},
          {"region", storage.region},
          {"ca_file", storage.ca_file}};
}

/// None for what another version of ame wrote.
std::optional<StorageSettings> settings_from(const json& document) {
  if (document.at("format").get<int>() != format) {
    return std::nullopt;
  }
  StorageSettings settings{.used = document.at("used").get<std::string>(), .storages = {}};
  for (const json& storage : document.at("storages")) {
    const auto kind = storage_kind(storage.at("kind").get<std::string>());
    if (!kind) {
      return std::nullopt;
    }
    settings.storages.push_back({.name = storage.at("name").get<std::string>(),
                                 .kind = *kind,
                                 .path = storage.value("path", ""),
                                 .endpoint = storage.value("endpoint", ""),
                                 .bucket = storage.value("bucket", ""),
                                 .prefix = storage.value("prefix", ""),
                                 .region = storage.value("region", ""),
                                 .ca_file = storage.value("ca_file", "")});
  }
  return settings;
}

}  // namespace

const char* word_of(StorageKind kind) {
  switch (kind) {
    case StorageKind::directory:
      return "directory";
    case StorageKind::s3:
      return "s3";
    case StorageKind::azure:
      return "azure";
  }
  return "";
}

std::optional<StorageKind> storage_kind(std::string_view word) {
  for (const StorageKind kind : {StorageKind::directory, StorageKind::s3, StorageKind::azure}) {
    if (word == word_of(kind)) {
      return kind;
    }
  }
  return std::nullopt;
}

const Storage* StorageSettings::find(std::string_view name) const {
  const auto found = std::ranges::find(storages, name, &Storage::name);
  return found == storages.end() ? nullptr : &*found;
}

std::string azure_account(std::string_view endpoint) {
  const std::size_t scheme = endpoint.find("://");
  endpoint.remove_prefix(scheme == std::string_view::npos ? 0 : scheme + 3);
  const std::size_t slash = endpoint.find('/');
  if (slash != std::string_view::npos) {
    return std::string(endpoint.substr(slash + 1));
  }
  const std::size_t dot = endpoint.find('.');
  return std::string(endpoint.substr(0, dot == std::string_view::npos ? 0 : dot));
}

std::string storage_secret(std::string_view storage, std::string_view part) {
  return fmt::format("storage/{}/{}", storage, part);
}

std::string storage_settings_json(const StorageSettings& settings) {
  json list = json::array();
  for (const Storage& storage : settings.storages) {
    list.push_back(json_of(storage));
  }
  return json{{"format", format}, {"used", settings.used}, {"storages", list}}.dump(2) + "\n";
}

StorageSettings read_storage_settings(std::string_view text, const std::filesystem::path& file) {
  try {
    if (std::optional<StorageSettings> settings = settings_from(json::parse(text))) {
      return *std::move(settings);
    }
  } catch (const json::exception&) {
    // Told below.
  }
  throw Error(ExitCode::bad_project,
              Diagnostic{.message = fmt::format("`{}` is not what `ame storage add` writes", file.string()),
                         .hint = "move it away, and add the storages anew"});
}

}  // namespace ame
