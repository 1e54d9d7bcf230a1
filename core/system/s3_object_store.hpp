// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/error.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/http.hpp"
#include "core/ports/object_store.hpp"
#include "core/system/sigv4.hpp"

namespace ame {

struct S3Settings {
  std::string endpoint;  ///< "https://s3.example.org:9000", without a path
  std::string bucket;    ///< stands in the path of requests
  std::string prefix;    ///< before every key; empty, or without a slash at its ends
  S3Credentials credentials;
  std::filesystem::path ca_file;               ///< certificates to trust instead of the system's; empty: the system's
  std::chrono::milliseconds first_pause{200};  ///< before a further attempt, when there was no answer
  std::uint64_t part_size = 16U << 20;         ///< of an object that is larger than two of them; 5 MiB at least
};

/// A bucket that speaks Amazon's S3: of Amazon itself, MinIO, Ceph, Swift. Every request is signed and says what its
/// body hashes to, so that the server refuses what was changed on the way. Requests go out sixteen at once.
class S3ObjectStore final : public ObjectStore {
 public:
  /// Both outlive this.
  S3ObjectStore(S3Settings settings, Http& http, const Clock& clock);

  [[nodiscard]] std::string place() const override;

  [[nodiscard]] bool is_shared() const override { return true; }

  [[nodiscard]] std::vector<std::string> missing(const std::vector<std::string>& keys) override;
  void put(std::span<const Upload> uploads, const TransferProgress& progress) override;
  void put_text(const std::string& key, std::string_view text) override;
  void get(std::span<const Download> downloads, const TransferProgress& progress) override;
  [[nodiscard]] std::optional<std::string> get_text(const std::string& key) override;
  [[nodiscard]] std::vector<std::string> list(const std::string& prefix) override;
  void remove(const std::vector<std::string>& keys) override;

 private:
  struct Call {
    std::string method;
    std::string key;  ///< without the prefix; empty with `is_of_bucket`
    QueryParameters query;
    std::string content_sha256;
    bool is_of_bucket = false;
  };

  struct Page {
    std::vector<std::string> keys;
    std::string next;  ///< empty: the last one
  };

  [[nodiscard]] HttpRequest request(const Call& call) const;
  HttpResponse send(const Call& call, const std::function<void(HttpRequest&)>& fill = {});
  HttpResponse send_well(const Call& call, const std::function<void(HttpRequest&)>& fill = {});
  [[nodiscard]] Error refused(const HttpResponse& response, const std::string& what) const;
  [[nodiscard]] std::string full_key(const std::string& key) const;
  bool exists(const std::string& key);
  Page page(const std::string& prefix, const std::string& token);
  void put_one(const Upload& upload);
  void put_in_parts(const Upload& upload);
  std::string put_part(const Upload& upload, const std::string& id, std::size_t number);
  void get_one(const Download& download);

  S3Settings settings_;
  std::string host_;
  Http& http_;
  const Clock& clock_;
};

}  // namespace ame
