// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/clock.hpp"
#include "core/ports/secret_provider.hpp"
#include "core/secrets/vault_login.hpp"

namespace ame {

/// One Vault, logged in to: reads secrets, keeps alive what they depend on, and gives back at the end what was made for
/// this session.
class VaultSession {
 public:
  struct Ports {
    Http& http;
    const Clock& clock;
    VaultLoginPorts login;
    std::chrono::milliseconds patience{10'000};
  };

  /// Throws Error(machine) when it cannot be used. The vault outlives this.
  VaultSession(const Vault& vault, const Ports& ports);
  VaultSession(const VaultSession&) = delete;
  VaultSession& operator=(const VaultSession&) = delete;
  ~VaultSession();

  SecretAnswer read(const SecretReference& reference);

  /// Where the engine of the settings cannot be read from: why, else empty. For `ame vault test`.
  [[nodiscard]] std::string problem_of_mount();

  [[nodiscard]] const VaultToken& token() const { return token_; }

  /// When something has to be renewed next; none: nothing.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> next_renewal() const;

  /// Renews what is due. What cannot be renewed comes back as a warning, once for each.
  std::vector<Diagnostic> renew();

 private:
  using Time = std::chrono::steady_clock::time_point;

  /// Something that ends unless it is renewed: the token (without an id) or the lease of a secret.
  struct Lease {
    std::string id;
    std::string subject;  ///< "the token" or "the lease of `db/creds`"
    std::chrono::seconds lasts{0};
    Time due;
    Time ends;
    bool was_told = false;
  };

  void keep_alive(std::string id, std::string subject, std::chrono::seconds lasts);
  void renew_one(Lease& lease, std::vector<Diagnostic>& warnings);
  void put_off(Lease& lease, const std::string& why, std::vector<Diagnostic>& warnings);
  [[nodiscard]] std::string path_of(const SecretReference& reference) const;
  SecretAnswer absent_reason(const SecretReference& reference, const VaultReply& reply);
  SecretAnswer fields_in(const SecretReference& reference, const VaultReply& reply);

  VaultApi api_;
  const Clock& clock_;
  VaultToken token_;
  std::vector<Lease> leases_;
};

}  // namespace ame
