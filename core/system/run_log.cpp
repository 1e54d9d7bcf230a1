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

constexpr std::string_view index_header("ame log index 1\n", 16);
constexpr std::size_t block_size = 256 << 10;
constexpr std::size_t entries_per_block = 4096;

FileDescriptor open_to_append(const fs::path& path) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!file.is_open()) {
    throw machine_error("write", path, errno);
  }
  return file;
}

std::uint64_t size_of(const FileDescriptor& file) {
  struct stat found {};

  return ::fstat(file.number(), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

/// The entries of an index, looked at in any order.
class Pieces {
 public:
  explicit Pieces(const FileDescriptor& index)
      : index_(index),
        count_((std::max<std::uint64_t>(size_of(index), index_header.size()) - index_header.size()) /
               sizeof(LogPiece)) {}

  [[nodiscard]] std::uint64_t first_since(UtcTime since) const {
    std::uint64_t low = 0;
    std::uint64_t high = count_;
    while (low < high) {
      const std::uint64_t middle = low + (high - low) / 2;
      if (time_of_origin(entry(middle).origin) < since) {
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
    const std::uint64_t first = bytes.first();
    std::uint64_t end = bytes.size();
    std::uint64_t found = 0;
    while (end > first) {
      const std::size_t size = std::min<std::uint64_t>(block.size(), end - first);
      const std::size_t got = bytes.read_at(end - size, block.data(), size);
      for (std::size_t at = got; at-- > 0;) {
        if (block[at] == '\n' && ++found > lines + 1) {
          return piece_at(end - size + at);
        }
      }
      end -= size;
    }
    return first == 0 ? 0 : piece_at(first);
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

 private:
  [[nodiscard]] LogPiece entry(std::uint64_t number) const {
    LogPiece entry;
    read_from(index_, index_header.size() + number * sizeof(LogPiece), reinterpret_cast<char*>(&entry), sizeof(entry));
    return entry;
  }

  const FileDescriptor& index_;
  std::uint64_t count_;
};

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
    if (bytes_.is_open()) {
      offset_ = position_ > 0 ? entry_at(position_ - 1).end : 0;
      skip_forgotten();
    }
  }

  [[nodiscard]] bool is_open() const { return bytes_.is_open(); }

  [[nodiscard]] LogPosition position() const { return {.chunk = position_}; }

  void visit_indexed() {
    std::vector<LogPiece> entries(entries_per_block);
    while (bytes_.is_open()) {
      const std::size_t count = read_from(index_,
                                          index_header.size() + position_ * sizeof(LogPiece),
                                          reinterpret_cast<char*>(entries.data()),
                                          entries.size() * sizeof(LogPiece)) /
                                sizeof(LogPiece);
      for (std::size_t i = 0; i < count; ++i) {
        chunk_.stream = stream_of_origin(entries[i].origin);
        chunk_.time = time_of_origin(entries[i].origin);
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
  void skip_forgotten() {
    const std::uint64_t first = bytes_.first();
    if (offset_ < first) {
      position_ = std::max(position_, Pieces(index_).piece_at(first));
      offset_ = first;
    }
  }

  /// Behind the last entry everything has been seen.
  LogPiece entry_at(std::uint64_t number) {
    LogPiece entry;
    const std::uint64_t place = index_header.size() + number * sizeof(LogPiece);
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
      if (std::memchr(buffer_.data(), '\0', size) != nullptr && bytes_.first() > offset_) {
        offset_ = bytes_.first();  // forgotten while it was read
        continue;
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

LogPosition read_short_log(const LogReading& reading, const std::function<void(const LogChunk&)>& visit) {
  const ShortLog log = reading.short_logs.read(reading.step);
  std::uint64_t begin = 0;
  for (std::uint64_t i = 0; i < log.pieces.size(); ++i) {
    const LogPiece& piece = log.pieces[i];
    if (i >= reading.position.chunk) {
      visit({.step = reading.step,
             .stream = stream_of_origin(piece.origin),
             .time = time_of_origin(piece.origin),
             .bytes = std::string_view(log.bytes).substr(begin, piece.end - begin),
             .offset = begin});
    }
    begin = piece.end;
  }
  return {.chunk = std::max<std::uint64_t>(reading.position.chunk, log.pieces.size())};
}

/// Few bytes: only the time is looked at, and those who want the last lines count them.
LogPosition seek_short_log(const LogReading& reading, const LogSeek& seek) {
  const ShortLog log = reading.short_logs.read(reading.step);
  const auto is_earlier = [&seek](const LogPiece& piece) {
    return seek.since && time_of_origin(piece.origin) < *seek.since;
  };
  const auto first = std::ranges::find_if_not(log.pieces, is_earlier);
  return {.chunk = static_cast<std::uint64_t>(first - log.pieces.begin())};
}

}  // namespace

RunLogWriter::RunLogWriter(const fs::path& log, std::uint64_t most)
    : path_(log),
      bytes_(open_to_append(log)),
      index_(open_to_append(index_of_log(log))),
      size_(size_of(bytes_)),
      most_(most) {}

void RunLogWriter::add(OutputStream stream, UtcTime time, std::string_view bytes) {
  if (bytes.empty()) {
    return;
  }
  if (const int failure = write_all(bytes_.number(), bytes); failure != 0) {
    throw machine_error("write", path_, failure);
  }
  size_ += bytes.size();
  const LogPiece entry = {.end = size_, .origin = packed_origin(time, stream)};
  std::array<char, sizeof(entry)> raw{};
  std::memcpy(raw.data(), &entry, sizeof(entry));
  if (const int failure = write_all(index_.number(), {raw.data(), raw.size()}); failure != 0) {
    throw machine_error("write", index_of_log(path_), failure);
  }
  // Not with every piece: the part that goes is a few blocks at least.
  if (most_ > 0 && size_ - forgotten_ > most_ + most_ / 4 + log_block_size) {
    forget_oldest();
  }
}

/// The files keep their lengths, so that every place in the log stays what it was.
void RunLogWriter::forget_oldest() {
  constexpr int hole = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  constexpr off_t page = 4096;
  const std::uint64_t first = (size_ - most_) / log_block_size * log_block_size;
  if (::fallocate(bytes_.number(), hole, 0, static_cast<off_t>(first)) != 0) {
    most_ = 0;  // not on this file system
    return;
  }
  forgotten_ = first;
  const FileDescriptor index(::open(index_of_log(path_).c_str(), O_RDONLY | O_CLOEXEC));
  const std::uint64_t piece = index.is_open() ? Pieces(index).piece_at(first) : 0;
  const off_t end = static_cast<off_t>(index_header.size() + piece * sizeof(LogPiece)) / page * page;
  if (end > page) {
    ::fallocate(index_.number(), hole, page, end - page);
  }
}

void write_run_log(const fs::path& log, const ShortLog& so_far) {
  const fs::path index = index_of_log(log);
  const fs::path half_made = fs::path(log) += ".new";
  std::string entries(index_header);
  entries.append(reinterpret_cast<const char*>(so_far.pieces.data()), so_far.pieces.size() * sizeof(LogPiece));
  for (const auto& [path, bytes] :
       {std::pair(index, std::string_view(entries)), std::pair(half_made, std::string_view(so_far.bytes))}) {
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    const int failure = file.is_open() ? write_all(file.number(), bytes) : errno;
    if (failure != 0) {
      throw machine_error("write", log, failure);
    }
  }
  // Until here, readers find the log among the short ones.
  if (::rename(half_made.c_str(), log.c_str()) != 0) {
    throw machine_error("write", log, errno);
  }
}

LogPosition seek_run_log(const LogReading& reading, const LogSeek& seek) {
  LogBytes bytes(reading.log);
  const FileDescriptor index(::open(index_of_log(reading.log).c_str(), O_RDONLY | O_CLOEXEC));
  if (!bytes.is_open()) {
    return seek_short_log(reading, seek);
  }
  if (!index.is_open()) {
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
  if (!reader.is_open()) {
    return read_short_log(reading, visit);
  }
  reader.visit_indexed();
  if (reading.state == LogState::complete) {
    reader.visit_rest();
  }
  return reader.position();
}

}  // namespace ame
