// SPDX-License-Identifier: Apache-2.0
#include "core/system/s3_object_store.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/system/in_threads.hpp"
#include "core/system/md5.hpp"
#include "core/system/sha256.hpp"

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

}  // namespace

S3ObjectStore::S3ObjectStore(WebPlace place, S3Credentials credentials, Http& http, const Clock& clock)
    : WebObjectStore(std::move(place), http),
      credentials_(std::move(credentials)),
      host_(host_of(at().endpoint)),
      clock_(clock) {}

std::string S3ObjectStore::place() const {
  const std::string prefix = at().prefix.empty() ? "" : "/" + at().prefix;
  return fmt::format("`s3://{}{}` at {}", at().bucket, prefix, at().endpoint);
}

HttpRequest S3ObjectStore::request(const Call& call) const {
  const std::string path = path_of(call);
  HttpRequest made{
      .method = call.method,
      .url = at().endpoint + url_encoded(path, "/") + query_text(call.query),
      .headers = sigv4_headers({.method = call.method,
                                .host = host_,
                                .path = path,
                                .query = call.query,
                                .content_sha256 = call.payload.sha256.empty() ? nothing_sha256() : call.payload.sha256},
                               credentials_,
                               clock_.now())};
  made.headers.insert(made.headers.end(), call.headers.begin(), call.headers.end());
  return made;
}

std::string S3ObjectStore::code_of(const HttpResponse& response) const {
  return xml_text(response.body, "Code");
}

std::string S3ObjectStore::hint_for(const std::string& code) const {
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
  if (code == "ServiceUnavailable" || code == "SlowDown") {
    return "it has too much to do, or its disk is full; what was sent stays there, the next attempt goes on from it";
  }
  return "";
}

bool S3ObjectStore::is_absent(const HttpResponse& response) const {
  return response.status == not_found && code_of(response) != "NoSuchBucket";
}

S3ObjectStore::Page S3ObjectStore::page(const std::string& prefix, const std::string& token) {
  QueryParameters query = {{"list-type", "2"}, {"prefix", full_key(prefix)}};
  if (!token.empty()) {
    query.emplace_back("continuation-token", token);
  }
  const HttpResponse response = send_well({.key = {}, .query = query, .is_of_bucket = true});
  pugi::xml_document document;
  document.load_buffer(response.body.data(), response.body.size());
  const pugi::xml_node result = document.child("ListBucketResult");
  Page page;
  for (const pugi::xml_node object : result.children("Contents")) {
    if (std::string key = own_key(object.child("Key").text().get()); !key.empty()) {
      page.keys.push_back(std::move(key));
    }
  }
  if (std::string_view(result.child("IsTruncated").text().get()) == "true") {
    page.next = result.child("NextContinuationToken").text().get();
  }
  return page;
}

Payload S3ObjectStore::payload_of(const Upload& upload) const {
  return Payload::of_part(
      upload.file, {0, upload.size}, upload.sha256.empty() ? sha256_of(upload.file, {0, upload.size}) : upload.sha256);
}

void S3ObjectStore::put_whole(const std::string& key, Payload payload) {
  // The server compares what comes with the hash, so a file that changed meanwhile is refused.
  send_well({.method = "PUT", .key = key, .payload = std::move(payload)});
}

void S3ObjectStore::put_in_parts(const Upload& upload) {
  const Begun begun = begin(upload);
  std::vector<std::string> tags(count_of_parts(upload));
  try {
    in_threads(tags.size(), requests_at_once, [&](std::size_t index, std::mutex& /*mutex*/) {
      tags[index] = put_part(upload, begun, index);
    });
    require_content(upload);
  } catch (const Unreachable&) {
    throw;  // The next attempt goes on with the parts that are there.
  } catch (...) {
    // What is not completed would be paid for, and seen by nobody.
    send({.method = "DELETE", .key = upload.key, .query = {{"uploadId", begun.id}}});
    throw;
  }
  join(upload.key, begun.id, tags);
}

