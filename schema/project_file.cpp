// SPDX-License-Identifier: Apache-2.0
#include "schema/project_file.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/text.hpp"
#include "schema/decode.hpp"
#include "schema/tags.hpp"

namespace ame::schema {

namespace {

bool is_mapping_of_mappings(const Node& node) {
  return node.kind == NodeKind::mapping && !node.entries.empty() &&
         std::ranges::all_of(node.entries, [](const Entry& entry) { return entry.value.kind == NodeKind::mapping; });
}

const Node* name_of(const Node& item, Section section) {
  for (const Entry& entry : item.entries) {
    const KeyRow* row = find_key(section, entry.key.scalar).row;
    if (row != nullptr && row->key == Key::name) {
      return &entry.value;
    }
  }
  return nullptr;
}

class ProjectReader {
 public:
  ProjectReader(ProjectFile& file, Decoding& decoding)
      : file_(file),
        decoding_(decoding) {}

  void read() {
    const Node& root = file_.document.root();
    if (root.kind != NodeKind::mapping) {
      report_root(root);
      return;
    }
    read_name(root);
    KeyWalk walk({"ame.yml", root}, Section::project, decoding_);
    for (const Entry& entry : root.entries) {
      if (find_key(Section::project, entry.key.scalar).row == project_row()) {
        continue;
      }
      if (const KeyRow* row = walk.next(entry)) {
        read_part({row, &entry});
      }
    }
  }

 private:
  static const KeyRow* project_row() {
    static const KeyRow* row = find_key(Section::project, "project").row;
    return row;
  }

  void report_root(const Node& root) {
    if (root.kind == NodeKind::null) {
      decoding_.problems.error(
          {.where = root, .message = "the file is empty", .hint = "`ame init` writes one to start from"});
      return;
    }
    decoding_.problems.error({.where = root,
                              .message = fmt::format("the file holds {}", described(root.kind)),
                              .expected = "expected keys such as `tasks:`"});
  }

  /// I05: several spellings are fine as long as they agree.
  void read_name(const Node& root) {
    for (const Entry& entry : root.entries) {
      const Spelling spelling = find_key(Section::project, entry.key.scalar);
      if (spelling.row != project_row() || is_null(entry.value)) {
        continue;
      }
      if (spelling.alias) {
        decoding_.problems.alias({.where = entry.key,
                                  .message = fmt::format("`{}` is another spelling of `project`", entry.key.scalar),
                                  .hint = "`ame fmt` writes the usual spellings"});
      }
      if (file_.name_node == nullptr) {
        file_.name = ProjectName(schema::read_name({entry.key.scalar, entry.value}, decoding_));
        file_.name_node = &entry.value;
      } else if (entry.value.scalar != file_.name_node->scalar) {
        decoding_.problems.error(
            {.where = entry.value,
             .message = fmt::format("the project is called `{}` and `{}`", file_.name_node->scalar, entry.value.scalar),
             .hint = "keep one of them, as `project`",
             .related = {{"first named here", *file_.name_node}}});
      }
    }
  }

  void read_part(const KnownEntry& known) {
    const Node& node = known.entry->value;
    switch (known.row->key) {
      case Key::tasks:
        read_list(known, "task", file_.tasks);
        break;
      case Key::templates:
        read_list(known, "template", file_.templates);
        break;
      case Key::models:
        read_list(known, "model", file_.models);
        break;
      case Key::data_sets:
        read_list(known, "data set", file_.data_sets);
        break;
      case Key::defaults:
        read_defaults(known.value());
        break;
      case Key::imports:
        read_imports(known.value());
        break;
      case Key::vaults:
        file_.vaults = &node;
        break;
      case Key::tools:
        read_tools(known.value());
        break;
      default:
        static_cast<void>(read_text(known.value(), decoding_));
        break;
    }
  }

  void read_list(const KnownEntry& known, std::string_view noun, WrittenList& list) {
    const Value value = known.value();
    if (value.node.kind != NodeKind::sequence) {
      std::string hint;
      if (is_mapping_of_mappings(value.node)) {
        hint = fmt::format(
            "this is the form of an older version: `ame migrate` rewrites it; each {} is an entry "
            "`- name: {}` today",
            noun,
            value.node.entries.front().key.scalar);
      }
      report_kind(value, fmt::format("a list of {}s", noun), decoding_, std::move(hint));
      return;
    }
    list.all.reserve(value.node.items.size());
    list.index.reserve(value.node.items.size());
    for (const Node& item : value.node.items) {
      read_item(item, known.row->inner, noun, list);
    }
  }

