// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/secret_store.hpp"

namespace ame {

/// Secrets that exist in memory only.
class MemorySecretStore final : public SecretStore {
 public:
  explicit MemorySecretStore(const Clock& clock)
      : clock_(clock) {}

  [[nodiscard]] std::vector<SecretListing> list() override {
    std::vector<SecretListing> listing;
    for (const auto& [key, entry] : entries_) {
      listing.push_back(entry.listing);
    }
    return listing;
  }

  [[nodiscard]] std::optional<SecretText> find(const std::string& key) override {
    const auto found = entries_.find(key);
    return found == entries_.end() ? std::nullopt : std::optional(found->second.value.clone());
  }

  StoreResult put(const std::string& key, const SecretText& value, IfPresent if_present) override {
    const auto found = entries_.find(key);
    if (found != entries_.end() && if_present == IfPresent::keep) {
      return StoreResult::kept;
    }
    const UtcTime now = clock_.now();
    const UtcTime created = found == entries_.end() ? now : found->second.listing.created;
    entries_.insert_or_assign(key, Entry{{.key = key, .created = created, .changed = now}, value.clone()});
    return StoreResult::stored;
  }

  StoreResult remove(const std::string& key) override {
    return entries_.erase(key) == 0 ? StoreResult::absent : StoreResult::stored;
  }

  StoreResult rename(const std::string& from, const std::string& to, IfPresent if_present) override {
    if (!entries_.contains(from)) {
      return StoreResult::absent;
    }
    if (from != to && entries_.contains(to) && if_present == IfPresent::keep) {
      return StoreResult::kept;
    }
    auto moved = entries_.extract(from);
    moved.mapped().listing.key = to;
    moved.key() = to;
    entries_.erase(to);
    entries_.insert(std::move(moved));
    return StoreResult::stored;
  }

 private:
  struct Entry {
    SecretListing listing;
    SecretText value;
  };

  const Clock& clock_;
  std::map<std::string, Entry> entries_;
};

}  // namespace ame
