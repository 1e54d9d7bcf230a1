// SPDX-License-Identifier: Apache-2.0
#include "schema/user_config.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/formats/parse.hpp"
#include "schema/decode_vaults.hpp"
#include "schema/values.hpp"

namespace ame::schema {

namespace {

std::string shown(const std::filesystem::path& path, const std::filesystem::path& from) {
  const std::filesystem::path relative = path.lexically_proximate(from);
  return relative.native().size() < path.native().size() ? relative.string() : path.string();
}

void read_part(const KnownEntry& known,
               const std::filesystem::path& directory,
               UserConfig& config,
               Decoding& decoding) {
  if (known.row->key == Key::vaults) {
    config.vaults = decode_vaults(known.entry->value, directory, decoding);
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