  void read_item(const Node& item, Section section, std::string_view noun, WrittenList& list) {
    if (item.kind != NodeKind::mapping) {
      decoding_.problems.error({.where = item,
                                .message = fmt::format("a {} is {}", noun, described(item.kind)),
                                .expected = "expected a mapping with a `name`"});
      return;
    }
    const Node* name = name_of(item, section);
    if (name == nullptr || is_null(*name)) {
      decoding_.problems.error({.where = item, .message = fmt::format("this {} has no `name`", noun)});
      return;
    }
    const std::string_view text = schema::read_name({"name", *name}, decoding_).empty() ? "" : name->scalar;
    const auto [found, added] = list.index.try_emplace(text, list.all.size());
    if (!added && !text.empty()) {
      const Node* first = name_of(*list.all[found->second].node, section);
      decoding_.problems.error({.where = *name,
                                .message = fmt::format("there are two {}s called `{}`", noun, text),
                                .related = {{"first defined here", *first}}});
    }
    list.all.push_back({text, &item});  // also the second of a name: what else is wrong with it is told as well
  }

  void read_imports(const Value& value) {
    if (value.node.kind != NodeKind::sequence) {
      report_kind(value, "a list of directories or `{git: …, ref: …}`", decoding_);
      return;
    }
    for (const Node& item : value.node.items) {
      Import import{.node = &item};
      if (item.kind == NodeKind::scalar) {
        import.path = item.scalar;
      } else {
        each_entry({"imports", item}, Section::import, decoding_, [&](const KnownEntry& known) {
          part_of(import, known.row->key) = read_scalar(known.value(), "a text", decoding_);
        });
      }
      check_import(import);
      file_.imports.push_back(import);
    }
  }

  void read_defaults(const Value& value) {
    each_entry(value, Section::defaults, decoding_, [&](const KnownEntry& known) {
      if (known.row->key == Key::resources) {
        file_.default_resources = decode_resources(known.value(), decoding_);
      } else {
        file_.default_image = read_text(known.value(), decoding_);
      }
    });
  }

  void read_tools(const Value& value) {
    file_.tools = read_text_map(value, decoding_);
    for (const Entry& entry : value.node.entries) {
      const auto tag = executor_tag(entry.key.scalar);
      if (!tag || *tag == ExecutorTag::custom || entry.key.scalar != schema::name_of(*tag)) {
        std::vector<std::string> managers = {"poetry", "pip", "pipenv", "mlflow", "uv"};
        decoding_.problems.unknown({.where = entry.key,
                                    .message = fmt::format("there is no manager `{}`", entry.key.scalar),
                                    .expected = "expected " + one_of(managers),
                                    .hint = did_you_mean(entry.key.scalar, managers)});
      }
    }
  }

  static std::string_view& part_of(Import& import, Key key) {
    switch (key) {
      case Key::project:
        return import.project;
      case Key::path:
        return import.path;
      case Key::git:
        return import.git;
      case Key::ref:
        return import.ref;
      case Key::user:
        return import.user;
      default:
        return import.secret;
    }
  }

  void check_import(const Import& import) {
    if (import.path.empty() == import.git.empty()) {
      decoding_.problems.error(
          {.where = *import.node,
           .message = import.path.empty() ? "this import says no place" : "this import says two places",
           .expected = "expected either `path` or `git`"});
    }
  }

  ProjectFile& file_;
  Decoding& decoding_;
};

}  // namespace

const Written* WrittenList::find(std::string_view name) const {
  const auto found = index.find(name);
  return found == index.end() ? nullptr : &all[found->second];
}

std::vector<std::string> WrittenList::names() const {
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const Written& written : all) {
    names.emplace_back(written.name);
  }
  return names;
}

ProjectFile read_project_file(Document document, const std::filesystem::path& path, Decoding& decoding) {
  ProjectFile file{.document = std::move(document), .path = path, .directory = path.parent_path()};
  ProjectReader(file, decoding).read();
  if (file.name.empty()) {
    file.name = ProjectName(project_name_of(file.directory));
  }
  return file;
}

std::string project_name_of(const std::filesystem::path& directory) {
  std::string name = directory.filename().string();
  for (char& c : name) {
    if (!is_name(std::string_view(&c, 1)) && c != '-') {
      c = '-';
    }
  }
  name.erase(0, name.find_first_not_of('-'));
  return name.empty() ? "project" : name;
}

}  // namespace ame::schema
