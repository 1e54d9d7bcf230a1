// SPDX-License-Identifier: Apache-2.0
#include "schema/migrate/migrate.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "core/formats/parse.hpp"
#include "schema/format/format.hpp"
#include "schema/migrate/edits.hpp"
#include "schema/migrate/migrator.hpp"

namespace ame::schema {

namespace {

/// Each round rewrites the outermost older forms of a file; nobody stacks them so high.
constexpr int most_rounds = 200;

void require_yaml(const SourceText& source) {
  parse_yaml_documents(std::make_shared<SourceText>(source));
}

Diagnostic left_as_it_is(const SourceText& source, int line, const std::string& why) {
  const std::string text = line_of(source.text, line);
  const std::size_t indentation = std::min(text.find_first_not_of(' '), text.size());
  return {.severity = Severity::warning,
          .message = why,
          .where = SourceSpan{.file = source.file,
                              .line = line,
                              .column = static_cast<int>(indentation) + 1,
                              .length = 1,
                              .line_text = text}};
}

/// The text in rounds, until there is nothing more to rewrite.
TracedText rewritten(const SourceText& source, MigrateResult& result) {
  TracedText text(source.text);
  for (int round = 0; round < most_rounds; ++round) {
    Migrator migrator(text.text());
    for (const SyntaxDocument& document : read_syntax({.file = source.file, .text = text.text()})) {
      migrator.project(document.root);
    }
    for (const MigrationNote& note : migrator.rewritten()) {
      result.migrations.push_back({.line = text.first_line_of(note.at), .what = note.what});
    }
    if (migrator.edits().empty()) {
      for (const MigrationNote& note : migrator.left()) {
        result.left.push_back(left_as_it_is(source, text.first_line_of(note.at), note.what));
      }
      break;
    }
    text.apply(migrator.edits().take());
  }
  return text;
}

}  // namespace

MigrateResult migrate_project_text(const SourceText& source) {
  require_yaml(source);
  MigrateResult result;
  const TracedText text = rewritten({.file = source.file, .text = with_plain_line_ends(source.text)}, result);
  std::ranges::stable_sort(result.migrations, {}, &Migration::line);
  result.text = result.migrations.empty() ? source.text
                                          : format_project_text({.file = source.file, .text = text.text()}, {}).text;
  return result;
}

}  // namespace ame::schema