/// Where the key says what the content is, what an earlier attempt began for it is of the same content.
S3ObjectStore::Begun S3ObjectStore::begin(const Upload& upload) {
  Begun begun;
  if (!upload.sha256.empty()) {
    begun.id = begun_before(upload.key);
  }
  if (!begun.id.empty()) {
    add_parts(upload.key, begun);
    return begun;
  }
  const HttpResponse response = send_well({.method = "POST", .key = upload.key, .query = {{"uploads", ""}}});
  begun.id = xml_text(response.body, "UploadId");
  return begun;
}

/// The number of what was begun for this key and not completed; empty: nothing. A server that does not tell is one
/// where everything is sent again.
std::string S3ObjectStore::begun_before(const std::string& key) {
  const HttpResponse response =
      send({.key = {}, .query = {{"prefix", full_key(key)}, {"uploads", ""}}, .is_of_bucket = true});
  pugi::xml_document document;
  document.load_buffer(response.body.data(), response.body.size());
  std::string id;
  for (const pugi::xml_node upload : document.child("ListMultipartUploadsResult").children("Upload")) {
    if (upload.child("Key").text().get() == full_key(key)) {
      id = upload.child("UploadId").text().get();
    }
  }
  return id;
}

void S3ObjectStore::add_parts(const std::string& key, Begun& begun) {
  std::string next;
  do {
    QueryParameters query = {{"uploadId", begun.id}};
    if (!next.empty()) {
      query.emplace_back("part-number-marker", next);
    }
    const HttpResponse response = send({.key = key, .query = query});
    pugi::xml_document document;
    document.load_buffer(response.body.data(), response.body.size());
    const pugi::xml_node result = document.child("ListPartsResult");
    for (const pugi::xml_node part : result.children("Part")) {
      begun.parts[part.child("PartNumber").text().as_uint()] = {.tag = part.child("ETag").text().get(),
                                                                .size = part.child("Size").text().as_ullong()};
    }
    const std::string marker = result.child("NextPartNumberMarker").text().get();
    const bool goes_on = std::string_view(result.child("IsTruncated").text().get()) == "true" && marker != next;
    next = goes_on ? marker : "";
  } while (!next.empty());
}

/// The tag of the part, once the server has it. A tag is the MD5 of the part, as a server gives it that does not
/// encrypt with keys of its own; where it is another, the part is sent again.
std::string S3ObjectStore::put_part(const Upload& upload, const Begun& begun, std::size_t index) {
  const FilePart part = part_of(upload, index);
  const auto there = begun.parts.find(index + 1);
  if (there != begun.parts.end() && there->second.size == part.size &&
      there->second.tag.find(hexadecimal(md5_of(upload.file, part))) != std::string::npos) {
    return there->second.tag;
  }
  const std::string hash = sha256_of(upload.file, part);
  const HttpResponse response = send_well({.method = "PUT",
                                           .key = upload.key,
                                           .query = {{"partNumber", std::to_string(index + 1)}, {"uploadId", begun.id}},
                                           .payload = Payload::of_part(upload.file, part, hash)});
  return std::string(response.header("etag"));
}

void S3ObjectStore::join(const std::string& key, const std::string& id, const std::vector<std::string>& tags) {
  std::string parts = "<CompleteMultipartUpload>";
  for (std::size_t index = 0; index < tags.size(); ++index) {
    parts += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", index + 1, tags[index]);
  }
  parts += "</CompleteMultipartUpload>";
  const HttpResponse done =
      send({.method = "POST", .key = key, .query = {{"uploadId", id}}, .payload = Payload::of(std::move(parts))});
  // An answer may begin well before the parts are joined, and say at its end that they were not.
  const bool is_done = done.is_success() && done.body.find("<Error>") == std::string::npos;
  // Another machine that sends the same object may have joined the same parts first.
  if (!is_done && !(code_of(done) == "NoSuchUpload" && missing({key}).empty())) {
    throw refused(done, fmt::format("to join the parts of `{}`", key));
  }
}

}  // namespace ame
