// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/model/run.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/run_layout.hpp"

#include <time.h>

namespace ame {

/// Logs are packed in blocks of so many bytes, and only whole blocks are forgotten.
inline constexpr std::size_t log_block_size = 1U << 20;

/// The bytes of a log, as they were written or packed (docs/formats.md), read from any place.
class LogBytes {
 public:
  /// Throws Error(machine) when the log is there and cannot be opened.
  explicit LogBytes(const std::filesystem::path& log);

  [[nodiscard]] bool is_open() const { return plain_.is_open() || packed_.is_open(); }

  [[nodiscard]] std::uint64_t size() const;

  /// The first byte that is still there: of a log of which only the newest part is kept, the rest reads as nothing.
  [[nodiscard]] std::uint64_t first() const;

  /// Bytes from a place on; fewer only at the end. Throws Error(machine) for a packed log that is damaged.
  std::size_t read_at(std::uint64_t offset, char* target, std::size_t size);

  /// When the last bytes came, as the file system has it; seconds and nanoseconds since 1970.
  [[nodiscard]] timespec last_change() const;

 private:
  void load_block(std::uint64_t number);

  std::filesystem::path path_;
  FileDescriptor plain_;
  FileDescriptor packed_;
  std::uint64_t size_ = 0;             ///< of a packed log, unpacked
  std::vector<std::uint64_t> blocks_;  ///< where each begins in the packed file, and its end
  std::string block_;                  ///< the one that was read last
  std::uint64_t block_number_ = UINT64_MAX;
};

/// Packs the log of a step that will not grow: `NAME.log` becomes `NAME.log.gz`, which gzip can read. Gives the bytes
/// that became free; 0 when there is none, when it is packed already, and when packing saves nothing. A crash leaves
/// one or the other. Throws Error(machine).
std::uint64_t pack_run_log(const std::filesystem::path& log);

/// The logs of all steps of a finished run, once: a mark in its directory says that it was done. Throws Error(machine).
std::uint64_t pack_run_logs(const RunLayout& layout, const RunRecord& run);

[[nodiscard]] bool has_packed_logs(const RunLayout& layout, RunId id);

}  // namespace ame
