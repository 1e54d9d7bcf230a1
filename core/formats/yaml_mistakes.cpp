// SPDX-License-Identifier: Apache-2.0
#include "core/formats/yaml_mistakes.hpp"

#include <array>

#include <fmt/format.h>

#include "core/formats/yaml_scene.hpp"
#include "core/formats/yaml_slips.hpp"

namespace ame {
namespace {

using Slip = std::optional<Diagnostic> (*)(const YamlScene&);

/// The particular before the general: the first that fits speaks.
constexpr std::array<Slip, 17> slips{tab_in_indentation,
                                     forgotten_quote,
                                     unquoted_schedule,
                                     unknown_alias,
                                     lonely_tag,
                                     unknown_escape,
                                     reserved_first_letter,
                                     text_after_quote,
                                     text_after_bracket,
                                     list_behind_key,
                                     key_too_long,
                                     key_too_deep,
                                     colon_in_text,
                                     key_without_colon,
                                     list_among_keys,
                                     open_bracket,
                                     indent_of_nothing};

struct Reason {
  std::string_view theirs;
  std::string_view message;
  std::string_view hint;
};

constexpr std::array reasons{
    Reason{"cannot assign multiple tags", "a value has two tags", "keep one of them"},
    Reason{"cannot assign multiple anchors", "a value has two anchors", "keep one of them"},
    Reason{"cannot assign multiple aliases", "a value has two aliases", "keep one of them"},
    Reason{"aliases can't have any content",
           "an alias stands for a whole value, and more is written beside it",
           "remove the tag or the anchor before it"},
    Reason{"anchor not found", "a name is missing after `&`", "a text that begins with `&` needs quotes"},
    Reason{"illegal character found while scanning anchor",
           "this character cannot be part of a name after `&`",
           "a text that begins with `&` needs quotes"},
    Reason{"tag handle with no suffix", "a tag with a second `!` needs a name behind it", "write `!name`"},
    Reason{"illegal character found while scanning tag", "this character cannot be part of a tag", "write `!name`"},
    Reason{"end of verbatim tag", "`!<` is not closed by `>`", "write `!name`"},
    Reason{"unexpected character in block scalar",
           "after `|` or `>` only `+`, `-` and a digit may stand",
           "put the text on the next line, indented"},
    Reason{"cannot set zero indentation", "the indentation after `|` or `>` cannot be 0", "leave the digit out"},
    Reason{"illegal document indicator in scalar",
           "a line `---` or `...` stands inside a quoted text",
           "close the quote before it"},
    Reason{"illegal EOF in scalar", "a quoted text is never closed", "close the quote"},
    Reason{"illegal map key", "`?` cannot begin a key here", "a text that begins with `? ` needs quotes"},
    Reason{"illegal block entry", "a list item cannot begin here", "put `- ` at the start of a line"},
    Reason{"bad YAML version", "this is no version of YAML", "remove the line that begins with `%YAML`"},
    Reason{"YAML major version", "this version of YAML is not known", "remove the line that begins with `%YAML`"},
    Reason{"YAML directives must", "`%YAML` needs one version behind it", "remove the line"},
    Reason{"TAG directives must", "`%TAG` needs two words behind it", "remove the line"},
    Reason{"repeated ", "this line that begins with `%` stands twice", "keep one of them"},
    Reason{"bad file", "the file is nested too deep", "flatten it"},
    Reason{
        "illegal map value", "a `:` stands where no key can be", "look at the indentation here and on the line above"},
};

Diagnostic explained_by_reason(const YamlScene& scene) {
  for (const Reason& reason : reasons) {
    if (scene.reason_is(reason.theirs)) {
      return scene.here(std::string(reason.message), std::string(reason.hint));
    }
  }
  return scene.here("the file cannot be read as YAML from here on",
                    "look at the indentation, the quotes and the colons here and on the line above");
}

}  // namespace

Diagnostic explained(const SyntaxMistake& mistake) {
  const YamlScene scene(mistake);
  for (const Slip slip : slips) {
    if (std::optional<Diagnostic> diagnostic = slip(scene)) {
      return *std::move(diagnostic);
    }
  }
  return explained_by_reason(scene);
}

}  // namespace ame
