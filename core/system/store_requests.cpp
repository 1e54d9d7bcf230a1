// SPDX-License-Identifier: Apache-2.0
#include "core/system/store_requests.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
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

const char* hint_for(HttpFault fault) {
  switch (fault) {
    case HttpFault::untrusted:
      return "`ame storage add … --ca-file FILE --force` names the certificates to trust";
    case HttpFault::bad_ca_file:
    case HttpFault::bad_url:
    case HttpFault::unknown_host:
      return "`ame storage list` shows how it is configured, `ame storage add … --force` configures it anew";
    default:
      return "what was sent already stays there; the next attempt goes on from it";
  }
}

/// What the server asks for in seconds; a date, which HTTP allows too, is for pages that are down for the day.
std::optional<std::chrono::milliseconds> asked_pause(const HttpResult& result) {
  constexpr int longest = 60;
  const auto* const response = std::get_if<HttpResponse>(&result);
  const std::string_view text = response == nullptr ? std::string_view() : response->header("retry-after");
  int seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size() || seconds < 0) {
    return std::nullopt;
  }
  return std::chrono::seconds(std::min(seconds, longest));
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
  PartReader(const fs::path& file, FilePart part)
      : path_(file),
        file_(opened(file)),
        part_(part) {}

  std::size_t read(std::span<char> room) {
    const std::size_t wanted = std::min<std::uint64_t>(room.size(), part_.size - read_);
    const ssize_t count = without_interruption(
        [&] { return ::pread(file_.number(), room.data(), wanted, static_cast<off_t>(part_.begin + read_)); });
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
  FilePart part_;
  std::uint64_t read_ = 0;
};

}  // namespace

HttpResponse send_patiently(const Patience& patience, const MakeRequest& make) {
  for (int attempt = 1;; ++attempt) {
    HttpResult result = patience.http.send(make());
    if (attempt < most_attempts && is_worth_another(result)) {
      std::this_thread::sleep_for(asked_pause(result).value_or(patience.first_pause * (1 << (attempt - 1))));
      continue;
    }
    if (const auto* failure = std::get_if<HttpFailure>(&result)) {
      throw Unreachable(ExitCode::machine,
                        Diagnostic{.message = fmt::format("{} cannot be reached: {}", patience.place, failure->reason),
                                   .hint = hint_for(failure->fault)});
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

Payload Payload::of(std::string text) {
  std::string hash = sha256_text(text);
  return {.text = std::move(text), .file = {}, .part = {}, .sha256 = std::move(hash), .md5 = {}};
}

Payload Payload::of_part(fs::path file, FilePart part, std::string sha256) {
  return {.text = {}, .file = std::move(file), .part = part, .sha256 = std::move(sha256), .md5 = {}};
}

void give_payload(const Payload& payload, HttpRequest& request) {
  if (payload.file.empty()) {
    request.body = payload.text;
    return;
  }
  const auto reader = std::make_shared<PartReader>(payload.file, payload.part);
  request.upload = {.size = payload.part.size,
                    .read = [reader](std::span<char> room) { return reader->read(room); },
                    .rewind = [reader] { reader->rewind(); }};
}

void read_part(const fs::path& file, FilePart part, const std::function<void(std::string_view)>& take) {
  PartReader reader(file, part);
  std::vector<char> buffer(read_size);
  for (std::size_t count = reader.read(buffer); count > 0; count = reader.read(buffer)) {
    take({buffer.data(), count});
  }
}

std::string sha256_of(const fs::path& file, FilePart part) {
  Sha256 hash;
  read_part(file, part, [&](std::string_view bytes) { hash.add(bytes); });
  return hexadecimal(hash.finish());
}

void require_content(const Upload& upload) {
  if (!upload.sha256.empty() && sha256_of(upload.file, {0, upload.size}) != upload.sha256) {
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
