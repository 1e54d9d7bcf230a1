// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/env/environment_key.hpp"
#include "core/files/manifest.hpp"
#include "core/ports/object_store.hpp"

namespace ame {

/// A data set as it was made once.
struct DataSetRecord {
  ProjectName project;
  std::string name;
  std::string path;            ///< relative to the project that made it
  std::string key;             ///< of all it depends on
  std::vector<KeyPart> parts;  ///< that, one by one
  RunId run;                   ///< that made it
  std::string origin;          ///< of the run
  UtcTime created;
  std::vector<ManifestEntry> entries;

  bool operator==(const DataSetRecord&) const = default;
};

/// `datasets/<project>/<name>/`, and in it a record for each key and the key of the newest.
std::string data_set_prefix(const ProjectName& project, const std::string& name);

void store_record(ObjectStore& store, const DataSetRecord& record);

/// None where there is none, or one that is damaged: the data set is then made again.
std::optional<DataSetRecord> find_record(ObjectStore& store,
                                         const ProjectName& project,
                                         const std::string& name,
                                         const std::string& key);
std::optional<DataSetRecord> newest_record(ObjectStore& store, const ProjectName& project, const std::string& name);

/// Whether the store still has every content of it.
bool is_whole(ObjectStore& store, const DataSetRecord& record);

std::uint64_t bytes_of(const std::vector<ManifestEntry>& entries);

/// What differs between what a data set depended on and what it depends on now, for people, three at most: "`fetch.py`
/// changed". Empty where nothing does.
std::string difference_of(const std::vector<KeyPart>& then, const std::vector<KeyPart>& now);

}  // namespace ame
