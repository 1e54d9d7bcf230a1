// SPDX-License-Identifier: Apache-2.0
#include "core/system/short_logs.hpp"

#include <errno.h>
#include <fcntl.h>

#include <array>
#include <cstring>
#include <string>

#include "core/system/system_call.hpp"

namespace ame {

namespace {

/// Before the name of the step and the bytes. Little-endian numbers, as memory has them on every machine ame runs on.
struct Header {
  std::uint64_t origin = 0;
  std::uint32_t size = 0;
  std::uint32_t name_size = 0;
};

static_assert(sizeof(Header) == 16);

constexpr std::size_t block_size = 64 << 10;

}  // namespace

void ShortLogWriter::add(const StepName& step, std::uint64_t origin, std::string_view bytes) {
  if (!file_.is_open()) {
    file_ = FileDescriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!file_.is_open()) {
      throw machine_error("write", path_, errno);
    }
  }
  const std::string& name = step.text();
  const Header header = {.origin = origin,
                         .size = static_cast<std::uint32_t>(bytes.size()),
                         .name_size = static_cast<std::uint32_t>(name.size())};
  std::string record(sizeof(header), '\0');
  record.reserve(sizeof(header) + name.size() + bytes.size());
  std::memcpy(record.data(), &header, sizeof(header));
  record += name;
  record += bytes;
  if (const int failure = write_all(file_.number(), record); failure != 0) {
    throw machine_error("write", path_, failure);
  }
}

ShortLog ShortLogs::read(const StepName& step) {
  look_further();
  ShortLog log;
  const auto found = places_.find(step.text());
  if (found == places_.end()) {
    return log;
  }
  std::string bytes;
  for (const Place& place : found->second) {
    bytes.resize(place.size);
    bytes.resize(read_from(file_, place.offset, bytes.data(), bytes.size()));
    log.add(place.origin, bytes);
  }
  return log;
}

void ShortLogs::look_further() {
  if (!file_.is_open()) {
    file_ = FileDescriptor(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file_.is_open()) {
      if (errno != ENOENT && errno != ENOTDIR) {
        throw machine_error("read", path_, errno);
      }
      return;
    }
  }
  std::string block(block_size, '\0');
  while (true) {
    const std::string_view read(block.data(), read_from(file_, seen_, block.data(), block.size()));
    std::size_t at = 0;
    Header header;
    while (at + sizeof(header) <= read.size()) {
      std::memcpy(&header, read.data() + at, sizeof(header));
      const std::size_t end = at + sizeof(header) + header.name_size + header.size;
      if (end > read.size()) {
        break;  // not there yet, or in the next block
      }
      const std::uint64_t place = seen_ + at + sizeof(header) + header.name_size;
      places_[std::string(read.substr(at + sizeof(header), header.name_size))].push_back(
          {.offset = place, .size = header.size, .origin = header.origin});
      at = end;
    }
    if (at == 0) {
      return;
    }
    seen_ += at;
  }
}

}  // namespace ame
