// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/formats/yaml_scene.hpp"

namespace ame {

// One function per slip that people make; each gives nothing where the scene does not show it.

// yaml_slips_of_lines.cpp: how lines stand to each other
std::optional<Diagnostic> tab_in_indentation(const YamlScene& scene);
std::optional<Diagnostic> lonely_tag(const YamlScene& scene);
std::optional<Diagnostic> key_too_deep(const YamlScene& scene);
std::optional<Diagnostic> key_too_long(const YamlScene& scene);
std::optional<Diagnostic> key_without_colon(const YamlScene& scene);
std::optional<Diagnostic> list_among_keys(const YamlScene& scene);
std::optional<Diagnostic> indent_of_nothing(const YamlScene& scene);

// yaml_slips_of_values.cpp: what stands behind a key
std::optional<Diagnostic> unquoted_schedule(const YamlScene& scene);
std::optional<Diagnostic> unknown_alias(const YamlScene& scene);
std::optional<Diagnostic> forgotten_quote(const YamlScene& scene);
std::optional<Diagnostic> text_after_quote(const YamlScene& scene);
std::optional<Diagnostic> colon_in_text(const YamlScene& scene);
std::optional<Diagnostic> list_behind_key(const YamlScene& scene);
std::optional<Diagnostic> reserved_first_letter(const YamlScene& scene);
std::optional<Diagnostic> open_bracket(const YamlScene& scene);
std::optional<Diagnostic> text_after_bracket(const YamlScene& scene);
std::optional<Diagnostic> unknown_escape(const YamlScene& scene);

}  // namespace ame
