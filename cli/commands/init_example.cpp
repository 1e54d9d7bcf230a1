// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/init_example.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "cli/commands/example_files.hpp"
#include "cli/commands/open_project.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

std::string_view name_in(const ExampleFile& file) {
  return file.path.substr(0, file.path.find('/'));
}

/// From where in the working directory to what is to stand there.
std::vector<std::pair<std::filesystem::path, std::string_view>> files_of(const std::string& name,
                                                                         const Session& session) {
  std::vector<std::pair<std::filesystem::path, std::string_view>> files;
  for (const ExampleFile& file : example_files()) {
    if (name_in(file) == name) {
      files.emplace_back(session.directory / file.path.substr(name.size() + 1), file.content);
    }
  }
  return files;
}

}  // namespace

std::vector<std::string> example_names() {
  std::vector<std::string> names;
  for (const ExampleFile& file : example_files()) {
    if (names.empty() || names.back() != name_in(file)) {
      names.emplace_back(name_in(file));
    }
  }
  return names;
}

void write_example(const std::string& name, Session& session) {
  const auto files = files_of(name, session);
  std::vector<std::string> present;
  for (const auto& [path, content] : files) {
    if (session.ports.files().status(path).kind != FileKind::missing) {
      present.push_back(shown_path(session, path));
    }
  }
  if (!present.empty()) {
    throw Error(
        ExitCode::usage,
        Diagnostic{.message = fmt::format(
                       "{} {} here already, nothing was written", all_of(present), present.size() == 1 ? "is" : "are"),
                   .hint = fmt::format("`ame -C DIRECTORY init --example {}` writes it elsewhere", name)});
  }
  for (const auto& [path, content] : files) {
    session.ports.files().make_directories(path.parent_path());
    session.ports.files().write_atomically(path, content);
  }
}

}  // namespace ame::cli
