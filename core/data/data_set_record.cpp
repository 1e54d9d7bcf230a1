// SPDX-License-Identifier: Apache-2.0
#include "core/data/data_set_record.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/data/entries_json.hpp"

namespace ame {

using nlohmann::json;

namespace {

constexpr int format = 1;

std::string record_json(const DataSetRecord& record) {
  const json document = {{"format", format},
                         {"project", record.project.text()},
                         {"name", record.name},
                         {"path", text_json(record.path)},
                         {"key", record.key},
                         {"parts", parts_json(record.parts)},
                         {"run", record.run.number},
                         {"origin", record.origin},
                         {"created", microseconds_of(record.created)},
                         {"entries", entries_json(record.entries)}};
  return document.dump(1) + "\n";
}

std::optional<DataSetRecord> read_record(const std::string& text) {
  try {
    const json document = json::parse(text);
    if (document.at("format").get<int>() != format) {
      return std::nullopt;
    }
    return DataSetRecord{.project = ProjectName(document.at("project").get<std::string>()),
                         .name = document.at("name").get<std::string>(),
                         .path = text_from(document.at("path")),
                         .key = document.at("key").get<std::string>(),
                         .parts = parts_from(document.at("parts")),
                         .run = {document.at("run").get<long>()},
                         .origin = document.at("origin").get<std::string>(),
                         .created = time_from(document.at("created").get<std::int64_t>()),
                         .entries = entries_from(document.at("entries"))};
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::string data_set_prefix(const ProjectName& project, const std::string& name) {
  return fmt::format("datasets/{}/{}/", project.text(), name);
}

void store_record(ObjectStore& store, const DataSetRecord& record) {
  const std::string prefix = data_set_prefix(record.project, record.name);
  store.put_text(prefix + record.key + ".json", record_json(record));
  store.put_text(prefix + "newest", record.key);
}

std::optional<DataSetRecord> find_record(ObjectStore& store,
                                         const ProjectName& project,
                                         const std::string& name,
                                         const std::string& key) {
  const std::optional<std::string> text = store.get_text(data_set_prefix(project, name) + key + ".json");
  return text ? read_record(*text) : std::nullopt;
}

std::optional<DataSetRecord> newest_record(ObjectStore& store, const ProjectName& project, const std::string& name) {
  const std::optional<std::string> key = store.get_text(data_set_prefix(project, name) + "newest");
  return key ? find_record(store, project, name, *key) : std::nullopt;
}

bool is_whole(ObjectStore& store, const DataSetRecord& record) {
  std::set<std::string> keys;
  for (const ManifestEntry& entry : record.entries) {
    if (entry.kind == TreeEntryKind::file) {
      keys.insert(object_key(entry.hash));
    }
  }
  return store.missing({keys.begin(), keys.end()}).empty();
}

std::uint64_t bytes_of(const std::vector<ManifestEntry>& entries) {
  std::uint64_t bytes = 0;
  for (const ManifestEntry& entry : entries) {
    bytes += entry.size;
  }
  return bytes;
}

std::string difference_of(const std::vector<KeyPart>& then, const std::vector<KeyPart>& now) {
  constexpr std::size_t most = 3;
  std::map<std::string, std::string> before;
  for (const KeyPart& part : then) {
    before[part.name] = part.digest;
  }
  std::vector<std::string> told;
  for (const KeyPart& part : now) {
    const auto found = before.find(part.name);
    if (found == before.end()) {
      told.push_back(part.name + " is new");
    } else if (found->second != part.digest) {
      told.push_back(part.name + " changed");
    }
    if (found != before.end()) {
      before.erase(found);
    }
  }
  for (const auto& [name, digest] : before) {
    told.push_back(name + " is gone");
  }
  const std::size_t more = told.size() > most ? told.size() - most : 0;
  told.resize(std::min(told.size(), most));
  std::string text;
  for (const std::string& each : told) {
    text += text.empty() ? each : ", " + each;
  }
  return more == 0 ? text : fmt::format("{} and {} more", text, more);
}

}  // namespace ame
