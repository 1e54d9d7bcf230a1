// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <filesystem>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "core/env/remembered_files.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

constexpr int remembered_files_format = 1;

/// Nothing where the file is absent, of another make or damaged: it is a memory, not a record. `key` is what an entry
/// calls its value, `value_from` reads it and may throw anything.
template <class Value, class ValueFrom>
RememberedFiles<Value> load_remembered(const FileReader& files,
                                       const std::filesystem::path& file,
                                       const char* key,
                                       ValueFrom value_from) {
  const std::optional<std::string> text = files.read(file);
  if (!text) {
    return {};
  }
  try {
    RememberedFiles<Value> known;
    const nlohmann::json document = nlohmann::json::parse(*text);
    if (document.at("format") != remembered_files_format) {
      return {};
    }
    for (const auto& [path, object] : document.at("files").items()) {
      known.add(path,
                {.size = object.at("size").template get<std::uint64_t>(),
                 .modified_ns = object.at("modified_ns").template get<std::int64_t>(),
                 .value = value_from(object.at(key))});
    }
    return known;
  } catch (const std::exception&) {
    return {};
  }
}

/// What load_remembered() reads.
template <class Value, class ToJson>
void save_remembered(const RememberedFiles<Value>& known,
                     FileSystem& files,
                     const std::filesystem::path& file,
                     const char* key,
                     ToJson to_json) {
  nlohmann::json document = {{"format", remembered_files_format}, {"files", nlohmann::json::object()}};
  for (const auto& [path, entry] : known.entries()) {
    document["files"][path] = {{"size", entry.size}, {"modified_ns", entry.modified_ns}, {key, to_json(entry.value)}};
  }
  files.make_directories(file.parent_path());
  files.write_atomically(file, document.dump(1) + "\n");
}

}  // namespace ame
