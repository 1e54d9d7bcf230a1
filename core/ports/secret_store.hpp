// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/secret_text.hpp"
#include "core/ports/clock.hpp"

namespace ame {

/// What may be shown of a stored secret.
struct SecretListing {
  std::string key;
  UtcTime created;
  UtcTime changed;

  bool operator==(const SecretListing&) const = default;
};

enum class IfPresent { keep, replace };
enum class StoreResult { stored, kept, absent };

/// The user's own secrets, by key. Every verb throws Error(machine) when the store cannot be read, unlocked or written;
/// then nothing of it has changed.
class SecretStore {
 public:
  virtual ~SecretStore() = default;

  /// Sorted by key.
  [[nodiscard]] virtual std::vector<SecretListing> list() = 0;

  [[nodiscard]] virtual std::optional<SecretText> find(const std::string& key) = 0;

  /// `kept` when the key is there and was not to be replaced. Requires is_secret_key(key) and a value without NUL.
  virtual StoreResult put(const std::string& key, const SecretText& value, IfPresent if_present) = 0;

  /// `absent` when there is no such key.
  virtual StoreResult remove(const std::string& key) = 0;

  /// `absent` when there is no `from`, `kept` when there is a `to` that was not to be replaced.
  virtual StoreResult rename(const std::string& from, const std::string& to, IfPresent if_present) = 0;
};

}  // namespace ame
