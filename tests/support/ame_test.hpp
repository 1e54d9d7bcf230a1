// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/child.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

/// What one `ame` did. Each expectation is checked at once, with the whole text; what changes from run to run is named:
/// PROJECT, HOME, TIME.
class Ran {
 public:
  Ran(std::string out, std::string err, int exit_code);

  const Ran& out(std::string_view wanted) const;  // NOLINT(modernize-use-nodiscard): it checks
  const Ran& err(std::string_view wanted) const;  // NOLINT(modernize-use-nodiscard)
  const Ran& exits(int wanted) const;             // NOLINT(modernize-use-nodiscard)

  [[nodiscard]] const std::string& out() const { return out_; }

  [[nodiscard]] const std::string& err() const { return err_; }

 private:
  std::string out_;
  std::string err_;
  int exit_code_;
};

class AmeTest;

/// An `ame` that still runs.
class Running {
 public:
  Running(const AmeTest& test, Child child)
      : test_(test),
        child_(std::move(child)) {}

  /// Fails the test when `text` does not come.
  void wait_for(const std::string& text);

  void type(const std::string& keys) { child_.type(keys); }

  void resize(int columns, int rows) { child_.resize(columns, rows); }

  void signal_group(int signal) { child_.signal_group(signal); }

  void signal(int signal) { child_.signal(signal); }

  [[nodiscard]] pid_t pid() const { return child_.pid(); }

  /// Blocks until it ends.
  Ran finish();

 private:
  const AmeTest& test_;
  Child child_;
};

/// The real binary in a fresh directory with a fresh environment, home and state.
class AmeTest {
 public:
  AmeTest();

  /// Writes PROJECT/ame.yml; the indentation that all lines share is taken away.
  AmeTest& project(std::string_view yaml);

  /// Writes a file below PROJECT, as it is.
  AmeTest& file(const std::filesystem::path& path, std::string_view content);

  AmeTest& variable(const std::string& key, const std::string& value);

  /// The working directory, below PROJECT.
  AmeTest& directory(const std::filesystem::path& path);

  /// Files that ame and its children write may not become larger.
  AmeTest& largest_file(long bytes);

  /// `words` are split at blanks; for other words there is the list.
  Ran run(std::string_view words);
  Ran run(const std::vector<std::string>& words);

  /// Another program, in the same surroundings.
  Ran run_program(const std::vector<std::string>& argv);
  Running start(std::string_view words);
  Running start_in_terminal(std::string_view words);

  [[nodiscard]] const std::filesystem::path& project_directory() const { return project_; }

  [[nodiscard]] const std::filesystem::path& home() const { return home_; }

  [[nodiscard]] std::string content_of(const std::filesystem::path& path) const;

  /// With PROJECT, HOME and TIME put in.
  [[nodiscard]] std::string named(std::string text) const;

 private:
  [[nodiscard]] ChildRequest request(std::vector<std::string> argv, ChildStreams streams) const;

  TemporaryDirectory directory_;
  std::filesystem::path project_;
  std::filesystem::path home_;
  std::filesystem::path working_directory_;
  std::map<std::string, std::string> environment_;
  std::optional<long> largest_file_;
};

/// Without the indentation that all lines share, and without an empty first line.
std::string unindented(std::string_view text);

}  // namespace ame
