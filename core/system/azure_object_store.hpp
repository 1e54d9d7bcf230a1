// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "core/ports/clock.hpp"
#include "core/system/azure_signature.hpp"
#include "core/system/web_object_store.hpp"

namespace ame {

/// A container of Azure Blob Storage, or of Azurite. The key of the account signs requests, or a shared access
/// signature goes with them. What is sent carries its MD5, so that the server refuses what was changed on the way.
/// A large object goes in blocks that are named by their content: one that was broken off goes on with what is there.
class AzureObjectStore final : public WebObjectStore {
 public:
  /// The ports outlive this. The endpoint may have a path: Azurite's has the account. Throws Error(machine) for a key
  /// that is none.
  AzureObjectStore(WebPlace place, AzureCredentials credentials, Http& http, const Clock& clock);

  [[nodiscard]] std::string place() const override;

 private:
  [[nodiscard]] HttpRequest request(const Call& call) const override;
  [[nodiscard]] std::string code_of(const HttpResponse& response) const override;
  [[nodiscard]] std::string hint_for(const std::string& code) const override;
  [[nodiscard]] bool is_absent(const HttpResponse& response) const override;
  Page page(const std::string& prefix, const std::string& token) override;
  void put_whole(const std::string& key, Payload payload) override;
  void put_in_parts(const Upload& upload) override;
  [[nodiscard]] Payload payload_of(const Upload& upload) const override;

  std::set<std::string> blocks_there(const std::string& key);
  std::string put_block(const Upload& upload, const std::set<std::string>& there, std::size_t index);

  AzureCredentials credentials_;
  std::string base_path_;
  const Clock& clock_;
};

}  // namespace ame
