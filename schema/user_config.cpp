// SPDX-License-Identifier: Apache-2.0
#include "schema/user_config.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/formats/parse.hpp"
#include "schema/decode.hpp"
#include "schema/decode_vaults.hpp"
#include "schema/values.hpp"

namespace ame::schema {

namespace {

std::string shown(const std::filesystem::path& path, const std::filesystem::path& from) {
  const std::filesystem::path relative = path.lexically_proximate(from);
  return relative.native().size() < path.native().size() ? relative.string() : path.string();
}

EffectiveValue value_of(const Entry& entry, const Decoding& decoding) {
  const bool is_mapping = entry.value.kind == NodeKind::mapping;
  EffectiveValue value{.key = std::string(entry.key.scalar),
                       .shape = is_mapping ? ValueShape::mapping : ValueShape::text,
                       .text = std::string(entry.value.scalar),
                       .origin = {.giver = Giver::user, .where = decoding.sources.place_of(entry.key)}};
  for (const Entry& part : entry.value.entries) {
    value.parts.push_back(value_of(part, decoding));
  }
  return value;
}

void read_defaults(const Value& value, UserConfig& config, Decoding& decoding) {
  each_entry(value, Section::user_defaults, decoding, [&](const KnownEntry& known) {
    config.default_resources = decode_resources(known.value(), decoding);
    for (const Entry& entry : known.entry->value.entries) {
      config.default_values.push_back(value_of(entry, decoding));
    }
  });
}

void read_part(const KnownEntry& known,
               const std::filesystem::path& directory,
               UserConfig& config,
               Decoding& decoding) {
  if (known.row->key == Key::vaults) {
    config.vaults = decode_vaults(known.entry->value, directory, decoding);
  } else if (known.row->key == Key::defaults) {
    read_defaults(known.value(), config, decoding);
  }
}

}  // namespace

UserConfig load_user_config(const FileReader& files,
                            const std::filesystem::path& file,
                            const std::filesystem::path& shown_from) {
  std::optional<std::string> text = files.read(file);
  if (!text) {
    return {};
  }
  const auto source = std::make_shared<const SourceText>(SourceText{shown(file, shown_from), std::move(*text)});
  const Document document = parse_yaml(source);
  UserConfig config;
  if (document.root().kind == NodeKind::null) {
    return config;
  }
  Sources sources;
  sources.add(source);
  Problems problems(sources, Strictness::normal);
  Decoding decoding{sources, problems};
  each_entry({"config.yml", document.root()}, Section::config, decoding, [&](const KnownEntry& known) {
    read_part(known, file.parent_path(), config, decoding);
  });
  problems.finish();
  return config;
}

}  // namespace ame::schema
