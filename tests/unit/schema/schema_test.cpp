// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/schema/schema_test.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace ame::schema {

namespace {

std::string place_of(const SourceSpan& span) {
  return fmt::format("{}:{}:{}", span.file, span.line, span.column);
}

}  // namespace

LoadedProject LoadTest::load() const {
  try {
    return load_project(files_, "/home/me/project/ame.yml", options_);
  } catch (const Error& error) {
    FAIL(said_of(error.diagnostics()));
    throw;
  }
}

std::string LoadTest::said() const {
  try {
    return said_of(load_project(files_, "/home/me/project/ame.yml", options_).warnings);
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::bad_project);
    return said_of(error.diagnostics());
  }
}

Task LoadTest::task(const std::string& name) const {
  const auto found = project().find_task(TaskName(name));
  REQUIRE(found != nullptr);
  return *found;
}

std::string said_of(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& one : diagnostics) {
    text += one.where ? place_of(*one.where) + " " : "";
    text += fmt::format("{}: {}\n", one.severity == Severity::error ? "error" : "warning", one.message);
    text += one.expected.empty() ? "" : fmt::format("  {}\n", one.expected);
    for (const RelatedPlace& related : one.related) {
      text += fmt::format("  {} {}\n", place_of(related.where), related.message);
    }
    text += one.hint.empty() ? "" : fmt::format("  hint: {}\n", one.hint);
  }
  return text;
}

std::string unindented(const std::string& text) {
  const std::size_t begin = text.find_first_not_of("\n ");
  const std::size_t line = begin == std::string::npos ? begin : text.rfind('\n', begin) + 1;
  if (line == std::string::npos) {
    return {};
  }
  const std::size_t indent = begin - line;
  std::string result;
  for (std::size_t at = line; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string whole = text.substr(at, end - at);
    const std::size_t spaces = std::min(whole.find_first_not_of(' '), indent);
    result +=
        whole.find_first_not_of(" \n") == std::string::npos ? (end == text.size() ? "" : "\n") : whole.substr(spaces);
    at = end;
  }
  return result;
}

}  // namespace ame::schema
