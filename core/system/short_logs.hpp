// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/names.hpp"
#include "core/ports/run_store.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/log_piece.hpp"

namespace ame {

/// What a step may write before its log gets a file of its own, bytes.
constexpr std::size_t longest_short_log = 4096;

/// The log of a step that has written little.
struct ShortLog {
  std::string bytes;
  std::vector<LogPiece> pieces;

  void add(std::uint64_t origin, std::string_view more) {
    bytes += more;
    pieces.push_back({.end = bytes.size(), .origin = origin});
  }
};

/// Adds to the one file in which a run keeps the logs of all steps that write little (docs/formats.md): making a file
/// costs more than starting a program.
class ShortLogWriter {
 public:
  explicit ShortLogWriter(std::filesystem::path file)
      : path_(std::move(file)) {}

  /// Throws Error(machine).
  void add(const StepName& step, std::uint64_t origin, std::string_view bytes);

 private:
  std::filesystem::path path_;
  FileDescriptor file_;
};

/// Reads such a file, also while it grows: what was read once is not read again.
class ShortLogs {
 public:
  explicit ShortLogs(std::filesystem::path file)
      : path_(std::move(file)) {}

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// What the step has written by now; empty when it has written nothing, or much.
  [[nodiscard]] ShortLog read(const StepName& step);

 private:
  struct Place {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t origin = 0;
  };

  void look_further();

  std::filesystem::path path_;
  FileDescriptor file_;
  std::uint64_t seen_ = 0;  ///< bytes
  std::unordered_map<std::string, std::vector<Place>> places_;
};

}  // namespace ame
