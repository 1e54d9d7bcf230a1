// SPDX-License-Identifier: Apache-2.0
#include "core/system/store_requests.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "core/system/copy_file.hpp"
#include "core/system/system_call.hpp"

#include <pugixml.hpp>

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr int most_attempts = 5;
constexpr std::size_t read_size = 256 << 10;

bool is_worth_another(const HttpResult& result) {
  if (const auto* failure = std::get_if<HttpFailure>(&result)) {
    return failure->fault == HttpFault::unreachable || failure->fault == HttpFault::timed_out ||
           failure->fault == HttpFault::broken;
  }
  constexpr int too_many = 429;
  constexpr int server_fault = 500;
  constexpr int not_implemented = 501;
  const auto& response = std::get<HttpResponse>(result);
  return response.status == too_many || (response.status >= server_fault && response.status != not_implemented) ||
         xml_text(response.body, "Code") == "RequestTimeout";
}

FileDescriptor opened(const fs::path& file) {
  FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!descriptor.is_open()) {
    throw machine_error("read", file, errno);
  }
  return descriptor;
}

/// Reads a part of a file piece by piece.
class PartReader {
 public:
  PartReader(const fs::path& file, std::uint64_t begin, std::uint64_t size)
      : path_(file),
        file_(opened(file)),
        begin_(begin),
        size_(size) {}

  std::size_t read(std::span<char> room) {
    const std::size_t wanted = std::min<std::uint64_t>(room.size(), size_ - read_);
    const ssize_t count = without_interruption(
        [&] { return ::pread(file_.number(), room.data(), wanted, static_cast<off_t>(begin_ + read_)); });
    if (count < 0) {
      throw machine_error("read", path_, errno);
    }
    if (count == 0 && wanted > 0) {
      throw Error(ExitCode::machine,
                  Diagnostic{.message = fmt::format("`{}` became shorter while it was being stored", path_.string())});
    }
    read_ += static_cast<std::uint64_t>(count);
    return static_cast<std::size_t>(count);
  }

  void rewind() { read_ = 0; }

 private:
  fs::path path_;
  FileDescriptor file_;
  std::uint64_t begin_;
  std::uint64_t size_;
  std::uint64_t read_ = 0;
};

}  // namespace

HttpResponse send_patiently(const Patience& patience, const MakeRequest& make) {
  for (int attempt = 1;; ++attempt) {
    HttpResult result = patience.http.send(make());
    if (attempt < most_attempts && is_worth_another(result)) {
      std::this_thread::sleep_for(patience.first_pause * (1 << (attempt - 1)));
      continue;
    }
    if (const auto* failure = std::get_if<HttpFailure>(&result)) {
      throw Error(ExitCode::machine,
                  Diagnostic{.message = fmt::format("{} cannot be reached: {}", patience.place, failure->reason),
                             .hint = "what was sent already stays there; the next attempt goes on from it"});
    }
    return std::get<HttpResponse>(std::move(result));
  }
}

std::string xml_text(const std::string& document, const std::string& element) {
  pugi::xml_document read;
  if (!read.load_buffer(document.data(), document.size())) {
    return {};
  }
  return read.find_node([&](const pugi::xml_node& node) { return node.name() == element; }).text().get();
}

HttpUpload upload_of(const fs::path& file, std::uint64_t begin, std::uint64_t size) {
  const auto reader = std::make_shared<PartReader>(file, begin, size);
  return {.size = size,
          .read = [reader](std::span<char> room) { return reader->read(room); },
          .rewind = [reader] { reader->rewind(); }};
}

std::string sha256_of(const fs::path& file, std::uint64_t begin, std::uint64_t size) {
  PartReader reader(file, begin, size);
  std::vector<char> buffer(read_size);
  Sha256 hash;
  for (std::size_t count = reader.read(buffer); count > 0; count = reader.read(buffer)) {
    hash.add({buffer.data(), count});
  }
  return hexadecimal(hash.finish());
}

void require_content(const Upload& upload) {
  if (!upload.sha256.empty() && sha256_of(upload.file, 0, upload.size) != upload.sha256) {
    throw changed_while_stored(upload.file);
  }
}

ArrivingFile::ArrivingFile(const Download& download, std::string place)
    : download_(download),
      place_(std::move(place)),
      partial_(download.file),
      file_(partial_.create(download.mode)) {}

void ArrivingFile::add(std::string_view bytes) {
  if (const int failure = write_all(file_.number(), bytes); failure != 0) {
    throw machine_error("write", download_.file, failure);
  }
  hash_.add(bytes);
}

void ArrivingFile::start_again() {
  if (::ftruncate(file_.number(), 0) != 0 || ::lseek(file_.number(), 0, SEEK_SET) != 0) {
    throw machine_error("write", download_.file, errno);
  }
  hash_.finish();
}

void ArrivingFile::finish() {
  const std::string found = hexadecimal(hash_.finish());
  if (!download_.sha256.empty() && found != download_.sha256) {
    throw content_is_damaged(fmt::format("`{}` in {}", download_.key, place_));
  }
  partial_.finish();
}

}  // namespace ame
