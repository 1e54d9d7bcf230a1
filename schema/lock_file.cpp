// SPDX-License-Identifier: Apache-2.0
#include "schema/lock_file.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/formats/parse.hpp"
#include "schema/project_file.hpp"

namespace ame::schema {

namespace {

constexpr std::size_t commit_length = 40;

std::shared_ptr<const SourceText> source_of(const std::filesystem::path& path, std::string text) {
  return std::make_shared<const SourceText>(SourceText{path.string(), std::move(text)});
}

std::string text_in(const Node& mapping, std::string_view key) {
  const Node* node = mapping.find(key);
  return node == nullptr || node->kind != NodeKind::scalar ? std::string() : std::string(node->scalar);
}

[[noreturn]] void refuse(const Document& document, const Node& node) {
  throw Error(ExitCode::bad_project,
              {.message = "this is no pinned import",
               .where = span_of(document.place_of(node)),
               .expected = "expected `git`, `ref` and a `commit` of 40 digits",
               .hint = "`ame import update` writes the file anew"});
}

bool is_commit(std::string_view text) {
  return text.size() == commit_length && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// So that any text is one YAML scalar.
std::string in_quotes(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
    }
    if (static_cast<unsigned char>(c) < 0x20) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      result += c;
    }
  }
  return result + "\"";
}

}  // namespace

std::vector<GitImport> git_imports(const FileReader& files,
                                   const std::filesystem::path& file,
                                   const std::string& shown) {
  std::vector<GitImport> imports;
  auto text = files.read(file);
  if (!text) {
    return imports;
  }
  Sources sources;
  Problems problems(sources, Strictness::lenient);
  Decoding decoding{sources, problems};
  const auto source = source_of(shown.empty() ? file.filename() : std::filesystem::path(shown), std::move(*text));
  std::vector<ProjectFile> projects;
  for (Document& document : parse_yaml_documents(source)) {
    if (projects.empty()) {
      sources.add(source);
    }
    projects.push_back(read_project_file(std::move(document), file, decoding));
  }
  problems.finish();
  for (const ProjectFile& project : projects) {
    for (const Import& import : project.imports) {
      GitImport wanted{.project = std::string(import.project),
                       .url = std::string(import.git),
                       .ref = std::string(import.ref),
                       .user = std::string(import.user),
                       .secret = std::string(import.secret),
                       .where = sources.place_of(*import.node)};
      if (!wanted.url.empty() && std::ranges::find(imports, wanted) == imports.end()) {
        imports.push_back(std::move(wanted));
      }
    }
  }
  return imports;
}

std::vector<PinnedImport> read_lock(const FileReader& files, const std::filesystem::path& directory) {
  std::vector<PinnedImport> lock;
  auto text = files.read(directory / "ame.lock");
  if (!text) {
    return lock;
  }
  const Document document = parse_yaml(source_of("ame.lock", std::move(*text)));
  const Node* imports = document.root().find("imports");
  if (imports == nullptr || imports->kind == NodeKind::null) {
    return lock;
  }
  for (const Node& item : imports->items) {
    PinnedImport pinned{.url = text_in(item, "git"), .ref = text_in(item, "ref"), .commit = text_in(item, "commit")};
    if (pinned.url.empty() || !is_commit(pinned.commit)) {
      refuse(document, item);
    }
    lock.push_back(std::move(pinned));
  }
  return lock;
}

std::optional<std::string> pinned_commit(const std::vector<PinnedImport>& lock,
                                         std::string_view url,
                                         std::string_view ref) {
  const auto found =
      std::ranges::find_if(lock, [&](const PinnedImport& pinned) { return pinned.url == url && pinned.ref == ref; });
  return found == lock.end() ? std::nullopt : std::optional(found->commit);
}

std::string lock_text(const std::vector<PinnedImport>& lock) {
  std::string text = "# Which commits the imports of ame.yml are. `ame import update` writes this file.\nimports:";
  for (const PinnedImport& pinned : lock) {
    text += fmt::format(
        "\n  - git: {}\n    ref: {}\n    commit: \"{}\"", in_quotes(pinned.url), in_quotes(pinned.ref), pinned.commit);
  }
  return text + (lock.empty() ? " []\n" : "\n");
}

}  // namespace ame::schema
