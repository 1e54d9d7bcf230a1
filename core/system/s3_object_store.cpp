// SPDX-License-Identifier: Apache-2.0
#include "core/system/s3_object_store.hpp"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "core/system/in_threads.hpp"
#include "core/system/sha256.hpp"
#include "core/system/store_requests.hpp"

#include <pugixml.hpp>

namespace ame {

namespace {

constexpr int not_found = 404;

std::string host_of(const std::string& endpoint) {
  const std::size_t scheme = endpoint.find("://");
  return scheme == std::string::npos ? endpoint : endpoint.substr(scheme + 3);
}

const std::string& nothing_sha256() {
  static const std::string hash = sha256_text("");
  return hash;
}

std::string common_beginning(const std::string& one, const std::string& other) {
  return {one.begin(), std::ranges::mismatch(one, other).in1};
}

/// What the server's words mean, and what to do.
std::string hint_for(const std::string& code) {
  if (code == "SignatureDoesNotMatch" || code == "InvalidAccessKeyId") {
    return "the access key or its secret is another one: `ame secret add` puts in what is right";
  }
  if (code == "AccessDenied") {
    return "the key is known, but may not do that here";
  }
  if (code == "NoSuchBucket") {
    return "a bucket has to be made before ame uses it";
  }
  if (code == "RequestTimeTooSkewed") {
    return "the clock of this machine is wrong: requests are signed with its time";
  }
  return "";
}

}  // namespace

S3ObjectStore::S3ObjectStore(S3Settings settings, Http& http, const Clock& clock)
    : settings_(std::move(settings)),
      host_(host_of(settings_.endpoint)),
      http_(http),
      clock_(clock) {}

std::string S3ObjectStore::place() const {
  const std::string prefix = settings_.prefix.empty() ? "" : "/" + settings_.prefix;
  return fmt::format("`s3://{}{}` at {}", settings_.bucket, prefix, settings_.endpoint);
}

std::string S3ObjectStore::full_key(const std::string& key) const {
  return settings_.prefix.empty() ? key : settings_.prefix + "/" + key;
}

HttpRequest S3ObjectStore::request(const Call& call) const {
  const std::string path = "/" + settings_.bucket + (call.is_of_bucket ? "" : "/" + full_key(call.key));
  HttpRequest request{.method = call.method,
                      .url = settings_.endpoint + url_encoded(path, "/") + query_text(call.query),
                      .headers = sigv4_headers({.method = call.method,
                                                .host = host_,
                                                .path = path,
                                                .query = call.query,
                                                .content_sha256 = call.content_sha256},
                                               settings_.credentials,
                                               clock_.now())};
  request.ca_file = settings_.ca_file;
  return request;
}

HttpResponse S3ObjectStore::send(const Call& call, const std::function<void(HttpRequest&)>& fill) {
  return send_patiently({.http = http_, .place = place(), .first_pause = settings_.first_pause}, [&] {
    HttpRequest made = request(call);
    if (fill) {
      fill(made);
    }
    return made;
  });
}

HttpResponse S3ObjectStore::send_well(const Call& call, const std::function<void(HttpRequest&)>& fill) {
  HttpResponse response = send(call, fill);
  if (!response.is_success()) {
    throw refused(response, call.is_of_bucket ? "to list it" : fmt::format("`{} {}`", call.method, call.key));
  }
  return response;
}

Error S3ObjectStore::refused(const HttpResponse& response, const std::string& what) const {
  const std::string code = xml_text(response.body, "Code");
  const std::string said = code.empty() ? fmt::format("status {}", response.status) : code;
  const std::string message = xml_text(response.body, "Message");
  return {ExitCode::machine,
          Diagnostic{
              .message = fmt::format("{} refused {}: {}{}", place(), what, said, message.empty() ? "" : ", " + message),
              .hint = hint_for(code)}};
}

bool S3ObjectStore::exists(const std::string& key) {
  const HttpResponse response = send({.method = "HEAD", .key = key, .query = {}, .content_sha256 = nothing_sha256()});
  if (response.status == not_found) {
    return false;
  }
  if (!response.is_success()) {
    // An answer to HEAD has no body that says why; the same question asked by GET has.
    send_well({.method = "GET", .key = key, .query = {}, .content_sha256 = nothing_sha256()}, [](HttpRequest& asked) {
      asked.headers.push_back({"Range", "bytes=0-0"});
    });
  }
  return true;
}

S3ObjectStore::Page S3ObjectStore::page(const std::string& prefix, const std::string& token) {
  QueryParameters query = {{"list-type", "2"}, {"prefix", full_key(prefix)}};
  if (!token.empty()) {
    query.emplace_back("continuation-token", token);
  }
  const HttpResponse response =
      send_well({.method = "GET", .key = {}, .query = query, .content_sha256 = nothing_sha256(), .is_of_bucket = true});
  pugi::xml_document document;
  document.load_buffer(response.body.data(), response.body.size());
  const pugi::xml_node result = document.child("ListBucketResult");
  Page page;
  const std::size_t before = full_key("").size();
  for (const pugi::xml_node object : result.children("Contents")) {
    const std::string key = object.child("Key").text().get();
    if (key.size() > before) {
      page.keys.push_back(key.substr(before));
    }
  }
  if (std::string_view(result.child("IsTruncated").text().get()) == "true") {
    page.next = result.child("NextContinuationToken").text().get();
  }
  return page;
}

std::vector<std::string> S3ObjectStore::list(const std::string& prefix) {
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
std::vector<std::string> S3ObjectStore::missing(const std::vector<std::string>& keys) {
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

void S3ObjectStore::put(std::span<const Upload> uploads, const TransferProgress& progress) {
  in_threads(uploads.size(), requests_at_once, [&](std::size_t index, std::mutex& mutex) {
    const Upload& upload = uploads[index];
    if (upload.size > 2 * settings_.part_size) {
      put_in_parts(upload);
    } else {
      put_one(upload);
    }
    const std::scoped_lock guard(mutex);
    progress(upload.size);
  });
}

void S3ObjectStore::put_one(const Upload& upload) {
  const std::string hash = upload.sha256.empty() ? sha256_of(upload.file, 0, upload.size) : upload.sha256;
  // The server compares what comes with the hash, so a file that changed meanwhile is refused.
  send_well({.method = "PUT", .key = upload.key, .query = {}, .content_sha256 = hash},
            [&](HttpRequest& made) { made.upload = upload_of(upload.file, 0, upload.size); });
}

void S3ObjectStore::put_in_parts(const Upload& upload) {
  const HttpResponse begun =
      send_well({.method = "POST", .key = upload.key, .query = {{"uploads", ""}}, .content_sha256 = nothing_sha256()});
  const std::string id = xml_text(begun.body, "UploadId");
  const std::size_t count = (upload.size + settings_.part_size - 1) / settings_.part_size;
  std::vector<std::string> tags(count);
  try {
    in_threads(count, requests_at_once, [&](std::size_t index, std::mutex& /*mutex*/) {
      tags[index] = put_part(upload, id, index);
    });
    require_content(upload);
  } catch (...) {
    // What is not completed would be paid for, and seen by nobody.
    send({.method = "DELETE", .key = upload.key, .query = {{"uploadId", id}}, .content_sha256 = nothing_sha256()});
    throw;
  }
  std::string parts = "<CompleteMultipartUpload>";
  for (std::size_t index = 0; index < count; ++index) {
    parts += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", index + 1, tags[index]);
  }
  parts += "</CompleteMultipartUpload>";
  const HttpResponse done = send_well(
      {.method = "POST", .key = upload.key, .query = {{"uploadId", id}}, .content_sha256 = sha256_text(parts)},
      [&](HttpRequest& made) { made.body = parts; });
  if (done.body.find("<Error>") != std::string::npos) {
    throw refused(done, fmt::format("to join the parts of `{}`", upload.key));
  }
}

std::string S3ObjectStore::put_part(const Upload& upload, const std::string& id, std::size_t number) {
  const std::uint64_t begin = number * settings_.part_size;
  const std::uint64_t size = std::min(settings_.part_size, upload.size - begin);
  const HttpResponse response =
      send_well({.method = "PUT",
                 .key = upload.key,
                 .query = {{"partNumber", std::to_string(number + 1)}, {"uploadId", id}},
                 .content_sha256 = sha256_of(upload.file, begin, size)},
                [&](HttpRequest& made) { made.upload = upload_of(upload.file, begin, size); });
  return std::string(response.header("etag"));
}

void S3ObjectStore::put_text(const std::string& key, std::string_view text) {
  send_well({.method = "PUT", .key = key, .query = {}, .content_sha256 = sha256_text(text)},
            [&](HttpRequest& made) { made.body = text; });
}

void S3ObjectStore::get(std::span<const Download> downloads, const TransferProgress& progress) {
  in_threads(downloads.size(), requests_at_once, [&](std::size_t index, std::mutex& mutex) {
    get_one(downloads[index]);
    std::error_code failure;
    const auto size = std::filesystem::file_size(downloads[index].file, failure);
    const std::scoped_lock guard(mutex);
    progress(failure ? 0 : size);
  });
}

void S3ObjectStore::get_one(const Download& download) {
  ArrivingFile arriving(download, place());
  send_well({.method = "GET", .key = download.key, .query = {}, .content_sha256 = nothing_sha256()},
            [&](HttpRequest& made) {
              arriving.start_again();
              made.download = [&](std::string_view bytes) { arriving.add(bytes); };
            });
  arriving.finish();
}

std::optional<std::string> S3ObjectStore::get_text(const std::string& key) {
  HttpResponse response = send({.method = "GET", .key = key, .query = {}, .content_sha256 = nothing_sha256()});
  if (response.status == not_found && xml_text(response.body, "Code") != "NoSuchBucket") {
    return std::nullopt;
  }
  if (!response.is_success()) {
    throw refused(response, fmt::format("`GET {}`", key));
  }
  return std::move(response.body);
}

void S3ObjectStore::remove(const std::vector<std::string>& keys) {
  in_threads(keys.size(), requests_at_once, [&](std::size_t index, std::mutex& /*mutex*/) {
    const HttpResponse response =
        send({.method = "DELETE", .key = keys[index], .query = {}, .content_sha256 = nothing_sha256()});
    if (response.status != not_found && !response.is_success()) {
      throw refused(response, fmt::format("`DELETE {}`", keys[index]));
    }
  });
}

}  // namespace ame
