// SPDX-License-Identifier: Apache-2.0
#include "schema/tags.hpp"

#include <algorithm>
#include <array>

namespace ame::schema {

namespace {

constexpr std::array<ExecutorTagRow, 6> executor_tags = {{
    {ExecutorTag::poetry, "poetry", "installs from `pyproject.toml` and `poetry.lock`"},
    {ExecutorTag::pip, "pip", "installs `requirements.txt` into a virtual environment"},
    {ExecutorTag::pipenv, "pipenv", "installs from `Pipfile` and `Pipfile.lock`"},
    {ExecutorTag::mlflow, "mlflow", "runs an `MLproject`, or a command in the environment that it describes"},
    {ExecutorTag::custom, "custom", "runs the command as it is, with no set-up"},
    {ExecutorTag::uv, "uv", "installs from `pyproject.toml` and `uv.lock`"},
}};

constexpr std::array<SecretTagRow, 5> secret_tags = {{
    {SecretSource::ame, "ame", "kept in AME's own store"},
    {SecretSource::vault, "vault", "kept in a Vault"},
    {SecretSource::env, "env", "a variable of the environment in which `ame` is called"},
    {SecretSource::file, "file", "the content of a file"},
    {SecretSource::command, "command", "what a command prints"},
}};

bool same_letters(std::string_view left, std::string_view lower) {
  return std::ranges::equal(
      left, lower, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; });
}

template <class Rows>
std::vector<std::string> words_of(const Rows& rows) {
  std::vector<std::string> words;
  for (const auto& row : rows) {
    words.push_back("!" + std::string(row.name));
  }
  return words;
}

}  // namespace

std::span<const ExecutorTagRow> all_executor_tags() {
  return executor_tags;
}

std::span<const SecretTagRow> all_secret_tags() {
  return secret_tags;
}

std::optional<ExecutorTag> executor_tag(std::string_view text) {
  for (const ExecutorTagRow& row : executor_tags) {
    if (same_letters(text, row.name)) {
      return row.tag;
    }
  }
  return std::nullopt;
}

std::optional<SecretSource> secret_tag(std::string_view text) {
  for (const SecretTagRow& row : secret_tags) {
    if (same_letters(text, row.name)) {
      return row.source;
    }
  }
  return std::nullopt;
}

std::vector<std::string> executor_tag_words() {
  return words_of(executor_tags);
}

std::vector<std::string> secret_tag_words() {
  return words_of(secret_tags);
}

std::string_view name_of(ExecutorTag tag) {
  return executor_tags.at(static_cast<std::size_t>(tag)).name;
}

std::string_view name_of(SecretSource source) {
  return secret_tags.at(static_cast<std::size_t>(source)).name;
}

}  // namespace ame::schema
