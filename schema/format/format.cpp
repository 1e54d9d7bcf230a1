// SPDX-License-Identifier: Apache-2.0
#include "schema/format/format.hpp"

#include <memory>
#include <utility>

#include "core/formats/parse.hpp"
#include "schema/format/layout.hpp"
#include "schema/format/meaning.hpp"
#include "schema/format/spelling.hpp"
#include "schema/format/syntax_tree.hpp"

namespace ame::schema {
namespace {

std::vector<Document> parsed(const std::string& file, std::string text) {
  return parse_yaml_documents(std::make_shared<SourceText>(SourceText{.file = file, .text = std::move(text)}));
}

enum class Spelling { usual, as_written };

std::string written_anew(const SourceText& source, Spelling spelling) {
  std::vector<SyntaxDocument> documents = read_syntax(source);
  if (spelling == Spelling::usual) {
    spell_usually(source.text, documents);
  }
  return laid_out(source.text, documents);
}

}  // namespace

std::string with_plain_line_ends(std::string_view text) {
  const std::string_view whole = text;
  if (text.starts_with("\xef\xbb\xbf")) {
    text.remove_prefix(3);
  }
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r' || text.substr(at + 1, 1) != "\n") {
      plain += text[at];
    }
  }
  return plain.find('\r') == std::string::npos ? plain : std::string(whole);
}

FormatResult format_project_text(const SourceText& source, const FormatOptions& options) {
  SourceText plain{.file = source.file, .text = with_plain_line_ends(source.text)};
  FormatResult result;
  if (options.slips == Slips::repair) {
    RepairedText repaired = repair_known_slips(plain);
    plain.text = std::move(repaired.text);
    result.repairs = std::move(repaired.repairs);
  }
  const std::vector<Document> before = parsed(source.file, result.repairs.empty() ? source.text : plain.text);
  for (const Spelling spelling : {Spelling::usual, Spelling::as_written}) {
    result.text = written_anew(plain, spelling);
    if (mean_the_same(before, parsed(source.file, result.text))) {
      return result;
    }
  }
  result.text = plain.text;
  result.warnings.push_back({.severity = Severity::warning,
                             .message = "this file is left as it is: written in the usual form it would say "
                                        "something else, which is a mistake in `ame fmt`",
                             .where = SourceSpan{.file = source.file},
                             .hint = "please report it with the file"});
  return result;
}

}  // namespace ame::schema
