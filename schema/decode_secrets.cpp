// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>

#include "core/text.hpp"
#include "schema/decode.hpp"

namespace ame::schema {

namespace {

constexpr const char* both_forms = "`!ame {key: …, injectAs: …}`, or `!vault {vault: …, key: …, injectAs: …}`";

class SecretReader {
 public:
  SecretReader(SecretReference& secret, Decoding& decoding)
      : secret_(secret),
        decoding_(decoding) {}

  void read(const KnownEntry& known) {
    if ((known.row->tags & bit(secret_.source)) == 0) {
      decoding_.problems.error({.where = known.entry->key,
                                .message = fmt::format("`!{}` has no `{}`", name_of(secret_.source), known.row->name)});
      return;
    }
    const Value value = known.value();
    switch (known.row->key) {
      case Key::key:
        read_key(known);
        break;
      case Key::inject_as:
        secret_.inject_as = read_variable_name(value, decoding_);
        break;
      case Key::inject_prefix:
        secret_.inject_prefix = read_variable_name(value, decoding_);
        break;
      case Key::inject_as_file:
        secret_.inject_as_file = read_path(value, decoding_);
        break;
      case Key::optional:
        secret_.optional = read_flag(value, decoding_);
        break;
      case Key::default_value:
        secret_.default_value = read_text(value, decoding_);
        break;
      default:
        read_vault_text(known.row->key) = read_text(value, decoding_);
        break;
    }
  }

 private:
  std::string& read_vault_text(Key key) {
    return key == Key::vault ? secret_.vault : (key == Key::field ? secret_.field : secret_.version);
  }

  void read_key(const KnownEntry& known) {
    const std::string_view spelling = known.entry->key.scalar;
    const bool path = secret_.source == SecretSource::vault || secret_.source == SecretSource::file;
    if ((spelling == "path" && !path) || (spelling == "command" && secret_.source != SecretSource::command)) {
      decoding_.problems.error({.where = known.entry->key,
                                .message = fmt::format("`!{}` has no `{}`", name_of(secret_.source), spelling),
                                .hint = "its secret is named by `key`"});
    }
    secret_.key = read_text(known.value(), decoding_);
    if (secret_.key.empty() && known.entry->value.kind == NodeKind::scalar) {
      decoding_.problems.error({.where = known.entry->value, .message = fmt::format("`{}` is empty", spelling)});
    }
  }

  SecretReference& secret_;
  Decoding& decoding_;
};

void check_complete(const SecretReference& secret, const Node& node, Decoding& decoding) {
  const std::string_view kind = name_of(secret.source);
  const auto missing = [&](std::string_view key, std::string hint) {
    decoding.problems.error(
        {.where = node, .message = fmt::format("this `!{}` secret has no `{}`", kind, key), .hint = std::move(hint)});
  };
  if (secret.key.empty()) {
    missing("key", {});
  }
  if (secret.source == SecretSource::vault && secret.vault.empty()) {
    missing("vault", "name one of the configured Vaults");
  }
  const int targets = (secret.inject_as.empty() ? 0 : 1) + (secret.inject_as_file.empty() ? 0 : 1) +
                      (secret.inject_prefix.empty() ? 0 : 1);
  if (targets == 0) {
    missing("injectAs", "name the environment variable that gets the value");
  }
  if (targets > 1) {
    decoding.problems.error({.where = node,
                             .message = "this secret goes to several places",
                             .expected = "expected one of `injectAs`, `injectAsFile` and `injectPrefix`",
                             .hint = "write one entry for each"});
  }
}

}  // namespace

std::optional<SecretEntry> secret_entry(const Value& value, Decoding& decoding) {
  const Node& node = value.node;
  if (const auto source = secret_tag(node.tag)) {
    return SecretEntry{*source, &node};
  }
  if (!node.tag.empty()) {
    const std::vector<std::string> words = secret_tag_words();
    decoding.problems.error({.where = node,
                             .message = fmt::format("`!{}` is no kind of secret", node.tag),
                             .expected = "expected " + one_of(words),
                             .hint = did_you_mean("!" + std::string(node.tag), words)});
    return std::nullopt;
  }
  // I20: the older way of saying the same.
  if (node.kind == NodeKind::mapping && node.entries.size() == 1) {
    const Entry& entry = node.entries.front();
    const auto source = secret_tag(entry.key.scalar);
    if (source && entry.value.kind == NodeKind::mapping) {
      decoding.problems.alias(
          {.where = entry.key,
           .message = fmt::format("`{}:` is another spelling of `!{}`", entry.key.scalar, name_of(*source)),
           .hint = "`ame fmt` writes the usual spellings"});
      return SecretEntry{*source, &entry.value};
    }
  }
  if (node.kind == NodeKind::mapping) {
    for (const Entry& entry : node.entries) {
      const RetiredKey* retired = find_retired_key(Section::secret, entry.key.scalar);
      if (retired != nullptr || entry.key.scalar == "AmeSecret" || entry.key.scalar == "VaultSecret") {
        decoding.problems.error({.where = entry.key,
                                 .message = fmt::format("`{}` is a key of an older version", entry.key.scalar),
                                 .hint = "`ame migrate` rewrites files of older versions"});
        return std::nullopt;
      }
    }
  }
  decoding.problems.error({.where = node,
                           .message = "this secret does not say of which kind it is",
                           .expected = "expected " + one_of(secret_tag_words()),
                           .hint = both_forms});
  return std::nullopt;
}

std::vector<SecretReference> decode_secrets(const Value& value, Decoding& decoding) {
  std::vector<SecretReference> secrets;
  if (value.node.kind != NodeKind::sequence) {
    report_kind(value, "a list", decoding, both_forms);
    return secrets;
  }
  secrets.reserve(value.node.items.size());
  for (const Node& item : value.node.items) {
    const auto entry = secret_entry({"secrets", item}, decoding);
    if (!entry) {
      continue;
    }
    SecretReference secret{.source = entry->source, .where = decoding.sources.place_of(item)};
    SecretReader reader(secret, decoding);
    const std::size_t before = decoding.problems.count();
    each_entry(
        {"secret", *entry->fields}, Section::secret, decoding, [&](const KnownEntry& known) { reader.read(known); });
    if (decoding.problems.count() == before) {
      check_complete(secret, item, decoding);
    }
    secrets.push_back(std::move(secret));
  }
  return secrets;
}

}  // namespace ame::schema
