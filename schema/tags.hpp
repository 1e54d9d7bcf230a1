// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/secret.hpp"
#include "schema/keys.hpp"

namespace ame::schema {

enum class ExecutorTag : std::uint8_t { poetry, pip, pipenv, mlflow, custom, uv };

struct ExecutorTagRow {
  ExecutorTag tag;
  std::string_view name;
  std::string_view doc;  ///< one line
};

struct SecretTagRow {
  SecretSource source;
  std::string_view name;
  std::string_view doc;
};

std::span<const ExecutorTagRow> all_executor_tags();
std::span<const SecretTagRow> all_secret_tags();

constexpr Tags bit(ExecutorTag tag) {
  return static_cast<Tags>(1U << static_cast<unsigned>(tag));
}

constexpr Tags bit(SecretSource source) {
  return static_cast<Tags>(1U << static_cast<unsigned>(source));
}

/// Whatever its case: `!pipEnv` is `!pipenv`.
std::optional<ExecutorTag> executor_tag(std::string_view text);
std::optional<SecretSource> secret_tag(std::string_view text);

/// As they are written: "!poetry", …
std::vector<std::string> executor_tag_words();
std::vector<std::string> secret_tag_words();

std::string_view name_of(ExecutorTag tag);
std::string_view name_of(SecretSource source);

}  // namespace ame::schema
