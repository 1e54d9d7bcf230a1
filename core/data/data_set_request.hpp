// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/data_set_plan.hpp"

namespace ame {

/// What a child of ame is to do for a data set: to look whether it is ready, to keep it once it was made, or to put it
/// where a step uses it.
struct DataSetRequest {
  DataSetPlan plan;
  bool refresh = false;               ///< it is not ready, whatever was kept
  std::filesystem::path key_file;     ///< where the look leaves what the data set depends on, and the others find it
  RunId run;                          ///< that asks
  std::string origin;                 ///< of the run
  std::filesystem::path destination;  ///< the directory of the project that uses it

  bool operator==(const DataSetRequest&) const = default;
};

std::string data_set_requests_json(const std::vector<DataSetRequest>& requests);

/// Throws Error(bug) for what the function above did not write.
std::vector<DataSetRequest> read_data_set_requests(std::string_view text);

/// What a data set depended on when it was looked at.
struct DataSetKey {
  std::string key;
  std::vector<KeyPart> parts;

  bool operator==(const DataSetKey&) const = default;
};

/// Where the keys of the data sets that a run uses lie, one directory for each.
std::filesystem::path data_directory(const std::filesystem::path& run_directory);

/// In there, the one of a data set.
std::filesystem::path data_directory(const std::filesystem::path& run_directory, const DataSetPlan& plan);

/// In such a directory.
inline constexpr const char* key_file_name = "key.json";
inline constexpr const char* data_request_file_name = "request.json";

std::string data_set_key_json(const DataSetKey& key);
DataSetKey read_data_set_key(std::string_view text);

}  // namespace ame
