// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "core/formats/document.hpp"

namespace ame {

/// Every document of a YAML file (split by `---`); at least one, whose root may be null. Anchors, aliases and `<<` are
/// resolved. Refused, each with its place and a hint: invalid UTF-8, NUL and control characters, tabs as indentation,
/// duplicate keys, keys that are no scalars, circular or exploding aliases, more than 64 levels, more than 32 MiB,
/// unclosed quotes, text after the end. Throws Error(bad_project) with every problem that could be found.
std::vector<Document> parse_yaml_documents(const std::shared_ptr<const SourceText>& source);

/// As above; several documents are an error.
Document parse_yaml(const std::shared_ptr<const SourceText>& source);

/// Throws Error(bad_project) with the place.
Document parse_toml(const std::shared_ptr<const SourceText>& source);
Document parse_json(const std::shared_ptr<const SourceText>& source);

}  // namespace ame
