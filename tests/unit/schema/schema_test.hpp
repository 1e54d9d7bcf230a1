// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "schema/load.hpp"
#include "tests/support/memory_file_system.hpp"

namespace ame::schema {

/// Loads an ame.yml that stands in /home/me/project, with other files where wanted.
class LoadTest {
 public:
  explicit LoadTest(std::string text) { files_.add("/home/me/project/ame.yml", std::move(text)); }

  LoadTest& file(const std::filesystem::path& path, std::string text) {
    files_.add(path, std::move(text));
    return *this;
  }

  LoadTest& strict() {
    options_.strict = true;
    return *this;
  }

  LoadTest& lenient() {
    options_.lenient = true;
    return *this;
  }

  LoadTest& project_path(std::vector<std::filesystem::path> paths) {
    options_.project_path = std::move(paths);
    return *this;
  }

  /// Fails the test with what is wrong with the file.
  [[nodiscard]] LoadedProject load() const;

  [[nodiscard]] Project project() const { return load().project; }

  /// Everything that is said about the file, as a terminal would show it but without excerpts:
  /// `ame.yml:3:5 error: …`, then indented `expected …`, `related …` and `hint: …`.
  [[nodiscard]] std::string said() const;

  /// Only the task of that name. Fails the test where it is missing.
  [[nodiscard]] Task task(const std::string& name) const;

 private:
  MemoryFileSystem files_;
  LoadOptions options_{.shown_from = "/home/me/project", .project_path = {}};
};

/// As LoadTest::said().
std::string said_of(const std::vector<Diagnostic>& diagnostics);

/// Takes away the indentation of the first line from all lines, and the empty line before it.
std::string unindented(const std::string& text);

}  // namespace ame::schema
