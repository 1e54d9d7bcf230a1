// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/error.hpp"
#include "core/model/secret_text.hpp"
#include "core/model/vault.hpp"
#include "core/ports/http.hpp"
#include "core/secrets/mask_patterns.hpp"
#include "core/secrets/secret_json.hpp"

namespace ame {

struct VaultReply {
  int status = 0;
  SecretJson body;     ///< an object, or null where there was no body
  std::string errors;  ///< Vault's own words; nothing of what was sent to it

  [[nodiscard]] bool is_success() const { return status >= 200 && status < 300; }
};

/// Requests to one Vault. What keeps the whole Vault from answering is thrown as Error(machine), each fault in its own
/// words; answers about a single thing (400, 403, 404, 405) come back.
class VaultApi {
 public:
  /// All outlive this. `patience`: for one request.
  VaultApi(Http& http, const Vault& vault, std::chrono::milliseconds patience);

  [[nodiscard]] const Vault& vault() const { return vault_; }

  /// From here on requests carry it.
  void use_token(SecretText token);

  [[nodiscard]] bool has_token() const { return !token_.empty(); }

  /// `path` begins behind `/v1/` and is encoded.
  VaultReply get(const std::string& path) { return send("GET", path, nullptr); }

  VaultReply post(const std::string& path, const SecretJson& body) { return send("POST", path, &body); }

  /// "the vault `company` cannot be used: it is sealed"
  [[nodiscard]] Error fault(const std::string& what, const std::string& hint = {}) const;

 private:
  VaultReply send(const char* method, const std::string& path, const SecretJson* body);
  HttpResponse answer_of(HttpRequest& request);
  [[nodiscard]] HttpRequest request_of(const char* method, const std::string& path, const SecretJson* body) const;
  VaultReply understood(HttpResponse& response);
  void require_usable(const VaultReply& reply) const;

  Http& http_;
  const Vault& vault_;
  std::chrono::milliseconds patience_;
  SecretText token_;
  SecretForms sent_;  ///< tokens and credentials: not to be seen in Vault's own words
};

}  // namespace ame
