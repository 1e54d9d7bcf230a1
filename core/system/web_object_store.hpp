// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/ports/http.hpp"
#include "core/ports/object_store.hpp"
#include "core/system/store_requests.hpp"

namespace ame {

/// Where a store is that speaks HTTP, whatever its dialect.
struct WebPlace {
  std::string endpoint;                        ///< "https://s3.example.org:9000", no slash at its end
  std::string bucket;                          ///< Azure calls it a container
  std::string prefix;                          ///< before every key; empty, or without a slash at its ends
  std::filesystem::path ca_file = {};          ///< certificates to trust instead of the system's; empty: the system's
  std::chrono::milliseconds first_pause{200};  ///< before a further attempt, when there was no answer
  std::uint64_t part_size = 16U << 20U;        ///< of an object that is larger than two of them; 5 MiB at least
};

/// What S3 and Azure Blob have in common: keys are asked for, listed, sent and fetched by the same verbs, sixteen at
/// once. A dialect signs the requests and knows the words of the answers.
class WebObjectStore : public ObjectStore {
 public:
  [[nodiscard]] bool is_shared() const final { return true; }

  [[nodiscard]] std::vector<std::string> missing(const std::vector<std::string>& keys) final;
  void put(std::span<const Upload> uploads, const TransferProgress& progress) final;
  void put_text(const std::string& key, std::string_view text) final;
  std::vector<std::string> put_by_content(const ContentUpload& upload, const TransferProgress& progress) final;
  void get(std::span<const Download> downloads, const TransferProgress& progress) final;
  [[nodiscard]] std::optional<std::string> get_text(const std::string& key) final;
  [[nodiscard]] std::vector<std::string> list(const std::string& prefix) final;
  void remove(const std::vector<std::string>& keys) final;

 protected:
  struct Call {
    std::string method = "GET";
    std::string key;  ///< without the prefix; empty with `is_of_bucket`
    QueryParameters query = {};
    std::vector<HttpHeader> headers = {};  ///< that the dialect wants for this call; it may sign them
    Payload payload = {};
    bool is_of_bucket = false;
  };

  struct Page {
    std::vector<std::string> keys;
    std::string next;  ///< empty: the last one
  };

  /// The port outlives this.
  WebObjectStore(WebPlace place, Http& http);

  [[nodiscard]] const WebPlace& at() const { return at_; }

  /// "/bucket/prefix/key", not encoded.
  [[nodiscard]] std::string path_of(const Call& call) const;
  [[nodiscard]] std::string full_key(const std::string& key) const;

  /// What the server calls it, from what it calls it in a list; empty: it lies outside of the prefix.
  [[nodiscard]] std::string own_key(const std::string& listed) const;

  HttpResponse send(const Call& call, const std::function<void(HttpRequest&)>& fill = {});

  /// The same for who can go on with 2xx alone; what else is answered is thrown.
  HttpResponse send_well(const Call& call, const std::function<void(HttpRequest&)>& fill = {});

  [[nodiscard]] Error refused(const HttpResponse& response, const std::string& what) const;

  /// The same in every attempt, and such that no object has too many.
  [[nodiscard]] std::uint64_t part_size_of(const Upload& upload) const;
  [[nodiscard]] std::size_t count_of_parts(const Upload& upload) const;
  [[nodiscard]] FilePart part_of(const Upload& upload, std::size_t index) const;

 private:
  /// Method, address and headers, signed; made anew for each attempt.
  [[nodiscard]] virtual HttpRequest request(const Call& call) const = 0;

  /// The word that the server has for what is wrong: "NoSuchBucket"; empty where it says none.
  [[nodiscard]] virtual std::string code_of(const HttpResponse& response) const = 0;

  /// What to do about it; may be empty.
  [[nodiscard]] virtual std::string hint_for(const std::string& code) const = 0;

  /// Whether it is the key that is not there, and not the bucket.
  [[nodiscard]] virtual bool is_absent(const HttpResponse& response) const = 0;

  virtual Page page(const std::string& prefix, const std::string& token) = 0;
  virtual void put_whole(const std::string& key, Payload payload) = 0;
  virtual void put_in_parts(const Upload& upload) = 0;

  /// What is known of a file that goes whole. The server must be able to refuse it when another content comes.
  [[nodiscard]] virtual Payload payload_of(const Upload& upload) const = 0;

  bool exists(const std::string& key);
  void get_one(const Download& download);

  WebPlace at_;
  Http& http_;
};

}  // namespace ame
