// SPDX-License-Identifier: Apache-2.0
#include "core/env/container_image.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace ame {

namespace fs = std::filesystem;

using nlohmann::json;

namespace {

json json_of(const Mount& mount) {
  return {{"path", mount.path.string()}, {"read_only", mount.read_only}, {"target", mount.target.string()}};
}

json json_of(const ContainerPlace& place) {
  json mounts = json::array();
  for (const Mount& mount : place.mounts) {
    mounts.push_back(json_of(mount));
  }
  return {{"engine", program_of(place.engine)},
          {"image", place.image},
          {"image_name", place.image_name},
          {"mounts", mounts},
          {"uid", place.user.uid},
          {"gid", place.user.gid},
          {"keeps_id", place.keeps_id},
          {"is_unlimited", place.is_unlimited},
          {"files", place.files.string()}};
}

fs::path path_in(const json& object, const char* key) {
  return object.at(key).get<std::string>();
}

ContainerPlace place_from(const json& object) {
  ContainerPlace place{.engine = object.at("engine") == "docker" ? ContainerEngine::docker : ContainerEngine::podman,
                       .image = object.at("image"),
                       .image_name = object.at("image_name"),
                       .mounts = {},
                       .user = {.uid = object.at("uid"), .gid = object.at("gid")},
                       .keeps_id = object.at("keeps_id"),
                       .is_unlimited = object.value("is_unlimited", false),
                       .files = path_in(object, "files"),
                       .engine_environment = {}};
  for (const json& mount : object.at("mounts")) {
    place.mounts.push_back(
        {.path = path_in(mount, "path"), .read_only = mount.at("read_only"), .target = path_in(mount, "target")});
  }
  return place;
}

bool is_below(const fs::path& path, const fs::path& directory) {
  const auto [end, rest] = std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end == directory.end();
}

}  // namespace

std::string to_json(const ContainerImage& image) {
  const json document = {
      {"place", json_of(image.place)}, {"cache", image.cache.string()}, {"environment", image.environment}};
  return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

ContainerImage read_container_image(std::string_view text, const fs::path& file) {
  try {
    const json document = json::parse(text);
    return {.place = place_from(document.at("place")),
            .cache = path_in(document, "cache"),
            .environment = document.at("environment").get<CallerEnvironment>()};
  } catch (const json::exception&) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("`{}` does not describe an image", file.string())});
  }
}

fs::path programs_file(const ContainerImage& image) {
  return image.cache / "programs.txt";
}

std::string programs_question(const CallerEnvironment& environment) {
  const std::string path = value_of(environment, "PATH");
  return fmt::format(
      "IFS=:\nfor directory in {}:/usr/local/bin:/usr/bin; do\n"
      "  for program in \"$directory\"/python \"$directory\"/python3 \"$directory\"/python3.? "
      "\"$directory\"/python3.?? "
      "\"$directory\"/poetry \"$directory\"/pipenv \"$directory\"/mlflow \"$directory\"/uv; do\n"
      "    if [ -f \"$program\" ] && [ -x \"$program\" ]; then printf '%s\\n' \"$program\"; fi\n  done\ndone\n",
      path.empty() ? "/bin" : "$PATH");
}

ImageFiles::ImageFiles(FileSystem& host, const ContainerPlace& place, std::string_view programs)
    : host_(host) {
  for (const Mount& mount : place.mounts) {
    if (mount.target.empty()) {
      mounted_.push_back(mount.path);
    }
  }
  while (!programs.empty()) {
    const std::size_t end = std::min(programs.find('\n'), programs.size());
    programs_.emplace(programs.substr(0, end));
    programs.remove_prefix(std::min(end + 1, programs.size()));
  }
}

bool ImageFiles::is_mounted(const fs::path& path) const {
  return std::ranges::any_of(mounted_, [&path](const fs::path& mount) { return is_below(path, mount); });
}

FileStatus ImageFiles::status(const fs::path& path) const {
  constexpr unsigned executable = 0755;
  const FileStatus program{.kind = FileKind::regular, .mode = executable};
  if (!is_mounted(path)) {
    return programs_.contains(path.string()) ? program : FileStatus{};
  }
  const FileStatus found = host_.status(path);
  if (found.kind == FileKind::missing) {
    // A link to a program of the image leads nowhere on the host.
    const std::vector<std::string> names = host_.list(path.parent_path());
    const bool is_link = std::ranges::binary_search(names, path.filename().string());
    return is_link ? program : found;
  }
  return found;
}

std::optional<std::string> ImageFiles::read(const fs::path& path, std::uint64_t limit) const {
  return is_mounted(path) ? host_.read(path, limit) : std::nullopt;
}

std::vector<std::string> ImageFiles::list(const fs::path& directory) const {
  return is_mounted(directory) ? host_.list(directory) : std::vector<std::string>{};
}

void ImageFiles::make_directories(const fs::path& path, FileMode mode) {
  std::vector<fs::path> made;
  for (fs::path part = path; give_ && part.has_relative_path(); part = part.parent_path()) {
    if (host_.status(part).kind != FileKind::missing) {
      break;
    }
    made.push_back(part);
  }
  host_.make_directories(path, mode);
  for (const fs::path& part : made) {
    give_(part);
  }
}

void ImageFiles::write_atomically(const fs::path& path, std::string_view content, FileMode mode) {
  host_.write_atomically(path, content, mode);
}

void ImageFiles::remove_all(const fs::path& path) {
  host_.remove_all(path);
}

}  // namespace ame
