// SPDX-License-Identifier: Apache-2.0
#include "core/system/web_object_store.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "core/system/disk_file_hasher.hpp"
#include "core/system/disk_file_system.hpp"
#include "core/system/in_threads.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

std::string common_beginning(const std::string& one, const std::string& other) {
  return {one.begin(), std::ranges::mismatch(one, other).in1};
}

}  // namespace

WebObjectStore::WebObjectStore(WebPlace place, Http& http)
    : at_(std::move(place)),
      http_(http) {}

std::string WebObjectStore::full_key(const std::string& key) const {
  return at_.prefix.empty() ? key : at_.prefix + "/" + key;
}

std::string WebObjectStore::own_key(const std::string& listed) const {
  const std::string before = full_key("");
  return listed.starts_with(before) ? listed.substr(before.size()) : std::string();
}

std::string WebObjectStore::path_of(const Call& call) const {
  return "/" + at_.bucket + (call.is_of_bucket ? "" : "/" + full_key(call.key));
}

HttpResponse WebObjectStore::send(const Call& call, const std::function<void(HttpRequest&)>& fill) {
  return send_patiently({.http = http_, .place = place(), .first_pause = at_.first_pause}, [&] {
    HttpRequest made = request(call);
    made.ca_file = at_.ca_file;
    give_payload(call.payload, made);
    if (fill) {
      fill(made);
    }
    return made;
  });
}

HttpResponse WebObjectStore::send_well(const Call& call, const std::function<void(HttpRequest&)>& fill) {
  HttpResponse response = send(call, fill);
  if (!response.is_success()) {
    throw refused(response, call.is_of_bucket ? "to list it" : fmt::format("`{} {}`", call.method, call.key));
  }
  return response;
}

Error WebObjectStore::refused(const HttpResponse& response, const std::string& what) const {
  constexpr int no_room = 507;
  const std::string code = code_of(response);
  const std::string said = code.empty() ? fmt::format("status {}", response.status) : code;
  // Azure writes the number of the request and the time on lines of their own below the sentence.
  const std::string message = xml_text(response.body, "Message");
  const std::string sentence = message.substr(0, message.find('\n'));
  return {ExitCode::machine,
          Diagnostic{.message = fmt::format(
                         "{} refused {}: {}{}", place(), what, said, sentence.empty() ? "" : ", " + sentence),
                     .hint = response.status == no_room ? "its disk is full" : hint_for(code)}};
}

bool WebObjectStore::exists(const std::string& key) {
  const HttpResponse response = send({.method = "HEAD", .key = key});
  if (response.is_success()) {
    return true;
  }
  if (is_absent(response)) {
    return false;
  }
  // An answer to HEAD has no body that says why; the same question asked by GET has, and one byte is enough of it.
  constexpr int no_such_range = 416;  // of an empty object
  const HttpResponse told = send({.key = key, .headers = {{"Range", "bytes=0-0"}}});
  if (!told.is_success() && told.status != no_such_range) {
    throw refused(told, fmt::format("`GET {}`", key));
  }
  return true;
}

std::vector<std::string> WebObjectStore::list(const std::string& prefix) {
  std::vector<std::string> keys;
  std::string next;
  do {
    Page found = page(prefix, next);
    keys.insert(keys.end(), found.keys.begin(), found.keys.end());
    next = std::move(found.next);
  } while (!next.empty());
  std::ranges::sort(keys);
  return keys;
}

/// Many are asked for by listing what they have in common, as long as that tells more than asking for each.
std::vector<std::string> WebObjectStore::missing(const std::vector<std::string>& keys) {
  constexpr std::size_t keys_worth_a_page = 16;
  std::vector<std::string> open = keys;
  std::ranges::sort(open);
  const std::string prefix = open.empty() ? "" : common_beginning(open.front(), open.back());
  std::vector<std::string> absent;
  std::string next;
  for (std::size_t pages = 0; pages < keys.size() / keys_worth_a_page && !open.empty(); ++pages) {
    const Page found = page(prefix, next);
    const bool is_last = found.next.empty();
    const auto told = is_last || found.keys.empty() ? open.end() : std::ranges::upper_bound(open, found.keys.back());
    std::ranges::set_difference(open.begin(), told, found.keys.begin(), found.keys.end(), std::back_inserter(absent));
    open.erase(open.begin(), told);
    next = found.next;
    if (is_last) {
      break;
    }
  }
  in_threads(open.size(), requests_at_once, [&](std::size_t index, std::mutex& mutex) {
    if (!exists(open[index])) {
      const std::scoped_lock guard(mutex);
      absent.push_back(open[index]);
    }
  });
  std::ranges::sort(absent);
  return absent;
}

