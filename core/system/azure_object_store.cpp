// SPDX-License-Identifier: Apache-2.0
#include "core/system/azure_object_store.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/system/copy_file.hpp"
#include "core/system/in_threads.hpp"
#include "core/system/md5.hpp"
#include "core/system/sha256.hpp"

#include <pugixml.hpp>

namespace ame {

namespace {

std::string path_in(const std::string& endpoint) {
  const std::size_t scheme = endpoint.find("://");
  const std::size_t slash = endpoint.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  return slash == std::string::npos ? std::string() : endpoint.substr(slash);
}

std::string md5_header(const Md5Bytes& hash) {
  return base64_text({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

}  // namespace

AzureObjectStore::AzureObjectStore(WebPlace place, AzureCredentials credentials, Http& http, const Clock& clock)
    : WebObjectStore(std::move(place), http),
      credentials_(std::move(credentials)),
      base_path_(path_in(at().endpoint)),
      clock_(clock) {
  if (credentials_.sas.starts_with('?')) {
    credentials_.sas.erase(0, 1);
  }
  if (credentials_.sas.empty() && !is_base64(credentials_.key)) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("the key of the account `{}` is none: it is not base64",
                                                  credentials_.account),
                           .hint = "Azure shows the two keys of a storage account under `Access keys`"});
  }
}

std::string AzureObjectStore::place() const {
  const std::string prefix = at().prefix.empty() ? "" : "/" + at().prefix;
  return fmt::format("`{}/{}{}`", at().endpoint, at().bucket, prefix);
}

HttpRequest AzureObjectStore::request(const Call& call) const {
  const std::string path = url_encoded(path_of(call), "/");
  std::string query = query_text(call.query);
  if (!credentials_.sas.empty()) {
    query += (query.empty() ? "?" : "&") + credentials_.sas;
  }
  AzureParts parts{.method = call.method,
                   .path = base_path_ + path,
                   .query = call.query,
                   .headers = call.headers,
                   .content_size = call.payload.size()};
  if (!call.payload.md5.empty()) {
    parts.headers.push_back({"Content-MD5", call.payload.md5});
  }
  return {.method = call.method,
          .url = at().endpoint + path + query,
          .headers = azure_headers(std::move(parts), credentials_, clock_.now())};
}

std::string AzureObjectStore::code_of(const HttpResponse& response) const {
  return std::string(response.header("x-ms-error-code"));
}

std::string AzureObjectStore::hint_for(const std::string& code) const {
  if (code == "AuthenticationFailed" || code == "AuthorizationFailure") {
    return credentials_.sas.empty()
               ? "the key is another one, or the clock of this machine is wrong: `ame secret add` puts in what is right"
               : "the shared access signature is another one, has expired, or does not allow this";
  }
  if (code == "AuthorizationPermissionMismatch" || code == "InsufficientAccountPermissions") {
    return "who asks is known, but may not do that here";
  }
  if (code == "ContainerNotFound") {
    return "a container has to be made before ame uses it";
  }
  return "";
}

bool AzureObjectStore::is_absent(const HttpResponse& response) const {
  constexpr int not_found = 404;
  return response.status == not_found && code_of(response) != "ContainerNotFound";
}

AzureObjectStore::Page AzureObjectStore::page(const std::string& prefix, const std::string& token) {
  QueryParameters query = {{"comp", "list"}, {"prefix", full_key(prefix)}, {"restype", "container"}};
  if (!token.empty()) {
    query.emplace_back("marker", token);
  }
  const HttpResponse response = send_well({.key = {}, .query = query, .is_of_bucket = true});
  pugi::xml_document document;
  document.load_buffer(response.body.data(), response.body.size());
  const pugi::xml_node result = document.child("EnumerationResults");
  Page page;
  for (const pugi::xml_node blob : result.child("Blobs").children("Blob")) {
    if (std::string key = own_key(blob.child("Name").text().get()); !key.empty()) {
      page.keys.push_back(std::move(key));
    }
  }
  page.next = result.child("NextMarker").text().get();
  return page;
}

/// Azure compares with MD5 alone: the file is read once, and what is sent must be what was read.
Payload AzureObjectStore::payload_of(const Upload& upload) const {
  const FilePart whole{.begin = 0, .size = upload.size};
  Payload payload = Payload::of_part(upload.file, whole, upload.sha256);
  Sha256 content;
  Md5 sent;
  read_part(upload.file, whole, [&](std::string_view bytes) {
    content.add(bytes);
    sent.add(bytes);
  });
  if (!upload.sha256.empty() && hexadecimal(content.finish()) != upload.sha256) {
    throw changed_while_stored(upload.file);
  }
  payload.md5 = md5_header(sent.finish());
  return payload;
}

void AzureObjectStore::put_whole(const std::string& key, Payload payload) {
  if (payload.md5.empty()) {
    payload.md5 = md5_header(md5_of(payload.text));
  }
  send_well({.method = "PUT",
             .key = key,
             .headers = {{"x-ms-blob-type", "BlockBlob"}, {"Content-Type", "application/octet-stream"}},
             .payload = std::move(payload)});
}

/// Nobody sees blocks that are not listed; those of an attempt that was broken off Azure removes itself after a week.
void AzureObjectStore::put_in_parts(const Upload& upload) {
  const std::set<std::string> there = blocks_there(upload.key);
  std::vector<std::string> blocks(count_of_parts(upload));
  in_threads(blocks.size(), requests_at_once, [&](std::size_t index, std::mutex& /*mutex*/) {
    blocks[index] = put_block(upload, there, index);
  });
  require_content(upload);
  std::string list = R"(<?xml version="1.0" encoding="utf-8"?><BlockList>)";
  for (const std::string& block : blocks) {
    list += fmt::format("<Latest>{}</Latest>", block);
  }
  list += "</BlockList>";
  send_well({.method = "PUT",
             .key = upload.key,
             .query = {{"comp", "blocklist"}},
             .headers = {{"Content-Type", "application/xml"}},
             .payload = Payload::of(std::move(list))});
}

std::set<std::string> AzureObjectStore::blocks_there(const std::string& key) {
  const HttpResponse response = send({.key = key, .query = {{"blocklisttype", "uncommitted"}, {"comp", "blocklist"}}});
  pugi::xml_document document;
  document.load_buffer(response.body.data(), response.body.size());
  std::set<std::string> names;
  for (const pugi::xml_node block : document.child("BlockList").child("UncommittedBlocks").children("Block")) {
    names.insert(block.child("Name").text().get());
  }
  return names;
}

/// The name of the block: its place and what it hashes to. Names are of one length within a blob.
std::string AzureObjectStore::put_block(const Upload& upload, const std::set<std::string>& there, std::size_t index) {
  const FilePart part = part_of(upload, index);
  const Md5Bytes hash = md5_of(upload.file, part);
  std::string name = base64_text(fmt::format("{:06}-{}", index, hexadecimal(hash)));
  if (there.contains(name)) {
    return name;
  }
  Payload payload = Payload::of_part(upload.file, part, {});
  payload.md5 = md5_header(hash);
  send_well({.method = "PUT",
             .key = upload.key,
             .query = {{"blockid", name}, {"comp", "block"}},
             .headers = {{"Content-Type", "application/octet-stream"}},
             .payload = std::move(payload)});
  return name;
}

}  // namespace ame
