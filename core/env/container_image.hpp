// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "core/env/caller.hpp"
#include "core/model/container_place.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

/// An image as the making of environments sees it: handed from one process of ame to another.
struct ContainerImage {
  ContainerPlace place;
  std::filesystem::path cache;  ///< of everything made for this image and this user; one of the mounts
  CallerEnvironment
      environment;  ///< what programs inside start from: the image's own variables and a few of the caller's

  bool operator==(const ContainerImage&) const = default;
};

std::string to_json(const ContainerImage& image);

/// Throws Error(machine) for a text that is none.
ContainerImage read_container_image(std::string_view text, const std::filesystem::path& file);

/// Where the programs of an image are remembered, below ContainerImage::cache.
std::filesystem::path programs_file(const ContainerImage& image);

/// A command for a shell of the image that prints the path of each Python and manager in it, one a line.
std::string programs_question(const CallerEnvironment& environment);

/// Files as they are inside a container of the image: what is mounted is the host's, and of the rest the programs that
/// were found are known and nothing else.
class ImageFiles final : public FileSystem {
 public:
  /// `programs`: one path a line. `host` outlives this.
  ImageFiles(FileSystem& host, const ContainerPlace& place, std::string_view programs);

  /// What is called with each directory that is made from now on.
  void give_new_directories(std::function<void(const std::filesystem::path&)> give) { give_ = std::move(give); }

  [[nodiscard]] FileStatus status(const std::filesystem::path& path) const override;
  [[nodiscard]] std::optional<std::string> read(const std::filesystem::path& path, std::uint64_t limit) const override;
  [[nodiscard]] std::vector<std::string> list(const std::filesystem::path& directory) const override;
  void make_directories(const std::filesystem::path& path, FileMode mode) override;
  void write_atomically(const std::filesystem::path& path, std::string_view content, FileMode mode) override;
  void remove_all(const std::filesystem::path& path) override;

 private:
  [[nodiscard]] bool is_mounted(const std::filesystem::path& path) const;

  FileSystem& host_;
  std::vector<std::filesystem::path> mounted_;
  std::set<std::string> programs_;
  std::function<void(const std::filesystem::path&)> give_;
};

}  // namespace ame
