// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/formats/document.hpp"
#include "core/formats/text_check.hpp"

namespace ame {

/// What parse_yaml_documents() would give, in a sixth of the time, by libyaml. None for whatever is not everyday YAML
/// of one document, and for every mistake: those are the matter of the parser that explains them.
std::optional<Document> read_yaml_quickly(const std::shared_ptr<const SourceText>& source, const TextFacts& facts);

/// All documents, by yaml-cpp. Throws Error(bad_project) with every mistake that was found.
std::vector<Document> read_yaml_carefully(const std::shared_ptr<const SourceText>& source, const TextFacts& facts);

}  // namespace ame
