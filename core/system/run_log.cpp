// SPDX-License-Identifier: Apache-2.0
#include "core/system/run_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "core/system/packed_log.hpp"
#include "core/system/run_layout.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// Little-endian numbers, as memory has them on every machine ame runs on.
struct IndexEntry {
  std::uint64_t end = 0;              ///< offset behind the piece's last byte
  std::uint64_t time_and_stream = 0;  ///< microseconds since 1970, times 4, plus OutputStream
};

static_assert(sizeof(IndexEntry) == 16);

constexpr std::string_view index_header("ame log index 1\n", 16);
constexpr std::size_t block_size = 256 << 10;
constexpr std::size_t entries_per_block = 4096;

FileDescriptor open_to_append(const fs::path& path) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!file.is_open()) {
    throw machine_error("write", path, errno);
  }
  return file;
}

std::uint64_t size_of(const FileDescriptor& file) {
  struct stat found {};

  return ::fstat(file.number(), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

std::uint64_t packed(UtcTime time, OutputStream stream) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count()) << 2U | static_cast<std::uint64_t>(stream);
}

UtcTime time_of(const IndexEntry& entry) {
  return UtcTime(UtcTime::duration(static_cast<std::int64_t>(entry.time_and_stream >> 2U)));
}

OutputStream stream_of(const IndexEntry& entry) {
  return (entry.time_and_stream & 3U) == static_cast<std::uint64_t>(OutputStream::standard_error)
             ? OutputStream::standard_error
             : OutputStream::standard_output;
}

/// Walks over a log from a position on.
class LogReader {
 public:
  LogReader(const LogReading& reading, const std::function<void(const LogChunk&)>& visit)
      : bytes_(reading.log),
        index_(::open(index_of_log(reading.log).c_str(), O_RDONLY | O_CLOEXEC)),
        visit_(&visit),
        chunk_{.step = reading.step},
        position_(reading.position.chunk),
        buffer_(block_size) {
    if (position_ > 0 && bytes_.is_open()) {
      offset_ = entry_at(position_ - 1).end;
    }
  }

  [[nodiscard]] LogPosition position() const { return {.chunk = position_}; }

  void visit_indexed() {
    std::vector<IndexEntry> entries(entries_per_block);
    while (bytes_.is_open()) {
      const std::size_t count = read_from(index_,
                                          index_header.size() + position_ * sizeof(IndexEntry),
                                          reinterpret_cast<char*>(entries.data()),
                                          entries.size() * sizeof(IndexEntry)) /
                                sizeof(IndexEntry);
      for (std::size_t i = 0; i < count; ++i) {
        chunk_.stream = stream_of(entries[i]);
        chunk_.time = time_of(entries[i]);
        visit_up_to(entries[i].end);
        ++position_;
      }
      if (count < entries.size()) {
        return;
      }
    }
  }

  /// Bytes that were written just before a crash, with no word of when and from where.
  void visit_rest() {
    if (!bytes_.is_open()) {
      return;
    }
    const std::uint64_t size = bytes_.size();
    if (size > offset_) {
      const timespec changed = bytes_.last_change();
      chunk_.stream = OutputStream::standard_output;
      chunk_.time = UtcTime(std::chrono::duration_cast<UtcTime::duration>(std::chrono::seconds(changed.tv_sec) +
                                                                          std::chrono::nanoseconds(changed.tv_nsec)));
      visit_up_to(size);
      ++position_;
    }
  }

 private:
  /// Behind the last entry everything has been seen.
  IndexEntry entry_at(std::uint64_t number) {
    IndexEntry entry;
    const std::uint64_t place = index_header.size() + number * sizeof(IndexEntry);
    if (read_from(index_, place, reinterpret_cast<char*>(&entry), sizeof(entry)) < sizeof(entry)) {
      entry.end = bytes_.size();
    }
    return entry;
  }

  void visit_up_to(std::uint64_t end) {
    while (offset_ < end) {
      const std::size_t wanted = std::min<std::uint64_t>(buffer_.size(), end - offset_);
      const std::size_t size = bytes_.read_at(offset_, buffer_.data(), wanted);
      if (size == 0) {
        return;
      }
      chunk_.bytes = {buffer_.data(), size};
      chunk_.offset = offset_;
      (*visit_)(chunk_);
      offset_ += size;
    }
  }

