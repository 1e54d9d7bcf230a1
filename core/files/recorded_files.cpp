// SPDX-License-Identifier: Apache-2.0
#include "core/files/recorded_files.hpp"

#include <utility>

namespace ame {

namespace fs = std::filesystem;

namespace {

template <class Map>
typename Map::mapped_type found_in(const Map& map, const fs::path& path) {
  const auto found = map.find(path);
  return found == map.end() ? typename Map::mapped_type{} : found->second;
}

}  // namespace

FileStatus RecordingFiles::status(const fs::path& path) const {
  const FileStatus answer = inner_.status(path);
  answers_.statuses.insert_or_assign(path, answer);
  return answer;
}

std::optional<std::string> RecordingFiles::read(const fs::path& path, std::uint64_t limit) const {
  std::optional<std::string> answer = inner_.read(path, limit);
  answers_.contents.insert_or_assign(path, answer);
  return answer;
}

std::vector<std::string> RecordingFiles::list(const fs::path& directory) const {
  std::vector<std::string> answer = inner_.list(directory);
  answers_.lists.insert_or_assign(directory, answer);
  return answer;
}

FileStatus FrozenFiles::status(const fs::path& path) const {
  return found_in(answers_.statuses, path);
}

std::optional<std::string> FrozenFiles::read(const fs::path& path, std::uint64_t limit) const {
  if (withheld_ != nullptr && withheld_->contains(path)) {
    return now_->read(path, limit);
  }
  return found_in(answers_.contents, path);
}

std::vector<std::string> FrozenFiles::list(const fs::path& directory) const {
  return found_in(answers_.lists, directory);
}

}  // namespace ame
