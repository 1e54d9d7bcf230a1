// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "core/names.hpp"
#include "core/ports/run_store.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/short_logs.hpp"

namespace ame {

/// Gives the log of a step a file of its own, with what it has so far. Throws Error(machine).
void write_run_log(const std::filesystem::path& log, const ShortLog& so_far);

/// Adds to the log of one step: the bytes as they are in one file, where each piece ends, when it came and from which
/// stream in another (docs/formats.md).
class RunLogWriter {
 public:
  /// Goes on where an earlier attempt ended. `most`: bytes, of which the newest are kept where the file system can
  /// forget a part of a file; 0: all. Throws Error(machine).
  explicit RunLogWriter(const std::filesystem::path& log, std::uint64_t most = 0);

  [[nodiscard]] std::uint64_t size() const { return size_; }

  void add(OutputStream stream, UtcTime time, std::string_view bytes);

 private:
  void forget_oldest();

  std::filesystem::path path_;
  FileDescriptor bytes_;
  FileDescriptor index_;
  std::uint64_t size_ = 0;
  std::uint64_t forgotten_ = 0;
  std::uint64_t most_ = 0;
};

/// Whether more may still be written: then bytes that the index does not know yet are left for later.
enum class LogState { growing, complete };

struct LogReading {
  std::filesystem::path log;
  ShortLogs& short_logs;  ///< where it is while it has no file of its own
  StepName step;
  LogPosition position;
  LogState state = LogState::complete;
};

/// As RunStore::seek_log.
LogPosition seek_run_log(const LogReading& reading, const LogSeek& seek);

/// As RunStore::read_log.
LogPosition read_run_log(const LogReading& reading, const std::function<void(const LogChunk&)>& visit);

}  // namespace ame