  LogBytes bytes_;
  FileDescriptor index_;
  const std::function<void(const LogChunk&)>* visit_;
  LogChunk chunk_;
  std::uint64_t position_;
  std::uint64_t offset_ = 0;
  std::vector<char> buffer_;
};

/// The entries of an index, looked at in any order.
class Pieces {
 public:
  explicit Pieces(const FileDescriptor& index)
      : index_(index),
        count_((std::max<std::uint64_t>(size_of(index), index_header.size()) - index_header.size()) /
               sizeof(IndexEntry)) {}

  [[nodiscard]] std::uint64_t first_since(UtcTime since) const {
    std::uint64_t low = 0;
    std::uint64_t high = count_;
    while (low < high) {
      const std::uint64_t middle = low + (high - low) / 2;
      if (time_of(entry(middle)) < since) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Reads from the end. A stream may break off within a line while the other goes on, so one line more is taken.
  [[nodiscard]] std::uint64_t first_of_last_lines(LogBytes& bytes, std::size_t lines) const {
    std::string block(block_size, '\0');
    std::uint64_t end = bytes.size();
    std::uint64_t found = 0;
    while (end > 0) {
      const std::size_t size = std::min<std::uint64_t>(block.size(), end);
      const std::size_t got = bytes.read_at(end - size, block.data(), size);
      for (std::size_t at = got; at-- > 0;) {
        if (block[at] == '\n' && ++found > lines + 1) {
          return piece_at(end - size + at);
        }
      }
      end -= size;
    }
    return 0;
  }

 private:
  [[nodiscard]] IndexEntry entry(std::uint64_t number) const {
    IndexEntry entry;
    read_from(
        index_, index_header.size() + number * sizeof(IndexEntry), reinterpret_cast<char*>(&entry), sizeof(entry));
    return entry;
  }

  /// The piece that a byte belongs to.
  [[nodiscard]] std::uint64_t piece_at(std::uint64_t offset) const {
    std::uint64_t low = 0;
    std::uint64_t high = count_;
    while (low < high) {
      const std::uint64_t middle = low + (high - low) / 2;
      if (entry(middle).end <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  const FileDescriptor& index_;
  std::uint64_t count_;
};

}  // namespace

RunLogWriter::RunLogWriter(const fs::path& log)
    : path_(log),
      bytes_(open_to_append(log)),
      index_(open_to_append(index_of_log(log))),
      size_(size_of(bytes_)) {
  if (size_of(index_) == 0) {
    if (const int failure = write_all(index_.number(), index_header); failure != 0) {
      throw machine_error("write", index_of_log(path_), failure);
    }
  }
}

void RunLogWriter::add(OutputStream stream, UtcTime time, std::string_view bytes) {
  if (bytes.empty()) {
    return;
  }
  if (const int failure = write_all(bytes_.number(), bytes); failure != 0) {
    throw machine_error("write", path_, failure);
  }
  size_ += bytes.size();
  const IndexEntry entry = {.end = size_, .time_and_stream = packed(time, stream)};
  std::array<char, sizeof(entry)> raw{};
  std::memcpy(raw.data(), &entry, sizeof(entry));
  if (const int failure = write_all(index_.number(), {raw.data(), raw.size()}); failure != 0) {
    throw machine_error("write", index_of_log(path_), failure);
  }
}

LogPosition seek_run_log(const fs::path& log, const LogSeek& seek) {
  LogBytes bytes(log);
  const FileDescriptor index(::open(index_of_log(log).c_str(), O_RDONLY | O_CLOEXEC));
  if (!bytes.is_open() || !index.is_open()) {
    return {};
  }
  const Pieces pieces(index);
  std::uint64_t first = 0;
  if (seek.since) {
    first = pieces.first_since(*seek.since);
  }
  if (seek.last_lines) {
    first = std::max(first, pieces.first_of_last_lines(bytes, *seek.last_lines));
  }
  return {.chunk = first};
}

LogPosition read_run_log(const LogReading& reading, const std::function<void(const LogChunk&)>& visit) {
  LogReader reader(reading, visit);
  reader.visit_indexed();
  if (reading.state == LogState::complete) {
    reader.visit_rest();
  }
  return reader.position();
}

}  // namespace ame
