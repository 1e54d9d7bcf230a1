// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/project.hpp"
#include "schema/tags.hpp"
#include "schema/values.hpp"

namespace ame::schema {

/// Parts of the model that a node of the file says by itself, without a look at any other name.

enum class Wholeness : std::uint8_t {
  whole,
  partial,  ///< of a template: what is missing may come from its task
};

std::optional<Executor> decode_executor(const Value& value, Wholeness wholeness, Decoding& decoding);
Resources decode_resources(const Value& value, Decoding& decoding);
std::vector<SecretReference> decode_secrets(const Value& value, Decoding& decoding);
std::vector<EnvironmentVariable> decode_environment(const Value& value, Decoding& decoding);
Artifacts decode_artifacts(const Value& value, Decoding& decoding);
Triggers decode_triggers(const Value& value, Decoding& decoding);
RetryPolicy decode_retries(const Value& value, Decoding& decoding);
CachePolicy decode_cache(const Value& value, Decoding& decoding);
CleanupPolicy decode_cleanup(const Value& value, Decoding& decoding);
Matrix decode_matrix(const Value& value, Decoding& decoding);
std::vector<NodeLabel> decode_labels(const Value& value, Decoding& decoding);

/// A cron expression, checked; the text as it was written.
std::string read_schedule(const Value& value, Decoding& decoding);

/// What `when` says, checked; the text as it was written.
std::string read_condition(const Value& value, Decoding& decoding);

/// The name of a time zone; whether this machine knows it is not asked here.
std::string read_time_zone(const Value& value, Decoding& decoding);

/// One entry of `secrets`, whether it says its kind by tag (`!ame {…}`) or by key (`ame: {…}`).
struct SecretEntry {
  SecretSource source = SecretSource::ame;
  const Node* fields = nullptr;
};

/// None, and reported, where it is neither.
std::optional<SecretEntry> secret_entry(const Value& value, Decoding& decoding);

/// One variable of `environment`, whether it stands in a list or in a mapping.
struct VariableEntry {
  const Node* key = nullptr;
  const Node* value = nullptr;  ///< may be null where the list's entry says none
};

std::vector<VariableEntry> variable_entries(const Value& value, Decoding& decoding);

}  // namespace ame::schema
