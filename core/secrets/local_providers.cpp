// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/local_providers.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/text.hpp"

namespace ame {

namespace {

constexpr std::uint64_t largest_file = 1ULL << 20U;

}  // namespace

SecretAnswer whole_secret(std::string_view bytes) {
  std::vector<SecretField> fields;
  fields.push_back({.name = {}, .value = SecretText(bytes)});
  return fields;
}

std::string_view without_line_end(std::string_view text) {
  if (text.ends_with('\n')) {
    text.remove_suffix(text.ends_with("\r\n") ? 2 : 1);
  }
  return text;
}

SecretAnswer StoreProvider::fetch(const SecretReference& reference) {
  auto value = store_.find(reference.key);
  if (value) {
    return whole_secret(value->reveal());
  }
  std::vector<std::string> keys;
  for (const SecretListing& listing : store_.list()) {
    keys.push_back(listing.key);
  }
  const std::string near = did_you_mean(reference.key, keys);
  return SecretAbsent{
      .reason = "which is not in the secret store",
      .hint = near.empty() ? fmt::format("`ame secret add {}` asks for its value", reference.key) : near};
}

SecretAnswer EnvironmentProvider::fetch(const SecretReference& reference) {
  const auto found = environment_.find(reference.key);
  if (found == environment_.end() || found->second.empty()) {
    return SecretAbsent{.reason = "a variable that is not set",
                        .hint = fmt::format("set {} in the environment of ame", reference.key)};
  }
  return whole_secret(found->second);
}

SecretAnswer FileProvider::fetch(const SecretReference& reference) {
  const std::filesystem::path file = directory_ / reference.key;
  auto content = files_.read(file, largest_file);
  if (!content) {
    return SecretAbsent{.reason = "a file that is not there", .hint = fmt::format("looked for `{}`", file.string())};
  }
  SecretAnswer answer = whole_secret(without_line_end(*content));
  wipe(*content);
  return answer;
}

}  // namespace ame
