// SPDX-License-Identifier: Apache-2.0
#include "core/system/packed_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <new>
#include <string_view>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/system/system_call.hpp"

#include <zlib.h>

namespace ame {

namespace fs = std::filesystem;

namespace {

/// Each block is a gzip member of its own, so that any place of a log is found without unpacking what lies before.
constexpr std::size_t block_size = log_block_size;

/// What is smaller takes one block of the disk in any case.
constexpr std::uint64_t worth_packing = 4096;

/// windowBits of zlib that mean the gzip format.
constexpr int gzip_format = 15 + 16;

/// Little-endian numbers, as memory has them on every machine ame runs on.
struct Trailer {
  std::uint64_t size = 0;    ///< of the log, unpacked
  std::uint64_t blocks = 0;  ///< how many there are; as many numbers stand before this, each the end of a block
  std::array<char, 8> mark{'a', 'm', 'e', 'l', 'o', 'g', '1', '\n'};
};

static_assert(sizeof(Trailer) == 24);

fs::path packed_path(const fs::path& log) {
  return fs::path(log) += ".gz";
}

/// The table of blocks lies beside the packed log, so that gzip finds nothing but a log.
fs::path table_path(const fs::path& log) {
  return fs::path(log) += ".blocks";
}

std::uint64_t size_of(const FileDescriptor& file) {
  struct stat found {};

  return ::fstat(file.number(), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

/// What is forgotten of a log is a hole in its file.
std::uint64_t first_in(const FileDescriptor& plain) {
  const off_t first = ::lseek(plain.number(), 0, SEEK_DATA);
  return first > 0 ? static_cast<std::uint64_t>(first) / block_size * block_size : 0;
}

Error damaged(const fs::path& log) {
  return {ExitCode::machine,
          Diagnostic{.message = fmt::format("the packed log `{}` is damaged", packed_path(log).string())}};
}

std::string packed_block(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_format, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

/// False for bytes that are no block.
bool unpack_block(std::string& packed, std::string& block) {
  z_stream stream{};
  if (inflateInit2(&stream, gzip_format) != Z_OK) {
    throw std::bad_alloc();
  }
  block.resize(block_size);
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(block.data());
  stream.avail_out = static_cast<uInt>(block.size());
  const int result = inflate(&stream, Z_FINISH);
  block.resize(stream.total_out);
  inflateEnd(&stream);
  return result == Z_STREAM_END;
}

fs::path mark_of(const RunLayout& layout, RunId id) {
  return layout.run(id) / "packed";
}

FileDescriptor open_new(const fs::path& path) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file.is_open()) {
    throw machine_error("write", path, errno);
  }
  return file;
}

void write_to(const FileDescriptor& file, const fs::path& path, std::string_view bytes) {
  if (const int failure = write_all(file.number(), bytes); failure != 0) {
    throw machine_error("write", path, failure);
  }
}

/// The ends of the blocks, one after another, and the trailer.
std::string table_of(const std::vector<std::uint64_t>& ends, std::uint64_t size) {
  const Trailer trailer{.size = size, .blocks = ends.size()};
  std::string table(ends.size() * sizeof(std::uint64_t) + sizeof(trailer), '\0');
  if (!ends.empty()) {
    std::memcpy(table.data(), ends.data(), ends.size() * sizeof(std::uint64_t));
  }
  std::memcpy(table.data() + ends.size() * sizeof(std::uint64_t), &trailer, sizeof(trailer));
  return table;
}

/// The time of a log says when its last bytes came.
void keep_time(const FileDescriptor& from, const FileDescriptor& to) {
  struct stat found {};

  if (::fstat(from.number(), &found) == 0) {
    const std::array<timespec, 2> times = {found.st_atim, found.st_mtim};
    ::futimens(to.number(), times.data());
  }
}

}  // namespace

LogBytes::LogBytes(const fs::path& log)
    : path_(log),
      plain_(::open(log.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (plain_.is_open()) {
    return;
  }
  if (errno != ENOENT && errno != ENOTDIR) {
    throw machine_error("read", log, errno);
  }
  packed_ = FileDescriptor(::open(packed_path(log).c_str(), O_RDONLY | O_CLOEXEC));
  if (!packed_.is_open()) {
    return;
  }
  const FileDescriptor table(::open(table_path(log).c_str(), O_RDONLY | O_CLOEXEC));
  Trailer trailer;
  const std::uint64_t size = table.is_open() ? size_of(table) : 0;
  if (size < sizeof(trailer) ||
      read_from(table, size - sizeof(trailer), reinterpret_cast<char*>(&trailer), sizeof(trailer)) != sizeof(trailer) ||
      trailer.mark != Trailer().mark || size != trailer.blocks * sizeof(std::uint64_t) + sizeof(trailer)) {
    throw damaged(log);
  }
  size_ = trailer.size;
  blocks_.resize(trailer.blocks + 1, 0);
  read_from(table, 0, reinterpret_cast<char*>(blocks_.data() + 1), trailer.blocks * sizeof(std::uint64_t));
}

std::uint64_t LogBytes::size() const {
  return plain_.is_open() ? size_of(plain_) : size_;
}

std::uint64_t LogBytes::first() const {
  if (plain_.is_open()) {
    return first_in(plain_);
  }
  const auto has_bytes = std::adjacent_find(blocks_.begin(), blocks_.end(), std::not_equal_to<>());
  return has_bytes == blocks_.end() ? 0 : static_cast<std::uint64_t>(has_bytes - blocks_.begin()) * block_size;
}

std::size_t LogBytes::read_at(std::uint64_t offset, char* target, std::size_t size) {
  if (plain_.is_open()) {
    return read_from(plain_, offset, target, size);
  }
  std::size_t filled = 0;
  while (filled < size && offset < size_) {
    load_block(offset / block_size);
    const std::size_t within = offset % block_size;
    if (within >= block_.size()) {
      throw damaged(path_);
    }
    const std::size_t count = std::min(size - filled, block_.size() - within);
    std::memcpy(target + filled, block_.data() + within, count);
    filled += count;
    offset += count;
  }
  return filled;
}

timespec LogBytes::last_change() const {
  struct stat found {};

  ::fstat(plain_.is_open() ? plain_.number() : packed_.number(), &found);
  return found.st_mtim;
}

void LogBytes::load_block(std::uint64_t number) {
  if (number == block_number_) {
    return;
  }
  if (number + 1 >= blocks_.size() || blocks_[number + 1] < blocks_[number] ||
      blocks_[number + 1] - blocks_[number] > 2 * block_size) {
    throw damaged(path_);
  }
  std::string packed(blocks_[number + 1] - blocks_[number], '\0');
  if (read_from(packed_, blocks_[number], packed.data(), packed.size()) != packed.size() ||
      !unpack_block(packed, block_)) {
    throw damaged(path_);
  }
  block_number_ = number;
}

std::uint64_t pack_run_log(const fs::path& log) {
  const FileDescriptor plain(::open(log.c_str(), O_RDONLY | O_CLOEXEC));
  const std::uint64_t size = plain.is_open() ? size_of(plain) : 0;
  if (size < worth_packing) {
    return 0;
  }
  const fs::path half_made = fs::path(log) += ".packing";
  const FileDescriptor packed = open_new(half_made);
  std::vector<std::uint64_t> ends;
  std::string block(block_size, '\0');
  std::uint64_t written = 0;
  const std::uint64_t first = first_in(plain);
  for (std::uint64_t offset = 0; offset < size; offset += block_size) {
    if (offset < first) {
      ends.push_back(0);
      continue;
    }
    block.resize(block_size);
    block.resize(read_from(plain, offset, block.data(), std::min<std::uint64_t>(block_size, size - offset)));
    const std::string bytes = packed_block(block);
    write_to(packed, half_made, bytes);
    written += bytes.size();
    ends.push_back(written);
  }
  const std::string table = table_of(ends, size);
  if (written + table.size() >= size - first) {
    ::unlink(half_made.c_str());
    return 0;
  }
  keep_time(plain, packed);
  write_to(open_new(table_path(log)), table_path(log), table);
  ::fdatasync(packed.number());
  if (::rename(half_made.c_str(), packed_path(log).c_str()) != 0) {
    throw machine_error("write", packed_path(log), errno);
  }
  // Until here the plain log is what is read.
  ::unlink(log.c_str());
  return size - first - written - table.size();
}

std::uint64_t pack_run_logs(const RunLayout& layout, const RunRecord& run) {
  std::uint64_t freed = 0;
  for (const StepRecord& step : run.steps) {
    freed += pack_run_log(layout.log(run.id, step.name));
  }
  open_new(mark_of(layout, run.id));
  return freed;
}

bool has_packed_logs(const RunLayout& layout, RunId id) {
  return ::access(mark_of(layout, id).c_str(), F_OK) == 0;
}

}  // namespace ame