void WebObjectStore::put(std::span<const Upload> uploads, const TransferProgress& progress) {
  in_threads(uploads.size(), requests_at_once, [&](std::size_t index, std::mutex& mutex) {
    const Upload& upload = uploads[index];
    if (upload.size > 2 * at_.part_size) {
      put_in_parts(upload);
    } else {
      put_whole(upload.key, payload_of(upload));
    }
    const std::scoped_lock guard(mutex);
    progress(upload.size);
  });
}

void WebObjectStore::put_text(const std::string& key, std::string_view text) {
  put_whole(key, Payload::of(std::string(text)));
}

std::vector<std::string> WebObjectStore::put_by_content(const ContentUpload& upload, const TransferProgress& progress) {
  std::vector<std::string> hashes = DiskFileHasher().hashes_of(upload.top, upload.files);
  std::map<std::string, std::size_t> by_key;
  for (std::size_t index = 0; index < hashes.size(); ++index) {
    if (!hashes[index].empty()) {
      by_key.emplace(upload.key_of(hashes[index]), index);
    }
  }
  std::vector<std::string> keys;
  for (const auto& [key, index] : by_key) {
    keys.push_back(key);
  }
  std::vector<Upload> uploads;
  for (std::string& key : missing(keys)) {
    const std::size_t index = by_key.at(key);
    const fs::path file = upload.top / upload.files[index];
    uploads.push_back(
        {.key = std::move(key), .file = file, .size = DiskFileSystem().status(file).size, .sha256 = hashes[index]});
  }
  put(uploads, progress);
  return hashes;
}

std::uint64_t WebObjectStore::part_size_of(const Upload& upload) const {
  constexpr std::uint64_t most_parts = 10'000;  // of S3; Azure takes more
  return std::max(at_.part_size, (upload.size + most_parts - 1) / most_parts);
}

std::size_t WebObjectStore::count_of_parts(const Upload& upload) const {
  const std::uint64_t part_size = part_size_of(upload);
  return (upload.size + part_size - 1) / part_size;
}

FilePart WebObjectStore::part_of(const Upload& upload, std::size_t index) const {
  const std::uint64_t begin = index * part_size_of(upload);
  return {.begin = begin, .size = std::min(part_size_of(upload), upload.size - begin)};
}

void WebObjectStore::get(std::span<const Download> downloads, const TransferProgress& progress) {
  in_threads(downloads.size(), requests_at_once, [&](std::size_t index, std::mutex& mutex) {
    get_one(downloads[index]);
    std::error_code failure;
    const auto size = std::filesystem::file_size(downloads[index].file, failure);
    const std::scoped_lock guard(mutex);
    progress(failure ? 0 : size);
  });
}

void WebObjectStore::get_one(const Download& download) {
  ArrivingFile arriving(download, place());
  send_well({.key = download.key}, [&](HttpRequest& made) {
    arriving.start_again();
    made.download = [&](std::string_view bytes) { arriving.add(bytes); };
  });
  arriving.finish();
}

std::optional<std::string> WebObjectStore::get_text(const std::string& key) {
  HttpResponse response = send({.key = key});
  if (is_absent(response)) {
    return std::nullopt;
  }
  if (!response.is_success()) {
    throw refused(response, fmt::format("`GET {}`", key));
  }
  return std::move(response.body);
}

void WebObjectStore::remove(const std::vector<std::string>& keys) {
  in_threads(keys.size(), requests_at_once, [&](std::size_t index, std::mutex& /*mutex*/) {
    const HttpResponse response = send({.method = "DELETE", .key = keys[index]});
    if (!response.is_success() && !is_absent(response)) {
      throw refused(response, fmt::format("`DELETE {}`", keys[index]));
    }
  });
}

}  // namespace ame
