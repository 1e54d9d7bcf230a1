// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/ports/clock.hpp"
#include "core/system/sigv4.hpp"
#include "core/system/web_object_store.hpp"

namespace ame {

/// A bucket that speaks Amazon's S3: of Amazon itself, MinIO, Ceph, Swift. Every request is signed and says what its
/// body hashes to, so that the server refuses what was changed on the way. The bucket stands in the path of requests.
/// A large object goes in parts; one that was broken off goes on with the parts that are there.
class S3ObjectStore final : public WebObjectStore {
 public:
  /// The ports outlive this.
  S3ObjectStore(WebPlace place, S3Credentials credentials, Http& http, const Clock& clock);

  [[nodiscard]] std::string place() const override;

 private:
  /// What the server has of an object that was begun: its parts by number, counted from 1.
  struct Begun {
    std::string id;

    struct Part {
      std::string tag;
      std::uint64_t size = 0;
    };

    std::map<std::size_t, Part> parts;
  };

  [[nodiscard]] HttpRequest request(const Call& call) const override;
  [[nodiscard]] std::string code_of(const HttpResponse& response) const override;
  [[nodiscard]] std::string hint_for(const std::string& code) const override;
  [[nodiscard]] bool is_absent(const HttpResponse& response) const override;
  Page page(const std::string& prefix, const std::string& token) override;
  void put_whole(const std::string& key, Payload payload) override;
  void put_in_parts(const Upload& upload) override;
  [[nodiscard]] Payload payload_of(const Upload& upload) const override;

  Begun begin(const Upload& upload);
  std::string begun_before(const std::string& key);
  void add_parts(const std::string& key, Begun& begun);
  std::string put_part(const Upload& upload, const Begun& begun, std::size_t index);
  void join(const std::string& key, const std::string& id, const std::vector<std::string>& tags);

  S3Credentials credentials_;
  std::string host_;
  const Clock& clock_;
};

}  // namespace ame
