// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <catch2/catch.hpp>

#include "cli/render/diagnostic.hpp"

namespace ame::cli {

namespace {

const Painter plain{Painter::Colour::off};

SourceSpan span(int line, int column, int length, std::string text) {
  return {.file = "ame.yml", .line = line, .column = column, .length = length, .line_text = std::move(text)};
}

}  // namespace

TEST_CASE("a diagnostic shows message, place, carets and hint", "[cli]") {
  const Diagnostic diagnostic{.message = "task `train` needs `prepair`, which does not exist",
                              .where = span(14, 13, 7, "    needs: [prepair]"),
                              .hint = "did you mean `prepare`?"};
  CHECK(diagnostic_text(diagnostic, plain) ==
        "error: task `train` needs `prepair`, which does not exist\n"
        "  --> ame.yml:14:13\n"
        "   |\n"
        "14 |     needs: [prepair]\n"
        "   |             ^^^^^^^\n"
        "hint: did you mean `prepare`?\n");
}

TEST_CASE("what was expected stands beside the carets, related places below", "[cli]") {
  const Diagnostic diagnostic{.severity = Severity::warning,
                              .message = "key `name` is given twice",
                              .where = span(12, 5, 4, "    name: b"),
                              .expected = "expected a new key",
                              .related = {{"first given here", span(3, 5, 4, "    name: a")}},
                              .hint = "remove one:\nname: a"};
  CHECK(diagnostic_text(diagnostic, plain) ==
        "warning: key `name` is given twice\n"
        "  --> ame.yml:12:5\n"
        "   |\n"
        "12 |     name: b\n"
        "   |     ^^^^ expected a new key\n"
        "note: first given here\n"
        "  --> ame.yml:3:5\n"
        "   |\n"
        " 3 |     name: a\n"
        "   |     ^^^^\n"
        "hint: remove one:\n"
        "      name: a\n");
}

TEST_CASE("a place may be a whole file, or none", "[cli]") {
  CHECK(diagnostic_text({.message = "it is empty", .where = SourceSpan{.file = "ame.yml"}}, plain) ==
        "error: it is empty\n --> ame.yml\n");
  CHECK(diagnostic_text({.message = "no disk"}, plain) == "error: no disk\n");
}

TEST_CASE("carets stand below what they mean after tabs, wide letters and broken bytes", "[cli]") {
  CHECK(diagnostic_text({.message = "m", .where = span(1, 3, 2, "\t\tab c")}, plain) ==
        "error: m\n --> ame.yml:1:3\n  |\n1 |         ab c\n  |         ^^\n");
  CHECK(diagnostic_text({.message = "m", .where = span(1, 4, 2, "日本 語x")}, plain) ==
        "error: m\n --> ame.yml:1:4\n  |\n1 | 日本 語x\n  |      ^^^\n");
  CHECK(diagnostic_text({.message = "m", .where = span(1, 3, 1, "e\xCC\x81\xFFz")}, plain) ==
        "error: m\n --> ame.yml:1:3\n  |\n1 | e\xCC\x81\xEF\xBF\xBDz\n  |  ^\n");
}

TEST_CASE("a place at or behind the end of its line has one caret", "[cli]") {
  CHECK(diagnostic_text({.message = "m", .where = span(1, 4, 1, "abc")}, plain) ==
        "error: m\n --> ame.yml:1:4\n  |\n1 | abc\n  |    ^\n");
  CHECK(diagnostic_text({.message = "m", .where = span(1, 1, 1, "")}, plain) == "error: m\n --> ame.yml:1:1\n");
}

TEST_CASE("of a very long line the part around the place is shown", "[cli]") {
  const std::string text = diagnostic_text(
      {.message = "m", .where = span(1, 5001, 3, std::string(5000, 'x') + "bad" + std::string(5000, 'y'))}, plain);
  CHECK(text == "error: m\n --> ame.yml:1:5001\n  |\n1 | …" + std::string(60, 'x') + "bad" + std::string(95, 'y') +
                    "…\n  | " + std::string(61, ' ') + "^^^\n");
}

TEST_CASE("nothing in a file or a name drives the terminal", "[cli]") {
  CHECK(diagnostic_text({.message = "no task `\033[2J`", .where = span(1, 1, 1, "\033]0;x\007")}, plain) ==
        "error: no task `�[2J`\n --> ame.yml:1:1\n  |\n1 | �]0;x�\n  | ^\n");
}

TEST_CASE("several diagnostics have an empty line between them", "[cli]") {
  CHECK(diagnostics_text({{.message = "a"}, {.severity = Severity::warning, .message = "b"}}, plain) ==
        "error: a\n\nwarning: b\n");
}

TEST_CASE("colour adds nothing but colour", "[cli]") {
  const std::string text =
      diagnostic_text({.message = "m", .where = span(1, 1, 1, "x"), .hint = "h"}, Painter(Painter::Colour::on));
  CHECK(text ==
        "\033[1;31merror:\033[0m \033[1mm\033[0m\n"
        " \033[34m-->\033[0m ame.yml:1:1\n"
        "  \033[34m|\033[0m\n"
        "\033[34m1\033[0m \033[34m|\033[0m x\n"
        "  \033[34m|\033[0m \033[1;31m^\033[0m\n"
        "\033[36mhint:\033[0m h\n");
}

}  // namespace ame::cli
